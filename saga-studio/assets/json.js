// JSON, to be read.

import { element } from "./element.js";

const MOST = 20000;

/** A value in lines; of a very long one the beginning, and a button for the rest. */
export function shown(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const block = element("pre", { tabindex: "0" }, text.slice(0, MOST));
  if (text.length <= MOST) return block;
  const rest = element(
    "button",
    {
      onclick: () => {
        block.textContent = text;
        rest.remove();
      },
    },
    `Show all ${text.length} characters`,
  );
  return element("div", {}, block, rest);
}

/** What a text holds, where it is JSON; else the text. */
export function parsed(text) {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
