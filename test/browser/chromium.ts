// Chromium without a window for the tests of pages, and what went wrong in a page. Where it is missing, or the package is
// not built, suites are skipped with the reason; REQUIRE_BROWSER=1 makes that a failure.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, type Browser, type Page } from "puppeteer-core";

/** The repository. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

const EXECUTABLE = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

const ARGUMENTS = [
  ...["--no-sandbox", "--disable-dev-shm-usage"],
  // WebGPU on the processor: there need not be a GPU.
  ...["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
];

/** Why pages cannot be tried here, or null. */
export function whyNoBrowser(): string | null {
  if (!existsSync(`${ROOT}dist/src/index.js`)) return "the package is not built: npm run build";
  return existsSync(EXECUTABLE) ? null : `${EXECUTABLE} is not there: apt-get install chromium`;
}

/** Skips a suite visibly where there is no browser; where one is required, fails. */
export function needsBrowser(context: Mocha.Context): void {
  const reason = whyNoBrowser();
  if (reason === null) return;
  if (process.env["REQUIRE_BROWSER"] === "1")
    throw new Error(`REQUIRE_BROWSER is 1, but ${reason}`);
  Object.assign(context.test!.parent!, { skipReason: reason });
  context.skip();
}

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  return launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

/** A page and what was seen of it. */
export type Watched = {
  readonly page: Page;
  /** Errors of the page and of its console, in the order in which they came. */
  readonly faults: readonly string[];
  /** Requests for anything that is not on the page's own server. */
  readonly foreign: readonly string[];
};

/** Opens an address, and watches. */
export async function openPage(browser: Browser, url: string): Promise<Watched> {
  const page = await browser.newPage();
  const [faults, foreign]: [string[], string[]] = [[], []];
  const { origin } = new URL(url);
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(`${origin}/`) && !address.startsWith(`blob:${origin}/`))
      foreign.push(address);
  });
  await page.goto(url);
  return { page, faults, foreign };
}
