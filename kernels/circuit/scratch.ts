// The scratch memory of a thread: its areas, in the order in which host.as.ts knows them.

import type { GateProgram } from "./program.js";
import type { Plan } from "./plan.js";

/** Offsets of the areas, and bytes of all. */
export type ScratchLayout = {
  readonly offsets: readonly number[];
  readonly bytes: number;
  /** Every stage has a table and sums of its own; else they are made when they are used. */
  readonly keep: boolean;
};

/** Above this many bytes of tables they are not kept. */
const KEPT = 2 ** 20;

const VECTOR = 16;
const AMPLITUDE = 32;

/** As treeBytes in product.as.ts. */
function treeBytes(bits: number): number {
  if (bits === 1) return 0;
  const low = bits >> 1;
  const high = bits - low;
  return AMPLITUDE * (2 ** low + 2 ** high) + treeBytes(low) + treeBytes(high);
}

function layoutOf({ wires, sample }: GateProgram, plan: Plan, gradient: boolean): ScratchLayout {
  const N = 2 ** wires;
  const state = AMPLITUDE * N;
  const copies = plan.stages.some(({ source }) => source !== null);
  const stages = plan.stages.length;
  const keep = stages * N * (8 + VECTOR) <= KEPT;
  const tables = keep ? stages : 1;
  const back = (bytes: number): number => (gradient ? bytes : 0);
  const areas = [
    ...[state, copies ? state : 0, back(state), copies ? back(state) : 0],
    ...[8 * N * tables, back(VECTOR * N * tables), back(VECTOR * plan.sums)],
    ...[VECTOR * sample, back(VECTOR * sample), 64 * wires, back(64 * wires)],
    ...[treeBytes(wires), back(treeBytes(wires)), state + 256, VECTOR * (wires + 1)],
    2 * VECTOR * (plan.prefix.length + 1),
  ];
  const offsets: number[] = [];
  let bytes = 0;
  for (const area of areas) {
    offsets.push(bytes);
    bytes += Math.ceil(area / 64) * 64;
  }
  return { offsets, bytes, keep };
}

const layouts = new WeakMap<Plan, (ScratchLayout | undefined)[]>();

/** The layout for a program; the way back needs more. */
export function scratchLayout(program: GateProgram, plan: Plan, gradient: boolean): ScratchLayout {
  const known = layouts.get(plan) ?? [];
  layouts.set(plan, known);
  return (known[gradient ? 1 : 0] ??= layoutOf(program, plan, gradient));
}
