// The page: a saga, what is to go wrong, and a run of it.

import { at, element } from "./element.js";
import { Events } from "./events.js";
import { exportTest } from "./export.js";
import { Faults } from "./faults.js";
import { Input } from "./input.js";
import { disagreement, Matrix } from "./matrix.js";
import { Picture } from "./picture.js";
import { Record, stateKey } from "./record.js";
import { Rows } from "./rows.js";
import { secrets } from "./secrets.js";
import { get, lines, post } from "./server.js";
import { State } from "./state.js";
import { Stores } from "./stores.js";
import { Time } from "./time.js";

/** Milliseconds until a studio that does not answer is asked again. */
const AGAIN = 1000;
/** Seconds after which it is worth saying that a handler may hang. */
const LONG = 5;

const input = new Input();
const rows = new Rows();
const faults = new Faults();
const state = new State(faults);
const picture = new Picture((name) => choose(name, undefined, true));
const events = new Events((name, line) => name && choose(name, line.item, false));
const time = new Time();
const stores = new Stores();
const matrix = new Matrix(input, replay);

let told = null;
let opened = null;
let saga = null;
let record = null;
let reading = null;

// Views: on a wide screen start and picture are there anyway.
const WIDE = matchMedia("(min-width: 1000px)");

function view(name) {
  const beside = !["start", "picture"].includes(name);
  document.body.dataset.narrowView = name;
  if (beside) document.body.dataset.view = name;
  const shown = WIDE.matches ? document.body.dataset.view : name;
  for (const tab of at("views").children) {
    const own = tab.dataset.view === shown;
    tab.setAttribute("aria-selected", own);
    tab.tabIndex = own ? 0 : -1;
  }
  picture.resized();
  stores.draw();
  events.draw();
}

at("views").addEventListener("click", ({ target }) => target.dataset.view && view(target.dataset.view));
at("views").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...at("views").children].filter((tab) => tab.offsetParent !== null);
  const next = tabs.at((tabs.indexOf(event.target) + step) % tabs.length);
  view(next.dataset.view);
  next.focus();
});
WIDE.addEventListener("change", () => view(WIDE.matches ? document.body.dataset.view : document.body.dataset.narrowView));
new ResizeObserver(() => picture.resized()).observe(at("canvas"));

function choose(name, item, goes) {
  state.show(name, item);
  picture.select(name);
  if (goes) {
    view("state");
    (at("fault-kind") ?? at("state")).focus({ preventScroll: true });
  }
}

faults.addEventListener("chosen", ({ detail }) => choose(detail, undefined, true));
faults.addEventListener("changed", () => picture.faulty(faults.words));
const offer = () => (at("run").disabled = !input.isRight || !rows.isRight);
input.addEventListener("changed", offer);
rows.addEventListener("changed", offer);

/** Tells whoever listens to the page rather than looking at it: few things, each once. */
const say = (text) => (at("told").textContent = text);

// A run.

async function run() {
  reading?.abort();
  reading = new AbortController();
  const { signal } = reading;
  at("refused").hidden = true;
  at("run").disabled = true;
  at("export").disabled = true;
  at("ended").textContent = "starting…";
  at("ended").dataset.ending = "";
  try {
    const order = { saga: saga.name, input: input.value, ...rows.order, ...faults.order };
    const { run: number } = await post("/api/runs", order);
    watch(new Record(number, order, secrets.shown));
    say("The saga runs");
    at("stop").hidden = false;
    offer();
    await read(record, signal);
  } catch (error) {
    if (error.name === "AbortError") return;
    at("ended").textContent = "";
    refuse(error);
  }
  offer();
}

/** Reads a run to its end, also where the connection is lost meanwhile and comes back. */
async function read(own, signal) {
  while (!own.ended) {
    try {
      await lines(`/api/runs/${own.run}/${own.clear ? "clear/" : ""}lines/${own.lines.length}`, (more) => own.push(more), signal);
    } catch (error) {
      if (error.name === "AbortError" || error.status > 0) throw error;
    }
    if (own.ended) return;
    if (own.gone) own.push([{ type: "Ended", at: own.lines.at(-1)?.at ?? 0, ended: { problem: "the studio ended before the saga did: run it again" } }]);
    else await new Promise((wake) => setTimeout(wake, AGAIN / 4));
  }
}

// What is sensitive is dots, until it is asked for: then the run is read once more, as it is.
at("reveal").addEventListener("click", () => secrets.toggle());
secrets.addEventListener("changed", () => {
  at("reveal").hidden = secrets.names.size === 0;
  at("reveal").textContent = secrets.shown ? "Hide sensitive data" : "Show sensitive data";
  at("reveal").setAttribute("aria-pressed", secrets.shown);
  document.body.toggleAttribute("data-clear", secrets.shown);
  if (!record || record.run === null || record.gone || record.clear === secrets.shown) return;
  const { run: number, order, at: moment, follows } = record;
  reading?.abort();
  reading = new AbortController();
  watch(new Record(number, order, secrets.shown));
  const own = record;
  const back = () => own.lines.length >= moment && (own.removeEventListener("grown", back), follows || own.seek(moment));
  own.addEventListener("grown", back);
  read(own, reading.signal).catch((error) => error.name !== "AbortError" && refuse(error));
});

at("targets").addEventListener("change", () => aim(at("targets").value === "events"));
function aim(byEvents) {
  faults.target(byEvents);
  matrix.target(byEvents);
  if (record && record.run !== null) watch(new Record(null, null));
}

function refuse({ message, help }) {
  at("refused").hidden = false;
  at("refused").textContent = help ? `${message}. ${help}` : message;
  say(at("refused").textContent);
  view("start");
  at("refused").scrollIntoView({ block: "nearest" });
}

function watch(next) {
  record = next;
  picture.watch(record);
  events.watch(record);
  time.watch(record);
  stores.watch(record);
  state.watch(record);
  at("export").disabled = true;
  at("ended").textContent = record.run === null ? "Press Run to see it happen, or click a state to break it first." : "running…";
  if (record.run !== null) tick(record, performance.now());
  at("ended").dataset.ending = "";
  record.addEventListener("grown", () => record === next && record.ended && ended(record.ended));
  if (document.body.dataset.narrowView === "start" && record.run !== null) view(WIDE.matches ? document.body.dataset.view : "picture");
}

/** How long a run takes, and what it waits for, each second. */
function tick(own, began) {
  setTimeout(() => {
    if (record !== own || own.ended) return;
    const passed = Math.round((performance.now() - began) / 1000);
    const [busy] = [...own.states].find(([, painted]) => painted === "waiting") ?? [];
    const hangs = passed >= LONG && busy ? ": a handler that hangs is ended at its timeout, or by Stop" : "";
    at("ended").textContent = `running… ${passed} s${busy ? ` · ${busy} is at work${hangs}` : ""}`;
    tick(own, began);
  }, 1000);
}

function ended(how) {
  at("stop").hidden = true;
  at("export").disabled = Boolean(how.problem) || record.order.target === "choreography";
  at("export").title = record.order.target === "choreography" ? "Tests run state machines: run it as one, and export that" : "";
  at("ended").dataset.ending = how.ending ?? "failed";
  const parts = [how.problem ?? how.ending];
  if (how.redrivenFrom) parts.push(`after it was ${how.redrivenFrom}`);
  if (how.error) parts.push(how.error);
  if (matrix.predicted) parts.push(disagreement(matrix.predicted, how) || "as the model says");
  at("ended").textContent = parts.join(" · ");
  say(`The saga is ${at("ended").textContent}`);
}

async function replay(cell) {
  faults.replace(cell.faults, cell.attempts);
  await run();
}

at("run").addEventListener("click", () => {
  matrix.forget();
  run();
});
at("stop").addEventListener("click", () => post(`/api/runs/${record.run}/stop`, {}));
at("export").addEventListener("click", () => exportTest(record).catch(refuse));
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !at("run").disabled) at("run").click();
});

// The package, which is built again when it is saved.

async function show(name) {
  const next = await get(`/api/sagas/${encodeURIComponent(name)}`);
  const another = saga?.name !== next.name;
  const sameInput = !another && JSON.stringify(saga.schema) === JSON.stringify(next.schema);
  saga = next;
  document.title = `${saga.name} · saga studio`;
  at("description").textContent = saga.description ?? "";
  at("description").hidden = !saga.description;
  if (picture.show(saga.picture)) watch(new Record(null, null));
  at("target").hidden = saga.orchestrated !== null;
  if (another || saga.orchestrated) at("targets").value = "";
  secrets.of(saga.sensitive);
  if (!sameInput) input.show(saga);
  rows.show(saga);
  faults.show(saga);
  if (!sameInput || another) matrix.show(saga);
  if (faults.byEvents !== (at("targets").value === "events")) aim(!faults.byEvents);
  offer();
}

const NO_SAGA = { message: "The package has no saga yet.", help: "Name one in its main.rs, saga_lambda::main!(YourSaga); and save: it shows here." };

function news(next) {
  const rebuilt = !told || next.version !== told.version;
  // Of a studio that was started again the runs are others, under the same numbers.
  if (record && opened && next.opened !== opened) record.gone = true;
  opened = next.opened;
  told = next;
  const stale = next.problem && next.sagas.length > 0;
  at("build").textContent = next.building ? `building ${next.package}…` : next.problem ? "does not build" : `${next.package}, build ${next.version}`;
  at("build").dataset.tone = next.problem ? "wrong" : "";
  const none = next.sagas.length === 0 && !next.building && next.version > 0;
  problem(next.problem ?? (none ? NO_SAGA : null), stale ? "What is shown below is the last build that went well." : "");
  if (!rebuilt || next.sagas.length === 0 || next.problem) return;
  const names = next.sagas.map(({ name }) => name);
  const kept = [saga?.name, sessionStorage.getItem("saga")].find((name) => names.includes(name)) ?? names[0];
  at("saga").replaceChildren(...names.map((name) => element("option", { value: name, selected: name === kept }, name)));
  at("saga").disabled = false;
  show(kept).catch(fatal);
}

/** What is wrong, above everything else; nothing without it. */
function problem(what, more = "") {
  at("problem").hidden = !what;
  if (!what) return at("problem").replaceChildren();
  const { message, help, text } = what;
  const sentence = (words) => (words && !/[.!?]$/.test(words) ? `${words}.` : words);
  const told = [element("strong", {}, sentence(message)), help && !text ? ` ${sentence(help)}` : "", more ? ` ${more}` : ""];
  at("problem").replaceChildren(element("p", {}, told), text ? element("pre", { tabindex: "0", "aria-label": "What the compiler said" }, text.trim()) : "");
}

at("saga").addEventListener("change", () => {
  sessionStorage.setItem("saga", at("saga").value);
  show(at("saga").value).catch(fatal);
});

const fatal = problem;

const LOST = { message: "The studio has ended, or is out of reach.", help: "Start it again where it ran: this page goes on by itself." };
const ANOTHER = { message: "The studio was started again, and has another address.", help: "Open the one that it printed: this page goes on with it." };

async function listen() {
  let was = false;
  for (;;) {
    let lost = LOST;
    try {
      await lines("/api/news", (all) => {
        was = true;
        all.forEach(news);
      });
    } catch (error) {
      if (error.status === 401) lost = was ? ANOTHER : error;
    }
    problem(lost);
    at("build").textContent = "not connected";
    at("build").dataset.tone = "wrong";
    told = null;
    await new Promise((wake) => setTimeout(wake, AGAIN));
  }
}

view("events");
view("start");
listen();
