// What lies in the tables before a run.

import { at, element } from "./element.js";
import { hidden, restored, secrets } from "./secrets.js";

export class Rows extends EventTarget {
  #given = {};

  constructor() {
    super();
    this.json = element("textarea", { id: "rows-json", rows: 6, spellcheck: "false", "aria-label": "Rows of tables as JSON", "aria-describedby": "rows-hint", oninput: () => this.#read() });
    this.wrong = element("p", { class: "wrong", role: "alert", hidden: true });
    this.hint = element("p", { class: "hint", id: "rows-hint" });
    this.count = element("small", {});
    this.back = element("button", { type: "button", onclick: () => this.#set(this.#given) }, "As it was started");
    this.place = element("details", {}, element("summary", {}, element("h2", {}, "Rows before it begins"), this.count), this.hint, this.json, this.wrong, this.back);
    at("rows").append(this.place);
    secrets.addEventListener("changed", () => this.value && this.#fill());
  }

  /** A saga's tables, with what the studio was started with in them, or what was typed before in this tab. */
  show(saga) {
    this.#given = saga.rows;
    at("rows").hidden = saga.tables.length === 0;
    const like = Object.fromEntries(saga.tables.slice(0, 1).map(({ name, key }) => [name, [Object.fromEntries(key.map((field) => [field, "…"]))]]));
    this.hint.textContent = `The name of each table and its rows, such as ${JSON.stringify(like)}. The tables are ${saga.tables.map(({ name }) => name).join(", ")}.`;
    const kept = JSON.parse(sessionStorage.getItem("rows") ?? "null");
    this.#set(kept ? restored(kept, this.#given) : this.#given);
  }

  /** As the server is asked; nothing where they are as they were given. */
  get order() {
    return this.value === null || JSON.stringify(this.value) === JSON.stringify(this.#given) ? {} : { rows: this.value };
  }

  get isRight() {
    return this.value !== null;
  }

  #set(value) {
    this.value = value;
    this.#fill();
    this.#read();
  }

  #fill() {
    this.json.value = JSON.stringify(secrets.shown ? this.value : hidden(this.value), null, 2);
  }

  #read() {
    let wrong = "";
    try {
      this.value = this.json.value.trim() === "" ? {} : restored(JSON.parse(this.json.value), this.value ?? {});
      const changed = JSON.stringify(this.value) !== JSON.stringify(this.#given);
      if (changed) sessionStorage.setItem("rows", JSON.stringify(hidden(this.value)));
      else sessionStorage.removeItem("rows");
      this.back.hidden = !changed;
    } catch (error) {
      this.value = null;
      wrong = `These rows are no JSON: ${error.message}`;
    }
    const rows = Object.values(this.value ?? {}).flat().length;
    this.count.textContent = rows === 0 ? " none" : ` ${rows}`;
    this.wrong.textContent = wrong;
    this.wrong.hidden = !wrong;
    this.json.setAttribute("aria-invalid", Boolean(wrong));
    this.dispatchEvent(new Event("changed"));
  }
}
