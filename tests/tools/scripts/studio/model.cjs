// What the model says.

const assert = require("node:assert/strict");

const { INPUT, choose, drawing, ended, open, type, view } = require("./page.cjs");

module.exports = {
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
};
