// The built package in a browser: bundled without configuration, served as files, run on a page's own thread and in a
// worker, with cross-origin isolation and without. The numbers are those of Node, to the last bit on wasm.

import { expect } from "chai";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as models from "../../src/models/index.js";
import * as zenoflow from "../../src/index.js";
import { blochVectors } from "../support/network-reference.js";
import { bundle, consumerProject } from "./bundle.js";
import { calculate, floats, type Numbers, type Where } from "./calculation.js";
import { needsBrowser, openPage, ROOT, startBrowser, type Watched } from "./chromium.js";
import { serve, type StaticServer } from "./server.js";
import type { Browser } from "puppeteer-core";
import type { Metafile } from "esbuild";

const PROGRAM = `import * as zenoflow from "zenoflow";
import * as models from "zenoflow/models";
import { calculate } from ${JSON.stringify(join(ROOT, "test/browser/calculation.ts"))};

const here = (where) => calculate({ ...zenoflow, ...models }, where);
const inWorker = (where) => new Promise((resolve, reject) => {
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onmessage = ({ data }) => (data.error === undefined ? resolve(data) : reject(new Error(data.error)));
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage(where);
});
if (typeof document === "undefined") {
  onmessage = ({ data }) => here(data).then(postMessage, ({ message }) => postMessage({ error: message }));
} else {
  globalThis.calculations = { here, inWorker };
}`;

const PAGE =
  '<!doctype html><link rel="icon" href="data:,"><script type="module" src="program.js"></script>';

/** What a page never needs: other backends, layers, locales of error messages. */
const BALLAST = /tfjs-(layers|converter|data|backend-webgl|node)|zod.*locales\/(?!en\.)/;

/** On the page's own thread, or in a worker of it. */
type Thread = "here" | "inWorker";

/** What the page's program leaves behind for the test. */
type Calculations = { calculations: Record<Thread, (where: Where) => Promise<Numbers>> };

function inPage({ page }: Watched, thread: Thread, where: Where): Promise<Numbers> {
  return page.evaluate(
    (name, given) => (globalThis as unknown as Calculations).calculations[name](given),
    thread,
    where,
  );
}

/** Waits until a page has so many workers: browsers start them when they like. */
async function hasWorkers({ page }: Watched, count: number): Promise<void> {
  while (page.workers().length < count) {
    await new Promise((resolve) => page.once("workercreated", resolve));
  }
  expect(page.workers()).to.have.length(count);
}

/** The largest difference from the float64 reference. */
function distance({ theta, J, bloch }: Numbers): number {
  const problem = {
    theta: { shape: [3, 50, 2], values: floats(theta) },
    J: { shape: [3, 1, 2, 2, 3, 3], values: floats(J) },
    gamma: 40,
  };
  const got = floats(bloch);
  return Math.max(...blochVectors(problem, [3, 50]).map((x, i) => Math.abs(x - got[i]!)));
}

function largestDifference(a: Numbers["trained"], b: Numbers["trained"]): number {
  expect(Object.keys(a)).to.deep.equal(Object.keys(b));
  const differences = Object.entries(a).flatMap(([name, values]) => {
    const wanted = floats(b[name]!);
    return Array.from(floats(values), (x, i) => Math.abs(x - wanted[i]!));
  });
  return Math.max(...differences);
}

describe("the package in a browser", function () {
  this.timeout(120_000);
  let folder: string | undefined;
  let [plain, isolated]: (StaticServer | undefined)[] = [];
  let browser: Browser | undefined;
  let metafile: Metafile;
  let wanted: Numbers;

  before(async function () {
    needsBrowser(this);
    wanted = await calculate({ ...zenoflow, ...models }, { backend: "wasm", options: {} });
    folder = consumerProject();
    metafile = await bundle(folder, "program", PROGRAM);
    const site = join(folder, "site");
    writeFileSync(join(site, "index.html"), PAGE);
    plain = await serve(site, { isolated: false });
    isolated = await serve(site, { isolated: true });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    for (const server of [plain, isolated]) server?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  /** Opens the page, computes, and checks that nothing went wrong on the way. */
  async function computed(server: StaticServer, thread: Thread, where: Where): Promise<Numbers> {
    const watched = await openPage(browser!, `${server.origin}/`);
    const numbers = await inPage(watched, thread, where);
    // The page's own worker, and those of the host kernels.
    const workers = Number(thread === "inWorker") + numbers.info.threads - 1;
    if (numbers.info.name === "wasm") await hasWorkers(watched, workers);
    await watched.page.close();
    expect(watched.faults, "errors of the page").to.deep.equal([]);
    expect(watched.foreign, "requests to others").to.deep.equal([]);
    return numbers;
  }

  function expectNumbersOfNode(numbers: Numbers, threads: number): void {
    expect(numbers.info).to.include({ name: "wasm", threads });
    expect(distance(numbers)).to.be.below(2e-6);
    expect(numbers.bloch).to.deep.equal(wanted.bloch);
    expect(numbers.trained).to.deep.equal(wanted.trained);
  }

  it("leaves nothing of Node in a bundle", () => {
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    expect(imports.filter(({ external }) => external)).to.deep.equal([]);
    const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(parts.join()).to.contain("tfjs-core");
    expect(parts.filter((file) => BALLAST.test(file))).to.deep.equal([]);
  });

  for (const thread of ["here", "inWorker"] as const) {
    const place = { here: "on the page's thread", inWorker: "in a worker" }[thread];

    it(`gives Node's bits on wasm ${place}, on one thread without isolation`, async () => {
      const numbers = await computed(plain!, thread, { backend: "wasm", options: { threads: 3 } });
      expectNumbersOfNode(numbers, 1);
    });

    it(`gives Node's bits on wasm ${place}, on three threads with isolation`, async () => {
      const where: Where = { backend: "wasm", options: { threads: 3 } };
      expectNumbersOfNode(await computed(isolated!, thread, where), 3);
    });
  }

  it("takes wasm for auto where there is no GPU", async () => {
    const numbers = await computed(plain!, "here", { backend: "auto", options: {} });
    expectNumbersOfNode(numbers, 1);
  });

  it("says what is wrong where the file of wasm is not at the address it was given", async () => {
    const { page } = await openPage(browser!, `${plain!.origin}/`);
    const where: Where = { backend: "wasm", options: { wasmUrl: "/nothing.wasm" } };
    const outcome = await inPage({ page, faults: [], foreign: [] }, "here", where).catch(String);
    await page.close();
    expect(outcome).to.contain(
      "useBackend: backend `wasm` cannot fetch /nothing.wasm (status 404)",
    );
  });

  it("computes on webgpu what wasm computes, to rounding", async () => {
    const where: Where = { backend: "webgpu", options: { software: true } };
    const numbers = await computed(plain!, "here", where);
    expect(numbers.info).to.include({ name: "webgpu", software: true });
    expect(distance(numbers)).to.be.below(1e-5);
    expect(largestDifference(numbers.trained, wanted.trained)).to.be.below(1e-4);
  });
});
