// When operations happen: as early as possible. Depths for counts, columns for drawings.

import { wiresOf, type Operation } from "./operation.js";
import type { CircuitData } from "./circuit.js";

/** How many steps an operation takes, on the wires that it waits for. */
type Cost = { readonly wires: readonly number[]; readonly steps: number };

function run(wires: number, costs: readonly Cost[]): readonly number[] {
  const level = new Array<number>(wires).fill(0);
  return costs.map(({ wires: on, steps }) => {
    const end = on.reduce((most, wire) => Math.max(most, level[wire]!), 0) + steps;
    for (const wire of on) level[wire] = end;
    return end;
  });
}

const isMulti = (operation: Operation): boolean =>
  operation.kind === "gate" && wiresOf(operation).length > 1;

/**
 * The number of steps when every gate takes one and starts as early as it can. Barriers take none and are waited for.
 *
 * @param multiQubit - whether gates on one wire take no step
 */
export function depth({ wires, operations }: CircuitData, multiQubit = false): number {
  const costs = operations.map((operation) => {
    const takes = operation.kind === "gate" && (!multiQubit || isMulti(operation));
    return { wires: wiresOf(operation), steps: takes ? 1 : 0 };
  });
  return run(wires, costs).reduce((a, b) => Math.max(a, b), 0);
}

/** All wires from the first to the last that an operation touches: what it covers in a drawing. */
export function spanOf(operation: Operation): readonly number[] {
  const wires = wiresOf(operation);
  const [first, last] = [Math.min(...wires), Math.max(...wires)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Operations that are drawn below each other, from left to right; those without wires are left out. */
export function columns({ wires, operations }: CircuitData): readonly (readonly Operation[])[] {
  const drawn = operations.filter((operation) => wiresOf(operation).length > 0);
  const ends = run(wires, drawn.map((own) => ({ wires: spanOf(own), steps: 1 }))); // prettier-ignore
  const out: Operation[][] = [];
  drawn.forEach((operation, i) => (out[ends[i]! - 1] ??= []).push(operation));
  return out;
}
