// Every fault of every state, and how the saga ends: what the model says. A cell runs it with the real handlers.

import { at, breakable, element } from "./element.js";
import { words } from "./faults.js";
import { post } from "./server.js";

const COLUMNS = [
  ["fail", "fails"],
  ["timeout", "times out"],
  ["crash", "dies"],
  ["duplicate", "comes twice"],
];

export class Matrix {
  #saga = null;
  #cells = [];
  #once = false;
  #shown = null;

  constructor(input, replay) {
    this.input = input;
    this.replay = replay;
    this.ask = element("button", { onclick: () => this.#ask() }, "Ask the model");
    this.often = element("button", { "aria-pressed": "false", onclick: () => this.#toggle() }, "Only the first attempt");
    this.told = element("p", { class: "hint", role: "status" }, "What each fault comes to, with this input. A cell is replayed with the real handlers.");
    this.place = element("div", { class: "scroll", tabindex: "0" });
    at("matrix").append(element("div", { class: "bar" }, this.ask, this.often), this.told, this.place);
  }

  show(saga) {
    this.#saga = saga;
    this.#cells = [];
    this.#draw();
  }

  /** What the model said of the run that is shown, if it was a cell's. */
  get predicted() {
    return this.#shown;
  }

  forget() {
    this.#shown = null;
  }

  async #ask() {
    this.told.textContent = "The model is asked…";
    this.ask.disabled = true;
    try {
      const { cells } = await post("/api/matrix", { saga: this.#saga.name, input: this.input.value });
      this.#cells = cells;
      const broken = cells.filter(({ ending }) => !ending).length;
      this.told.textContent = `${cells.length} faults; ${broken === 0 ? "each ends as a saga ends" : `${broken} break a guarantee`}`;
    } catch (error) {
      this.#cells = [];
      this.told.textContent = error.message;
    }
    this.ask.disabled = false;
    this.#draw();
  }

  #toggle() {
    this.#once = !this.#once;
    this.often.setAttribute("aria-pressed", this.#once);
    this.#draw();
  }

  #draw() {
    const cells = this.#cells.filter(({ attempts }) => (attempts === 1) === this.#once);
    if (cells.length === 0) return this.place.replaceChildren();
    const rows = new Map();
    const order = new Map(this.#saga.tasks.map(({ state }, place) => [state, place]));
    cells.sort((one, other) => order.get(one.state) - order.get(other.state));
    for (const cell of cells) {
      if (!rows.has(cell.state)) rows.set(cell.state, []);
      rows.get(cell.state).push(cell);
    }
    const head = element("tr", {}, element("th", { scope: "col" }, "state"), COLUMNS.map(([, name]) => element("th", { scope: "col" }, name)));
    const body = [...rows].map(([state, own]) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, breakable(state), own[0].after ? element("small", {}, ` after ${own[0].after} times out`) : null),
        COLUMNS.map(([kind]) => element("td", {}, this.#alike(own.filter((cell) => cell.kind === kind)))),
      ),
    );
    this.place.replaceChildren(element("table", { class: "cells" }, element("thead", {}, head), element("tbody", {}, body)));
  }

  /** The first of those that come to the same by the same way, the others behind it. */
  #alike(cells) {
    const groups = Map.groupBy(cells, ({ ending, states }) => `${ending} ${states}`);
    return [...groups.values()].map(([first, ...others]) => [
      this.#cell(first),
      others.length === 0
        ? null
        : element("details", {}, element("summary", {}, `${others.length} more alike`), others.map((cell) => this.#cell(cell))),
    ]);
  }

  #cell(cell) {
    const ending = cell.ending ?? "breaks a guarantee";
    const button = element(
      "button",
      {
        class: "cell",
        "data-ending": cell.ending ?? "broken",
        "aria-label": `${cell.state} ${words(cell)}: ${ending}. Replay`,
        onclick: () => {
          this.#shown = cell;
          this.place.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
          button.setAttribute("aria-current", "true");
          this.replay(cell);
        },
      },
      cell.error ? element("span", {}, breakable(cell.error)) : null,
      element("span", {}, ending),
    );
    return button;
  }
}

/** What a replay was against the model: nothing where they agree. */
export function disagreement(cell, { ending, states = [] }) {
  if (cell.ending !== ending) return `the model says ${cell.ending ?? "that a guarantee breaks"}`;
  // Branches may come in another order.
  const [one, other] = [[...cell.states].sort().join(), [...states].sort().join()];
  return one === other ? "" : "the model says that it goes another way";
}
