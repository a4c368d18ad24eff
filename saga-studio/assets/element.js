// Elements of the page. Text is only ever set as text: nothing of a run is read as HTML.

/** An element with attributes, listeners (`onclick`) and children: elements, texts, or nothing. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null));
  return made;
}

export const at = (id) => document.getElementById(id);

/** A small sign, 14 wide and high, by its path. */
export function sign(path) {
  const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A name in CamelCase, which may be broken where its words begin. */
export const breakable = (name) => name.split(/(?<=[a-z.])(?=[A-Z])/).flatMap((part, place) => (place > 0 ? [element("wbr"), part] : [part]));

/** Calls `draw` at most once a frame, however often it is asked. */
export function eachFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** A select of `[value, text]` pairs. */
export function select(pairs, chosen, attributes = {}) {
  const options = pairs.map(([value, text]) =>
    element("option", { value, selected: value === chosen }, text),
  );
  return element("select", attributes, options);
}
