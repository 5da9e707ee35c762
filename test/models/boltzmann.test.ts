// The Boltzmann machine as a model: configurations, training with every sampler, resumption, replicas, evaluation, samples, figures.

import { expect } from "chai";
import { ArgumentError, DataError } from "../../src/index.js";
import {
  boltzmann,
  boltzmannConfig,
  boltzmannPresets,
  trainBoltzmann,
} from "../../src/models/index.js";
import { closeTo } from "../support/close-to.js";
import type { BoltzmannOptions, HistoryRow, Snapshot, TrainEvent } from "../../src/models/index.js";

/** Small and quick, on synthetic digits unless the options say otherwise. */
function tiny(options: BoltzmannOptions = {}): BoltzmannOptions {
  return {
    replicas: 2,
    ...options,
    data: { rows: 40, ...options.data },
    train: { steps: 6, chains: 40, evaluateEvery: 3, ...options.train },
    evaluate: {
      n: 200,
      annealedChains: 50,
      annealedSteps: 50,
      maxSeconds: 0.5,
      ...options.evaluate,
    },
  };
}

async function events(options: BoltzmannOptions): Promise<TrainEvent[]> {
  const seen: TrainEvent[] = [];
  for await (const event of trainBoltzmann(options)) seen.push(event);
  return seen;
}

async function snapshotOf(options: BoltzmannOptions): Promise<Snapshot> {
  const all = await events(options);
  return all.at(-1)!.snapshot();
}

/** Four columns: the second is the first, the others are coins of a rule. */
function csv(down: 0 | -1): string {
  const rows = Array.from({ length: 200 }, (_, r) => {
    const [a, c, d] = [r % 2, Math.floor(r / 2) % 2, Math.floor(r / 4) % 2];
    return [a, a, c, d].map((bit) => (bit === 1 ? 1 : down)).join(",");
  });
  return ["a,b,c,d", ...rows].join("\n");
}

describe("boltzmannConfig()", () => {
  it("accepts every preset", () => {
    for (const preset of Object.keys(boltzmannPresets)) {
      expect(boltzmannConfig({ preset }).train.steps, preset).to.be.above(0);
    }
    expect(boltzmannConfig({ preset: "figure7" }).train.rate).to.equal(0.001);
  });

  it("names what does not go together", () => {
    const wrong: [BoltzmannOptions, RegExp][] = [
      [{ preset: "other" }, /preset/],
      [{ replicas: 3, train: { rate: [0.1, 0.2] } }, /train\.rate.*3 replicas/],
      [{ model: { topology: "restricted" }, train: { sampler: "embedded" } }, /train\.sampler/],
      [{ annealer: { slices: 3 } }, /annealer\.slices/],
      [{ model: { topology: "chimera36" }, data: { source: "bars" } }, /model\.topology/],
    ];
    for (const [options, message] of wrong) {
      expect(() => boltzmannConfig(options)).to.throw(ArgumentError, message);
    }
  });
});

describe("trainBoltzmann()", () => {
  it("reports moment errors, and norms with their floor when measured", async () => {
    const all = await events(tiny());
    expect(all.map(({ step }) => step)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    const { losses, metrics } = all.at(-1)!;
    expect(losses["momentError"]).to.have.length(2);
    expect(Object.keys(metrics!)).to.deep.equal([
      ...["l1Distance", "l1Floor", "l1Smooth", "logLikelihood", "fieldLikelihood"],
    ]);
    expect(all[0]!.metrics).to.equal(undefined);
  });

  it("brings the L1 norm of Chimera below 30 in 100 updates at rate 0.03", async () => {
    const all = await events({
      data: { rows: 300 },
      replicas: 1,
      train: { steps: 100, evaluateEvery: 0 },
    });
    expect(all.at(-1)!.metrics!["l1Distance"]![0]).to.be.below(30);
  });

  const SAMPLERS: [string, BoltzmannOptions][] = [
    ["Gibbs chains", {}],
    ["Rao and Blackwell", { train: { estimate: "raoBlackwell" } }],
    ["chains from data", { train: { start: "data" } }],
    ["rows binarised for each update", { train: { batch: 20, momentum: 0.5 } }],
    ["annealing", { train: { sampler: "annealing" } }],
    ["path integrals", { train: { sampler: "path-integral" }, annealer: { slices: 2, sweeps: 4 } }],
    ["exact sums", { train: { sampler: "exact" } }],
    [
      "hardware",
      {
        model: { topology: "bipartite" },
        train: { sampler: "embedded" },
        annealer: { slices: 2, sweeps: 4, noiseCouplings: 0.01 },
      },
    ],
    ["hidden units", { model: { topology: "restricted", hidden: 4 } }],
    [
      "hidden units from data",
      { model: { topology: "restricted", hidden: 4 }, train: { start: "data" } },
    ],
    ["a complete graph", { model: { topology: "complete" } }],
    ["36 qubits", { model: { topology: "chimera36" } }],
  ];
  for (const [name, options] of SAMPLERS) {
    it(`learns and gives the same numbers again: ${name}`, async () => {
      const all = await events(tiny(options));
      const { metrics } = all.at(-1)!;
      const [first, last] = [all[2]!.metrics, metrics].map((of) => of?.["logLikelihood"]);
      for (const p of [0, 1]) if (first && last) expect(last[p]).to.be.above(first[p]!);
      expect(await snapshotOf(tiny(options))).to.deep.equal(await all.at(-1)!.snapshot());
    });
  }

  it("trains each replica as if it were alone with its own seed", async () => {
    for (const options of [tiny(), tiny({ train: { sampler: "annealing" } })]) {
      const both = await snapshotOf({ ...options, seed: 7 });
      const alone = await snapshotOf({ ...options, seed: 8, replicas: 1 });
      for (const [name, { values }] of Object.entries(alone.tensors)) {
        const own = both.tensors[name]!.values.slice(values.length);
        expect(own, name).to.deep.equal(values);
      }
    }
  });

  it("continues from a snapshot to the same bits", async () => {
    for (const options of [
      tiny({ train: { momentum: 0.5 } }),
      tiny({ train: { sampler: "annealing" } }),
    ]) {
      const all = await events(options);
      const half = await all[2]!.snapshot();
      const rest = await events({ ...options, resume: half });
      expect(rest.map(({ step }) => step)).to.deep.equal([4, 5, 6]);
      expect(await rest.at(-1)!.snapshot()).to.deep.equal(await all.at(-1)!.snapshot());
      expect(rest.at(-1)!.metrics).to.deep.equal(all.at(-1)!.metrics);
    }
  });

  it("refuses snapshots of other configurations", async () => {
    const snapshot = await snapshotOf(tiny());
    const other = events({ ...tiny({ model: { topology: "complete" } }), resume: snapshot });
    expect(await other.catch((error: unknown) => error)).to.be.instanceOf(DataError);
    const short = events({ ...tiny({ train: { steps: 3 } }), resume: snapshot });
    expect(await short.catch((error: unknown) => error)).to.be.instanceOf(ArgumentError);
  });
});

describe("boltzmann.evaluate()", () => {
  it("scores columns of a file, and learns what two of them have in common", async () => {
    for (const down of [0, -1] as const) {
      const options: BoltzmannOptions = {
        preset: "exact",
        files: { "spins.csv": csv(down) },
        data: { file: "spins.csv" },
        model: { topology: "complete" },
        train: { steps: 200, evaluateEvery: 0 },
      };
      const snapshot = await snapshotOf(options);
      const config = boltzmannConfig(options);
      const files = options.files!;
      const { measures, replicas, columns } = await boltzmann.evaluate(config, snapshot, { files });
      expect(columns).to.deep.equal(["a", "b", "c", "d"]);
      expect(replicas).to.have.length(1);
      const logLikelihood = measures.find(({ name }) => name === "logLikelihood")!;
      // Three coins: -3 ln 2; fields alone have four.
      closeTo(logLikelihood.value, -3 * Math.LN2, { atol: 0.15 });
      const { columns: names, values } = await boltzmann.sample(config, snapshot, {
        n: 400,
        files,
      });
      expect(names).to.deep.equal(columns);
      expect(new Set(values)).to.deep.equal(new Set([down, 1]));
      const equal = Array.from({ length: 400 }, (_, r) => values[4 * r] === values[4 * r + 1]);
      expect(equal.filter(Boolean).length).to.be.above(380);
    }
  });

  it("has norms with floors beside the fields alone, and scores bars and stripes", async () => {
    const digits = boltzmannConfig(tiny());
    const found = await boltzmann.evaluate(digits, await snapshotOf(tiny()));
    const names = ["l1", "l1Smooth", "covariance", "logLikelihood", "trainingLikelihood"];
    expect(found.measures.map(({ name }) => name)).to.deep.equal(names);
    for (const { value } of found.measures) expect(value).to.satisfy(Number.isFinite);
    expect(found.measures[0]!.floor).to.be.above(0);
    const bars = tiny({ data: { source: "bars", size: 2 }, model: { topology: "bipartite" } });
    const scored = await boltzmann.evaluate(boltzmannConfig(bars), await snapshotOf(bars));
    expect(scored.measures.map(({ name }) => name)).to.include.members(["valid", "covered"]);
  });

  it("draws the same first rows whatever their number, and other ones by seed", async () => {
    const config = boltzmannConfig(tiny());
    const snapshot = await snapshotOf(tiny());
    const draw = async (n: number, seed?: number): Promise<Float32Array> =>
      (
        await boltzmann.sample(config, snapshot, {
          n,
          replica: 1,
          ...(seed !== undefined && { seed }),
        })
      ).values;
    const few = await draw(3);
    expect((await draw(9)).slice(0, few.length)).to.deep.equal(few);
    expect(await draw(3, 99)).to.not.deep.equal(few);
  });

  it("refuses files that are no spins, and rows that are missing", async () => {
    const of = (text: string): Promise<unknown> =>
      events(tiny({ files: { x: text }, data: { file: "x" } })).catch((error: unknown) => error);
    expect(await of("a,b\n0,1\n0,2\n"))
      .to.be.instanceOf(DataError)
      .with.property("message")
      .match(/line 3, column b, has 2/);
    expect(await of("a,b\n-1,1\n-1,0\n")).to.be.instanceOf(DataError);
    expect(await of("a,b,split\n1,0,0\n"))
      .to.be.instanceOf(DataError)
      .with.property("message")
      .match(/split/);
  });
});

describe("boltzmann.figures()", () => {
  it("draws norms, couplings, images and covariances; without images only what there is", async () => {
    const images = tiny();
    const all = await events(images);
    const history = all.map(({ step, losses, metrics }): HistoryRow => ({
      step,
      losses,
      ...(metrics && { metrics }),
    }));
    const config = boltzmannConfig(images);
    const evaluation = await boltzmann.evaluate(config, await all.at(-1)!.snapshot());
    const drawn = boltzmann.figures(config, history, evaluation);
    expect(drawn.map(({ name }) => name)).to.deep.equal([
      "overview",
      "couplings",
      "images",
      "covariances",
    ]);
    const plain = boltzmann.figures(config, [], {
      ...evaluation,
      arrays: { couplings: [], biases: [], imageSize: [6, 6] },
    });
    expect(plain.map(({ name }) => name)).to.deep.equal(["couplings"]);
  });
});
