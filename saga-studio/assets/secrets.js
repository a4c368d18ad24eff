// What is sensitive: dots, until somebody asks to see it.

export const HIDDEN = "••••••";

class Secrets extends EventTarget {
  names = new Set();
  shown = false;

  /** The names of a saga's sensitive fields. */
  of(names) {
    if (names.join() === [...this.names].join()) return;
    this.names = new Set(names);
    this.dispatchEvent(new Event("changed"));
  }

  toggle() {
    this.shown = !this.shown;
    this.dispatchEvent(new Event("changed"));
  }

  hides(name) {
    return !this.shown && this.names.has(name);
  }
}

export const secrets = new Secrets();

const members = (value, change) => Object.fromEntries(Object.entries(value).map(([name, held]) => [name, change(name, held)]));

/** A value with dots for what is sensitive, whether it is shown now or not. */
export function hidden(value) {
  if (Array.isArray(value)) return value.map(hidden);
  if (!value || typeof value !== "object") return value;
  return members(value, (name, held) => (secrets.names.has(name) && held !== null ? HIDDEN : hidden(held)));
}

/** A value in which dots stand for what `held` has in their place. */
export function restored(value, held) {
  if (value === HIDDEN) return held === undefined ? "" : held;
  if (Array.isArray(value)) return value.map((item, place) => restored(item, held?.[place]));
  if (!value || typeof value !== "object") return value;
  return members(value, (name, own) => restored(own, held?.[name]));
}
