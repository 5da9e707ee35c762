// Sums of float32 along an axis, as passes: sums of sums of at most 64 terms, always the same ones, so that neither digits
// nor bits depend on how many there are beside each other.

import type { GpuPass } from "./passes.js";
import type { GpuProgram } from "./pipelines.js";

/** Terms that are added one after another. */
export const TERMS = 64;

/** `from [outer, terms, inner]` to `to [outer, ⌈terms / 64⌉, inner]`. */
function program(from: string, to: string): GpuProgram {
  return {
    name: "sum",
    reads: { [from]: "f32" },
    writes: { [to]: "f32" },
    numbers: { terms: "u32", inner: "u32", scale: "f32" },
    code: `
fn item(index : u32) {
  let parts = (call.terms + ${TERMS - 1}u) / ${TERMS}u;
  let part = (index / call.inner) % parts;
  let first = ((index / (call.inner * parts)) * call.terms + part * ${TERMS}u) * call.inner + index % call.inner;
  var sum = 0.0;
  for (var i = 0u; i < min(${TERMS}u, call.terms - part * ${TERMS}u); i++) { sum += ${from}[first + i * call.inner]; }
  ${to}[index] = sum * call.scale;
}`,
  };
}

/** A sum over the middle axis of the buffer `from`, `[outer, terms, inner]`. */
export type SumRequest = {
  readonly from: string;
  readonly to: string;
  readonly outer: number;
  readonly terms: number;
  readonly inner: number;
  /** What the sum is multiplied by. Default 1. */
  readonly scale?: number;
};

/** Passes that add up, and the buffers they need between them. */
export function sumPasses({ from, to, outer, terms: all, inner, scale = 1 }: SumRequest): {
  readonly passes: readonly GpuPass[];
  readonly scratch: Readonly<Record<string, number>>;
} {
  const passes: GpuPass[] = [];
  const scratch: Record<string, number> = {};
  let source = from;
  for (let terms = all; terms > 1 || passes.length === 0;) {
    const left = Math.ceil(terms / TERMS);
    const target = left <= 1 ? to : `${to}Part${passes.length}`;
    if (left > 1) scratch[target] = outer * left * inner;
    const numbers = { terms, inner, scale: left <= 1 ? scale : 1 };
    passes.push({
      program: program(source, target),
      items: outer * Math.max(1, left) * inner,
      numbers,
    });
    [source, terms] = [target, left];
  }
  return { passes, scratch };
}
