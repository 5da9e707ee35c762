// Do more couplings make a better model, and can the paper's L1 norm tell? Trains every topology with both samplers.

import { useBackend } from "../src/backend.js";
import { median, report, round } from "./harness.js";
import { exactCheck, normChecks, orderCheck, referenceOf } from "./topologies/acceptance.js";
import { kept, keptFolder } from "./topologies/kept.js";
import {
  linesOf,
  REPLICAS,
  studyData,
  trainLine,
  type Result,
  type StudyData,
  type Trained,
} from "./topologies/study.js";
import type { Check, Report, Row, Suite, SuiteOptions } from "./harness.js";

/** All that the study has: trainings for figures, and the report. */
export type Study = { readonly trained: readonly Trained[]; readonly report: Report };

function spread(values: readonly number[], digits = 2): string {
  const [lo, hi] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} [${lo.toFixed(digits)}, ${hi.toFixed(digits)}]`;
}

function rowOf(result: Result, seconds: number): Row {
  const { line, step, sampled, floor, evaluation } = result;
  const of = (key: string): number[] => evaluation.replicas.map((row) => row[key]!);
  const reference = referenceOf(result);
  return {
    part: line.part,
    topology: line.topology,
    units: evaluation.columns.length,
    rate: line.rate,
    updates: step,
    "L1, 1,000 samples": spread(sampled),
    floor: round(floor),
    "L1, 10,000 samples": spread(of("l1")),
    reference: reference === undefined ? null : `${reference[0]}, ${reference[1]}`,
    "L1, little noise": spread(of("validation")),
    "L1 of covariances": spread(of("covariance")),
    "log-likelihood, test": spread(of("logLikelihood"), 3),
    "s per 1,000 updates": round((1000 * seconds) / line.steps),
  };
}

function notesOf(results: readonly Result[], data: StudyData, options: SuiteOptions): string[] {
  const what = data.isMnist ? "MNIST" : "synthetic digits";
  const shown = results.filter(({ line, step }) => line.rate === 0.03 && step === line.steps);
  const fields = shown.map(({ evaluation: { columns, measures } }) => {
    const alone = (name: string): string =>
      /fields alone (\S+)/.exec(measures.find((one) => one.name === name)?.note ?? "")?.[1] ?? "–";
    return `Fields alone on ${columns.length} pixels: L1 ${alone("l1Smooth")}, log-likelihood ${alone("logLikelihood")}.`;
  });
  return [
    `${what} at 6 × 6 pixels, binarised at random; Chimera has 32 units and leaves out the four corners. Median [min, max] of ${results[0]!.evaluation.replicas.length} repetitions.`,
    "L1: sum over unordered pairs of |correlation in the data − in the model|, against exact correlations of the data. Floor: what 1,000 samples of a perfect model score. Little noise: exact for Chimera, conditional means for the others.",
    ...new Set(fields),
    ...(options.profile === "quick"
      ? ["Profile quick: a tenth of the updates; nothing is held against the reference."]
      : []),
  ];
}

function checksOf(results: readonly Result[], data: StudyData, { profile }: SuiteOptions): Check[] {
  if (profile === "quick") return [exactCheck()];
  const order = [1000, 3000].map((step) => orderCheck(results, step));
  return [exactCheck(), ...order, ...(data.isMnist ? results.flatMap(normChecks) : [])];
}

/** The whole study; continues where an interrupted one stopped. */
export async function runStudy(options: SuiteOptions): Promise<Study> {
  await useBackend("wasm");
  const data = studyData(process.env);
  const trained: Trained[] = [];
  const { profile, log } = options;
  const folder = keptFolder(profile);
  log(`topology-study: lines that are done are kept in ${folder}`);
  for (const line of linesOf(profile)) {
    const train = (): Promise<Trained> => trainLine(line, data, options);
    trained.push(await kept(folder, line, data, REPLICAS[profile], train));
  }
  const results = trained.flatMap((one) => one.results);
  const rows = trained.flatMap(({ results: own, seconds }) =>
    own.map((result) => rowOf(result, seconds)),
  );
  const checks = checksOf(results, data, options);
  return { trained, report: { ...report(rows, notesOf(results, data, options)), checks } };
}

/** The suite `topology-study`. */
export const topologyStudy: Suite = {
  title:
    "Boltzmann machines on complete, bipartite and Chimera graphs: figures 6 and 7 of the paper, and likelihoods",
  async run(options) {
    const { report: found } = await runStudy(options);
    return found;
  },
};
