// A program as the words that host.as.ts reads. Derived from the structure of a program once; values stay in rows.ts.

import { stepsOf } from "./lower.js";
import { prefixOf } from "./prefix.js";
import { stagesOf } from "./stages.js";
import type { WireRotation } from "./prefix.js";
import type { GateProgram } from "./program.js";
import type { Stage, Turn } from "./stages.js";

/** A sum of gradients: `factor` of it belongs to a column of the shared table. */
export type Share = { readonly sum: number; readonly column: number; readonly factor: number };

/** What a stage has of the values of shared angles. */
export type StageFill = {
  /** Turns whose angles all samples share, and those whose angles differ. */
  readonly turns: readonly Turn[];
  readonly lanes: readonly Turn[];
  readonly terms: readonly { readonly column: number; readonly factor: number }[];
};

/** What the host form needs of a program. */
export type Plan = {
  readonly stages: readonly Stage[];
  readonly prefix: readonly WireRotation[];
  /** What has places in a row, stage by stage. */
  readonly fills: readonly StageFill[];
  /** Header, records and tables. */
  readonly words: Int32Array;
  /** Words of a row: what a population row has of its own, in the order that rows.ts fills it. */
  readonly row: number;
  /** Sums over samples that the gradient kernel gives, and where they belong. */
  readonly sums: number;
  readonly shares: readonly Share[];
};

/** What the plan of a program depends on besides. */
export type PlanKind = { readonly prefix: boolean; readonly output: "Z words" | "words" | "state" };

const HEADER = 4;
const STAGE = 16;
const PREFIX = 8;
const AXES = ["x", "y", "z"] as const;

const floatView = new Float32Array(1);
const wordView = new Int32Array(floatView.buffer);
function bitsOfFloat(x: number): number {
  floatView[0] = x;
  return wordView[0]!;
}

const log2 = (bit: number): number => 31 - Math.clz32(bit);
const isShared = ({ parts }: Turn): boolean => parts.every(({ table }) => table === "shared");

function fillOf({ rotations, terms }: Stage): StageFill {
  const shared = terms.filter(({ angle }) => angle.table === "shared");
  return {
    turns: rotations.filter(isShared),
    lanes: rotations.filter((turn) => !isShared(turn)),
    terms: shared.map(({ weight, angle }) => ({
      column: angle.column,
      factor: weight * angle.factor,
    })),
  };
}

/** What is under construction: records after the header, and counters. */
type Draft = { tail: Int32Array[]; length: number; row: number; shares: Share[]; sums: number };

/** Byte offset of a record put behind all others. */
function put(draft: Draft, words: Int32Array | readonly number[]): number {
  const at = 4 * draft.length;
  draft.tail.push(Int32Array.from(words));
  draft.length += words.length;
  return at;
}

function takeRow(draft: Draft, words: number): number {
  draft.row += words;
  return draft.row - words;
}

function takeSum(draft: Draft, columns: readonly { column: number; factor: number }[]): number {
  draft.shares.push(...columns.map(({ column, factor }) => ({ sum: draft.sums, column, factor })));
  return draft.sums++;
}

function kindOf({ source, turns, terms, rotations }: Stage): number {
  const shared = terms.some(({ angle }) => angle.table === "shared");
  if (shared || turns?.some((t) => (t & 0x7fffffff) !== 0)) return 2;
  return source === null && turns === null && rotations.length === 0 ? 0 : 1;
}

function termRecords(draft: Draft, { terms }: Stage, table: "shared" | "sample"): number[] {
  return terms
    .filter(({ angle }) => angle.table === table)
    .flatMap(({ controls, values, z, weight, angle: { column, factor } }) => {
      if (table === "sample")
        return [controls, values, z, column, bitsOfFloat((weight * factor) / (2 * Math.PI))];
      takeSum(draft, [{ column, factor: weight * factor }]);
      return [controls, values, z, takeRow(draft, 1)];
    });
}

function laneRecords(draft: Draft, turns: readonly Turn[]): number[] {
  return turns.flatMap(({ bit, parts }) => {
    const own = parts.filter(({ table }) => table === "sample");
    const shared = parts.filter(({ table }) => table === "shared");
    return [
      log2(bit),
      takeRow(draft, 1),
      shared.length > 0 ? takeSum(draft, shared) : -1,
      own.length,
      ...own.flatMap(({ column, factor }) => [column, bitsOfFloat(factor / 2)]),
    ];
  });
}

function denseRecord({ dense }: Stage, n: number): number[] {
  if (dense === null) return [];
  const bits = dense.wires.map((q) => 1 << (n - 1 - q)).reverse();
  return [...bits, ...dense.re.flatMap((x, i) => [bitsOfFloat(x), bitsOfFloat(dense.im[i]!)])];
}

/** The order of takeRow here is the order in which rows.ts fills. */
function stageRecord(draft: Draft, stage: Stage, n: number): number[] {
  const fill = fillOf(stage);
  const scale = takeRow(draft, 2);
  const firstSum = draft.sums;
  const shared = termRecords(draft, stage, "shared");
  const sample = termRecords(draft, stage, "sample");
  const turns = fill.turns.flatMap(({ bit, parts }) => [
    log2(bit),
    takeRow(draft, 1),
    takeSum(draft, parts),
  ]);
  const lanes = laneRecords(draft, fill.lanes);
  const dense = denseRecord(stage, n);
  const record = [
    stage.source ? put(draft, stage.source) : 0,
    stage.turns ? put(draft, stage.turns) : 0,
    kindOf(stage),
    ...[shared.length / 4, put(draft, shared), sample.length / 5, put(draft, sample)],
    ...[stage.dense?.wires.length ?? 0, put(draft, dense)],
    ...[turns.length / 3, put(draft, turns), fill.lanes.length, put(draft, lanes)],
    ...[scale, firstSum],
  ];
  return [...record, ...Array<number>(STAGE - record.length).fill(0)];
}

function prefixRecord(draft: Draft, { bit, axis, angle }: WireRotation): number[] {
  const { table, column, factor, offset } = angle;
  const sample = table === "sample";
  return [
    ...[log2(bit), AXES.indexOf(axis), sample ? column : -1],
    ...[bitsOfFloat(factor / 2), bitsOfFloat(offset / 2)],
    sample ? -1 : takeRow(draft, 2),
    table === "shared" ? takeSum(draft, [{ column, factor }]) : -1,
    0,
  ];
}

function makePlan(program: GateProgram, kind: PlanKind): Plan {
  const n = program.wires;
  const none = { rotations: [], phases: [], rest: program.primitives };
  const { rotations: prefix, phases, rest } = kind.prefix ? prefixOf(program.primitives, n) : none;
  const steps = [...phases, ...rest.flatMap((one) => stepsOf(one, n))];
  // No expectation value depends on a global phase.
  const seen = steps.filter(
    (step) =>
      kind.output === "state" || step.kind !== "phase" || step.controls !== 0 || step.z !== 0,
  );
  const stages = stagesOf(seen, n, kind.output === "Z words");
  const first = HEADER + STAGE * stages.length + PREFIX * prefix.length;
  const draft: Draft = { tail: [], length: first, row: 0, shares: [], sums: 0 };
  const records = [
    ...stages.flatMap((stage) => stageRecord(draft, stage, n)),
    ...prefix.flatMap((rotation) => prefixRecord(draft, rotation)),
  ];
  const words = new Int32Array(draft.length);
  words.set([stages.length, prefix.length, draft.sums, 0, ...records]);
  let at = first;
  for (const part of draft.tail) {
    words.set(part, at);
    at += part.length;
  }
  const fills = stages.map(fillOf);
  return { stages, prefix, fills, words, row: draft.row, sums: draft.sums, shares: draft.shares };
}

const plans = new WeakMap<GateProgram, Map<string, Plan>>();

/** The plan of a program, made once. */
export function planOf(program: GateProgram, kind: PlanKind): Plan {
  const known = plans.get(program) ?? new Map<string, Plan>();
  plans.set(program, known);
  const key = `${kind.output}, ${String(kind.prefix)}`;
  const plan = known.get(key) ?? makePlan(program, kind);
  known.set(key, plan);
  return plan;
}
