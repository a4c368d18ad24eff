// What a person does with the studio, and what a stranger tries: `node studio.cjs CASE URL SOURCE FOLDER`.
// CHROMIUM is the browser; screenshots go to FOLDER.

const assert = require("node:assert/strict");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const { createServer } = require("node:http");
const { dirname, join } = require("node:path");
const { looks } = require("./looks.cjs");
const { chromium } = require("playwright-core");

const [name, url, source, folder] = process.argv.slice(2);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
// A first build of the example is among it.
const BUILT = 240_000;

const INPUT = {
  orderId: "o-1",
  shipping: "express",
  total: 5,
  isGift: false,
  address: { street: "s", city: "c" },
  lines: [{ sku: "a" }, { sku: "b" }],
};

/** A page with the studio in it, once it has a saga. Whatever goes wrong in the page fails the test. */
async function open(browser, { at = url, saga, ...options } = {}) {
  const context = await browser.newContext({ viewport: DESK, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => fail(`the page: ${error.stack}`));
  // That a request was refused shows in the page.
  const told = (text) => text.startsWith("Failed to load resource");
  page.on("console", (message) => message.type() === "error" && !told(message.text()) && fail(`the page's console: ${message.text()}`));
  await page.goto(at);
  // What does not build is told at once.
  await page.waitForSelector("#saga:enabled, #problem:not([hidden])", { state: "attached", timeout: BUILT });
  if (await page.isVisible("#problem")) fail(await page.textContent("#problem"));
  if (saga) await choose(page, saga);
  await page.waitForSelector("#run:enabled", { state: "attached" });
  return page;
}

async function choose(page, saga) {
  await page.selectOption("#saga", saga);
  await page.waitForFunction((saga) => document.title.startsWith(saga), saga);
}

async function type(page, input) {
  await view(page, "start");
  await page.click("text=JSON");
  await page.fill("#json", JSON.stringify(input));
}

/** Shows a view; at a desk start and picture are there anyway. */
async function view(page, name) {
  if (await page.isVisible(`#tab-${name}`)) await page.click(`#tab-${name}`);
}

async function ended(page) {
  await page.waitForFunction(() => document.getElementById("ended").dataset.ending, null, { timeout: 60_000 });
  return page.textContent("#ended");
}

async function run(page) {
  await view(page, "start");
  await page.click("#run");
  return ended(page);
}

const painted = (page, state) =>
  page.evaluate((state) => {
    const names = ["idle", "ran", "failed", "undone", "waiting"];
    const box = document.querySelector(`[data-state="${state}"]`);
    return names.find((name) => box.classList.contains(name));
  }, state);

/** What a moment looks like: the picture, tables and queues. */
const moment = (page) =>
  page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const boxes = [...document.querySelectorAll("#canvas [data-state]")].map((box) => box.getAttribute("aria-label"));
    const routes = [...document.querySelectorAll("#canvas [data-route]")].map((route) => route.classList.contains("idle"));
    const stores = [...document.querySelectorAll("#stores article")].map((store) => store.textContent);
    return JSON.stringify({ boxes, routes, stores });
  });

const seek = (page, at) =>
  page.evaluate((at) => {
    const range = document.getElementById("moment");
    range.value = at;
    range.dispatchEvent(new Event("input"));
  }, at);

async function breaks(page, state, kind, error) {
  await view(page, "picture");
  await page.click(`#canvas [data-state="${state}"]`);
  await page.selectOption("#fault-kind", kind);
  if (error) {
    await page.fill("#fault-error", error);
    await page.press("#fault-error", "Tab");
  }
}

/** Measures what lies between the frames that a page draws. */
async function drawing(page) {
  await page.evaluate(() => {
    globalThis.gaps = [];
    let last = performance.now();
    const frame = (now) => {
      globalThis.gaps.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return async (what) => {
    const found = (await page.evaluate(() => globalThis.gaps.splice(0))).sort((one, other) => one - other);
    const part = (share) => Math.round(found[Math.floor((found.length - 1) * share)]);
    console.log(`${what}: ${found.length} frames; between them ${part(0.5)} ms, 95 %: ${part(0.95)} ms, the longest ${part(1)} ms`);
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

const CASES = {
  /** The example, with its handlers, as it should go. */
  async completes(browser) {
    const page = await open(browser);
    assert.equal(await run(page), "completed");
    for (const state of ["RegisterFare", "ChargeFare", "CreditCustomerAccount", "NotifySuccess"]) {
      assert.equal(await painted(page, state), "ran", state);
    }
    await view(page, "stores");
    await page.waitForSelector('[data-store="table/Fares"] td:text("completed")');
    assert.match(await page.textContent('[data-store="queue/SuccessfulTransactions"]'), /fareId/);
    await page.click('#canvas [data-state="ChargeFare"]');
    await page.waitForSelector("#state h4:text('data in')");
    const data = await page.textContent("#state");
    for (const part of ["compensatable step", "arguments", "data out", "chargeId"]) {
      assert.ok(data.includes(part), `${part} is not in ${data}`);
    }
  },

  /** The example, with a card that is refused. */
  async compensates(browser) {
    const page = await open(browser, { viewport: PHONE, hasTouch: true });
    await breaks(page, "ChargeFare", "fail", "PaymentAuthException");
    assert.match(await run(page), /^compensated/);
    assert.equal(await painted(page, "RegisterFare"), "undone");
    assert.equal(await painted(page, "ChargeFare"), "failed");
    assert.equal(await painted(page, "UndoRegisterFare"), "ran");
    assert.equal(await painted(page, "UndoChargeFare"), "idle");
    await view(page, "stores");
    await page.waitForSelector('[data-store="table/Fares"] td:text("failed")');
    await view(page, "events");
    await page.waitForSelector('.row[data-tone="wrong"]');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px wider than the phone`);
    // A compensation that fails, too.
    await breaks(page, "UndoRegisterFare", "crash");
    assert.match(await run(page), /^parked/);
    // The fault is taken away again.
    await view(page, "start");
    for (const button of await page.$$(".chosen .remove")) await button.dispatchEvent("click");
    assert.equal(await run(page), "completed");
  },

  /** The form makes what its fields say, and the JSON beside it the same. */
  async form(browser) {
    const page = await open(browser, { saga: "Small" });
    const json = async () => JSON.parse(await page.inputValue("#json"));
    await page.fill("#input >> role=textbox[name=/orderId/]", "o-77");
    await page.selectOption("#input select:has(option:text('express'))", { label: "express" });
    await page.fill("#input >> role=spinbutton[name=/total/]", "12");
    await page.check("#input >> role=checkbox[name=/isGift/]");
    await page.uncheck("#input >> role=checkbox[name=/card/]");
    await page.fill("#input >> role=textbox[name=/city/]", "Bern");
    await page.click("#input >> text=Add one");
    await page.click("#input button:text('JSON')");
    const made = await json();
    assert.deepEqual([made.orderId, made.shipping, made.total, made.isGift, made.address.city, made.lines.length], ["o-77", "express", 12, true, "Bern", 2]);
    assert.ok(made.card === undefined || made.card === null);
    await page.fill("#json", "{");
    assert.ok(await page.isDisabled("#run"));
    assert.match(await page.textContent("#input .wrong"), /no JSON/);
    await page.fill("#json", JSON.stringify({ ...made, total: "much" }));
    await page.click("#run");
    await page.waitForSelector("#refused:visible");
    assert.match(await page.textContent("#refused"), /total/);
    await page.fill("#json", JSON.stringify({ ...made, card: "Hello" }));
    await page.click("#input button:text('Form')");
    assert.ok(await page.isChecked("#input >> role=checkbox[name=/card/]"));
    assert.equal(await run(page), "completed");
    await view(page, "stores");
    await page.waitForSelector('[data-store="table/Entries"] td:text("o-77")');
  },

  /** All of it without a mouse. */
  async keyboard(browser) {
    const page = await open(browser, { saga: "Small" });
    const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.dataset.state);
    const tabTo = async (selector) => {
      for (let presses = 0; presses < 120; presses++) {
        const [is, ring] = await page.evaluate((selector) => {
          const focused = document.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(focused);
          const box = focused.matches("[data-state]") && getComputedStyle(focused.querySelector(".box")).strokeWidth === "3.5px";
          return [focused.matches(selector), focused === document.body || box || (outlineStyle === "solid" && outlineWidth === "2px")];
        }, selector);
        assert.ok(ring || presses === 0, `nobody sees that ${await focus()} has the focus`);
        if (is) return;
        await page.keyboard.press("Tab");
      }
      fail(`${selector} is not reached by Tab; the last was ${await focus()}`);
    };
    await tabTo("#canvas [data-state]");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.state), "ChargeCard");
    await page.keyboard.press("Enter");
    assert.equal(await focus(), "fault-kind");
    // Into the list and to its second line: a crash is the third.
    for (let line = 0; line < 3; line++) await page.keyboard.press("ArrowDown");
    assert.equal(await page.inputValue("#fault-kind"), "crash");
    await page.keyboard.press("Control+Enter");
    assert.match(await ended(page), /^compensated/);
    await tabTo("#views [aria-selected=true]");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.getAttribute("#tab-events", "aria-selected"), "true");
    await tabTo(".list");
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.getElementById("moment").value === "1");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.getElementById("moment").value === "2");
    assert.equal(await painted(page, "ChargeCard"), "idle");
    assert.match(await page.textContent("#told"), /^The saga is compensated/);
    await tabTo("#moment");
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector('[data-state="ChargeCard"]').classList.contains("undone"));
  },

  /** A cell runs its fault, and says whether handlers and model agree. */
  async matrix(browser) {
    const page = await open(browser, { saga: "Small" });
    await type(page, INPUT);
    await view(page, "matrix");
    await page.click("text=Ask the model");
    await page.waitForSelector("#matrix .hint:text('each ends as a saga ends')");
    for (const [state, word, ending] of [
      ["ChargeCard", "dies", "compensated"],
      ["ReserveStock", "times out", "compensated"],
      ["UndoReserveStock", "dies", "parked"],
      ["ChargeCard", "is delivered twice", "completed"],
    ]) {
      const cell = await page.waitForSelector(`.cell[aria-label^="${state} ${word}"]`);
      assert.equal(await cell.getAttribute("data-ending"), ending);
      await cell.click();
      await page.waitForFunction((ending) => document.getElementById("ended").dataset.ending === ending, ending);
      assert.match(await page.textContent("#ended"), /as the model says/, `${state} ${word}`);
    }
    await page.click("text=Only the first attempt");
    await page.click('.cell[aria-label^="ChargeCard dies"]');
    assert.match(await ended(page), /as the model says/);
  },

  /** Of a large saga cells come as they are found, the page goes on drawing, and who has enough stops it. */
  async streams(browser) {
    const page = await open(browser, { saga: "Large" });
    await type(page, INPUT);
    await view(page, "matrix");
    const gaps = await drawing(page);
    const began = Date.now();
    await page.click("text=Ask the model");
    await page.waitForSelector(".cell");
    const first = Date.now() - began;
    await page.waitForFunction(() => document.querySelectorAll(".cells tr").length > 3);
    const some = await page.evaluate(() => document.querySelector("#matrix progress").value / document.querySelector("#matrix progress").max);
    await gaps(`60 states: the first cell after ${first} ms, ${Math.round(some * 100)} % after ${Date.now() - began} ms`);
    assert.ok(some < 1, "it came at once");
    await page.click("text=Stop asking");
    await page.waitForSelector("#matrix .hint:text('stopped at')");
    // What is there is of use.
    await page.click(".cell >> nth=0");
    assert.match(await ended(page), /as the model says/);
    // Asking again begins anew.
    await page.click("text=Ask the model");
    await page.waitForSelector("text=Stop asking");
    await page.waitForSelector(".cell");
    await choose(page, "Small");
    await page.waitForSelector("text=Ask the model");
    assert.equal(await page.isVisible(".cell"), false);
  },

  /** What is sensitive is dots in the form, in data and in tests, until somebody asks for it. */
  async sensitive(browser) {
    const page = await open(browser, { saga: "Small" });
    const card = "tok-secret-4242";
    await type(page, { ...INPUT, lines: [], card });
    await page.click("#input button:text('Form')");
    const shown = () => page.evaluate(() => document.body.innerText + [...document.querySelectorAll("#picture, #side, footer")].map((part) => part.outerHTML).join() + JSON.stringify(Object.values(sessionStorage)) + [...document.querySelectorAll("textarea")].map((area) => area.value).join());
    await page.click("#input button:text('JSON')");
    assert.ok((await page.inputValue("#json")).includes("••••••"));
    // What stands for it may be sent back, and what it stands for goes on.
    await page.fill("#json", (await page.inputValue("#json")).replace("o-1", "o-2"));
    await run(page);
    const record = (path) => page.evaluate(async (path) => (await fetch(path, { headers: { "x-saga-token": sessionStorage.getItem("saga-studio-token") } })).text(), path);
    const secret = async (path) => (await record(path)).includes(card);
    assert.equal(await secret("/api/runs/1/lines/0"), false);
    assert.equal(await secret("/api/runs/1/events/0"), false);
    assert.equal(await secret("/api/runs/1/clear/events/0"), true);
    await page.click("#events .row >> nth=1");
    await view(page, "state");
    await page.waitForSelector("#state h4:text('data in')");
    assert.ok(!(await shown()).includes(card), "it is in the page");
    const veil = () => page.$eval(".sensitive input[type=text]", (field) => getComputedStyle(field).webkitTextSecurity);
    await page.click("#input button:text('Form')");
    assert.equal(await veil(), "disc");
    await page.click("#export");
    await page.waitForSelector("#exported-told:text('left out')");
    assert.ok(!(await page.inputValue("#exported textarea")).includes(card));
    await page.click("text=With the sensitive values");
    await page.waitForSelector("#exported-told:text('in clear')");
    assert.ok((await page.inputValue("#exported textarea")).includes(card));
    await page.keyboard.press("Escape");
    const moment = await page.inputValue("#moment");
    await page.click("#reveal");
    assert.equal(await veil(), "none");
    await page.waitForFunction((moment) => document.getElementById("moment").value === moment, moment);
    await page.click("#input button:text('JSON')");
    assert.ok((await page.inputValue("#json")).includes(card));
    await page.click("#reveal");
    await page.waitForFunction((card) => !document.getElementById("json").value.includes(card), card);
  },

  /** Rows lie in the tables before the saga begins; wrong ones are told, and nothing runs. */
  async rows(browser) {
    const page = await open(browser, { saga: "Small" });
    await type(page, { ...INPUT, lines: [] });
    await page.click("text=Rows before it begins");
    await page.fill("#rows-json", "{");
    assert.ok(await page.isDisabled("#run"));
    await page.fill("#rows-json", '{"Entris": []}');
    await page.click("#run");
    await page.waitForSelector("#refused:text('did you mean `Entries`?')");
    await page.fill("#rows-json", '{"Entries": [{"step": "s"}]}');
    await page.click("#run");
    await page.waitForSelector("#refused:text('Entries[0].orderId')");
    await page.fill("#rows-json", '{"Entries": [{"orderId": "before", "step": "s", "status": "old"}]}');
    assert.equal(await run(page), "completed");
    await view(page, "stores");
    await page.waitForSelector('[data-store="table/Entries"] td:text("before")');
    await page.reload();
    await page.waitForSelector("#run:enabled");
    assert.match(await page.inputValue("#rows-json"), /before/);
    await page.click("#rows >> text=Rows before it begins");
    await page.click("text=As it was started");
    assert.equal(await page.inputValue("#rows-json"), "{}");
  },

  /** Two tabs run what they like at one time. */
  async tabs(browser) {
    const one = await open(browser, { saga: "Small" });
    const other = await one.context().newPage();
    await other.goto(url);
    await other.waitForSelector("#run:enabled");
    await type(one, { ...INPUT, orderId: "one" });
    await type(other, { ...INPUT, orderId: "other" });
    await breaks(other, "ChargeCard", "crash");
    const [first, second] = await Promise.all([run(one), run(other)]);
    assert.match(first, /^completed/);
    assert.match(second, /^compensated/);
    await view(one, "stores");
    await one.waitForSelector('[data-store="table/Entries"] td:text("one")');
    assert.equal(await one.isVisible('[data-store="table/Entries"] td:text("other")'), false);
  },

  /** By events: what is delivered, what each step comes to, and the end; faults, too. */
  async events(browser) {
    const page = await open(browser, { saga: "OrderPlacement" });
    const read = (name) => JSON.parse(readFileSync(join(source, name), "utf8"));
    await page.selectOption("#targets", "events");
    await type(page, read("order.json"));
    await page.click("text=Rows before it begins");
    await page.fill("#rows-json", JSON.stringify(read("stock.json")));
    assert.equal(await run(page), "completed");
    assert.equal(await painted(page, "CreateOrder"), "ran");
    await page.waitForSelector(".row:has-text('com.order.createorder')");
    await view(page, "stores");
    await page.waitForSelector('[data-store="saga/Steps"] tr:has-text("UpdateInventory"):has-text("done")');
    await page.click('#canvas [data-state="UpdateInventory"]');
    await page.waitForSelector("#state h3:text('delivered')");
    await page.waitForSelector("#state h4:text('data in')");
    await page.waitForSelector("#state h3:text-is('done') , #state h3:has-text('done')");
    assert.ok(await page.isDisabled("#export"));
    // What goes wrong, and what follows.
    assert.equal(await page.$eval("#fault-kind", (kind) => [...kind.options].some(({ value }) => value === "abort")), false);
    await breaks(page, "UpdateInventory", "fail", "OutOfStock");
    assert.equal(await run(page), "compensated · OutOfStock");
    assert.equal(await painted(page, "CreateOrder"), "undone");
    assert.equal(await painted(page, "UpdateInventory"), "failed");
    const last = Number(await page.getAttribute("#moment", "max"));
    await view(page, "stores");
    const seen = new Map();
    for (let at = 0; at <= last; at++) {
      await seek(page, at);
      seen.set(at, await moment(page));
    }
    for (let at = last; at >= 0; at--) {
      await seek(page, at);
      assert.equal(await moment(page), seen.get(at), `moment ${at}`);
    }
    await seek(page, last);
    await page.waitForSelector('[data-store="saga/Steps"] tr:has-text("CreateOrder"):has-text("done")');
    await page.screenshot({ path: join(folder, "events-desk-light-stores.png") });
    await view(page, "matrix");
    assert.match(await page.textContent("#matrix .hint"), /explores state machines, and a saga by events has none/);
    // The same as a state machine.
    await page.selectOption("#targets", "");
    assert.match(await run(page), /^compensated/);
  },

  /** What handlers print is at their attempt; one that panics or hangs is told of, and stopped. */
  async handlers(browser) {
    const page = await open(browser);
    await type(page, { id: "p-7", mood: "fine" });
    assert.equal(await run(page), "completed");
    await page.waitForSelector(".row[data-tone=printed]:has-text('weighing p-7')");
    await page.click('#canvas [data-state="Weigh"]');
    await page.waitForSelector("#state .printed pre:has-text('the scales say 7')");
    assert.match(await page.textContent("#state .printed h3"), /printed attempt 1/);
    await type(page, { id: "p-8", mood: "panic" });
    assert.match(await run(page), /^compensated/);
    await view(page, "events");
    await page.waitForSelector(".row:has-text('the scales broke')");
    await page.waitForSelector(".row[data-tone=printed]:has-text('unweighing p-8')");
    await page.screenshot({ path: join(folder, "parcels-desk-light-events.png") });
    await type(page, { id: "p-9", mood: "hang" });
    await page.click("#run");
    await page.waitForSelector("#ended:text('Weigh is at work')");
    await page.click("#stop");
    await ended(page);
    assert.equal(await page.isVisible("#stop"), false);
  },

  /** The source of a package is edited while the page is open: cargo builds it, and the page follows. */
  async cargo(browser) {
    const page = await open(browser);
    await type(page, { id: "kept", mood: "fine" });
    const text = readFileSync(source, "utf8");
    writeFileSync(source, text.replace("parcel.mood", "parcel.moood"));
    await page.waitForSelector("#problem pre:has-text('moood')", { timeout: BUILT });
    const said = await page.textContent("#problem");
    assert.match(said, /src\/main\.rs/);
    assert.match(said, /last build that went well/);
    await page.screenshot({ path: join(folder, "parcels-desk-light-problem.png") });
    // What was there goes on.
    assert.equal(await run(page), "completed");
    const again = 'saga.step(WeighRef { id: parcel.id, mood: parcel.mood }.named("WeighAgain").compensate(|_| UnweighRef { id: parcel.id }));';
    const began = Date.now();
    writeFileSync(source, text.replace("// and then", again));
    await page.waitForSelector('#canvas [data-state="WeighAgain"]', { timeout: BUILT });
    console.log(`saved, built and shown after ${Date.now() - began} ms`);
    assert.equal(await page.isVisible("#problem"), false);
    assert.equal(JSON.parse(await page.inputValue("#json")).id, "kept");
    assert.equal(await run(page), "completed");
    assert.equal(await painted(page, "WeighAgain"), "ran");
    // A package without a saga is no mistake, and says what is to be done.
    writeFileSync(source, text);
    await page.waitForSelector('#canvas [data-state="WeighAgain"]', { state: "detached", timeout: BUILT });
  },

  /** Both, one after the other: the first looks at what the second edits. */
  async parcels(browser) {
    await CASES.handlers(browser);
    await CASES.cargo(browser);
  },

  /** A studio that ended is told of; started again, the page goes on with the address that is opened. */
  async restart(browser) {
    const port = await freePort();
    const start = async () => {
      const program = spawn(process.env.SAGA_CLI, ["studio", "-p", "fare-processing", "--no-open", "--port", String(port)], { stdio: ["ignore", "pipe", "ignore"] });
      process.on("exit", () => program.kill("SIGKILL"));
      let printed = "";
      for await (const part of program.stdout) {
        printed += part;
        const found = /http:\S+/.exec(printed);
        if (found) return { program, url: found[0] };
      }
      fail(`it printed ${printed}`);
    };
    const gone = (program) => new Promise((ended) => program.once("exit", ended) && program.kill("SIGKILL"));
    const first = await start();
    const page = await open(browser, { at: first.url });
    await run(page);
    await gone(first.program);
    await page.waitForSelector("#problem:has-text('has ended, or is out of reach')");
    await page.click("#run");
    await page.waitForSelector("#refused:text('does not answer')");
    await page.click('#canvas [data-state="CreditCustomerAccount"]');
    await page.waitForSelector("#state >> text=its data with it");
    const second = await start();
    await page.waitForSelector("#problem:has-text('has another address')");
    const opened = await page.context().newPage();
    await opened.goto(second.url);
    await page.waitForSelector("#problem", { state: "hidden", timeout: BUILT });
    await page.waitForSelector("#build:has-text('build 1')", { timeout: BUILT });
    assert.equal(await run(page), "completed");
    await gone(second.program);
  },

  /** Colours can be read, targets can be hit, what is focused can be seen, nothing is cut or overlaps; and little is announced. */
  async looks(browser) {
    for (const [device, viewport] of [["desk", DESK], ["phone", PHONE]]) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await open(browser, { viewport, colorScheme, reducedMotion: "reduce" });
        const check = async (where) => {
          const found = await page.evaluate(looks, device === "phone");
          assert.deepEqual(found, [], `${where} on a ${device}, ${colorScheme}`);
        };
        const all = async (when) => {
          for (const name of ["start", "picture", "events", "state", "stores", "matrix"]) {
            await view(page, name);
            await moment(page);
            await check(`${name} ${when}`);
          }
        };
        await choose(page, "Middle");
        await type(page, INPUT);
        await page.click("#input button:text('Form')");
        await all("before");
        await breaks(page, "PrintInvoice", "crash");
        await view(page, "start");
        await check("a fault");
        await run(page);
        await seek(page, 40);
        await all("in the middle");
        await choose(page, "Small");
        await view(page, "matrix");
        await page.click("text=Ask the model");
        await page.waitForSelector("#matrix .hint:text('each ends as a saga ends')");
        await check("the matrix");
        await page.click(".cell >> nth=0");
        await ended(page);
        await page.click("#tab-start, #tab-matrix >> visible=true");
        await view(page, "start");
        await page.click("#export");
        await page.waitForSelector("#exported[open]");
        await check("an exported test");
        assert.match(await page.textContent("#told"), /^The saga is (compensated|completed|parked)/);
        await page.context().close();
      }
    }
    // Nothing to show is no blank page.
    const page = await open(browser);
    writeFileSync(source, "none");
    await page.waitForSelector("#problem:visible");
    assert.match(await page.textContent("#problem"), /no saga|does not build/);
  },

  /** Back and forth: every moment looks the same from both sides. */
  async travel(browser) {
    const page = await open(browser, { saga: "Middle" });
    await type(page, INPUT);
    await breaks(page, "CloseOrder", "timeout");
    assert.match(await run(page), /^compensated/);
    await view(page, "stores");
    const last = Number(await page.getAttribute("#moment", "max"));
    assert.ok(last > 60, `${last} events`);
    const some = Array.from({ length: 24 }, (_, part) => Math.floor((last * part) / 23));
    const seen = new Map();
    for (const at of some) {
      await seek(page, at);
      seen.set(at, await moment(page));
    }
    assert.ok(new Set(seen.values()).size > 12, "moments look alike");
    for (const at of [...some].reverse()) {
      await seek(page, at);
      assert.equal(await moment(page), seen.get(at), `moment ${at}`);
    }
    for (let jump = 0; jump < 12; jump++) {
      const at = some[(jump * 7) % some.length];
      await seek(page, at);
      assert.equal(await moment(page), seen.get(at), `moment ${at}, jumped to`);
    }
    // Data as it was: before the step began there is none.
    await page.click('#canvas [data-state="ReserveStock"]');
    await seek(page, last);
    await page.waitForSelector("#state h4:text('data in')");
    await seek(page, 1);
    await page.waitForSelector("#state >> text=It has not begun at this moment.");
    await page.click("role=button[name='To the end']");
    await page.waitForSelector("#state h4:text('data in')");
  },

  /** What was clicked, as a test. */
  async exports(browser) {
    const page = await open(browser, { saga: "Small" });
    await type(page, { ...INPUT, lines: [] });
    await breaks(page, "ChargeCard", "fail", "SoldOut");
    await run(page);
    await page.click("#export");
    const test = await page.inputValue("#exported textarea");
    // The same text is compiled and run as a test of saga-studio.
    assert.equal(test, readFileSync(join(__dirname, "../../studio/exported.rs"), "utf8"));
    await page.keyboard.press("Escape");
    await page.waitForSelector("#exported", { state: "hidden" });
  },

  /** What is saved is built, shown, and run; a mistake is told, and what was there goes on. */
  async rebuild(browser) {
    writeFileSync(source, "small");
    const page = await open(browser, { saga: "Small" });
    const sagas = () => page.$$eval("#saga option", (options) => options.map((option) => option.value));
    await page.waitForFunction(() => document.querySelectorAll("#saga option").length === 1);
    await type(page, { ...INPUT, orderId: "kept" });
    writeFileSync(source, "smal");
    await page.waitForSelector("#problem:visible");
    assert.match(await page.textContent("#problem"), /does not build.*found `smal`/s);
    assert.equal(await run(page), "completed");
    writeFileSync(source, "small and middle");
    await page.waitForSelector("#problem", { state: "hidden" });
    await page.waitForFunction(() => document.querySelectorAll("#saga option").length === 2);
    assert.deepEqual(await sagas(), ["Small", "Middle"]);
    assert.equal(JSON.parse(await page.inputValue("#json")).orderId, "kept");
  },

  /** Ten thousand events: the page has few of them in it, and goes on drawing. */
  async thousands(browser) {
    const page = await open(browser, { saga: "Long" });
    const lines = Array.from({ length: 1000 }, (_, line) => ({ sku: `sku-${line}` }));
    await type(page, { ...INPUT, lines });
    const gaps = await drawing(page);
    await gaps("before");
    const began = Date.now();
    assert.equal(await run(page), "completed");
    await gaps(`while it ran, ${Date.now() - began} ms`);
    const count = Number(await page.getAttribute("#moment", "max"));
    assert.ok(count >= 10_000, `${count} events`);
    const rows = () => page.$$eval("#events .row", (rows) => rows.length);
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      await seek(page, Math.floor(count * share));
      await moment(page);
      const there = await rows();
      assert.ok(there > 0 && there < 60, `${there} rows`);
    }
    await gaps("going through time");
    await page.evaluate(async () => {
      const list = document.querySelector(".list");
      for (let step = 0; step <= 40; step++) {
        list.scrollTop = (list.scrollHeight * step) / 40;
        await new Promise((drawn) => requestAnimationFrame(drawn));
      }
    });
    assert.ok((await rows()) < 60);
    await gaps("scrolling");
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(nodes < 3000, `${nodes} elements`);
    console.log(`${count} events, ${nodes} elements`);
  },

  /** Sagas of 5, 20 and 60 states on a phone and at a desk, by day and by night. */
  async screenshots(browser) {
    for (const [device, viewport] of [["desk", DESK], ["phone", PHONE]]) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await open(browser, { viewport, colorScheme, reducedMotion: "reduce" });
        for (const [saga, breaking] of [["Small", "ChargeCard"], ["Middle", "PrintInvoice"], ["Large", "CloseOrder"]]) {
          const shot = (what) => page.screenshot({ path: join(folder, `${saga}-${device}-${colorScheme}-${what}.png`) });
          await choose(page, saga);
          await type(page, INPUT);
          await page.click("#input button:text('Form')");
          await view(page, "start");
          await shot("start");
          await breaks(page, breaking, "crash");
          await shot("state");
          await run(page);
          await view(page, "picture");
          await moment(page);
          await shot("picture");
          for (const name of ["events", "stores"]) {
            await view(page, name);
            await moment(page);
            await shot(name);
          }
          // Asking the model of the large one takes minutes where nothing is optimised.
          if (saga !== "Large") {
            await view(page, "matrix");
            await page.click("text=Ask the model");
            await page.waitForSelector("#matrix .hint:text('each ends as a saga ends')");
            await shot("matrix");
          }
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${saga} is ${wide} px wider than the ${device}`);
        }
        await page.context().close();
      }
    }
  },

  /** A page of another origin, and one under a name that was pointed here, read nothing and start nothing. */
  async stranger(browser) {
    const studio = new URL(url);
    const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>evil</title>"));
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address();
    // The owner's page is open in another tab, as it would be.
    const context = await browser.newContext();
    const own = await context.newPage();
    await own.goto(url);
    await own.waitForSelector("#saga:enabled");
    const evil = await context.newPage();
    await evil.goto(`http://localhost:${port}/`);
    const tried = await evil.evaluate(
      async ({ origin, order, token }) => {
        const outcome = {};
        const attempt = async (name, work) => {
          outcome[name] = await Promise.race([
            Promise.resolve().then(work).catch((error) => `refused: ${error.name}`),
            new Promise((late) => setTimeout(() => late("refused: nothing came"), 3000)),
          ]);
        };
        const read = async (response) => `${response.type} ${response.status} ${(await response.text()).length}`;
        await attempt("read", async () => read(await fetch(`${origin}/api/news`)));
        await attempt("read without CORS", async () => read(await fetch(`${origin}/api/sagas/Small`, { mode: "no-cors" })));
        await attempt("read the page", async () => read(await fetch(`${origin}/`, { mode: "no-cors" })));
        // Even where it guessed the token.
        await attempt("header", async () => read(await fetch(`${origin}/api/news`, { headers: { "x-saga-token": token } })));
        await attempt("start", async () => read(await fetch(`${origin}/api/runs`, { method: "POST", mode: "no-cors", body: order })));
        await attempt("start with JSON", async () =>
          read(await fetch(`${origin}/api/runs`, { method: "POST", headers: { "content-type": "application/json", "x-saga-token": token }, body: order })),
        );
        await attempt("beacon", () => {
          navigator.sendBeacon(`${origin}/api/runs`, new Blob([order], { type: "text/plain" }));
          return "sent";
        });
        await attempt("form", async () => {
          const frame = document.createElement("iframe");
          frame.name = "target";
          document.body.append(frame);
          const form = document.createElement("form");
          Object.assign(form, { method: "POST", action: `${origin}/api/runs`, target: "target", enctype: "text/plain" });
          const field = document.createElement("input");
          Object.assign(field, { name: order.slice(0, -1), value: "}" });
          form.append(field);
          document.body.append(form);
          form.submit();
          await new Promise((loaded) => (frame.onload = loaded));
          return frame.contentDocument ? "read" : "refused: not seen";
        });
        const loads = (element) =>
          new Promise((resolve) => {
            element.onload = () => resolve("loaded");
            element.onerror = () => resolve("refused: error");
            document.body.append(element);
          });
        await attempt("script", () => loads(Object.assign(document.createElement("script"), { src: `${origin}/studio.js` })));
        await attempt("picture", () => loads(Object.assign(document.createElement("img"), { src: `${origin}/icon.svg` })));
        await attempt("frame", async () => {
          const frame = Object.assign(document.createElement("iframe"), { src: `${origin}/` });
          await loads(frame);
          return frame.contentDocument ? "read" : "refused: not seen";
        });
        await attempt("socket", () => new Promise((resolve) => {
          const socket = new WebSocket(`${origin.replace("http", "ws")}/api/news`);
          socket.onopen = () => resolve("open");
          socket.onerror = () => resolve("refused: error");
        }));
        await attempt("events", () => new Promise((resolve) => {
          const events = new EventSource(`${origin}/api/news`);
          events.onopen = () => resolve("open");
          events.onerror = () => resolve("refused: error");
        }));
        await attempt("window", async () => {
          const other = window.open(`${origin}/`);
          await new Promise((wait) => setTimeout(wait, 500));
          return other?.document?.title ? `read ${other.document.title}` : "refused: not seen";
        });
        return outcome;
      },
      { origin: studio.origin, order: JSON.stringify({ saga: "Small", input: INPUT }), token: studio.hash.slice(1) },
    );
    // What is opaque has no status and no text.
    const harmless = (outcome) => /^refused|^opaque 0 0$|^sent$/.test(outcome);
    for (const [way, outcome] of Object.entries(tried)) assert.ok(harmless(outcome), `${way}: ${outcome}`);
    // A name of theirs that leads here: same origin to the browser, and not to the studio.
    const rebound = await context.newPage();
    const response = await rebound.goto(`http://evil.example:${studio.port}/`);
    assert.equal(response.status(), 421);
    const inside = await rebound.evaluate(async (token) => {
      const ask = async (path, options) => (await fetch(path, options)).status;
      const headers = { "x-saga-token": token, "content-type": "application/json" };
      return [await ask("/api/news", { headers }), await ask("/api/runs", { method: "POST", headers, body: "{}" }), await ask("/studio.js")];
    }, studio.hash.slice(1));
    assert.deepEqual(inside, [421, 421, 421]);
    // Nothing was started by any of it.
    const first = await own.evaluate(async (token) => (await fetch("/api/runs/1/lines/0", { headers: { "x-saga-token": token } })).status, studio.hash.slice(1));
    assert.equal(first, 400);
    // The token is not in the address that the page shows.
    assert.equal(own.url(), `${studio.origin}/`);
    server.close();
  },
};

function fail(message) {
  console.error(message);
  process.exit(1);
}

(async () => {
  const rules = name === "stranger" ? ["--host-resolver-rules=MAP evil.example 127.0.0.1"] : [];
  const program = process.env.CHROMIUM;
  // The one from npm has libraries beside it, for machines that have none.
  const libraries = join(dirname(program), "al2023/lib");
  const env = existsSync(libraries) ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env;
  const browser = await chromium.launch({ executablePath: program, args: [...FLAGS, ...rules], env });
  try {
    await CASES[name](browser);
  } finally {
    await browser.close();
  }
})().catch((error) => fail(error.stack));
