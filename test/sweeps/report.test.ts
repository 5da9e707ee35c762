// Figures and report of a sweep: measures against known values, rows that mislead left out, sizes that stay small.

import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { ArgumentError } from "../../src/errors.js";
import {
  FIGURE_KINDS,
  hypervolume,
  importances,
  paretoFront,
  pearsonDivergence,
  sweepFigureOf,
  sweepPage,
  viewOf,
  type View,
} from "../../src/sweeps/report/index.js";
import { edfSteps } from "../../src/sweeps/report/edf.js";
import { linearTicks, logTicks, tickText } from "../../src/sweeps/report/ticks.js";
import { stretchesOf } from "../../src/sweeps/report/timeline.js";
import { tradeOff } from "../../src/sweeps/report/trade-off.js";
import { ranking } from "../../src/sweeps/report/view.js";
import { readTable } from "../../src/sweeps/store/table.js";
import type { Store } from "../../src/sweeps/store/store.js";
import type { Row, Study } from "../../src/sweeps/types.js";
import { startBrowser } from "../support/browser.js";
import { withFolder } from "../support/cli.js";
import { commitTrials, emptySweep, headerOf, rowOf, span, STUDY } from "../support/sweep.js";

const PLAIN: Study = { ...STUDY, halving: null };

function view(store: Store): View {
  return viewOf(store.lock.study, readTable(store), store.scan().batches);
}

/** A row whose value depends on the learning rate alone. */
function byRate(t: number): Partial<Row> {
  const v = Math.log10(rowOf(t).p["train.lr"] as number) ** 2 + 1e-3 * (t % 7);
  return { v, m: { loss: v, "losses.generator": 1 / (v + 1) } };
}

function fill(store: Store, rows: number, change: (t: number) => Partial<Row> = byRate): void {
  for (let from = 0; from < rows; from += 1000) {
    const trials = span(from, Math.min(rows, from + 1000));
    store.commit(
      headerOf(trials),
      trials.map((t) => rowOf(t, change(t))),
    );
  }
}

describe("pearsonDivergence()", () => {
  it("is the published sum over bins", () => {
    const all = [25, 25, 25, 25];
    expect(pearsonDivergence([8, 1, 1, 0], all)).to.be.closeTo(1.3553719008264462, 1e-14);
    expect(pearsonDivergence([25, 25, 25, 25], all)).to.be.closeTo(0, 1e-15);
  });
});

describe("hypervolume()", () => {
  const points = [
    [0.2, 0.8],
    [0.5, 0.5],
    [0.8, 0.2],
    [0.6, 0.6],
  ];

  it("is the area that the front dominates", () => {
    expect(paretoFront(points)).to.deep.equal([0, 1, 2]);
    expect(hypervolume(points, [1, 1])).to.be.closeTo(0.37, 1e-14);
  });

  it("is the volume of a box, and of two less their overlap", () => {
    expect(hypervolume([[0, 0, 0]], [1, 2, 3])).to.equal(6);
    const two = [
      [0, 0.5, 0],
      [0.5, 0, 0],
    ];
    expect(hypervolume(two, [1, 1, 1])).to.be.closeTo(0.5 + 0.5 - 0.25, 1e-14);
    expect(hypervolume([[2, 0, 0]], [1, 1, 1])).to.equal(0);
  });

  it("agrees with inclusion and exclusion in three dimensions", () => {
    const boxes = [
      [0.1, 0.6, 0.4],
      [0.5, 0.2, 0.7],
      [0.7, 0.4, 0.1],
    ];
    const box = (of: readonly (readonly number[])[]): number =>
      [0, 1, 2].reduce((v, d) => v * (1 - Math.max(...of.map((p) => p[d]!))), 1);
    const [a, b, c] = boxes as [number[], number[], number[]];
    const exact =
      box([a]) + box([b]) + box([c]) - box([a, b]) - box([a, c]) - box([b, c]) + box([a, b, c]);
    expect(hypervolume(boxes, [1, 1, 1])).to.be.closeTo(exact, 1e-14);
  });
});

describe("the ticks of axes", () => {
  it("are round, and whole decades where there are some", () => {
    expect(linearTicks(0, 1)).to.deep.equal([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(logTicks(1e-4, 0.1)).to.deep.equal([1e-4, 1e-3, 1e-2, 1e-1]);
    expect(logTicks(3, 60)).to.deep.equal([5, 10, 20, 50]);
    expect([1e-4, -0.25, 1234].map(tickText)).to.deep.equal(["1e−4", "−0.25", "1234"]);
  });
});

describe("importances()", () => {
  it("finds the parameter that decides", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder, { study: { ...PLAIN, trials: 2000 } });
      fill(store, 2000);
      const [first, second] = importances(view(store));
      expect(first!.scale.name).to.equal("lr");
      expect(first!.share).to.be.greaterThan(2 * second!.share);
    }));

  it("looks at the first rung, since survivors alone are biased", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder, { study: { ...STUDY, trials: 1024 } });
      fill(store, 1024);
      const before = importances(view(store)).map(({ scale, share }) => [scale.name, share]);
      commitTrials(store, span(0, 200), { rung: 1 }, { n: 40, v: 5, m: { loss: 5 } });
      const after = importances(view(store)).map(({ scale, share }) => [scale.name, share]);
      expect(after).to.deep.equal(before);
    }));
});

describe("sweepFigureOf()", () => {
  it("counts every trial in the distribution, and says why a figure cannot be drawn", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder, { study: { ...PLAIN, trials: 8 } });
      commitTrials(store, span(0, 6));
      commitTrials(store, [6, 7], {}, { s: "diverged", v: Number.NaN, m: {} });
      const seen = view(store);
      expect(edfSteps(ranking(seen, seen.first), seen.first.length).at(-1)!.part).to.equal(0.75);
      const { spec } = sweepFigureOf(seen, "edf");
      expect(JSON.stringify(spec)).to.include("n = 8 trials (6 ok, 2 diverged)");
      for (const [kind, why] of [
        ["curves", /need successive halving/],
        ["pareto", /has one metric/],
      ] as const)
        expect(() => sweepFigureOf(seen, kind), kind).to.throw(ArgumentError, why);
    }));

  it("finds the front of metrics that are minimised and maximised", () =>
    withFolder(async (folder) => {
      const metrics = [
        { name: "loss", goal: "minimize" },
        { name: "score", goal: "maximize" },
      ] as const;
      const store = emptySweep(folder, { study: { ...PLAIN, metrics, trials: 4 } });
      const values = [
        [0.2, 0.2],
        [0.5, 0.5],
        [0.8, 0.8],
        [0.6, 0.4],
      ];
      fill(store, 4, (t) => ({
        v: values[t]![0]!,
        m: { loss: values[t]![0]!, score: values[t]![1]! },
      }));
      const found = tradeOff(view(store))!;
      expect(found.rows).to.deep.equal([0, 1, 2]);
      // Up to loss 0.8 and score 0.2: two boxes of 0.3 × 0.3 and 0 × 0.6 beside 0.6 × 0.
      expect(found.volume).to.be.closeTo(0.3 * 0.3, 1e-14);
    }));

  it("puts batches that overlap in time below each other", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder, { study: PLAIN });
      const at = (s: number): { started: string; seconds: number } => ({
        started: new Date(1e12 + 1000 * s).toISOString(),
        seconds: 2,
      });
      commitTrials(store, span(0, 4), at(0));
      commitTrials(store, span(4, 8), at(1));
      commitTrials(store, span(8, 12), at(2));
      expect(stretchesOf(view(store)).map(({ from, to, lane }) => [from, to, lane])).to.deep.equal([
        [0, 2, 0],
        [1, 3, 1],
        [2, 4, 0],
      ]);
    }));
});

describe("the report of a sweep", function () {
  this.timeout(60_000);

  const page = (store: Store): Promise<string> =>
    sweepPage(view(store), {
      text: "name: </pre><script>alert(1)</script>",
      hash: store.lock.identity.hash,
      manifest: [["version", "zenoflow 0"]],
    });

  let browser: Browser | undefined;
  after(() => browser?.close());

  it("opens from a file, offline, with every figure, and escapes what it shows", async function () {
    browser = await startBrowser(this);
    await withFolder(async (folder) => {
      const store = emptySweep(folder, { study: { ...STUDY, trials: 256 } });
      fill(store, 256);
      commitTrials(store, [3, 4, 5], { rung: 1 }, { n: 40 });
      const path = join(folder, "report.html");
      writeFileSync(path, await page(store));
      const tab = await browser!.newPage();
      const errors: unknown[] = [];
      tab.on("pageerror", (error) => errors.push(error));
      tab.on("requestfailed", (request) => errors.push(request.url()));
      await tab.setOfflineMode(true);
      await tab.goto(pathToFileURL(path).href);
      const counts = await tab.evaluate(
        `[document.querySelectorAll("figure svg").length, document.querySelectorAll("script").length, document.querySelector("pre").textContent]`,
      );
      expect(errors).to.deep.equal([]);
      // One metric: no trade-off.
      expect(counts).to.deep.equal([
        FIGURE_KINDS.length - 1,
        0,
        "name: </pre><script>alert(1)</script>",
      ]);
    });
  });

  it("stays small where there are many trials: counts stand for marks", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder, { study: { ...PLAIN, trials: 20_000 } });
      fill(store, 20_000);
      const html = await page(store);
      expect(html.length).to.be.below(2e6);
      expect(html).to.include("20\u202f000 ok");
    }));
});
