// Does a QAAAN reach its scores, and does its prior matter? Topologies, samplers and latents beside baselines, over seeds,
// with tests; resumable, a training at a time.

import { backendInfo, useBackend, type BackendName } from "../src/backend.js";
import { ArgumentError } from "../src/errors.js";
import { VERSION } from "../src/version.js";
import { calibrate } from "./calibration.js";
import { question, type Question } from "./campaign/question.js";
import { runPoints, type Progress } from "./campaign/run.js";
import { openStore, type Store } from "./campaign/store.js";
import { describeMachine, round } from "./harness.js";
import { openData, type CampaignData } from "./qaaan/data.js";
import { campaignJudge, measureTraining, type Scoring } from "./qaaan/measure.js";
import { writeReport } from "./qaaan/report.js";
import {
  configOf,
  nameOf,
  PARTS,
  trainings,
  type Part,
  type Size,
  type Training,
} from "./qaaan/rows.js";
import { byRow } from "./qaaan/series.js";
import { checksOf, scoreRows, tablesOf } from "./qaaan/tables.js";
import type { Report, Suite, SuiteOptions } from "./harness.js";

/** How the campaign runs; what is left out is the full one. */
export type CampaignOptions = {
  readonly backend?: BackendName;
  readonly threads?: number;
  /** Folder of MNIST. Default: the one in the cache, or synthetic digits. */
  readonly data?: string;
  readonly parts?: readonly Part[];
  /** The first and the last. */
  readonly seeds?: readonly [number, number];
  /** Steps of headline and table; of the regime. */
  readonly steps?: number;
  readonly shortSteps?: number;
  /** Only rows in whose name this stands. */
  readonly rows?: string;
  /** Folders of other runs, whose trainings are counted. */
  readonly others?: readonly string[];
};

const SIZES = {
  full: { steps: 4000, shortSteps: 1000, seeds: [1, 10] },
  quick: { steps: 200, shortSteps: 100, seeds: [1, 1] },
} as const satisfies Record<string, Size>;

/** Seconds of a step on the machine that the campaign was written on. */
const STEP_SECONDS = 0.05;

function sizeOf(profile: SuiteOptions["profile"], how: CampaignOptions): Size {
  const { seeds, steps, shortSteps } = SIZES[profile];
  return {
    seeds: how.seeds ?? seeds,
    steps: how.steps ?? steps,
    shortSteps: how.shortSteps ?? shortSteps,
  };
}

function scoringOf({ profile }: SuiteOptions, data: CampaignData): Scoring {
  const full = profile === "full";
  return {
    ...{ data, n: full ? 10_000 : 1000 },
    ...{ every: full ? 1000 : 100, shortEvery: full ? 250 : 50 },
    // Its accuracy is the paper's, 95 %.
    classifierSeed: 1,
  };
}

/** A part of the campaign as a question. */
function questionOf(part: Part, all: readonly Training[], scoring: Scoring): Question {
  return question<Training>({
    name: part,
    points: () =>
      all
        .filter((one) => one.part === part)
        .map((spec) => ({ spec, seconds: STEP_SECONDS * spec.steps })),
    measure: (spec, options) => measureTraining(spec, scoring, options),
  });
}

/** How many trainings there are, and which of them other runs did. */
function countNotes(store: Store, { points, done, complete }: Progress): string[] {
  const records = store.records();
  const failed = records.filter(({ status }) => status !== "done").length;
  const others = new Map<string, number>();
  for (const { commit, cpu, points: n } of store.sources) {
    if (n === 0) continue;
    const where = `commit ${commit} on ${cpu}`;
    others.set(where, (others.get(where) ?? 0) + n);
  }
  return [
    complete
      ? `${String(records.length)} trainings, ${failed === 0 ? "none failed" : `${String(failed)} FAILED`}.`
      : `${String(done)} of ${String(points)} trainings; the same command continues.`,
    ...[...others].map(([where, n]) => `Of them ${String(n)} by other runs, of ${where}.`),
  ];
}

async function notesOf(scoring: Scoring): Promise<string[]> {
  const { data, n } = scoring;
  const any = configOf(trainings(["headline"], SIZES.quick)[0]!, null, 1);
  const words = await Promise.all(
    (["paper", "good"] as const).map(async (kind) => {
      const judge = await campaignJudge(any, scoring, kind);
      const { classifier, real } = judge!;
      const percent = (100 * classifier.accuracy).toFixed(1);
      const { inceptionScore, frechetDistance } = real.floor;
      return `Classifier of ${percent} % (seed ${String(classifier.seed)}, ${String(classifier.steps)} steps): real training against test images IS ${inceptionScore.toFixed(2)}, FID ${frechetDistance.toFixed(2)}; IS of the test images ${real.testScore.toFixed(2)}.`;
    }),
  );
  const images = data.name === "mnist" ? "MNIST" : "Synthetic digits, as there is no MNIST here";
  return [
    `${images}; preset \`small\`; ${n.toLocaleString("en-US")} generated against as many test images; moving average of the generator, batch norms refitted. Scores: median [smallest, largest] over seeds.`,
    ...words,
    "Published, with a classifier of about 95 % and an unknown number of images: classical IS 5.7, FID 29; annealer IS 5.6, FID 23.",
  ];
}

/** Runs the campaign in `options.folder`, or what is left of it. */
export async function runCampaign(
  options: SuiteOptions,
  how: CampaignOptions = {},
): Promise<Report> {
  const { folder, profile } = options;
  if (folder === undefined)
    throw new ArgumentError("qaaan-acceptance: argument `folder` must be given, but is missing.");
  const { backend = "auto", threads, parts = PARTS, rows = "", others = [] } = how;
  await useBackend(backend, threads === undefined ? {} : { threads });
  const { commit, cpu } = describeMachine();
  const identity = { suite: "qaaan-acceptance", profile, commit, cpu, version: VERSION };
  const store = openStore(folder, identity, options.fresh, others);
  const scoring = scoringOf(options, openData(how.data));
  const all = trainings(parts, sizeOf(profile, how)).filter((one) => nameOf(one).includes(rows));
  if (all.length === 0)
    throw new ArgumentError(
      `qaaan-acceptance: argument \`rows\` must stand in the name of a row of ${parts.join(", ")}, but is "${rows}".`,
    );
  const questions = parts.map((part) => questionOf(part, all, scoring));
  const progress = await runPoints(questions, store, options);
  const records = store.records();
  const checks = profile === "full" && scoring.data.name === "mnist" ? checksOf(records) : [];
  const report: Report = {
    machine: { ...describeMachine(), commit, threads: backendInfo().threads },
    calibration: round(calibrate()),
    rows: scoreRows(byRow(records, ["headline"])),
    notes: [...countNotes(store, progress), ...(await notesOf(scoring))],
    tables: tablesOf(records),
    checks,
    complete: progress.complete,
    folder,
  };
  await writeReport(folder, report, records);
  return report;
}

/** The suite `qaaan-acceptance`; `npm run bench:qaaan` has more options. */
export const qaaanAcceptance: Suite = {
  title: "scores of trained QAAANs over seeds: topologies, samplers, latents, baselines, tests",
  keepsFolder: true,
  run: (options) => runCampaign(options),
};
