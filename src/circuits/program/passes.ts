// Simplification of a program, by structure alone: primitives that do nothing are dropped, neighbours on the same
// masks are merged, and a pair of flips is undone. Neighbours may have primitives on other wires between them.

import type { Angle, Primitive } from "../../../kernels/circuit/index.js";

/** The bits that a primitive acts on or depends on. */
function bitsOf(primitive: Primitive, bitOf: (wire: number) => number): number {
  switch (primitive.kind) {
    case "rotation":
      return primitive.controls | primitive.x | primitive.z;
    case "phase":
      return primitive.controls;
    case "flip":
      return primitive.controls | primitive.x;
    case "unitary":
      return primitive.wires.reduce((bits, wire) => bits | bitOf(wire), 0);
  }
}

/** Whether a primitive multiplies every amplitude by a phase: such primitives commute with each other. */
function isDiagonal(primitive: Primitive): boolean {
  return primitive.kind === "phase" || (primitive.kind === "rotation" && primitive.x === 0);
}

/** The sum of two angles that have a column in common, or null. */
function sum(a: Angle, b: Angle): Angle | null {
  if (a.table === "none") return { ...b, offset: a.offset + b.offset };
  if (b.table === "none") return { ...a, offset: a.offset + b.offset };
  if (a.table !== b.table || a.column !== b.column) return null;
  return { ...a, factor: a.factor + b.factor, offset: a.offset + b.offset };
}

/** One primitive for two that follow each other, "nothing" if they undo each other, or null. */
function merged(a: Primitive, b: Primitive): Primitive | "nothing" | null {
  if (a.kind === "unitary" || b.kind === "unitary" || a.kind !== b.kind) return null;
  if (a.controls !== b.controls || a.values !== b.values) return null;
  if (a.kind === "flip" && b.kind === "flip") return a.x === b.x ? "nothing" : null;
  if (a.kind === "flip" || b.kind === "flip") return null;
  if (a.kind === "rotation" && b.kind === "rotation" && (a.x !== b.x || a.z !== b.z)) return null;
  const angle = sum(a.angle, b.angle);
  return angle === null ? null : { ...b, angle };
}

function isNothing(primitive: Primitive, globalPhase: boolean): boolean {
  if (primitive.kind === "flip" || primitive.kind === "unitary") return false;
  const { table, factor, offset } = primitive.angle;
  if ((table === "none" || factor === 0) && offset === 0) return true;
  const common = primitive.controls === 0 && (primitive.kind === "phase" || (primitive.x | primitive.z) === 0); // prettier-ignore
  return common && !globalPhase;
}

/**
 * The same program with fewer primitives.
 *
 * @param globalPhase - whether a phase common to all amplitudes must stay
 * @param wires - of the register
 */
export function simplified(
  primitives: readonly Primitive[],
  globalPhase: boolean,
  wires: number,
): readonly Primitive[] {
  const out: Primitive[] = [];
  const bits = (primitive: Primitive): number =>
    bitsOf(primitive, (wire) => 1 << (wires - 1 - wire));
  for (const primitive of primitives) {
    if (isNothing(primitive, globalPhase)) continue;
    const at = partner(out, primitive, bits);
    const one = at < 0 ? null : merged(out[at]!, primitive);
    if (one === null) out.push(primitive);
    else if (one === "nothing" || isNothing(one, globalPhase)) out.splice(at, 1);
    else out[at] = one;
  }
  return out;
}

/** How far back a partner is looked for: programs stay linear in time. */
const REACH = 64;

/** The place of the last primitive that merges with this one and that it can be moved to, or −1. */
function partner(
  out: readonly Primitive[],
  primitive: Primitive,
  bits: (primitive: Primitive) => number,
): number {
  for (let i = out.length - 1; i >= Math.max(0, out.length - REACH); i--) {
    const other = out[i]!;
    if (merged(other, primitive) !== null) return i;
    const apart = (bits(other) & bits(primitive)) === 0;
    if (!apart && !(isDiagonal(other) && isDiagonal(primitive))) return -1;
  }
  return -1;
}
