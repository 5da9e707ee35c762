// What must hold for every training of a DQGAN: it repeats itself, can be continued anywhere, and does not mix replicas.

import { expect } from "chai";
import fc from "fast-check";
import { useBackend } from "../../src/index.js";
import { csvOptions, historyOf, ofReplica, sameBits, tiny, trained } from "../models/runs.js";
import type { DqganOptions } from "../../src/models/index.js";

type Case = {
  readonly seed: number;
  readonly replicas: number;
  readonly columns: 0 | 1 | 2 | 3;
  readonly model: NonNullable<DqganOptions["model"]>;
  readonly train: NonNullable<DqganOptions["train"]>;
};

const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 5 }),
  replicas: fc.integer({ min: 1, max: 4 }),
  // 0: the line.
  columns: fc.constantFrom<Case["columns"][]>(0, 1, 2, 3),
  model: fc.record({
    algorithm: fc.constantFrom<(1 | 2)[]>(1, 2),
    heads: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: 1, max: 3 }),
    latent: fc.constantFrom<("normal" | "uniform" | "circle")[]>("normal", "uniform", "circle"),
    forward: fc.constantFrom<("limit" | "effective")[]>("limit", "effective"),
    encoding: fc.constantFrom<("encoded" | "asPrinted")[]>("encoded", "asPrinted"),
  }),
  train: fc.record({
    batch: fc.integer({ min: 1, max: 9 }),
    optimizer: fc.constantFrom<("adam" | "sgd")[]>("adam", "sgd"),
    discriminatorSteps: fc.integer({ min: 1, max: 2 }),
    ema: fc.constantFrom(null, 0.5, 0.998),
    steps: fc.constant(4),
    evaluateEvery: fc.integer({ min: 0, max: 3 }),
  }),
});

function optionsOf({ columns, seed, replicas, model, train }: Case): DqganOptions {
  const change = { seed, replicas, model, train, evaluate: { n: 100, validation: 100 } };
  return columns === 0 ? tiny(change) : csvOptions(columns, change);
}

const holds = (check: (options: DqganOptions) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(cases, (given) => check(optionsOf(given))),
    { seed: 1, numRuns: 15 },
  );

describe("every training", () => {
  before(() => useBackend("wasm"));

  it("repeats itself", () =>
    holds(async (options) => {
      const [first, second] = [await trained(options), await trained(options)];
      sameBits(second.last, first.last);
      expect(second.history).to.deep.equal(first.history);
    }));

  it("is continued at any step as if it had not been stopped", () =>
    holds(async (options) => {
      const whole = await trained(options);
      for (const step of [1, 2, 3]) {
        const rest = await trained({ ...options, resume: whole.snapshots.get(step)! });
        sameBits(rest.last, whole.last);
        expect(rest.history).to.deep.equal(whole.history.slice(step));
      }
    }));

  it("gives each replica what it has alone", () =>
    holds(async (options) => {
      const together = await trained(options);
      for (let p = 0; p < options.replicas!; p++) {
        const alone = await trained({ ...options, replicas: 1, seed: Number(options.seed) + p });
        sameBits(ofReplica(together.last, p), alone.last);
        expect(historyOf(together.history, p)).to.deep.equal(alone.history);
      }
    }));
});
