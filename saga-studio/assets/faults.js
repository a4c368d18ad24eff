// What goes wrong: chosen at a state, listed here.

import { at, element, select } from "./element.js";

export const KINDS = [
  ["fail", "fails with an error"],
  ["timeout", "times out after its effect"],
  ["crash", "dies after its effect"],
  ["duplicate", "is delivered twice"],
  ["abort", "is at work when the execution is aborted"],
];

export class Faults extends EventTarget {
  #all = [];
  byEvents = false;
  #tasks = new Map();
  #faults = new Map();
  #answers = new Map();
  attempts = null;
  redrive = false;

  constructor() {
    super();
    this.list = element("ul", { class: "chosen" });
    this.add = element("span", {});
    this.number = element("input", {
      type: "number",
      min: 1,
      id: "attempts",
      placeholder: "all",
      onchange: () => {
        this.attempts = this.number.value ? Math.max(1, Math.floor(Number(this.number.value))) : null;
        this.#changed();
      },
    });
    this.again = element("input", {
      type: "checkbox",
      id: "redrive",
      onchange: () => {
        this.redrive = this.again.checked;
        this.#changed();
      },
    });
    at("faults").append(
      element("div", { class: "bar" }, element("h2", {}, "Faults"), this.add),
      this.list,
      element("p", { class: "option" }, element("label", { for: "attempts" }, "Attempts that they hit"), this.number),
      element("p", { class: "option" }, this.again, element("label", { for: "redrive" }, "Redrive what is parked, as after a repair")),
    );
  }

  /** The states of a saga; faults of states that it has no more go. */
  show(saga) {
    this.#all = saga.tasks;
    this.#offer();
  }

  /** Whether it runs by events: then there is no execution to be aborted or redriven, and some states are not there. */
  target(byEvents) {
    this.byEvents = byEvents;
    this.again.parentElement.hidden = byEvents;
    this.#offer();
  }

  /** What can go wrong with a state. */
  get kinds() {
    return KINDS.filter(([kind]) => !this.byEvents || kind !== "abort");
  }

  #offer() {
    const able = this.#all.filter((task) => !this.byEvents || task.byEvents);
    this.#tasks = new Map(able.map((task) => [task.state, task]));
    for (const chosen of [this.#faults, this.#answers]) {
      for (const state of chosen.keys()) if (!this.#tasks.has(state)) chosen.delete(state);
    }
    for (const [state, { kind }] of this.#faults) if (this.byEvents && kind === "abort") this.#faults.delete(state);
    const choose = select([["", "at a state…"], ...able.map(({ state }) => [state, state])], "", {
      "aria-label": "Choose a state to break",
      onchange: () => {
        if (choose.value) this.dispatchEvent(new CustomEvent("chosen", { detail: choose.value }));
        choose.value = "";
      },
    });
    this.add.replaceChildren(choose);
    this.#changed();
  }

  task(state) {
    return this.#tasks.get(state);
  }

  of(state) {
    return this.#faults.get(state);
  }

  answer(state) {
    return this.#answers.get(state);
  }

  set(state, fault) {
    if (fault) this.#faults.set(state, fault);
    else this.#faults.delete(state);
    this.#changed();
  }

  setAnswer(state, answer) {
    if (answer) this.#answers.set(state, answer);
    else this.#answers.delete(state);
    this.#changed();
  }

  /** Takes these faults and no others. */
  replace(faults, attempts) {
    this.#faults = new Map(faults.map(({ state, kind, error }) => [state, { kind, error }]));
    this.attempts = attempts;
    this.#changed();
  }

  /** As the server is asked. */
  get order() {
    return {
      faults: [...this.#faults].map(([state, { kind, error }]) => (kind === "fail" ? { state, kind, error } : { state, kind })),
      attempts: this.attempts,
      answers: this.byEvents ? [] : [...this.#answers].map(([state, answer]) => ({ state, ...answer })),
      redrive: this.redrive && !this.byEvents,
      target: this.byEvents ? "choreography" : "step-functions",
    };
  }

  /** By state: the words for its fault. */
  get words() {
    return new Map([...this.#faults].map(([state, fault]) => [state, words(fault)]));
  }

  #changed() {
    const item = (state, said, remove) =>
      element(
        "li",
        {},
        element("button", { class: "plain", onclick: () => this.dispatchEvent(new CustomEvent("chosen", { detail: state })) }, element("strong", {}, state), ` ${said}`),
        element("button", { class: "remove", "aria-label": `Take away: ${state} ${said}`, onclick: remove }, "×"),
      );
    const faults = [...this.#faults].map(([state, fault]) => item(state, words(fault), () => this.set(state, null)));
    const answers = [...this.#answers].map(([state, { error }]) =>
      item(state, error ? `is answered ${error}` : "is answered", () => this.setAnswer(state, null)),
    );
    const none = element("li", { class: "hint" }, "None: choose a state in the picture.");
    this.list.replaceChildren(...(faults.length + answers.length > 0 ? [...faults, ...answers] : [none]));
    this.number.value = this.attempts ?? "";
    this.dispatchEvent(new Event("changed"));
  }
}

export function words({ kind, error }) {
  return kind === "fail" ? `fails with ${error}` : KINDS.find(([name]) => name === kind)[1];
}
