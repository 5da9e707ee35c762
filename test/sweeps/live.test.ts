// The live page: its address is guarded, its stream tells what changed, and a browser shows it.

import { expect } from "chai";
import { request } from "node:http";
import type { Browser, Page } from "puppeteer-core";
import { createAggregate } from "../../src/sweeps/live/aggregate.js";
import { createFeed } from "../../src/sweeps/live/feed.js";
import { serveLive, type LiveServer } from "../../src/sweeps/live/index.js";
import { statusOf } from "../../src/cli/sweep/state.js";
import type { Store } from "../../src/sweeps/store/store.js";
import { startBrowser } from "../support/browser.js";
import { withFolder } from "../support/cli.js";
import { commitTrials, emptySweep, rowOf, span, STUDY } from "../support/sweep.js";

const STUDY_OF_128 = { ...STUDY, halving: null, trials: 128 };

const serve = (store: Store, place: { port?: number; token?: string } = {}): Promise<LiveServer> =>
  serveLive({ store, look: () => statusOf(store), every: 100, ...place });

/** Status code of a request with headers that fetch would not send. */
function ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, method }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    call.on("error", reject);
    call.end();
  });
}

describe("createFeed()", () => {
  it("sends everything once, then what changed, and no more than a page has missed", () => {
    const feed = createFeed("a");
    feed.update({ x: 1, y: 2 });
    const [first] = feed.since();
    expect([first!.name, JSON.parse(first!.data)]).to.deep.equal(["snapshot", { x: 1, y: 2 }]);
    expect(feed.update({ x: 1, y: 2 })).to.equal(undefined);
    const delta = feed.update({ x: Number.NaN, y: 2 })!;
    expect([delta.name, JSON.parse(delta.data)]).to.deep.equal(["delta", { x: "NaN" }]);
    expect(feed.since(first!.id)).to.deep.equal([delta]);
    expect(feed.since(delta.id)).to.deep.equal([]);
    expect(feed.since("b-2")[0]!.name).to.equal("snapshot");
  });
});

describe("createAggregate()", () => {
  it("ranks trials as their values do, deeper rungs first", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      commitTrials(store, span(0, 32));
      commitTrials(store, [3, 9], { rung: 1 });
      const aggregate = createAggregate(store, "minimize");
      expect(aggregate.advance(store.scan(), 1e9)).to.equal(true);
      const by = (trials: readonly number[]): number[] =>
        [...trials].sort((a, b) => rowOf(a).v! - rowOf(b).v!);
      const others = span(0, 32).filter((t) => t !== 3 && t !== 9);
      expect([...aggregate.ranked()]).to.deep.equal([...by([3, 9]), ...by(others)]);
      expect(aggregate.history().best.at(-1)).to.equal(
        Math.min(...span(0, 32).map((t) => rowOf(t).v!)),
      );
    }));
});

describe("serveLive()", function () {
  this.timeout(60_000);

  it("answers to its own name and token only", () =>
    withFolder(async (folder) => {
      const server = await serve(emptySweep(folder, { study: STUDY_OF_128 }));
      try {
        const { url, port } = server;
        const other = `http://127.0.0.1:${String(port)}/${"0".repeat(32)}/`;
        expect(await ask(url)).to.equal(200);
        expect(await ask(url, { Host: "evil.example" })).to.equal(403);
        expect(await ask(other)).to.equal(403);
        expect(await ask(`http://127.0.0.1:${String(port)}/`)).to.equal(403);
        expect(await ask(`${url}nothing`)).to.equal(404);
        expect(await ask(url, {}, "POST")).to.equal(405);
      } finally {
        await server.close();
      }
    }));

  let browser: Browser | undefined;
  after(() => browser?.close());

  const text = (page: Page, id: string): Promise<unknown> =>
    page.evaluate(`document.getElementById(${JSON.stringify(id)})?.textContent ?? ""`);
  const shows = (page: Page, id: string, part: string): Promise<unknown> =>
    page.waitForFunction(
      `document.getElementById(${JSON.stringify(id)})?.textContent.includes(${JSON.stringify(part)})`,
      { timeout: 15_000, polling: 50 },
    );

  it("moves its numbers without a reload, and recovers when the server is started again", async function () {
    browser = await startBrowser(this);
    await withFolder(async (folder) => {
      const store = emptySweep(folder, { study: STUDY_OF_128 });
      commitTrials(store, span(0, 32));
      let server = await serve(store);
      try {
        const page = await browser!.newPage();
        const errors: unknown[] = [];
        page.on("pageerror", (error) => errors.push(error));
        page.on("console", (message) => {
          if (/Content Security Policy/u.test(message.text())) errors.push(message.text());
        });
        await page.goto(server.url);
        await shows(page, "fact-trials", "32 of 128");
        await page.evaluate("window.same = true");
        commitTrials(store, span(32, 64));
        await shows(page, "fact-trials", "64 of 128");
        await page.waitForSelector("#history canvas");
        await page.waitForSelector("#space .row");
        await server.close();
        await shows(page, "link", "lost");
        commitTrials(store, span(64, 128));
        server = await serve(store, { port: server.port, token: server.token });
        await shows(page, "fact-trials", "128 of 128");
        await shows(page, "link", "live");
        expect(await text(page, "fact-state")).to.equal("finished");
        expect(await page.evaluate("window.same")).to.equal(true);
        expect(errors).to.deep.equal([]);
        const shot = process.env["ZENOFLOW_LIVE_PICTURE"];
        if (shot !== undefined) await page.screenshot({ path: shot });
      } finally {
        await server.close();
      }
    });
  });
});
