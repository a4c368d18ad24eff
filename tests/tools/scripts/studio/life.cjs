// Packages that are built again, and studios that are started again.

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");

const { BUILT, INPUT, ended, fail, freePort, open, run, source, type, url } = require("./page.cjs");

module.exports = {
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
};
