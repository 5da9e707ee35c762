// The topology study of arXiv:1904.10573, figures 6 and 7: trains every line of it and measures what the paper plots, and beside
// it what it could not. Draws nothing and judges nothing.

import { existsSync } from "node:fs";
import { DATA_SETS, dataSetFolder, mnistText } from "../../src/data/files/index.js";
import { boltzmann, boltzmannConfig, trainBoltzmann } from "../../src/models/index.js";
import type {
  BoltzmannOptions,
  DataFiles,
  Evaluation,
  HistoryRow,
  Snapshot,
} from "../../src/models/index.js";
import type { Profile, SuiteOptions } from "../harness.js";

/** The graphs of the paper. */
export const TOPOLOGIES = ["complete", "bipartite", "chimera"] as const;

/** One of {@link TOPOLOGIES}. */
export type Topology = (typeof TOPOLOGIES)[number];

/** One training: five repetitions together. */
export type Line = {
  /** Which figure it belongs to. */
  readonly part: "figure 6" | "figure 6 by Gibbs sampling" | "figure 7" | "the same 32 pixels";
  readonly topology: Topology;
  readonly sampler: "gibbs" | "path-integral";
  readonly rate: number;
  readonly steps: number;
  /** Updates between two points of its curve. */
  readonly every: number;
  /** Updates after which it is evaluated, besides the last. */
  readonly marks: readonly number[];
  readonly corners: "auto" | "drop";
};

/** A line after so many updates. */
export type Result = {
  readonly line: Line;
  readonly step: number;
  /** L1 norm of the 1,000 samples of the training, and its floor. */
  readonly sampled: readonly number[];
  readonly floor: number;
  readonly evaluation: Evaluation;
};

/** A line, its results and its curve. */
export type Trained = {
  readonly line: Line;
  readonly results: readonly Result[];
  readonly history: readonly HistoryRow[];
  readonly seconds: number;
};

/** The images that are learned. */
export type StudyData = { readonly isMnist: boolean; readonly options: BoltzmannOptions };

/** MNIST in the folder of `ZENOFLOW_MNIST`, else in the cache of data sets, else synthetic digits. */
export function studyData(env: Readonly<Record<string, string | undefined>>): StudyData {
  const folder = dataSetFolder(DATA_SETS["mnist"]!, env);
  if (env["ZENOFLOW_MNIST"] === undefined && !existsSync(folder)) {
    return { isMnist: false, options: { data: { source: "digits" } } };
  }
  const files: DataFiles = { mnist: mnistText(folder) };
  return { isMnist: true, options: { files, data: { file: "mnist" } } };
}

const each = (line: Omit<Line, "topology">, of: readonly Topology[] = TOPOLOGIES): Line[] =>
  of.map((topology) => ({ ...line, topology }));

/** The lines of a profile: quick ones have a tenth of the updates. */
export function linesOf(profile: Profile): Line[] {
  const part = (steps: number): number => (profile === "full" ? steps : steps / 10);
  const gibbs = { sampler: "gibbs", corners: "auto" } as const;
  const fast = { rate: 0.03, steps: part(1000), every: part(50), marks: [] };
  const slow = { rate: 0.001, steps: part(3000), every: part(100), marks: [part(1000)] };
  return [
    ...each({ part: "figure 7", ...gibbs, ...slow }),
    ...each({ part: "figure 6 by Gibbs sampling", ...gibbs, ...fast }),
    ...each({ part: "the same 32 pixels", ...gibbs, ...fast, corners: "drop" }, [
      "complete",
      "bipartite",
    ]),
    ...each({ part: "figure 6", ...gibbs, ...fast, sampler: "path-integral" }),
  ];
}

/** Repetitions of a profile. */
export const REPLICAS: Readonly<Record<Profile, number>> = { quick: 2, full: 5 };

/** Trains and evaluates one line. */
export async function trainLine(
  line: Line,
  data: StudyData,
  { profile, log }: SuiteOptions,
): Promise<Trained> {
  const { topology, corners, sampler, rate, steps, every, marks } = line;
  log(`topology-study: ${line.part}, ${topology}, ${sampler}, ${steps} updates`);
  const options: BoltzmannOptions = {
    ...data.options,
    replicas: REPLICAS[profile],
    model: { topology, corners },
    train: { sampler, rate, steps, evaluateEvery: every },
    evaluate: { maxSeconds: 3 },
  };
  const start = performance.now();
  const history: HistoryRow[] = [];
  const kept: { snapshot: Snapshot; row: HistoryRow }[] = [];
  for await (const event of trainBoltzmann(options)) {
    const { step, losses, metrics } = event;
    if (metrics === undefined) continue;
    const row = { step, losses, metrics };
    history.push(row);
    if (step === steps || marks.includes(step))
      kept.push({ snapshot: await event.snapshot(), row });
  }
  const seconds = (performance.now() - start) / 1000;
  const results: Result[] = [];
  for (const { snapshot, row } of kept) {
    const { files } = data.options;
    const config = boltzmannConfig(options);
    results.push({
      ...{ line, step: row.step },
      sampled: row.metrics!["l1Distance"]!,
      floor: row.metrics!["l1Floor"]![0]!,
      evaluation: await boltzmann.evaluate(config, snapshot, { ...(files && { files }) }),
    });
  }
  return { line, results, history, seconds };
}
