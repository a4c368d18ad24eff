// The picture: what happens lights up in it, and its states are buttons.

import { at, eachFrame } from "./element.js";

const CLASSES = ["idle", "ran", "failed", "undone", "waiting"];

// The one place that makes elements of a text: the server's own picture.
const policy = globalThis.trustedTypes?.createPolicy("picture", { createHTML: (text) => text });

export class Picture {
  #states = new Map();
  #routes = new Map();
  #dirty = { states: new Set(), routes: new Set() };
  #record = null;
  #zoom = null;
  #text = null;

  constructor(choose) {
    this.choose = choose;
    this.canvas = at("canvas");
    this.draw = eachFrame(() => this.#draw());
    this.canvas.addEventListener("click", (event) => this.#clicked(event.target));
    this.canvas.addEventListener("keydown", (event) => this.#pressed(event));
    at("smaller").addEventListener("click", () => this.#scale(1 / 1.25));
    at("larger").addEventListener("click", () => this.#scale(1.25));
    at("fit").addEventListener("click", () => this.#fit());
  }

  /** Shows a picture. Says whether it is another one. */
  show(text) {
    if (text === this.#text) return false;
    this.#text = text;
    const parsed = new DOMParser().parseFromString(policy?.createHTML(text) ?? text, "image/svg+xml");
    const svg = document.importNode(parsed.documentElement, true);
    svg.classList.add("live");
    svg.setAttribute("role", "group");
    this.#states = new Map();
    for (const box of svg.querySelectorAll("[data-state]")) {
      this.#states.set(box.dataset.state, box);
      box.setAttribute("role", "button");
      box.setAttribute("tabindex", "-1");
      this.#name(box);
    }
    this.#states.values().next().value?.setAttribute("tabindex", "0");
    this.#routes = new Map();
    for (const route of svg.querySelectorAll("[data-route]")) {
      this.#routes.set(Number(route.dataset.route), route);
    }
    this.canvas.replaceChildren(svg);
    this.canvas.scrollTo(0, 0);
    this.#fit();
    return true;
  }

  /** Shows what a run does. */
  watch(record) {
    this.#record = record;
    for (const state of this.#states.keys()) this.#dirty.states.add(state);
    for (const route of this.#routes.keys()) this.#dirty.routes.add(route);
    record.addEventListener("moved", ({ detail }) => {
      if (this.#record !== record) return;
      for (const state of detail.states) this.#dirty.states.add(state);
      for (const route of detail.routes) this.#dirty.routes.add(route);
      this.draw();
    });
    this.draw();
  }

  has(state) {
    return this.#states.has(state);
  }

  /** Marks the states that have a fault, each with the words for it. */
  faulty(faults) {
    for (const [state, box] of this.#states) {
      const words = faults.get(state);
      if (words) box.dataset.fault = words;
      else delete box.dataset.fault;
      this.#name(box);
    }
  }

  select(state) {
    for (const [name, box] of this.#states) {
      const own = name === state;
      box.setAttribute("aria-pressed", own);
      box.setAttribute("tabindex", own ? "0" : "-1");
    }
    if (!this.#states.has(state)) this.#states.values().next().value?.setAttribute("tabindex", "0");
  }

  #name(box) {
    const painted = CLASSES.find((name) => box.classList.contains(name)) ?? "idle";
    const words = { idle: "not run", waiting: "at work", undone: "compensated" }[painted] ?? painted;
    const fault = box.dataset.fault ? `, ${box.dataset.fault}` : "";
    box.setAttribute("aria-label", `${box.dataset.state}: ${words}${fault}`);
  }

  #draw() {
    this.canvas.firstElementChild?.classList.toggle("fresh", !this.#record?.lines.length);
    const { states, routes } = this.#dirty;
    let begun = null;
    for (const state of states) {
      const box = this.#states.get(state);
      if (!box) continue;
      const painted = this.#record?.states.get(state) ?? "idle";
      box.classList.remove(...CLASSES);
      box.classList.add(painted);
      this.#name(box);
      if (painted === "waiting") begun = box;
    }
    for (const route of routes) {
      this.#routes.get(route)?.classList.toggle("idle", !this.#record?.taken.has(route));
    }
    states.clear();
    routes.clear();
    if (begun && this.#record.follows) begun.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #clicked(target) {
    const box = target.closest?.("[data-state]");
    if (box) this.choose(box.dataset.state);
  }

  #pressed(event) {
    const boxes = [...this.#states.values()];
    const place = boxes.indexOf(event.target.closest?.("[data-state]"));
    if (place < 0) return;
    const to = {
      ArrowDown: place + 1,
      ArrowRight: place + 1,
      ArrowUp: place - 1,
      ArrowLeft: place - 1,
      Home: 0,
      End: boxes.length - 1,
    }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(boxes[place].dataset.state);
    } else if (boxes[to]) {
      event.preventDefault();
      boxes[place].setAttribute("tabindex", "-1");
      boxes[to].setAttribute("tabindex", "0");
      boxes[to].focus();
    }
  }

  /** As wide as there is room; but not so small that it cannot be read, nor larger than it is. */
  #fit() {
    this.#zoom = null;
    this.#size();
  }

  #scale(by) {
    const svg = this.canvas.firstElementChild;
    if (!svg) return;
    const now = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    this.#zoom = Math.min(3, Math.max(0.2, now * by));
    this.#size();
  }

  #size() {
    const svg = this.canvas.firstElementChild;
    if (!svg) return;
    const { width } = svg.viewBox.baseVal;
    const room = this.canvas.clientWidth || width;
    const zoom = this.#zoom ?? Math.min(1, Math.max(0.62, room / width));
    svg.style.width = `${Math.floor(width * zoom)}px`;
    svg.style.height = "auto";
  }

  resized() {
    this.#size();
  }
}
