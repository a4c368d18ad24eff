// How it looks.

const assert = require("node:assert/strict");
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const { looks } = require("../looks.cjs");
const { DESK, INPUT, PHONE, breaks, choose, ended, folder, moment, open, run, seek, source, type, view } = require("./page.cjs");

module.exports = {
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
};
