// What a person does with the studio, and what a stranger tries: `node studio.cjs CASE URL SOURCE FOLDER`.
// CHROMIUM is the browser; screenshots go to FOLDER.

const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { chromium } = require("playwright-core");
const { fail } = require("./studio/page.cjs");

const name = process.argv[2];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** By name, in files of what belongs together. */
const CASES = Object.assign({}, ...["input", "run", "model", "handlers", "life", "sight", "stranger"].map((file) => require(`./studio/${file}.cjs`)));

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
