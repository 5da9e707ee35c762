// Trials, groups, blocks, halving: the plan of a study and what is left of it.

import { expect } from "chai";
import fc from "fast-check";
import {
  activeValues,
  batchId,
  blocksLeft,
  blockTrials,
  cohortOf,
  explainPlan,
  firstBlocks,
  halvingSteps,
  planOf,
  planText,
  rungBudgets,
  rungSizes,
  survivors,
  trialAt,
  trialConfig,
  trialTable,
  type AskContext,
  type CommittedRows,
  type JudgedRow,
  type Plan,
  type ToldRow,
} from "../../src/sweeps/plan/index.js";
import { evolution } from "../../src/sweeps/plan/evolution.js";
import { seedAt } from "../../src/sweeps/plan/trials.js";
import type { Block, RowStatus, Study } from "../../src/sweeps/types.js";
import { identified } from "./example-task.js";

const HASH = "438254c2d9667e1cc431061f6921e20baab52160b8ea687a2f7a1e88b8547fca";
const SPACE = `
parameters:
  model.depth: {values: [2, 3, 4]}
  train.lr: {distribution: log_uniform_values, min: 1e-4, max: 0.1}
  train.optimizer: {values: [adam, sgd]}
  train.beta1: {min: 0, max: 0.9, when: {train.optimizer: [adam]}}
`;

/** A store in memory: a row a trial and rung, with the value that `valueOf` gives. */
function memory(valueOf: (trial: number, rung: number) => number = (trial) => trial) {
  const rows = new Map<string, JudgedRow & { readonly generation: number }>();
  const at = (rung: number, trial: number): string => `${String(rung)}|${String(trial)}`;
  const committed: CommittedRows = {
    has: (rung, trial) => rows.has(at(rung, trial)),
    status: (rung, trial) => rows.get(at(rung, trial))?.s,
    generation: (rung, trial) => rows.get(at(rung, trial))?.generation ?? -1,
  };
  const commit = (
    block: Pick<Block, "rung" | "generation" | "trials">,
    s: RowStatus = "ok",
  ): void => {
    for (const t of block.trials)
      rows.set(at(block.rung, t), {
        t,
        s,
        v: valueOf(t, block.rung),
        generation: block.generation,
      });
  };
  const rowsAt = (rung: number, trials: readonly number[]): readonly JudgedRow[] =>
    trials.map((trial) => rows.get(at(rung, trial))!).reverse();
  return { committed, commit, rowsAt, rows };
}

function run(plan: Plan, store: ReturnType<typeof memory>): readonly Block[] {
  const done: Block[] = [];
  for (;;) {
    const left = [...blocksLeft(plan, store.committed, store.rowsAt)];
    if (left.length === 0) return done;
    left.forEach((block) => store.commit(block));
    done.push(...left);
  }
}

describe("trialAt()", () => {
  it("is a row of any table that holds it, for every method", async () => {
    for (const method of ["random", "sobol"]) {
      const [study, identity] = await identified(`trials: 4096\nmethod: ${method}${SPACE}`);
      const table = trialTable(study, identity, 100, 140);
      expect(trialAt(study, identity, 120)).to.deep.equal({
        index: 120,
        values: table.columns.map((column) =>
          column.kind === "choice"
            ? (column.options[column.indices[20]!] ?? null)
            : Number.isNaN(column.values[20])
              ? null
              : column.values[20],
        ),
        seed: table.seeds[20],
      });
    }
  });

  it("keeps the first trials when a study grows", async () => {
    const [small, before] = await identified(`trials: 64${SPACE}`);
    const [large, after] = await identified(`trials: 4096${SPACE}`);
    expect(after).to.deep.equal(before);
    const { columns, seeds } = trialTable(small, before, 0, 64);
    const grown = trialTable(large, after, 0, 4096);
    expect(grown.seeds.slice(0, 64)).to.deep.equal(seeds);
    expect(trialTable(large, after, 0, 64).columns).to.deep.equal(columns);
  });

  it("gives replicates the same parameters and other seeds, below 2³¹", async () => {
    const [study, identity] = await identified(`trials: 30\nreplicates: 3${SPACE}`);
    const trials = [3, 4, 5, 6].map((i) => trialAt(study, identity, i));
    expect(trials[1]!.values).to.deep.equal(trials[0]!.values);
    expect(trials[2]!.values).to.deep.equal(trials[0]!.values);
    expect(trials[3]!.values).to.not.deep.equal(trials[0]!.values);
    expect(new Set(trials.map(({ seed }) => seed)).size).to.equal(4);
    for (const { seed } of trials) expect(Number.isInteger(seed) && seed < 2 ** 31).to.equal(true);
  });

  it("derives the seed from the upper 31 bits of the published word", () => {
    const identity = { hash: HASH, key: [0xc2548243, 0x1c7e66d9] } as const;
    expect(seedAt(identity, 0)).to.equal(Math.floor(3545728238 / 2));
    expect(seedAt(identity, 2 ** 32)).to.equal(Math.floor(2012029566 / 2));
  });

  it("makes parameters inactive whose condition fails, without moving the others", async () => {
    const [study, identity] = await identified(`trials: 256${SPACE}`);
    const plain: Study = structuredClone(study);
    Reflect.deleteProperty(plain.parameters["train.beta1"]!, "when");
    for (let i = 0; i < 256; i++) {
      // Sorted: model.depth, train.beta1, train.lr, train.optimizer.
      const { values } = trialAt(study, identity, i);
      const all = trialAt(plain, identity, i).values;
      expect(values).to.deep.equal(values[3] === "adam" ? all : [all[0], null, all[2], all[3]]);
      expect(Object.keys(activeValues(study, { values })).length).to.equal(
        values[3] === "adam" ? 4 : 3,
      );
    }
  });

  it("lays active values over the configuration, and leaves inactive keys as they are", async () => {
    const [study, identity] = await identified(
      `trials: 64\nconfig: {train: {beta1: 0.25}}${SPACE}`,
    );
    const sgd = Array.from({ length: 64 }, (_, i) => trialAt(study, identity, i)).find(
      ({ values }) => values[3] === "sgd",
    )!;
    const { model, train } = trialConfig(study, sgd);
    expect(model).to.include({ depth: sgd.values[0], kind: "plain" });
    expect(train).to.include({ beta1: 0.25, lr: sgd.values[2], optimizer: "sgd", steps: 100 });
  });

  it("walks a grid with the last of the sorted names fastest, inactive combinations once", async () => {
    const [study, identity] = await identified(`method: grid
parameters:
  train.optimizer: {values: [sgd, adam]}
  train.beta1: {min: 0, max: 0.8, count: 2, when: {train.optimizer: [adam]}}
  model.depth: {values: [4, 2]}`);
    const rows = Array.from({ length: study.trials }, (_, i) => trialAt(study, identity, i).values);
    expect(rows).to.deep.equal([
      [4, null, "sgd"],
      [4, 0, "adam"],
      [4, 0.8, "adam"],
      [2, null, "sgd"],
      [2, 0, "adam"],
      [2, 0.8, "adam"],
    ]);
    expect(() => trialAt(study, identity, 6)).to.throw(
      "must be a trial of the grid's 6 configurations",
    );
  });
});

describe("batchId()", () => {
  it("gives the published id, and one of its own to each rung, generation and set of rows", () => {
    const rows = Array.from({ length: 512 }, (_, i) => i);
    expect(batchId(HASH, 0, 0, rows)).to.equal("b-e9e272d1f723");
    const ids = [batchId(HASH, 1, 0, rows), batchId(HASH, 0, 1, rows), batchId(HASH, 0, 0, [1, 3])];
    expect(new Set(["b-e9e272d1f723", ...ids]).size).to.equal(4);
  });
});

describe("planOf()", () => {
  it("cuts cohorts, groups and blocks", async () => {
    const [study, identity] = await identified(`trials: 10000${SPACE}`);
    const plan = planOf(study, identity, { blockRows: 512 });
    const blocks = [...firstBlocks(plan)];
    expect(plan.cohorts).to.equal(3);
    expect(new Set(blocks.map(({ group }) => group)).size).to.equal(6);
    expect(Math.max(...blocks.map(({ trials }) => trials.length))).to.equal(512);
    expect(blocks.flatMap(({ trials }) => trials).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 10000 }, (_, i) => i),
    );
    for (const block of blocks.slice(0, 8)) {
      for (const trial of blockTrials(study, identity, block)) {
        expect(trial).to.deep.equal(trialAt(study, identity, trial.index));
        const key = JSON.stringify({
          "model.depth": trial.values[0],
          "train.optimizer": trial.values[3],
        });
        expect(key).to.equal(block.group);
      }
    }
    expect(cohortOf(plan, 2).to).to.equal(10000);
  });

  it("refuses blocks that are too large", async () => {
    const [study, identity] = await identified(`trials: 4${SPACE}`);
    expect(() => planOf(study, identity, { blockRows: 2048 })).to.throw(
      "must be an integer from 1 to 1024",
    );
  });
});

describe("blocksLeft()", () => {
  it("covers each missing row exactly once, whatever is committed", async () => {
    const [study, identity] = await identified(`trials: 300${SPACE}`);
    const plan = planOf(study, identity, { blockRows: 16 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(299)), (done) => {
        const store = memory();
        store.commit({ rung: 0, generation: 0, trials: done });
        const left = [...blocksLeft(plan, store.committed)].flatMap(({ trials }) => trials);
        const missing = Array.from({ length: 300 }, (_, i) => i).filter((i) => !done.includes(i));
        expect([...left].sort((a, b) => a - b)).to.deep.equal(missing);
      }),
      { numRuns: 50 },
    );
  });

  it("plans the same blocks as before for those that are not begun", async () => {
    const [study, identity] = await identified(`trials: 300${SPACE}`);
    const plan = planOf(study, identity, { blockRows: 16 });
    const [first, ...others] = firstBlocks(plan);
    const store = memory();
    store.commit(first!);
    expect([...blocksLeft(plan, store.committed)]).to.deep.equal(others);
  });

  it("climbs the rungs with the survivors of each group", async () => {
    const [study, identity] = await identified(`trials: 256
budget: {min: 10, max: 40}
early_terminate: {type: successive_halving, eta: 2, cohort: 128}
parameters: {model.depth: {values: [1, 2]}, train.lr: {min: 0.1, max: 1}}`);
    const plan = planOf(study, identity);
    const store = memory((trial) => -trial);
    run(plan, store);
    for (const cohort of [0, 1]) {
      for (const { trials } of cohortOf(plan, cohort).groups) {
        let alive = [...trials];
        for (const rung of [0, 1, 2]) {
          const there = trials.filter((trial) => store.committed.has(rung, trial));
          expect(there).to.deep.equal(alive);
          alive = alive.slice(-Math.max(1, Math.floor(alive.length / 2)));
        }
      }
    }
  });

  it("lets groups compete inside a cohort where the study says so", async () => {
    const [study, identity] = await identified(`trials: 64
replicates: 2
budget: {min: 10, max: 40}
early_terminate: {type: successive_halving, eta: 4, cohort: 64, scope: cohort}
parameters: {model.depth: {values: [1, 2]}, train.lr: {min: 0.1, max: 1}}`);
    const store = memory((trial) => trial);
    run(planOf(study, identity), store);
    const there = Array.from({ length: 64 }, (_, i) => i).filter((i) => store.committed.has(1, i));
    // Eight of 32 configurations, the first ones: their values are the smallest.
    expect(there).to.deep.equal(Array.from({ length: 16 }, (_, i) => i));
  });

  it("repeats rows of a status once, as a new generation", async () => {
    const [study, identity] = await identified(
      `trials: 20\nparameters: {train.lr: {min: 0.1, max: 1}}`,
    );
    const plan = planOf(study, identity);
    const store = memory();
    store.commit({ rung: 0, generation: 0, trials: Array.from({ length: 18 }, (_, i) => i) });
    store.commit({ rung: 0, generation: 0, trials: [3, 4] }, "error");
    const retry = { statuses: ["error"], generation: 1 } as const;
    const left = (): unknown[] =>
      [...blocksLeft(plan, store.committed, undefined, retry)].map((b) => [b.generation, b.trials]);
    expect(left()).to.deep.equal([
      [0, [18, 19]],
      [1, [3, 4]],
    ]);
    store.commit({ rung: 0, generation: 1, trials: [3, 4] }, "error");
    expect(left()).to.deep.equal([[0, [18, 19]]]);
  });

  it("asks for a generation when the one before is complete, and never for another answer", async () => {
    const [study, identity] = await identified(`trials: 64
replicates: 2
method: ask-tell
ask: {module: evolution, generation: 8}
parameters: {model.gamma: {min: 0, max: 1}, train.shift: {min: -1, max: 1}}`);
    const target = (u: readonly number[]): number => (u[0]! - 0.7) ** 2 + (u[1]! - 0.2) ** 2;
    const points = new Map<number, readonly number[]>();
    const store = memory((trial) => target(points.get(trial)!));
    const plan = planOf(study, identity, { ask: evolution });
    for (let round = 0; ; round++) {
      const left = [...blocksLeft(plan, store.committed, store.rowsAt)];
      const again = [...blocksLeft(plan, store.committed, store.rowsAt)];
      expect(again).to.deep.equal(left);
      if (left.length === 0) {
        expect(round).to.equal(4);
        break;
      }
      expect(left.map(({ cohort }) => cohort)).to.deep.equal([round]);
      const [block] = left;
      block!.trials.forEach((trial, row) => points.set(trial, block!.u![row]!));
      expect(blockTrials(study, identity, block!)[0]!.values).to.deep.equal([
        block!.u![0]![0],
        -1 + 2 * block!.u![0]![1]!,
      ]);
      store.commit(block!);
    }
  });
});

describe("evolution()", () => {
  it("comes closer to the best point than uniform draws of the same number", () => {
    const random = (generation: number) => (i: number, d: number) => {
      const x = Math.sin(12.9898 * (i + 1) + 78.233 * (d + 1) + 37.719 * generation) * 43758.5453;
      return x - Math.floor(x);
    };
    const context = (generation: number): AskContext => ({
      names: ["a", "b", "c"],
      count: 32,
      goal: "maximize",
      uniform: random(generation),
    });
    const rows: ToldRow[] = [];
    const worth = (u: readonly number[]): number => -u.reduce((sum, x) => sum + (x - 0.6) ** 2, 0);
    const mean: number[] = [];
    for (let generation = 0; generation < 8; generation++) {
      const u = evolution(generation, rows, context(generation));
      const told = Array.from({ length: 32 }, (_, i): ToldRow => {
        const point = [...u.subarray(3 * i, 3 * i + 3)];
        return { generation, u: point, value: worth(point), status: "ok" };
      });
      mean.push(told.reduce((sum, { value }) => sum + value, 0) / 32);
      rows.push(...told);
    }
    // Generation 0 is uniform: E (x - 0.6)² = 1/12 + 0.01 each.
    expect(mean[0]).to.be.closeTo(-3 * (1 / 12 + 0.01), 0.1);
    expect(mean[7]).to.be.above(-0.02);
  });
});

describe("successive halving", () => {
  const table = [
    [81, 3, 1, 81, [81, 27, 9, 3, 1], [1, 3, 9, 27, 81], 297, 6561],
    [512, 4, 10, 1000, [512, 128, 32, 8, 2], [10, 40, 160, 640, 1000], 17360, 512000],
    [5, 3, 1, 27, [5, 1, 1, 1], [1, 3, 9, 27], 31, 135],
    [4096, 4, 250, 4000, [4096, 1024, 256], [250, 1000, 4000], 2560000, 16384000],
  ] as const;

  it("has the published rungs, rows and steps", () => {
    for (const [n, eta, min, max, rows, budgets, steps, full] of table) {
      const study = {
        budget: { unit: "step", min, max },
        halving: { eta, cohort: n, scope: "group" },
      } as const;
      expect(rungBudgets(study)).to.deep.equal([...budgets]);
      expect(rungSizes(study, n)).to.deep.equal([...rows]);
      expect(halvingSteps(study, n)).to.deep.equal({ steps, full });
    }
  });

  const row = (t: number, v: number | null, s: RowStatus = "ok"): JudgedRow => ({ t, v, s });

  it("ignores the order in which rows arrive", () => {
    const rows = fc.array(fc.double({ noNaN: false }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, fc.nat(10), fc.nat(), (values, k, turn) => {
        const all = values.map((v, t) => row(t, v));
        const at = turn % all.length;
        const turned = [...all.slice(at), ...all.slice(0, at)].reverse();
        expect(survivors(turned, k, "minimize")).to.deep.equal(survivors(all, k, "minimize"));
      }),
    );
  });

  it("breaks ties by trial, follows the goal, and leaves out what is not finite", () => {
    const rows = [row(0, Number.NaN), row(1, 2), row(2, 1), row(3, 2), row(4, 0, "diverged")];
    expect(survivors(rows, 2, "minimize")).to.deep.equal([1, 2]);
    expect(survivors(rows, 2, "maximize")).to.deep.equal([1, 3]);
    expect(survivors(rows, 9, "minimize")).to.deep.equal([1, 2, 3]);
  });

  it("ranks configurations by the mean over their replicates", () => {
    const rows = [row(0, 1), row(1, 5), row(2, 2), row(3, 3), row(4, 0), row(5, null, "error")];
    expect(survivors(rows, 1, "minimize", 2)).to.deep.equal([2, 3]);
    expect(survivors(rows, 3, "minimize", 2)).to.deep.equal([0, 1, 2, 3]);
    expect(() => survivors(rows.slice(1), 1, "minimize", 2)).to.throw("must hold 2 rows of each");
  });
});

describe("explainPlan()", () => {
  it("counts what blocksLeft then makes", async () => {
    const [study, identity] = await identified(`trials: 512
budget: {min: 10, max: 160}
early_terminate: {type: successive_halving, eta: 4, cohort: 256}${SPACE}`);
    const plan = planOf(study, identity, { blockRows: 16 });
    const known = explainPlan(plan);
    const blocks = run(plan, memory());
    known.rungs.forEach(({ rows, blocks: count }, rung) => {
      const there = blocks.filter((block) => block.rung === rung);
      expect(there.length).to.equal(count);
      expect(there.reduce((sum, { trials }) => sum + trials.length, 0)).to.equal(rows);
    });
    expect(known).to.include({ trials: 512, configurations: 512, cohorts: 2, groups: 6 });
    expect(known.statics).to.deep.equal(["model.depth", "train.optimizer"]);
    expect(planText(plan)).to.match(
      /512 trials: 512 configurations × 1 replicate, in 2 cohorts of 256/,
    );
    expect(known.steps).to.be.below(known.fullSteps);
  });
});
