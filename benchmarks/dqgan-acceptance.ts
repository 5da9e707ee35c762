// Does the DQGAN reach the paper's distances, and how surely? Every preset and both algorithms over many seeds.

import { useBackend } from "../src/backend.js";
import { dqgan, dqganConfig, trainDqgan } from "../src/models/index.js";
import { median, report, requireError, round } from "./harness.js";
import type { DqganOptions, Evaluation, Snapshot, TrainEvent } from "../src/models/index.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

/** A line of the table. `groupsOf` > 1: of so many runs the best by validation counts. */
type Line = { readonly name: string; readonly groupsOf: number; readonly options: DqganOptions };

const SEEDS = 10;

const LINES: readonly Line[] = [
  { name: "robust, algorithm 2", groupsOf: 1, options: { preset: "robust" } },
  {
    name: "robust, algorithm 1",
    groupsOf: 1,
    options: { preset: "robust", model: { algorithm: 1 } },
  },
  { name: "robustUniform, algorithm 2", groupsOf: 4, options: { preset: "robustUniform" } },
  { name: "paper, algorithm 2", groupsOf: 1, options: { preset: "paper" } },
  {
    name: "paper, algorithm 1",
    groupsOf: 1,
    options: { preset: "paper", model: { algorithm: 1 } },
  },
];

type Trained = {
  readonly evaluation: Evaluation;
  readonly losses: TrainEvent["losses"];
  readonly seconds: number;
};

async function trainAndEvaluate(options: DqganOptions): Promise<Trained> {
  const start = performance.now();
  let last: { snapshot: Snapshot; losses: TrainEvent["losses"] } | undefined;
  for await (const event of trainDqgan(options)) {
    if (event.step === event.steps)
      last = { snapshot: await event.snapshot(), losses: event.losses };
  }
  const seconds = (performance.now() - start) / 1000;
  return {
    evaluation: await dqgan.evaluate(dqganConfig(options), last!.snapshot),
    losses: last!.losses,
    seconds,
  };
}

function spread(values: readonly number[]): string {
  const [lo, hi] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(3)} [${lo.toFixed(3)}, ${hi.toFixed(3)}]`;
}

type ReplicaRow = Evaluation["replicas"][number];

/** The best by validation of every `size` consecutive replicas. */
function bestOfGroups(replicas: readonly ReplicaRow[], size: number): ReplicaRow[] {
  const groups = Array.from({ length: replicas.length / size }, (_, g) =>
    replicas.slice(g * size, (g + 1) * size),
  );
  return groups.map((group) =>
    group.reduce((a, b) => (b["validation"]! < a["validation"]! ? b : a)),
  );
}

function rowOf(
  name: string,
  runs: readonly ReplicaRow[],
  { losses, seconds, evaluation }: Trained,
  steps: number,
): Row {
  const of = (key: string): number[] => runs.map((run) => run[key]!);
  return {
    preset: name,
    runs: runs.length,
    "D_joint median [min, max]": spread(of("jointDistance")),
    "D_marg median [min, max]": spread(of("marginalDistance")),
    "L_D median": round(median(losses["discriminator"]!), 4),
    "L_G median": round(median(losses["generator"]!), 4),
    steps,
    "ms per seed and step": round((1000 * seconds) / (steps * evaluation.replicas.length)),
  };
}

async function run({ profile, log }: SuiteOptions): Promise<Report> {
  await useBackend("wasm");
  const rows: Row[] = [];
  let protocol: readonly string[] = [];
  for (const { name, groupsOf, options } of LINES) {
    const full = dqganConfig(options).train.steps;
    const steps = profile === "full" ? full : Math.round(full / 20);
    const replicas = SEEDS * groupsOf;
    log(`dqgan-acceptance: ${name}, ${String(replicas)} replicas, ${String(steps)} steps`);
    const trained = await trainAndEvaluate({
      ...options,
      replicas,
      train: { ...options.train, steps, evaluateEvery: 0 },
    });
    const { replicas: results, measures, protocol: stated } = trained.evaluation;
    requireError(`${name}: distance`, Math.max(...results.map((r) => r["jointDistance"]!)), 1);
    rows.push(rowOf(name, results, trained, steps));
    if (groupsOf > 1)
      rows.push(
        rowOf(
          `${name}, best of ${String(groupsOf)}`,
          bestOfGroups(results, groupsOf),
          trained,
          steps,
        ),
      );
    protocol = [
      ...stated.slice(0, 2),
      `Floors (real against real): D_joint ${measures[0]!.floor!.toFixed(4)}, D_marg ${measures[1]!.floor!.toFixed(4)}.`,
    ];
  }
  const short =
    profile === "quick" ? ["Profile quick: a twentieth of the steps; not the acceptance run."] : [];
  return report(rows, [
    ...protocol,
    "Published, one run each: 0.094 (algorithm 2) and 0.137 (algorithm 1), protocol not stated.",
    ...short,
  ]);
}

/** The suite `dqgan-acceptance`. */
export const dqganAcceptance: Suite = {
  title: "distances of trained DQGANs over seeds, every preset, both algorithms",
  run,
};
