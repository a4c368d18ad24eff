// Tables and queues, at the moment that is looked at.

import { at, eachFrame, element } from "./element.js";

/** What one of a store is called. */
const ONE = { table: "row", queue: "message" };

/** Rows of one table that are in the page. */
const MOST = 100;

export class Stores {
  #record = null;
  #dirty = new Set();
  #places = new Map();

  constructor() {
    this.none = element("p", { class: "hint" }, "Nothing ran yet: press Run, and tables and queues fill here.");
    at("stores").append(this.none);
    this.draw = eachFrame(() => this.#draw());
  }

  watch(record) {
    this.#record = record;
    this.#places.forEach((place) => place.remove());
    this.#places.clear();
    for (const key of record.stores.keys()) this.#dirty.add(key);
    record.addEventListener("moved", ({ detail }) => {
      if (this.#record !== record) return;
      for (const key of detail.stores) this.#dirty.add(key);
      this.draw();
    });
    this.draw();
  }

  #draw() {
    // What nobody sees is drawn when it is looked at.
    if (at("stores").offsetParent === null) return;
    for (const key of this.#dirty) {
      const store = this.#record.stores.get(key);
      this.#places.get(key)?.remove();
      this.#places.delete(key);
      if (store) this.#places.set(key, this.#store(key, store));
    }
    if (this.#dirty.size > 0) {
      const keys = [...this.#places.keys()].sort((one, other) => rank(one).localeCompare(rank(other)));
      at("stores").append(...keys.map((key) => this.#places.get(key)));
    }
    this.#dirty.clear();
    this.none.hidden = this.#places.size > 0;
  }

  #store(key, { kind, name, rows }) {
    const shown = rows.slice(0, MOST);
    const rest = rows.length > MOST ? element("p", { class: "hint" }, `and ${rows.length - MOST} more`) : null;
    const body = rows.length === 0 ? element("p", { class: "hint" }, "empty") : grid(shown, name);
    const title = element("h2", {}, name, element("small", {}, kind === "saga" ? " of the saga" : ` ${kind}, ${rows.length} ${rows.length === 1 ? ONE[kind] : `${ONE[kind]}s`}`));
    return element("article", { "data-store": key }, title, body, rest);
  }
}

const KINDS = ["saga", "table", "queue"];
const rank = (key) => `${KINDS.indexOf(key.split("/")[0])}${key}`;

function grid(rows, label) {
  const objects = rows.every((row) => row && typeof row === "object" && !Array.isArray(row));
  // What sagas note of themselves in a row comes last.
  const ours = (name) => (name.startsWith("saga_") ? 1 : 0);
  const all = objects ? [...new Set(rows.flatMap(Object.keys))] : [];
  const names = all.sort((one, other) => ours(one) - ours(other));
  const text = (value) => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));
  const head = names.map((name) => element("th", { scope: "col" }, name));
  const lines = rows.map((row) => element("tr", {}, objects ? names.map((name) => element("td", { title: text(row[name]) }, text(row[name]))) : element("td", {}, text(row))));
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    element("table", {}, objects ? element("thead", {}, element("tr", {}, head)) : null, element("tbody", {}, lines)),
  );
}
