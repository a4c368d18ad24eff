// A run, line by line, and the moment of it that is looked at. Every line says what it changed, so that going to
// another moment takes as much as lies between.

export class Record extends EventTarget {
  lines = [];
  /** How many lines have happened at the moment that is looked at. */
  at = 0;
  /** Whether the moment is always the last one. */
  follows = true;
  /** Each state's class in the picture. */
  states = new Map();
  taken = new Set();
  /** Tables and queues, by `kind/name`. */
  stores = new Map();
  /** By state: the numbers of its lines. */
  byState = new Map();
  /** How it ended, once it has. */
  ended = null;

  constructor(run, order, clear = false) {
    super();
    Object.assign(this, { run, order, clear });
  }

  push(lines) {
    for (const line of lines) {
      const key = stateKey(line);
      if (key) {
        if (!this.byState.has(key)) this.byState.set(key, []);
        this.byState.get(key).push(this.lines.length);
      }
      if (line.ended) this.ended = line.ended;
      this.lines.push(line);
    }
    if (this.follows) this.#go(this.lines.length);
    this.dispatchEvent(new Event("grown"));
  }

  /** Goes to the moment after so many lines; to the last one, and on with it, without a number. */
  seek(to = Infinity) {
    this.follows = to >= this.lines.length;
    this.#go(Math.max(0, Math.min(to, this.lines.length)));
  }

  #go(to) {
    const changed = { states: new Set(), routes: new Set(), stores: new Set() };
    while (this.at < to) this.#apply(this.lines[this.at++], changed);
    while (this.at > to) this.#revert(this.lines[--this.at], changed);
    this.dispatchEvent(new CustomEvent("moved", { detail: changed }));
  }

  #apply(line, changed) {
    line.before = (line.paint ?? []).map(([state]) => [state, this.states.get(state) ?? "idle"]);
    this.#paint(line.paint, line.taken, line.untaken, changed);
    line.went = (line.stores ?? []).map((splice) => {
      const key = `${splice.kind}/${splice.name}`;
      const fresh = !this.stores.has(key);
      if (fresh) this.stores.set(key, { kind: splice.kind, name: splice.name, rows: [] });
      changed.stores.add(key);
      return { key, fresh, rows: this.stores.get(key).rows.splice(splice.at, splice.gone, ...splice.rows) };
    });
  }

  #revert(line, changed) {
    this.#paint(line.before, line.untaken, line.taken, changed);
    for (let place = line.went.length - 1; place >= 0; place--) {
      const { key, fresh, rows } = line.went[place];
      const { at, rows: came } = line.stores[place];
      this.stores.get(key).rows.splice(at, came.length, ...rows);
      if (fresh) this.stores.delete(key);
      changed.stores.add(key);
    }
  }

  #paint(states = [], taken = [], untaken = [], changed) {
    for (const [state, painted] of states) {
      this.states.set(state, painted);
      changed.states.add(state);
    }
    for (const route of taken) this.taken.add(route), changed.routes.add(route);
    for (const route of untaken) this.taken.delete(route), changed.routes.add(route);
  }
}

/** The state of a line as faults name it; none where it is about none. */
export function stateKey({ state, machine }) {
  if (!state) return null;
  return machine ? `${machine}/${state}` : state;
}
