// The page of examples/browser/: it trains, its figures follow, and what it trains is what Node trains.

import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useBackend } from "../../src/index.js";
import { trained } from "../models/runs.js";
import { needsBrowser, openPage, ROOT, startBrowser, type Watched } from "./chromium.js";
import { serve, type StaticServer } from "./server.js";
import type { Browser } from "puppeteer-core";
import type { DqganConfig } from "../../src/models/index.js";

/** What the button "Snapshot" gives. */
type Saved = {
  readonly config: DqganConfig;
  readonly step: number;
  readonly tensors: Readonly<Record<string, { shape: number[]; values: number[] }>>;
};

/** Text of an element. */
function text({ page }: Watched, id: string): Promise<string> {
  return page.$eval(`#${id}`, (found) => found.textContent);
}

/** Waits until an element says something; an error of the training ends the wait. */
async function says({ page }: Watched, id: string, wanted: string): Promise<void> {
  await page.waitForFunction(
    (name, pattern) => {
      const found = document.getElementById(name)!;
      return found.classList.contains("error") || new RegExp(pattern).test(found.textContent);
    },
    { timeout: 60_000 },
    id,
    wanted,
  );
}

/** What is drawn on the page's canvases, as addresses of their pictures. */
function pictures({ page }: Watched): Promise<string[]> {
  return page.$$eval("canvas", (all) => all.map((canvas) => canvas.toDataURL()));
}

/** Presses a button of the page that saves a file, and reads the file. */
async function fileBehind({ page }: Watched, id: string): Promise<string> {
  return page.evaluate(
    (name) =>
      new Promise<string>((resolve) => {
        const make = URL.createObjectURL.bind(URL);
        URL.createObjectURL = (blob: Blob): string => {
          URL.createObjectURL = make;
          void blob.text().then(resolve);
          return make(blob);
        };
        document.getElementById(name)!.click();
      }),
    id,
  );
}

/** Presses a button. Not with the mouse: its place on the screen is not what is tried. */
async function press({ page }: Watched, id: string): Promise<void> {
  await page.$eval(`#${id}`, (button) => {
    (button as HTMLElement).click();
  });
}

describe("the page that trains a DQGAN", function () {
  this.timeout(120_000);
  let site: string | undefined;
  let server: StaticServer | undefined;
  let browser: Browser | undefined;

  before(async function () {
    needsBrowser(this);
    site = mkdtempSync(join(tmpdir(), "zenoflow-page-"));
    const env = { ...process.env, ZENOFLOW_SITE: site };
    execFileSync(process.execPath, [`${ROOT}scripts/build-example.mjs`], { env });
    // As most servers are: no headers, one thread.
    server = await serve(site, { isolated: false });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    server?.close();
    if (site !== undefined) rmSync(site, { recursive: true });
  });

  function expectNothingWrong({ faults, foreign }: Watched): void {
    expect(faults, "errors of the page").to.deep.equal([]);
    expect(foreign, "requests to others").to.deep.equal([]);
  }

  it("trains, draws and saves what Node trains with the same settings", async () => {
    const watched = await openPage(browser!, `${server!.origin}/#replicas=2&steps=40&seed=7`);
    const before = await pictures(watched);
    await press(watched, "start");
    await says(watched, "status", "^40 steps in ");
    expect(await text(watched, "status")).to.match(/^40 steps in \d/);
    expect(await text(watched, "joint")).to.match(/distance 0\.\d{3}, floor 0\.\d{3}/);
    (await pictures(watched)).forEach((picture, i) => expect(picture).not.to.equal(before[i]));

    const saved = JSON.parse(await fileBehind(watched, "snapshot")) as Saved;
    expect(saved).to.include({ step: 40 });
    expect(saved.config).to.deep.include({ seed: 7, replicas: 2 });
    await useBackend("wasm");
    const { seed, replicas, train, evaluate } = saved.config;
    const { last } = await trained({ seed, replicas, train, evaluate });
    for (const [name, { values }] of Object.entries(last.tensors)) {
      expect(saved.tensors[name]!.values, name).to.deep.equal(Array.from(values));
    }

    const rows = (await fileBehind(watched, "samples")).trimEnd().split("\r\n");
    expect(rows).to.have.length(10_001);
    expect(rows[1]).to.match(/^\d\.\d+,\d\.\d+$/);
    expectNothingWrong(watched);
  });

  it("keeps settings in its address, and takes them from there", async () => {
    const watched = await openPage(browser!, `${server!.origin}/#preset=paper&steps=20&replicas=1`);
    const seed = await watched.page.$("[name=seed]");
    await seed!.evaluate((field) => ((field as HTMLInputElement).value = "11"));
    await press(watched, "start");
    await says(watched, "status", "^20 steps in ");
    const { hash } = new URL(watched.page.url());
    expect(hash).to.equal("#backend=wasm&preset=paper&replicas=1&steps=20&seed=11");
    expectNothingWrong(watched);
  });

  for (const backend of ["wasm", "cpu", "webgpu"]) {
    it(`agrees with float64 on ${backend}`, async () => {
      const address = `${server!.origin}/#backend=${backend}${backend === "webgpu" ? "&software=1" : ""}`;
      const watched = await openPage(browser!, address);
      await press(watched, "check");
      await says(watched, "verdict", "^(?!Computing).");
      expect(await text(watched, "verdict")).to.match(
        /^Right: largest difference \d\.\de-[67] in 1,000/,
      );
      await watched.page.close();
      expectNothingWrong(watched);
    });
  }

  it("says what is wrong with settings that cannot be had", async () => {
    const watched = await openPage(browser!, `${server!.origin}/#steps=0`);
    await watched.page.$eval("#controls", (form) => {
      (form as HTMLFormElement).noValidate = true;
    });
    await press(watched, "start");
    await says(watched, "status", "steps in");
    expect(await text(watched, "status")).to.contain("`train.steps`");
    expectNothingWrong(watched);
  });
});
