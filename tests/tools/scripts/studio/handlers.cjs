// Sagas with handlers: what those print, cargo, events.

const assert = require("node:assert/strict");
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const { BUILT, breaks, ended, fail, folder, moment, open, painted, run, seek, source, type, view } = require("./page.cjs");

module.exports = {
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
    await this.handlers(browser);
    await this.cargo(browser);
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
};
