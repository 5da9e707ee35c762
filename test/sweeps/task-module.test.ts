// Tasks that users write: what a module must export, rows that are the same in any cut, and a study that knows its text.

import { expect } from "chai";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleTask } from "../../src/sweeps/execution/module-task.js";
import { runRows, type RowsRequest } from "../../src/sweeps/execution/run-rows.js";
import { configurationOfOne } from "../../src/sweeps/execution/configuration.js";
import { trialAt } from "../../src/sweeps/plan/trials.js";
import { loadStudy, studyDifferences, studyIdentity } from "../../src/sweeps/study/index.js";
import {
  isTaskModule,
  readTaskModule,
  type LoadedTask,
} from "../../src/sweeps/study/task-module.js";
import type { Row, Study } from "../../src/sweeps/types.js";
import { call, withFolder } from "../support/cli.js";

const FILE = fileURLToPath(new URL("../../examples/sweeps/task/descent.mjs", import.meta.url));
const STUDY = fileURLToPath(new URL("../../examples/sweeps/task/study.yaml", import.meta.url));
const ZOD = import.meta.resolve("zod");
const SCHEMA = `import { z } from ${JSON.stringify(ZOD)};
export const schema = z.strictObject({ rate: z.number().positive().default(1).meta({ sweep: "dynamic" }) });
`;

async function messageOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return String(error);
  }
  throw new Error("nothing was thrown");
}

async function study(change: Partial<Study> = {}): Promise<Study> {
  const { study } = await loadStudy(STUDY, {});
  return { ...study, config: { ...study.config, dimension: 2 }, halving: null, ...change };
}

async function rows(
  study: Study,
  module: LoadedTask,
  change: Partial<RowsRequest> = {},
): Promise<Awaited<ReturnType<typeof runRows>>> {
  const identity = studyIdentity(study, { numericsVersion: 1, datasets: {} });
  const { dimension: _static, ...parameters } = study.parameters;
  const one = { ...study, parameters };
  return runRows({
    task: moduleTask(study.task, module, () => ({})),
    study: one,
    block: { budget: 60 },
    trials: Array.from({ length: 20 }, (_, i) => trialAt(one, identity, i)),
    pauses: [],
    microBatch: 64,
    keep: 0,
    onProgress: () => undefined,
    stopping: () => false,
    ...change,
  });
}

describe("readTaskModule()", () => {
  it("reads what a module exports, and knows it by its text", async () => {
    const module = await readTaskModule(FILE);
    expect(module.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(await readTaskModule(FILE, module.sha256)).to.deep.equal(module);
    expect(["./a.mjs", "../b/a.ts", "/c", "a.js"].every(isTaskModule)).to.equal(true);
    expect(["dqgan.train", "mine"].some(isTaskModule)).to.equal(false);
  });

  it("says of a module that is missing, throws, was changed or lacks something what it must do", () =>
    withFolder(async (folder) => {
      const file = join(folder, "mine.mjs");
      const of = async (text: string): Promise<string> => {
        writeFileSync(file, text);
        return messageOf(() => readTaskModule(file));
      };
      expect(await messageOf(() => readTaskModule(file))).to.contain("must be a file that exists");
      expect(await of("throw new Error('no licence');")).to.match(
        /must load, but throws: no licence/,
      );
      expect(await of("const a = ;")).to.contain("must load, but throws: Unexpected token");
      expect(await of("export const train = () => [];")).to.contain("must export `schema`");
      expect(await of("export const schema = {}; export const train = () => [];")).to.contain(
        "zod 4",
      );
      expect(await of(SCHEMA)).to.contain("must export `train`");
      expect(
        await of(`${SCHEMA}export function* train() {} export const mostRows = 0;`),
      ).to.contain("`mostRows`");
      writeFileSync(file, `${SCHEMA}export function* train() {}`);
      const hash = (await readTaskModule(file)).sha256;
      writeFileSync(file, `${SCHEMA}export function* train() { /* */ }`);
      expect(await messageOf(() => readTaskModule(file, hash))).to.contain("has another text");
    }));
});

describe("a study of a module", () => {
  it("has the identity of the module's text, wherever it lies", () =>
    withFolder(async (folder) => {
      const module = readFileSync(FILE, "utf8").replace('"zod"', JSON.stringify(ZOD));
      writeFileSync(join(folder, "descent.mjs"), module);
      writeFileSync(join(folder, "other.mjs"), module);
      copyFileSync(STUDY, join(folder, "first.yaml"));
      const text = readFileSync(STUDY, "utf8");
      const copy = join(folder, "study.yaml");
      writeFileSync(copy, text.replace("./descent.mjs", "./other.mjs"));
      const facts = { numericsVersion: 1, datasets: {} };
      const [here, there] = [
        await loadStudy(join(folder, "first.yaml"), {}),
        await loadStudy(copy, {}),
      ];
      const hash = studyIdentity(here.study, facts).hash;
      expect(studyIdentity(there.study, facts).hash).to.equal(hash);
      writeFileSync(join(folder, "other.mjs"), `${module}\n// changed`);
      const changed = await loadStudy(copy, {});
      expect(studyIdentity(changed.study, facts).hash).to.not.equal(hash);
      expect(studyDifferences(there.study, changed.study).join()).to.match(
        /^contents of \.\/other\.mjs: "sha256 [0-9a-f]{12}…" → "sha256 /,
      );
    }));

  it("checks parameters against the module's schema, and says where the task is not one", () =>
    withFolder(async (folder) => {
      const wrong = async (from: string, to: string): Promise<string> => {
        writeFileSync(join(folder, "s.yaml"), readFileSync(STUDY, "utf8").replace(from, to));
        return messageOf(() => loadStudy(join(folder, "s.yaml"), {}));
      };
      expect(await wrong("  rate:", "  rat:")).to.contain("s.yaml:4:7 task module");
      copyFileSync(FILE, join(folder, "descent.mjs"));
      writeFileSync(
        join(folder, "descent.mjs"),
        readFileSync(FILE, "utf8").replace('"zod"', JSON.stringify(ZOD)),
      );
      expect(await wrong("  rate:", "  rat:")).to.contain("(did you mean rate?)");
      expect(await wrong("noise: 1", "noise: -1")).to.contain("noise must be a number ≥ 0");
    }));
});

describe("moduleTask()", () => {
  it("trains rows to the same bits in any micro-batch and after interruptions", async () => {
    const module = await readTaskModule(FILE);
    const one = await study();
    const whole = await rows(one, module);
    expect(whole.rows.map(({ s }) => s)).to.include.members(["ok", "diverged"]);
    for (const microBatch of [1, 7])
      expect((await rows(one, module, { microBatch })).rows).to.deep.equal(whole.rows);
    let seen = 0;
    const first = await rows(one, module, { microBatch: 7, stopping: () => ++seen >= 9 });
    expect((await rows(one, module, { resume: first.partial! })).rows).to.deep.equal(whole.rows);
  });

  it("begins rows again that have no snapshots, to the same rows", async () => {
    const module = await readTaskModule(FILE);
    const without: LoadedTask = {
      ...module,
      *train(all, options) {
        expect(options.resume).to.equal(undefined);
        for (const { snapshot: _snapshot, ...event } of module.train(all, options) as Iterable<{
          step: number;
          snapshot: unknown;
        }>)
          yield event;
      },
    };
    const one = await study();
    const wanted: readonly Row[] = (await rows(one, module)).rows;
    expect((await rows(one, without, { pauses: [20] })).rows).to.deep.equal(wanted);
  });

  it("trains one row at a time where the module says so, with plain numbers", async () => {
    const module = await readTaskModule(FILE);
    const sizes = new Set<number>();
    const alone: LoadedTask = {
      ...module,
      mostRows: 1,
      *train(all, { until }) {
        sizes.add(all.length);
        const { rate } = all[0]!.settings as { rate: number };
        yield { step: until, metrics: { value: rate } };
      },
    };
    const done = await rows(await study(), alone);
    expect([...sizes]).to.deep.equal([1]);
    for (const { v, p } of done.rows) expect(v).to.equal(p["rate"]);
  });

  it("finds the row that fails, and says what a wrong report lacks", async () => {
    const module = await readTaskModule(FILE);
    const bad: LoadedTask = {
      ...module,
      *train(all, options) {
        if (all.some(({ settings }) => (settings as { momentum: number }).momentum > 0.9))
          throw new Error("too fast");
        yield* module.train(all, options) as Iterable<never>;
      },
    };
    const failed = (await rows(await study(), bad)).rows.filter(({ s }) => s === "error");
    expect(failed.length).to.be.within(1, 5);
    for (const { why, p } of failed)
      expect([why, Number(p["momentum"]) > 0.9]).to.deep.equal(["Error: too fast", true]);
    const short: LoadedTask = {
      ...module,
      *train() {
        yield { step: 60, metrics: { value: [1, 2] } };
      },
    };
    expect(await messageOf(async () => rows(await study(), short))).to.contain(
      "one number a row, but `metrics.value` has 2 for 20 rows",
    );
  });

  it("writes a trial's settings as a user would", async () => {
    const one = await study();
    const task = moduleTask("./m.mjs", await readTaskModule(FILE), () => ({}));
    const trial = { index: 3, values: [4, 0.5, 0.01], seed: 9 };
    expect(configurationOfOne(task, one, trial)).to.deep.equal({
      dimension: 4,
      momentum: 0.5,
      noise: 1,
      rate: 0.01,
      seed: 9,
    });
  });
});

describe("zenoflow sweep of a module", function () {
  this.timeout(60_000);

  it("runs, verifies, reports, and refuses a changed module", () =>
    withFolder(async (cwd) => {
      const text = readFileSync(FILE, "utf8").replace('"zod"', JSON.stringify(ZOD));
      writeFileSync(join(cwd, "descent.mjs"), text);
      copyFileSync(STUDY, join(cwd, "study.yaml"));
      const done = await call(["sweep", "study.yaml", "--models", "1"], { cwd });
      expect(done.code, done.err).to.equal(0);
      const [name = ""] = readdirSync(join(cwd, "runs"));
      const best = join(cwd, "runs", name, "best");
      const [trial = ""] = readdirSync(best);
      expect(readFileSync(join(best, trial, "config.yaml"), "utf8")).to.match(/^task: .*descent/);
      expect((await call(["verify", "--trials", "4"], { cwd })).out).to.contain("bit for bit");
      const report = await call(["report", name], { cwd });
      expect(report.code, report.err).to.equal(0);
      writeFileSync(join(cwd, "descent.mjs"), `${text}\n`);
      const again = await call(["sweep", "study.yaml"], { cwd });
      expect([again.code, again.err]).to.satisfy(
        ([code, err]: [number, string]) => code === 65 && err.includes("contents of ./descent.mjs"),
      );
      const checked = await call(["verify"], { cwd });
      expect([checked.code, checked.err]).to.satisfy(
        ([code, err]: [number, string]) => code === 65 && err.includes("has another text"),
      );
    }));
});
