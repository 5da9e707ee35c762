// A browser for tests: Debian's chromium, driven by puppeteer-core. Absent: the suite that asks is skipped visibly.

import { existsSync } from "node:fs";
import puppeteer, { type Browser } from "puppeteer-core";

const CHROMIUM = "/usr/bin/chromium";

/** Skips the suite where there is no chromium; else starts one. */
export async function startBrowser(suite: Mocha.Context): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    console.log(`      skipped: no ${CHROMIUM}`);
    suite.skip();
  }
  return puppeteer.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
}
