// What was clicked, as a test to paste.

import { at, element } from "./element.js";
import { post } from "./server.js";

export async function exportTest({ order, ended }, clear = false) {
  const { test, sensitive, hides } = await post("/api/export", { order, ending: ended.ending, states: ended.states, clear });
  const text = element("textarea", { readonly: true, rows: 14, "aria-label": "The test", spellcheck: "false" });
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
  const again = element("button", { type: "button", onclick: () => exportTest({ order, ended }, !clear) }, hides ? "With the sensitive values" : "Without the sensitive values");
  const told = hides
    ? "The sensitive values are left out: the test says where. It may end otherwise until values for tests stand there."
    : "The sensitive values are in it, in clear: keep it out of the repository unless they are made up.";
  at("exported").replaceChildren(
    element("h2", { id: "exported-title" }, "What was clicked, as a test"),
    sensitive ? element("p", { class: hides ? "hint" : "wrong", id: "exported-told" }, told) : "",
    text,
    element("p", { class: "hint" }, "It stands where the saga's type is in scope. The package has saga-local, serde_json and tokio among its dev-dependencies."),
    element("form", { method: "dialog", class: "actions" }, element("button", { type: "button", class: "main", onclick: copy }, "Copy"), sensitive ? again : "", element("button", {}, "Close"), copied),
  );
  if (!at("exported").open) at("exported").showModal();
}
