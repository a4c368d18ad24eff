// What was clicked, as a test to paste.

import { at, element } from "./element.js";
import { post } from "./server.js";

export async function exportTest({ order, ended }) {
  const { test } = await post("/api/export", { order, ending: ended.ending, states: ended.states });
  const text = element("textarea", { readonly: true, rows: 12, "aria-label": "The test", spellcheck: "false" });
  text.value = test;
  const copied = element("span", { role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(test);
    } catch {
      text.select();
      document.execCommand("copy");
    }
    copied.textContent = "Copied";
  };
  at("exported").replaceChildren(
    element("h2", { id: "exported-title" }, "What was clicked, as a test"),
    text,
    element("p", { class: "hint" }, "It stands where the saga's type is in scope. The package has saga-local, serde_json and tokio among its dev-dependencies."),
    element("form", { method: "dialog", class: "actions" }, element("button", { type: "button", class: "main", onclick: copy }, "Copy"), element("button", {}, "Close"), copied),
  );
  at("exported").showModal();
}
