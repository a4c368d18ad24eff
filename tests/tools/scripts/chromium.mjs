// Unpacks the Chromium of npm into a folder, and prints where it is.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder;
// Its libraries for machines that have none are unpacked where it takes this one for a function of Lambda.
process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs22.x";
const found = createRequire(`${process.env.NODE_PATH}/`).resolve("@sparticuz/chromium");
const { default: chromium } = await import(pathToFileURL(found));
console.log(await chromium.executablePath());
