// The page: a saga, what is to go wrong, and a run of it.

import { at, element } from "./element.js";
import { Events } from "./events.js";
import { exportTest } from "./export.js";
import { Faults } from "./faults.js";
import { Input } from "./input.js";
import { disagreement, Matrix } from "./matrix.js";
import { Picture } from "./picture.js";
import { Record, stateKey } from "./record.js";
import { get, lines, post } from "./server.js";
import { State } from "./state.js";
import { Stores } from "./stores.js";
import { Time } from "./time.js";

const AGAIN = 2000;

const input = new Input();
const faults = new Faults();
const state = new State(faults);
const picture = new Picture((name) => choose(name, undefined, true));
const events = new Events((name, line) => name && choose(name, line.item, false));
const time = new Time();
const stores = new Stores();
const matrix = new Matrix(input, replay);

let told = null;
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
input.addEventListener("changed", () => (at("run").disabled = !input.isRight));

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
    const order = { saga: saga.name, input: input.value, ...faults.order };
    const { run: number } = await post("/api/runs", order);
    watch(new Record(number, order));
    at("stop").hidden = false;
    at("run").disabled = false;
    const own = record;
    await lines(`/api/runs/${number}/lines/0`, (more) => own.push(more), signal);
  } catch (error) {
    if (error.name === "AbortError") return;
    at("ended").textContent = "";
    refuse(error);
  }
  at("run").disabled = !input.isRight;
}

function refuse({ message, help }) {
  at("refused").hidden = false;
  at("refused").textContent = help ? `${message}. ${help}` : message;
  view("start");
}

function watch(next) {
  record = next;
  picture.watch(record);
  events.watch(record);
  time.watch(record);
  stores.watch(record);
  state.watch(record);
  at("ended").textContent = record.run === null ? "" : "running…";
  at("ended").dataset.ending = "";
  record.addEventListener("grown", () => record === next && record.ended && ended(record.ended));
  if (document.body.dataset.narrowView === "start" && record.run !== null) view(WIDE.matches ? document.body.dataset.view : "picture");
}

function ended(how) {
  at("stop").hidden = true;
  at("export").disabled = Boolean(how.problem);
  at("ended").dataset.ending = how.ending ?? "failed";
  const parts = [how.problem ?? how.ending];
  if (how.redrivenFrom) parts.push(`after it was ${how.redrivenFrom}`);
  if (how.error) parts.push(how.error);
  if (matrix.predicted) parts.push(disagreement(matrix.predicted, how) || "as the model says");
  at("ended").textContent = parts.join(" · ");
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
  if (!sameInput) input.show(saga);
  faults.show(saga);
  if (!sameInput || another) matrix.show(saga);
  at("run").disabled = !input.isRight;
}

function news(next) {
  const rebuilt = !told || next.version !== told.version;
  told = next;
  at("build").textContent = next.building ? `building ${next.package}…` : next.problem ? "does not build" : `${next.package}, build ${next.version}`;
  at("build").dataset.tone = next.problem ? "wrong" : "";
  at("problem").hidden = !next.problem;
  if (next.problem) {
    const { message, help, text } = next.problem;
    at("problem").replaceChildren(element("strong", {}, message), help && !text ? ` ${help}` : "", text ? element("pre", { tabindex: "0" }, text) : "");
  }
  if (!rebuilt || next.sagas.length === 0 || next.problem) return;
  const names = next.sagas.map(({ name }) => name);
  const kept = [saga?.name, sessionStorage.getItem("saga")].find((name) => names.includes(name)) ?? names[0];
  at("saga").replaceChildren(...names.map((name) => element("option", { value: name, selected: name === kept }, name)));
  at("saga").disabled = false;
  show(kept).catch(fatal);
}

at("saga").addEventListener("change", () => {
  sessionStorage.setItem("saga", at("saga").value);
  show(at("saga").value).catch(fatal);
});

function fatal({ message, help }) {
  at("problem").hidden = false;
  at("problem").replaceChildren(element("strong", {}, message), help ? ` ${help}` : "");
}

async function listen() {
  for (;;) {
    try {
      await lines("/api/news", (all) => all.forEach(news));
    } catch (error) {
      if (error.status === 401) return fatal(error);
    }
    at("build").textContent = "the studio has ended: start it again";
    told = null;
    await new Promise((wake) => setTimeout(wake, AGAIN));
  }
}

view("events");
view("start");
listen();
