// How close does a hybrid QGAN come to N(0, 0.2), and how surely? Every preset, and trainable circuits by ansatz and depth,
// over seeds.

import { useBackend } from "../src/backend.js";
import { generatorOf } from "../src/models/hybrid-qgan/generator.js";
import { hybridConfig, hybridQgan, trainHybridQgan } from "../src/models/index.js";
import { median, report, requireError, round } from "./harness.js";
import type { Evaluation, HybridOptions, Snapshot } from "../src/models/index.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

const SEEDS = 10;
const SHOTS = 1000;

/** A line of the table. */
type Line = { readonly name: string; readonly options: HybridOptions };

const ANSATZE = ["rotations", "hardwareEfficient", "stronglyEntangling", "reuploading"] as const;
const LAYERS = [1, 2] as const;

const LINES: readonly Line[] = [
  ...["robust", "trainable", "paper"].map((preset) => ({ name: preset, options: { preset } })),
  ...ANSATZE.flatMap((ansatz) =>
    LAYERS.map((layers) => ({ name: ansatz, options: { model: { ansatz, layers } } })),
  ),
];

async function trained(options: HybridOptions): Promise<Snapshot> {
  let last: Snapshot | undefined;
  for await (const event of trainHybridQgan(options))
    if (event.step === event.steps) last = await event.snapshot();
  return last!;
}

/** The reference's acceptance of one seed. */
function isAccepted(run: Evaluation["replicas"][number]): boolean {
  const [mean, std, w1] = [run["mean.0"]!, run["std.0"]!, run["w1.0"]!];
  return Math.abs(mean) < 0.02 && Math.abs(std - 0.2) < 0.025 && w1 < 0.022;
}

function rowOf({ name, options }: Line, { replicas, measures }: Evaluation, seconds: number): Row {
  const { model, train } = hybridConfig(options);
  const of = (key: string): number[] => replicas.map((run) => run[key]!);
  const w1 = of("w1.0");
  const shots = measures.find((one) => one.name === "distanceShots");
  return {
    circuit: name,
    layers: model.ansatz === "notebook" ? null : model.layers,
    trained: generatorOf(model, 1).count,
    "W1 median": round(median(w1)),
    "W1 min": round(Math.min(...w1)),
    "W1 max": round(Math.max(...w1)),
    "KS median": round(median(of("ks.0"))),
    "|mean| max": round(Math.max(...of("mean.0").map(Math.abs)), 2),
    "std min": round(Math.min(...of("std.0"))),
    "std max": round(Math.max(...of("std.0"))),
    accepted: `${String(replicas.filter(isAccepted).length)} of ${String(replicas.length)}`,
    [`W1 of the best, ${String(SHOTS)} shots`]: round(shots!.value),
    steps: train.steps,
    "ms per seed and step": round((1000 * seconds) / (train.steps * replicas.length)),
  };
}

async function run({ profile, log }: SuiteOptions): Promise<Report> {
  await useBackend("wasm");
  const rows: Row[] = [];
  let protocol: readonly string[] = [];
  let floor = NaN;
  for (const line of LINES) {
    const full = hybridConfig(line.options).train.steps;
    const options: HybridOptions = {
      ...line.options,
      replicas: SEEDS,
      train: { steps: profile === "full" ? full : Math.round(full / 20), evaluateEvery: 0 },
      evaluate: { shots: SHOTS },
    };
    log(`hybrid-acceptance: ${line.name} ${JSON.stringify(line.options.model ?? {})}`);
    const start = performance.now();
    const snapshot = await trained(options);
    const seconds = (performance.now() - start) / 1000;
    const evaluation = await hybridQgan.evaluate(hybridConfig(options), snapshot);
    const found = evaluation.replicas.map((one) => one["w1.0"]!);
    // Two laws on [-1, 1] are at most 2 apart.
    requireError(`${line.name}: distance`, Math.max(...found), 2);
    rows.push(rowOf({ ...line, options }, evaluation, seconds));
    protocol = evaluation.protocol.slice(0, 1);
    floor = evaluation.measures.find((one) => one.name === "w1.0")!.floor!;
  }
  const short =
    profile === "quick" ? ["Profile quick: a twentieth of the steps; not the acceptance run."] : [];
  return report(rows, [
    ...protocol,
    `${String(SEEDS)} seeds each. Floor of W1: ${String(round(floor))}; of the law sin(a): 0.0016.`,
    "Accepted: |mean| < 0.02, |std − 0.2| < 0.025 and W1 < 0.022. Rows below the presets have the training of robust.",
    `Shots: the seed that is best in validation, 10,000 samples, ⟨Z⟩ of each from ${String(SHOTS)} shots.`,
    ...short,
  ]);
}

/** The suite `hybrid-acceptance`. */
export const hybridAcceptance: Suite = {
  title: "distances of trained hybrid QGANs over seeds: presets, and ansätze by depth",
  run,
};
