// A page with the studio in it, and what a person does there. The process's arguments are CASE URL SOURCE FOLDER.

const { createServer } = require("node:http");

const [, url, source, folder] = process.argv.slice(2);
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

function fail(message) {
  console.error(message);
  process.exit(1);
}

module.exports = { BUILT, DESK, INPUT, PHONE, breaks, choose, drawing, ended, fail, folder, freePort, moment, open, painted, run, seek, source, type, url, view };
