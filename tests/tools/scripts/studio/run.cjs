// Runs, and going through them.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const { INPUT, PHONE, breaks, drawing, fail, moment, open, painted, run, seek, type, url, view } = require("./page.cjs");

module.exports = {
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

  /** What was clicked, as a test. */
  async exports(browser) {
    const page = await open(browser, { saga: "Small" });
    await type(page, { ...INPUT, lines: [] });
    await breaks(page, "ChargeCard", "fail", "SoldOut");
    await run(page);
    await page.click("#export");
    const test = await page.inputValue("#exported textarea");
    // The same text is compiled and run as a test of saga-studio.
    assert.equal(test, readFileSync(join(__dirname, "../../../studio/exported.rs"), "utf8"));
    await page.keyboard.press("Escape");
    await page.waitForSelector("#exported", { state: "hidden" });
  },
};
