// Steps gathered into stages: one monomial pass (a permutation, then phases), one dense block at most, then rotations of
// distinct bits. Each step goes into the earliest stage that it can commute to.

import { ones } from "./program.js";
import type { Flip, Unitary } from "./program.js";
import type { PhaseStep, Step, TurnStep } from "./lower.js";

/** A multiple of a column of a table. */
export type Contribution = {
  readonly table: "shared" | "sample";
  readonly column: number;
  readonly factor: number;
};

/** RY on a bit by the sum of its parts. */
export type Turn = { readonly bit: number; offset: number; readonly parts: Contribution[] };

/** `ψ'_k = exp(i phase_k) ψ_{source[k]}`, then the block, then the turns. */
export type Stage = {
  source: Int32Array | null;
  /** Constant phases in turns of 2π / 2^32, which add without rounding. */
  turns: Int32Array | null;
  /** The other phases, without their constant parts. */
  terms: PhaseStep[];
  /** Bits that the monomial touches. */
  touched: number;
  dense: Unitary | null;
  rotations: Turn[];
};

/** Radians in units of 2π / 2^32, modulo 2π. */
export function wholeTurns(radians: number): number {
  const turns = radians / (2 * Math.PI);
  return Math.round((turns - Math.round(turns)) * 2 ** 32) | 0;
}

function emptyStage(): Stage {
  return { source: null, turns: null, terms: [], touched: 0, dense: null, rotations: [] };
}

const rotated = ({ rotations }: Stage): number => rotations.reduce((all, { bit }) => all | bit, 0);

function denseBits({ dense }: Stage, n: number): number {
  return dense === null ? 0 : dense.wires.reduce((all, q) => all | (1 << (n - 1 - q)), 0);
}

/** The phase as it reads after a flip, `f(flip(k))` of old indices; null if it has no such form. */
function pushed(step: PhaseStep, { controls, values, x }: Flip): PhaseStep | null {
  if ((x & (step.controls | step.z)) === 0) return step;
  if ((x & step.controls) !== 0 || ones(controls) > 1) return null;
  if (ones(x & step.z) % 2 === 0) return step;
  const negative = controls === 0 || values === 0;
  return { ...step, z: step.z ^ controls, weight: negative ? -step.weight : step.weight };
}

function canFlip({ terms }: Stage, flip: Flip): boolean {
  return terms.every((term) => pushed(term, flip) !== null);
}

function addFlip(stage: Stage, flip: Flip, N: number): void {
  const to = (k: number): number => ((k & flip.controls) === flip.values ? k ^ flip.x : k);
  const [source, turns] = [stage.source, stage.turns];
  stage.source = Int32Array.from({ length: N }, (_, k) => (source ? source[to(k)]! : to(k)));
  if (turns) stage.turns = turns.map((_, k) => turns[to(k)]!);
  stage.terms = stage.terms.map((term) => pushed(term, flip)!);
  stage.touched |= flip.controls | flip.x;
}

function addPhase(stage: Stage, step: PhaseStep, N: number): void {
  const { controls, values, z, weight, angle } = step;
  stage.touched |= controls | z;
  if (angle.offset !== 0) {
    const plus = wholeTurns(weight * angle.offset);
    const minus = -plus | 0;
    stage.turns ??= new Int32Array(N);
    for (let k = 0; k < N; k++)
      if ((k & controls) === values) stage.turns[k]! += ones(k & z) % 2 === 0 ? plus : minus;
  }
  if (angle.table !== "none") stage.terms.push(step);
}

function addTurn(stage: Stage, { bit, weight, angle }: TurnStep): void {
  let turn = stage.rotations.find((one) => one.bit === bit);
  if (!turn) {
    turn = { bit, offset: 0, parts: [] };
    stage.rotations.push(turn);
  }
  turn.offset += weight * angle.offset;
  const { table, column, factor } = angle;
  if (table !== "none") turn.parts.push({ table, column, factor: weight * factor });
}

/** Index of the earliest stage whose monomial can take the step at its end, or the number of stages. */
function placeInMonomial(stages: readonly Stage[], step: PhaseStep | Flip, n: number): number {
  const mask = step.controls | (step.kind === "flip" ? step.x : step.z);
  let best = stages.length;
  for (let t = stages.length - 1; t >= 0; t--) {
    const stage = stages[t]!;
    if (((rotated(stage) | denseBits(stage, n)) & mask) !== 0) break;
    if (step.kind === "phase" || canFlip(stage, step)) best = t;
    const commutes =
      (stage.touched & mask) === 0 || (step.kind === "phase" && stage.source === null);
    if (!commutes) break;
  }
  return best;
}

/** Index of the earliest stage that can rotate a bit. */
function placeTurn(stages: readonly Stage[], bit: number, n: number): number {
  let t = stages.length - 1;
  while (t > 0 && ((stages[t]!.touched | denseBits(stages[t]!, n)) & bit) === 0) t--;
  return Math.max(t, 0);
}

/** Phases that differ between samples are a pass of their own, before any rotation. */
function separated(stage: Stage): Stage[] {
  const perSample = stage.terms.some(({ angle }) => angle.table === "sample");
  if (!perSample || stage.rotations.length === 0) return [stage];
  return [
    { ...stage, rotations: [] },
    { ...emptyStage(), rotations: stage.rotations },
  ];
}

/** Without what no measurement in the computational basis can see. */
function withoutLastPhases(stages: Stage[]): Stage[] {
  const last = stages.at(-1);
  if (last === undefined || last.rotations.length > 0 || last.dense) return stages;
  const rest = stages.slice(0, -1);
  if (last.source === null) return withoutLastPhases(rest);
  return [...rest, { ...last, turns: null, terms: [] }];
}

/** The stages of some steps; phases at the end are dropped if `diagonal`. */
export function stagesOf(steps: readonly Step[], n: number, diagonal: boolean): Stage[] {
  const N = 1 << n;
  const stages: Stage[] = [];
  const at = (index: number): Stage => {
    if (index === stages.length) stages.push(emptyStage());
    return stages[index]!;
  };
  for (const step of steps) {
    if (step.kind === "turn") addTurn(at(placeTurn(stages, step.bit, n)), step);
    else if (step.kind === "unitary") stages.push({ ...emptyStage(), dense: step });
    else if (step.kind === "flip") addFlip(at(placeInMonomial(stages, step, n)), step, N);
    else addPhase(at(placeInMonomial(stages, step, n)), step, N);
  }
  const all = diagonal ? withoutLastPhases(stages) : stages;
  for (const stage of all) stage.rotations.sort((a, b) => a.bit - b.bit);
  return all.flatMap(separated);
}
