// What is wrong with how a page looks, as far as that can be measured. Runs in the page.

/** Texts without contrast (WCAG 2.2 AA, 1.4.3), targets that are too small for a finger (2.5.8, and 40 px on a phone), texts that are cut. */
exports.looks = function looks(isPhone) {
  const found = new Set();
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
  const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}.${element.getAttribute("class") ?? ""} “${(element.textContent || element.value || "").trim().slice(0, 30)}”`;

  // Colours as the browser computes them, also where they are mixed.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)];
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const page = matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  const behind = (element) => {
    const layers = [];
    for (let around = element; around; around = around.parentElement) layers.push(rgba(getComputedStyle(around).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), page);
  };
  const faint = (element) => {
    let opacity = 1;
    for (let around = element; around; around = around.parentElement) opacity *= Number(getComputedStyle(around).opacity);
    return opacity;
  };
  const contrast = (element, colour, under) => {
    const [r, g, b, a] = rgba(colour);
    const shown = ratio(over([r, g, b, a * faint(element)], under), under);
    const { fontSize, fontWeight } = getComputedStyle(element);
    const large = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
    if (shown < (large ? 3 : 4.5)) found.add(`contrast ${shown.toFixed(2)}: ${name(element)}`);
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !seen(element) || element.closest("script, option, title, .unseen, :disabled")) continue;
    const svg = element.closest("svg");
    if (!svg) contrast(element, getComputedStyle(element).color, behind(element));
    else if (element.tagName === "text" || element.tagName === "tspan") {
      const box = element.closest("g[class]")?.querySelector(":scope > .box");
      const fill = box ? getComputedStyle(box).fill : "transparent";
      contrast(element, getComputedStyle(element).fill, over(rgba(fill), behind(svg.parentElement)));
    }
  }

  for (const control of document.querySelectorAll("button, input, select, summary, textarea, [role=tab]")) {
    if (!seen(control) || control.closest(".unseen")) continue;
    const boxes = control.type === "checkbox" ? [control, ...(control.labels ?? [])] : [control];
    const height = Math.max(...boxes.map((box) => box.getBoundingClientRect().height));
    const least = isPhone && control.type !== "range" ? 40 : 22;
    if (Math.round(height) < least) found.add(`${Math.round(height)} px high: ${name(control)}`);
    const named = control.getAttribute("aria-label") || control.labels?.length || control.textContent.trim() || control.getAttribute("aria-labelledby");
    if (!named) found.add(`without a name: ${name(control)}`);
  }
  for (const element of document.querySelectorAll("button, h1, h2, h3, label, legend, #ended, #build, .hint")) {
    if (seen(element) && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline" && getComputedStyle(element).clipPath === "none") found.add(`cut: ${name(element)}`);
  }
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.add(`${wide} px wider than the screen`);
  return [...found];
};
