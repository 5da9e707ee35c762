// Circuits as data first, then a part that all samples share: what the Heisenberg and the dense path need.

import { symbolsOf } from "../angle.js";
import { wiresOf, type Operation } from "../operation.js";
import type { CircuitData } from "../circuit.js";

/** The parts of a circuit. */
export type Split = {
  /** Up to the last use of a feature. */
  readonly data: readonly Operation[];
  /** What follows. */
  readonly rest: readonly Operation[];
  /** The first part wire by wire, each on wire 0; null where a gate acts on several wires. */
  readonly alone: readonly (readonly Operation[])[] | null;
};

const hasFeature = (operation: Operation): boolean =>
  operation.kind === "gate" &&
  operation.angles.flatMap(symbolsOf).some((symbol) => "feature" in symbol);

function isProduct(operations: readonly Operation[]): boolean {
  return operations.every((own) => own.kind === "barrier" || (own.kind === "gate" && wiresOf(own).length <= 1)); // prettier-ignore
}

function aloneOn(wire: number, operations: readonly Operation[]): readonly Operation[] {
  return operations.flatMap((own) =>
    own.kind === "gate" && own.wires[0] === wire ? [{ ...own, wires: [0] }] : [],
  );
}

const CACHE = new WeakMap<CircuitData["operations"], Split>();

/** The parts of a circuit; made once, so that programs of them are compiled once. */
export function split({ operations, wires }: CircuitData): Split {
  const known = CACHE.get(operations);
  if (known?.alone === null || known?.alone.length === wires) return known;
  const end = operations.findLastIndex(hasFeature) + 1;
  const [data, rest] = [operations.slice(0, end), operations.slice(end)];
  const each = Array.from({ length: wires }, (_, wire) => aloneOn(wire, data));
  const made = { data, rest, alone: isProduct(data) ? each : null };
  CACHE.set(operations, made);
  return made;
}

/** The circuit with other operations and the same symbols. */
export function withOperations(
  { wires, parameters, features }: CircuitData,
  operations: readonly Operation[],
): CircuitData {
  return { wires, parameters, features, operations };
}
