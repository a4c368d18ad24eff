// Time: forward and back, line by line.

import { at, eachFrame, element, sign } from "./element.js";
import { seconds } from "./events.js";

export class Time {
  #record = null;

  constructor() {
    const button = (label, path, to) =>
      element("button", { "aria-label": label, title: label, onclick: () => this.#record?.seek(to()) }, sign(path));
    const now = () => this.#record?.at ?? 0;
    this.range = element("input", {
      type: "range",
      id: "moment",
      min: 0,
      max: 0,
      value: 0,
      "aria-label": "Moment of the run",
      oninput: () => this.#record?.seek(Number(this.range.value)),
    });
    this.told = element("output", { for: "moment" }, "");
    at("time").append(
      button("To the start", "M3 2V12M12 2L5 7L12 12Z", () => 0),
      button("Back one event", "M10 2L3 7L10 12Z", () => now() - 1),
      this.range,
      button("Forward one event", "M4 2L11 7L4 12Z", () => now() + 1),
      button("To the end", "M11 2V12M2 2L9 7L2 12Z", () => Infinity),
      this.told,
    );
    this.draw = eachFrame(() => this.#draw());
  }

  watch(record) {
    this.#record = record;
    record.addEventListener("grown", this.draw);
    record.addEventListener("moved", this.draw);
    this.draw();
  }

  #draw() {
    const { at: now, lines } = this.#record;
    this.range.max = lines.length;
    this.range.value = now;
    const line = lines[now - 1];
    this.told.textContent = `${now} of ${lines.length}${line ? ` · ${seconds(line.at)}` : ""}`;
    this.range.setAttribute("aria-valuetext", line ? `${line.type} ${line.state ?? ""}` : "before it began");
  }
}
