// What the trained models do, from their finished points: distances over Γ, and how far models of one seed are apart.

import { median, round } from "../harness.js";
import { numberOf, rowsOf, select, valuesOf } from "./records.js";
import type { PointRecord } from "../campaign/store.js";
import type { Row } from "../harness.js";

/** Angles of a model for the same latent points, seed after seed. */
function anglesOf(
  records: readonly PointRecord[],
  trainedWith: string,
  trainedAt: number,
  judgedAt: number,
): readonly number[] | undefined {
  const point = records.find(
    ({ question, spec }) =>
      question === "training" &&
      spec["trainedWith"] === trainedWith &&
      spec["trainedAt"] === trainedAt,
  );
  return point?.samples?.[`exact ${String(judgedAt)}`];
}

function rms(a: readonly number[], b: readonly number[]): number {
  const sum = a.reduce((total, x, i) => total + (x - b[i]!) ** 2, 0);
  return Math.sqrt(sum / a.length);
}

const parts = (angles: readonly number[], seeds: number): number[][] => {
  const size = angles.length / seeds;
  return Array.from({ length: seeds }, (_, s) => angles.slice(s * size, (s + 1) * size));
};

/** Root mean square differences of angles, radians: of the same seed, and of different seeds of the second model. */
export function modelDifferences(
  a: readonly number[],
  b: readonly number[],
  seeds: number,
): { readonly same: number[]; readonly different: number[] } {
  const [first, second] = [parts(a, seeds), parts(b, seeds)];
  return {
    same: first.map((angles, s) => rms(angles, second[s]!)),
    different: second.flatMap((x, s) => second.slice(s + 1).map((y) => rms(x, y))),
  };
}

/** Median with its range, as tables show it. */
export function spreadOf(values: readonly number[]): string {
  const three = [median(values), Math.min(...values), Math.max(...values)].map((x) => x.toFixed(3));
  return `${three[0]!} [${three[1]!}, ${three[2]!}]`;
}

function differencesTo(
  records: readonly PointRecord[],
  trainedWith: string,
  trainedAt: number,
  seeds: number,
): Row {
  // The limit has no Γ of its own: it stands in for the larger one.
  const at = trainedAt === 0 ? 100 : trainedAt;
  const [own, exact] = [
    anglesOf(records, trainedWith, trainedAt, at),
    anglesOf(records, "exact", at, at),
  ];
  if (own === undefined || exact === undefined) return { angles: null, "between seeds": null };
  const { same, different } = modelDifferences(own, exact, seeds);
  return {
    angles: trainedWith === "exact" ? null : spreadOf(same),
    "between seeds": different.length > 0 ? spreadOf(different) : null,
  };
}

/** One row for each training and each Γ at which it is judged. */
export function trainingRows(records: readonly PointRecord[]): Row[] {
  const rows = rowsOf(records, "training");
  const models = records.filter(
    ({ question, status }) => question === "training" && status === "done",
  );
  return models.flatMap(({ spec }) => {
    const { trainedWith, trainedAt } = spec;
    const own = select(rows, { trainedWith: trainedWith!, trainedAt: trainedAt! });
    const seeds = valuesOf(own, "seed").length;
    const apart = differencesTo(records, String(trainedWith), Number(trainedAt), seeds);
    return valuesOf(own, "judgedAt").map((judgedAt): Row => {
      const of = (judgedBy: string): number[] =>
        select(own, { judgedAt, judgedBy }).map((row) => numberOf(row, "D_joint"));
      return {
        "trained with": trainedWith!,
        "at Γ": trainedAt === 0 ? "∞" : trainedAt!,
        "judged at Γ": judgedAt,
        D_joint: spreadOf(of("exact")),
        "D_joint by the effective equation": spreadOf(of("effective")),
        floor: round(numberOf(own[0]!, "floor"), 2),
        ...apart,
        "ms per seed and step": own[0]!["ms per seed and step"]!,
      };
    });
  });
}
