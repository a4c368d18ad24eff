// A state: what is to go wrong with it, and what went in and out of it until the moment that is looked at.

import { at, eachFrame, element, select } from "./element.js";
import { seconds, tone, words as typeWords } from "./events.js";
import { parsed, shown } from "./json.js";
import { get } from "./server.js";

export class State {
  #record = null;
  #state = null;
  #item = undefined;
  #events = new Map();
  #drawn = "";

  constructor(faults) {
    this.faults = faults;
    this.fault = element("div", {});
    this.data = element("div", {});
    this.title = element("h2", {}, "State");
    this.role = element("p", { class: "hint" }, "Choose a state in the picture, or an event.");
    at("state").append(this.title, this.role, this.fault, this.data);
    this.draw = eachFrame(() => this.#draw());
    faults.addEventListener("changed", () => this.#offer());
  }

  watch(record) {
    this.#record = record;
    this.#events.clear();
    this.#drawn = "";
    record.addEventListener("moved", this.draw);
    this.draw();
  }

  /** Shows a state; of one inside of a Map the item too. */
  show(state, item) {
    this.#item = item;
    if (state !== this.#state) {
      this.#state = state;
      this.#offer();
    }
    this.#drawn = "";
    this.draw();
  }

  #offer() {
    const state = this.#state;
    if (state === null) return;
    const task = this.faults.task(state);
    this.title.textContent = state;
    this.role.textContent = task?.role ?? "";
    this.role.hidden = !task?.role;
    this.fault.replaceChildren(...(task ? [this.#chooser(task), ...(task.waits && !this.faults.byEvents ? [this.#answer(task)] : [])] : []));
  }

  #chooser(task) {
    const now = this.faults.of(task.state);
    const error = element("input", {
      id: "fault-error",
      list: "fault-errors",
      value: now?.error ?? task.errors[0] ?? "States.TaskFailed",
      spellcheck: "false",
      autocomplete: "off",
    });
    const kind = select([["", "goes well"], ...this.faults.kinds], now?.kind ?? "", { id: "fault-kind" });
    const named = element(
      "p",
      { class: "option", hidden: now?.kind !== "fail" },
      element("label", { for: "fault-error" }, "Error"),
      error,
      element("datalist", { id: "fault-errors" }, task.errors.map((name) => element("option", { value: name }))),
    );
    const change = () => {
      const fault = { kind: kind.value, error: kind.value === "fail" ? error.value : undefined };
      this.faults.set(task.state, kind.value ? fault : null);
    };
    kind.addEventListener("change", () => {
      change();
      at("fault-kind")?.focus();
    });
    error.addEventListener("change", change);
    const tried = now ? element("p", {}, element("button", { id: "run-with", onclick: () => at("run").click() }, "Run with this fault")) : null;
    return element("div", { class: "fault" }, element("p", { class: "option" }, element("label", { for: "fault-kind" }, "It"), kind), named, tried);
  }

  #answer({ state }) {
    const now = this.faults.answer(state);
    const value = element("input", {
      id: "answer",
      placeholder: "an output as JSON",
      value: now && !now.error ? JSON.stringify(now.output) : "",
      spellcheck: "false",
    });
    const wrong = element("span", { class: "wrong", role: "alert" });
    value.addEventListener("change", () => {
      try {
        this.faults.setAnswer(state, value.value ? { output: JSON.parse(value.value) } : null);
      } catch (error) {
        wrong.textContent = error.message;
      }
    });
    return element("p", { class: "option" }, element("label", { for: "answer" }, "Its token is answered with"), value, wrong);
  }

  /** The lines of the state that have happened, those of its last time only. */
  #lines() {
    const { byState, lines, at: now } = this.#record;
    const all = byState.get(this.#state) ?? [];
    const own = all.filter((number) => number < now && (this.#item === undefined || lines[number].item === this.#item));
    const last = own.findLastIndex(isBeginning(lines));
    if (last < 0) return own.slice(-40);
    // Of the items of a Map that are at work at one time, the one that was entered last.
    const { item } = lines[own[last]];
    return own.slice(last).filter((number) => lines[number].item === item);
  }

  async #draw() {
    if (!this.#record || this.#state === null) return;
    const numbers = this.#lines();
    const drawn = `${this.#state} ${numbers.join()}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const record = this.#record;
    const groups = grouped(record, numbers.slice(-400)).slice(-40);
    const parts = await Promise.all(groups.map((some) => (Array.isArray(some) ? printed(record, some) : this.#part(record, some))));
    if (drawn !== this.#drawn) return;
    const ran = record.byState.has(this.#state);
    const none = element("p", { class: "hint" }, ran ? "It has not begun at this moment." : "It did not run.");
    this.data.replaceChildren(...(parts.length > 0 ? parts : [none]));
  }

  async #part(record, number) {
    const line = record.lines[number];
    const event = await this.#event(record, number);
    if (event.lost) return element("p", { class: "hint" }, `${typeWords(line.type)}: the studio that ran this has ended, and its data with it.`);
    const details = Object.entries(event).find(([name]) => name.endsWith("EventDetails"))?.[1] ?? {};
    const names = { input: "data in", output: "data out", parameters: "arguments", error: "error", cause: "cause", assignedVariables: "assigned", event: "event" };
    const held = Object.entries(names).filter(([key]) => details[key] !== undefined);
    const assigned = (value) => (value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, parsed(text)])) : value);
    return element(
      "article",
      { "data-tone": tone(line) },
      element("h3", {}, typeWords(line.type), element("small", {}, ` ${seconds(line.at)}${line.item === undefined ? "" : ` · item ${line.item}`}`)),
      held.map(([key, name]) => [element("h4", {}, name), shown(key === "assignedVariables" ? assigned(details[key]) : parsed(details[key]))]).flat(),
    );
  }

  async #event(record, number) {
    if (record.gone) return { lost: true };
    if (!this.#events.has(number)) {
      this.#events.set(number, get(`/api/runs/${record.run}/${record.clear ? "clear/" : ""}events/${number}`).catch(() => ({ lost: true })));
    }
    return this.#events.get(number);
  }
}

/** A state begins when it is entered; by events, with the first delivery of a try. */
const isBeginning = (lines) => (number) => {
  const { type, attempt } = lines[number];
  return type.endsWith("StateEntered") || (type === "Delivered" && !attempt);
};

/** Numbers of lines; of those that one attempt printed, a list. */
function grouped(record, numbers) {
  const groups = [];
  for (const number of numbers) {
    const { type, attempt } = record.lines[number];
    const last = groups.at(-1);
    if (type !== "Printed") groups.push(number);
    else if (Array.isArray(last) && record.lines[last[0]].attempt === attempt) last.push(number);
    else groups.push([number]);
  }
  return groups;
}

function printed(record, numbers) {
  const first = record.lines[numbers[0]];
  const attempt = first.attempt === undefined ? "" : ` attempt ${first.attempt + 1}`;
  return element("article", { class: "printed" }, element("h3", {}, "printed", element("small", {}, `${attempt} ${seconds(first.at)}`)), shown(numbers.map((number) => record.lines[number].said).join("\n")));
}
