// The events. Of ten thousand only those are in the page that can be seen.

import { at, eachFrame, element } from "./element.js";
import { stateKey } from "./record.js";

/** Of a row, in px: as high as a finger needs where there may be one; then what is said has a line of its own. */
const HEIGHT = matchMedia("(max-width: 560px), (pointer: coarse)").matches ? 46 : 32;
/** Rows above and below what is seen. */
const MORE = 6;

export class Events {
  #record = null;
  #rows = new Map();

  constructor(choose) {
    this.choose = choose;
    this.all = element("div", { class: "all" });
    this.list = element(
      "div",
      { class: "list", role: "listbox", tabindex: "0", "aria-label": "Events" },
      this.all,
    );
    this.none = element("p", { class: "hint" }, "Nothing ran yet: press Run to see the saga happen, event by event.");
    at("events").append(this.none, this.list);
    this.draw = eachFrame(() => this.#draw());
    this.list.addEventListener("scroll", this.draw, { passive: true });
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-line]");
      if (row) this.#seek(Number(row.dataset.line) + 1);
    });
    this.list.addEventListener("keydown", (event) => this.#pressed(event));
    new ResizeObserver(this.draw).observe(this.list);
  }

  watch(record) {
    this.#record = record;
    this.#rows.forEach((row) => row.remove());
    this.#rows.clear();
    this.list.scrollTop = 0;
    const shown = (then) => () => {
      if (this.#record === record) then();
    };
    record.addEventListener("grown", shown(this.draw));
    record.addEventListener("moved", shown(() => {
      this.#moved = true;
      this.draw();
    }));
    this.draw();
  }

  #moved = false;

  #seek(to) {
    this.#record?.seek(to);
    const line = this.#record?.lines[to - 1];
    if (line) this.choose(stateKey(line), line);
  }

  #pressed(event) {
    if (!this.#record) return;
    const { at: now, lines } = this.#record;
    const page = Math.max(1, Math.floor(this.list.clientHeight / HEIGHT) - 1);
    const to = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 1,
      End: lines.length,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#seek(Math.max(1, Math.min(to, lines.length)));
  }

  #draw() {
    const record = this.#record;
    const count = record?.lines.length ?? 0;
    this.none.hidden = count > 0;
    this.list.hidden = count === 0;
    this.all.style.height = `${count * HEIGHT}px`;
    if (this.#moved) this.#reveal(record.at - 1);
    const first = Math.max(0, Math.floor(this.list.scrollTop / HEIGHT) - MORE);
    const last = Math.min(count, Math.ceil((this.list.scrollTop + this.list.clientHeight) / HEIGHT) + MORE);
    for (const [line, row] of this.#rows) {
      if (line < first || line >= last) {
        row.remove();
        this.#rows.delete(line);
      }
    }
    for (let line = first; line < last; line++) {
      if (!this.#rows.has(line)) {
        const row = this.#row(line, record.lines[line]);
        this.#rows.set(line, row);
        this.all.append(row);
      }
    }
    for (const [line, row] of this.#rows) {
      row.setAttribute("aria-selected", line === record.at - 1);
      row.toggleAttribute("data-future", line >= record.at);
      row.setAttribute("aria-setsize", count);
    }
    this.list.setAttribute("aria-activedescendant", `line-${(record?.at ?? 0) - 1}`);
  }

  #reveal(line) {
    this.#moved = false;
    const [top, bottom] = [line * HEIGHT, (line + 1) * HEIGHT];
    const { scrollTop, clientHeight } = this.list;
    if (top < scrollTop) this.list.scrollTop = Math.max(0, top);
    else if (bottom > scrollTop + clientHeight) this.list.scrollTop = bottom - clientHeight;
  }

  #row(number, line) {
    const row = element(
      "div",
      {
        class: "row",
        role: "option",
        id: `line-${number}`,
        "data-line": number,
        "data-tone": tone(line),
        "aria-posinset": number + 1,
      },
      element("span", { class: "when" }, seconds(line.at)),
      element("span", { class: "what" }, words(line.type)),
      element("span", { class: "where" }, where(line)),
      element("span", { class: "said", title: line.said ?? null }, attempt(line), line.said ?? ""),
    );
    row.style.height = `${HEIGHT}px`;
    row.style.transform = `translateY(${number * HEIGHT}px)`;
    return row;
  }
}

/** Of what was printed by a later attempt: which one it was. */
const attempt = ({ type, attempt }) => (type === "Printed" && attempt > 0 ? `attempt ${attempt + 1} · ` : "");

export const seconds = (millis) => `${(millis / 1000).toFixed(3)} s`;

export function where(line) {
  const key = stateKey(line) ?? "";
  return line.item === undefined ? key : `${key}[${line.item}]`;
}

/** `TaskStateEntered` as `entered`, `LambdaFunctionTimedOut` as `timed out`. */
export function words(type) {
  const short = type
    .replace(/^(Task|LambdaFunction|Activity)(?=[A-Z])/, "")
    .replace(/^\w*State(Entered|Exited|Aborted)$/, "$1")
    .replace(/^(Map|Parallel)State/, "$1")
    .replace(/^Execution/, "Saga");
  return short.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

export function tone({ type, ended, said }) {
  if (ended) return ended.ending === "completed" ? "fine" : ended.ending === "compensated" ? "warn" : "wrong";
  if (type === "Printed") return /^(ERROR|WARN)\b|panicked at/.test(said) ? "loud" : "printed";
  if (/Failed$|TimedOut$|Aborted$|NotDone$|Unknown$|Parked$/.test(type)) return "wrong";
  if (/Succeeded$|Exited$|^Done$|^Undone$/.test(type)) return "fine";
  return "plain";
}
