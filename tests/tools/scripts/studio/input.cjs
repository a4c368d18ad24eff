// What is typed.

const assert = require("node:assert/strict");

const { INPUT, ended, fail, moment, open, painted, run, type, view } = require("./page.cjs");

module.exports = {
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
};
