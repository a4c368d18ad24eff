// The input: a form of its schema, beside its JSON.

import { at, element, select } from "./element.js";
import { form } from "./form.js";
import { hidden, restored, secrets } from "./secrets.js";

export class Input extends EventTarget {
  #saga = null;
  #value = null;
  #error = null;
  #form = null;

  constructor() {
    super();
    this.samples = element("span", {});
    this.place = element("div", { class: "form" });
    this.json = element("textarea", { id: "json", rows: 12, spellcheck: "false", "aria-label": "Input as JSON" });
    this.wrong = element("p", { class: "wrong", role: "alert", hidden: true });
    this.tabs = ["Form", "JSON"].map((name) =>
      element("button", { type: "button", "aria-pressed": name === "Form", onclick: () => this.#show(name) }, name),
    );
    at("input").append(
      element("div", { class: "bar" }, element("h2", {}, "Input"), element("span", { class: "pair" }, this.tabs), this.samples),
      this.place,
      this.json,
      this.wrong,
    );
    this.json.hidden = true;
    this.place.addEventListener("input", () => this.#read(() => this.#form.read()));
    this.place.addEventListener("change", () => this.#read(() => this.#form.read()));
    this.json.addEventListener("input", () => this.#read(() => this.#typed()));
    secrets.addEventListener("changed", () => this.#saga && !this.#error && this.#fill());
  }

  /** Shows a saga's input: what was typed for it before in this tab, or its fullest sample. */
  show(saga) {
    this.#saga = saga;
    const kept = sessionStorage.getItem(`input:${saga.name}`);
    const names = ["everything", "lists of two", "the least"];
    const pairs = saga.samples.map((_, place) => [String(place), names[place] ?? `sample ${place + 1}`]);
    const choose = select([["", "sample…"], ...pairs], "", {
      "aria-label": "Take a sample",
      onchange: () => {
        if (choose.value !== "") this.set(structuredClone(saga.samples[Number(choose.value)]));
        choose.value = "";
      },
    });
    this.samples.replaceChildren(choose);
    const sample = saga.samples[0] ?? {};
    this.set(kept ? restored(JSON.parse(kept), sample) : structuredClone(sample));
  }

  set(value) {
    this.#value = value;
    this.#fill();
    this.#changed(null);
  }

  /** The value; throws what is wrong with it. */
  get value() {
    if (this.#error) throw this.#error;
    return this.#value;
  }

  get isRight() {
    return this.#error === null && this.#saga !== null;
  }

  #fill() {
    this.#form = form(this.#saga.schema, this.#value);
    this.place.replaceChildren(this.#form.element);
    this.json.value = JSON.stringify(secrets.shown ? this.#value : hidden(this.#value), null, 2);
  }

  /** What was typed as JSON, in which dots stand for what is there. */
  #typed() {
    return restored(JSON.parse(this.json.value), this.#value);
  }

  #show(name) {
    const isForm = name === "Form";
    this.tabs.forEach((tab) => tab.setAttribute("aria-pressed", tab.textContent === name));
    if (!this.#error) this.#fill();
    this.place.hidden = !isForm;
    this.json.hidden = isForm;
  }

  #read(read) {
    try {
      this.#value = read();
      this.#changed(null);
    } catch (error) {
      this.#changed(error);
    }
  }

  #changed(error) {
    this.#error = error;
    this.wrong.hidden = !error;
    this.wrong.textContent = error ? (error instanceof SyntaxError ? `This is no JSON: ${error.message}` : error.message) : "";
    this.json.setAttribute("aria-invalid", Boolean(error));
    if (!error) sessionStorage.setItem(`input:${this.#saga.name}`, JSON.stringify(hidden(this.#value)));
    this.dispatchEvent(new Event("changed"));
  }
}
