// What a population row has of its own: the values of the shared angles, as host.as.ts reads them. In float64.

import { wholeTurns } from "./stages.js";
import type { Angle } from "./program.js";
import type { Plan, StageFill } from "./plan.js";
import type { Turn } from "./stages.js";

/** Where one row goes: the same memory as floats and as integers, and the factors of its sums. */
export type RowTarget = {
  readonly floats: Float32Array;
  readonly ints: Int32Array;
  readonly factors: Float64Array;
};

type Shared = ArrayLike<number>;
type Cursor = { row: number; sum: number };

function turnAngle({ offset, parts }: Turn, shared: Shared): number {
  return parts.reduce(
    (total, { table, column, factor }) =>
      table === "shared" ? total + factor * shared[column]! : total,
    offset,
  );
}

function constantPart({ table, column, factor, offset }: Angle, shared: Shared): number {
  return table === "shared" ? factor * shared[column]! + offset : offset;
}

/**
 * RY(θ) = RY(mπ) RY(φ) with |φ| ≤ π/2. RY(φ) is `cos φ/2` times [[1, -t], [t, 1]]; RY(mπ) exchanges amplitudes and
 * signs, which the monomial before does, as it does the product of all scales.
 */
function fillTurns(
  { turns }: StageFill,
  shared: Shared,
  to: RowTarget,
  cursor: Cursor,
): { scale: number; flips: number; cosines: number[] } {
  let [scale, flips] = [1, 0];
  const cosines = turns.map((turn) => {
    const theta = turnAngle(turn, shared);
    const m = Math.round(theta / Math.PI);
    const half = (theta - m * Math.PI) / 2;
    const cosine = Math.cos(half);
    const quarter = ((m % 4) + 4) % 4;
    scale *= quarter >= 2 ? -cosine : cosine;
    // RY(π) exchanges the pair and changes the sign where the bit is 0; that of -1 for each bit is in the scale.
    if (quarter % 2 === 1) {
      flips |= turn.bit;
      scale = -scale;
    }
    to.floats[cursor.row++] = Math.tan(half);
    return cosine;
  });
  return { scale, flips, cosines };
}

/**
 * What the sums of a stage lack: the way back divides by no scale, so that sums are taken of states that are too large
 * by what has been undone of the stage; the turns in pairs, the last pair first. Those of turns are twice the gradient.
 */
function fillFactors(cosines: readonly number[], firstSum: number, factors: Float64Array): number {
  let undone = 1;
  for (let i = cosines.length - 1; i >= 0; i -= 2) {
    const pair = i > 0 ? [i, i - 1] : [i];
    for (const j of pair) factors[firstSum + j] = undone / 2;
    for (const j of pair) undone *= cosines[j]! ** 2;
  }
  return undone;
}

function fillStage(stage: StageFill, shared: Shared, to: RowTarget, cursor: Cursor): void {
  const scaleAt = cursor.row;
  cursor.row += 2;
  const { terms, lanes } = stage;
  for (const { column, factor } of terms)
    to.ints[cursor.row++] = wholeTurns(factor * shared[column]!);
  const { scale, flips, cosines } = fillTurns(stage, shared, to, cursor);
  to.floats[scaleAt] = scale;
  to.ints[scaleAt + 1] = flips;
  const undone = fillFactors(cosines, cursor.sum + terms.length, to.factors);
  to.factors.fill(undone, cursor.sum, cursor.sum + terms.length);
  cursor.sum += terms.length + cosines.length;
  for (const turn of lanes) {
    to.floats[cursor.row++] = turnAngle(turn, shared) / 2;
    if (turn.parts.some(({ table }) => table === "shared")) to.factors[cursor.sum++] = 1;
  }
}

/** Fills a row from the values of the shared table. */
export function fillRow({ fills, prefix }: Plan, shared: Shared, to: RowTarget): void {
  const cursor = { row: 0, sum: 0 };
  for (const fill of fills) fillStage(fill, shared, to, cursor);
  for (const { angle } of prefix) {
    if (angle.table === "sample") continue;
    const half = constantPart(angle, shared) / 2;
    to.floats[cursor.row++] = Math.cos(half);
    to.floats[cursor.row++] = Math.sin(half);
    if (angle.table === "shared") to.factors[cursor.sum++] = 1;
  }
}
