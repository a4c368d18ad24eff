// What pages of others try.

const assert = require("node:assert/strict");
const { createServer } = require("node:http");

const { INPUT, open, type, url } = require("./page.cjs");

module.exports = {
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
