// Every fault of every state, and how the saga ends: what the model says, as it says it. A cell runs it with the real handlers.

import { at, breakable, eachFrame, element } from "./element.js";
import { words } from "./faults.js";
import { lines } from "./server.js";

const COLUMNS = [
  ["fail", "fails"],
  ["timeout", "times out"],
  ["crash", "dies"],
  ["duplicate", "comes twice"],
];

const FIRST = "What each fault comes to, with this input, as the model has it. A cell is replayed with the real handlers.";

export class Matrix {
  #saga = null;
  #rows = new Map();
  #dirty = new Set();
  #once = false;
  #shown = null;
  #asking = null;
  #found = 0;
  #broken = 0;
  #count = 0;

  constructor(input, replay) {
    this.input = input;
    this.replay = replay;
    this.ask = element("button", { onclick: () => (this.#asking ? this.#asking.abort() : this.#ask()) }, "Ask the model");
    this.often = element("button", { "aria-pressed": "false", onclick: () => this.#toggle() }, "Only the first attempt");
    this.progress = element("progress", { hidden: true, "aria-label": "Faults that were tried" });
    this.told = element("p", { class: "hint", role: "status" }, FIRST);
    this.body = element("tbody", {});
    const head = element("tr", {}, element("th", { scope: "col" }, "state"), COLUMNS.map(([, name]) => element("th", { scope: "col" }, name)));
    this.table = element("table", { class: "cells", hidden: true }, element("thead", {}, head), this.body);
    this.place = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Faults and endings" }, this.table);
    this.draw = eachFrame(() => this.#draw());
    at("matrix").append(element("div", { class: "bar" }, this.ask, this.often), this.progress, this.told, this.place);
  }

  show(saga) {
    this.#asking?.abort();
    this.#saga = saga;
    this.#forget();
    this.told.textContent = FIRST;
  }

  /** The model explores state machines; a saga by events has none. */
  target(byEvents) {
    this.ask.disabled = byEvents;
    this.#forget();
    this.#asking?.abort();
    this.told.textContent = byEvents ? "The model explores state machines, and a saga by events has none: ask it with “state machine” chosen, for both come to the same outcome." : FIRST;
  }

  /** What the model said of the run that is shown, if it was a cell's. */
  get predicted() {
    return this.#shown;
  }

  forget() {
    this.#shown = null;
  }

  #forget() {
    this.#rows.clear();
    this.#dirty.clear();
    this.body.replaceChildren();
    this.table.hidden = true;
    this.#found = this.#broken = this.#count = 0;
  }

  async #ask() {
    const asking = (this.#asking = new AbortController());
    this.#forget();
    this.ask.textContent = "Stop asking";
    this.told.textContent = "The model is asked…";
    this.progress.hidden = false;
    this.progress.removeAttribute("value");
    let whole = false;
    try {
      const order = { saga: this.#saga.name, input: this.input.value };
      await lines("/api/matrix", (all) => all.forEach((line) => (whole ||= this.#take(line))), asking.signal, order);
      if (!whole) throw new Error("The model gave up before the end: ask it again");
      this.#tell("");
    } catch (error) {
      if (this.#asking !== asking) return;
      if (error.name === "AbortError") this.#tell(`; stopped at ${this.#found} of ${this.#count}`);
      else this.told.textContent = [error.message, error.help].filter(Boolean).join(". ");
    } finally {
      if (this.#asking === asking) {
        this.#asking = null;
        this.progress.hidden = true;
        this.ask.textContent = "Ask the model";
        this.draw();
      }
    }
  }

  /** Takes a line; says whether it is the last one. */
  #take({ count, cell, ended, problem }) {
    if (problem) throw Object.assign(new Error(problem.message), problem);
    if (count !== undefined) {
      this.#count = count;
      this.progress.max = count;
    }
    if (cell) {
      this.#found++;
      if (!cell.ending) this.#broken++;
      if (!this.#rows.has(cell.state)) this.#rows.set(cell.state, { cells: [], row: null });
      this.#rows.get(cell.state).cells.push(cell);
      this.#dirty.add(cell.state);
      this.draw();
    }
    return Boolean(ended);
  }

  #tell(how) {
    const found = this.#broken === 0 ? "each ends as a saga ends" : `${this.#broken} break a guarantee`;
    this.told.textContent = `${this.#found} faults; ${found}${how}`;
  }

  #toggle() {
    this.#once = !this.#once;
    this.often.setAttribute("aria-pressed", this.#once);
    for (const state of this.#rows.keys()) this.#dirty.add(state);
    this.draw();
  }

  /** Draws the rows that have changed, and no others. */
  #draw() {
    if (!this.progress.hidden && this.#count > 0) this.progress.value = this.#found;
    for (const state of this.#dirty) {
      const known = this.#rows.get(state);
      const own = known.cells.filter(({ attempts }) => (attempts === 1) === this.#once);
      const row = own.length > 0 ? this.#row(state, own) : null;
      const before = known.row;
      known.row = row;
      if (before && row) before.replaceWith(row);
      else if (before) before.remove();
      else if (row) this.#place(state, row);
    }
    this.#dirty.clear();
    this.table.hidden = this.body.childElementCount === 0;
  }

  /** Rows are in the order of the saga's states. */
  #place(state, row) {
    const rank = (name) => this.#saga.tasks.findIndex((task) => task.state === name);
    row.dataset.rank = rank(state);
    const after = [...this.body.children].find((other) => Number(other.dataset.rank) > rank(state));
    this.body.insertBefore(row, after ?? null);
  }

  #row(state, own) {
    const after = own[0].after ? element("small", {}, ` after ${own[0].after} times out`) : null;
    const row = element(
      "tr",
      {},
      element("th", { scope: "row" }, breakable(state), after),
      COLUMNS.map(([kind, name]) => element("td", { "data-kind": name }, this.#alike(own.filter((cell) => cell.kind === kind)))),
    );
    row.dataset.rank = this.#saga.tasks.findIndex((task) => task.state === state);
    return row;
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
