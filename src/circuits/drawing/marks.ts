// What an operation looks like on each of its wires, for text and SVG alike.

import { gateInfo, isNamedGate } from "../gates/table.js";
import { CHANNELS } from "../noise/kraus.js";
import type { GateOperation, Operation } from "../operation.js";
import type { Angle } from "../angle.js";

/** One sign on one wire. */
export type Mark = { readonly wire: number } & (
  | { readonly kind: "control" | "open" | "not" | "swap" | "barrier" }
  | {
      readonly kind: "box";
      readonly name: string;
      readonly angles: readonly Angle[];
      readonly noise?: true;
    }
);

/** Names that are shorter in drawings. */
const SHORT: Readonly<Record<string, string>> = {
  Sdg: "S†",
  Tdg: "T†",
  SXdg: "√X†",
  SX: "√X",
  PhaseShift: "P",
  Unitary: "U",
  DiagonalUnitary: "D",
  IsingXX: "XX",
  IsingYY: "YY",
  IsingZZ: "ZZ",
  IsingXY: "XY",
  ISWAP: "iSW",
  SISWAP: "√iSW",
  SingleExcitation: "G",
  DoubleExcitation: "G²",
};

/** Gates that are the same when their wires are exchanged: no wire needs a number. */
const SYMMETRIC: ReadonlySet<string> = new Set([
  "IsingXX", "IsingYY", "IsingZZ", "IsingXY", "MultiRZ", "ISWAP", "SISWAP", "PSWAP",
]); // prettier-ignore

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

function boxes(name: string, wires: readonly number[], operation: GateOperation): readonly Mark[] {
  const { angles, word } = operation;
  const short = SHORT[name] ?? name;
  return wires.map((wire, i) => {
    const plain = wires.length === 1 || SYMMETRIC.has(name);
    const own = word?.[i] ?? (plain ? short : `${short}${SUBSCRIPTS[i % 10]!}`);
    return { wire, kind: "box", name: own, angles: i === 0 ? angles : [] };
  });
}

/** The marks of an operation. */
export function marksOf(operation: Operation): readonly Mark[] {
  if (operation.kind === "barrier") {
    return operation.wires.map((wire) => ({ wire, kind: "barrier" }));
  }
  if (operation.kind === "channel") {
    const { channel, values } = operation;
    // A strength says most; the times of a relaxation would not fit.
    const shown = values.length === 1 ? values : [];
    return operation.wires.map((wire, i) => ({ wire, kind: "box", name: CHANNELS[channel].short, angles: i === 0 ? shown : [], noise: true })); // prettier-ignore
  }
  const { gate, wires, controls = [] } = operation;
  const extra: readonly Mark[] = controls.map(({ wire, value }) => ({
    wire,
    kind: value === 1 ? "control" : "open",
  }));
  if (!isNamedGate(gate)) return [...extra, ...boxes(gate, wires, operation)];
  const { baseName, controls: count } = gateInfo(gate);
  const own: readonly Mark[] = wires.slice(0, count).map((wire) => ({ wire, kind: "control" }));
  const targets = wires.slice(count);
  const controlled = extra.length + count > 0;
  return [...extra, ...own, ...targetMarks(baseName, targets, controlled, operation)];
}

function targetMarks(
  name: string,
  targets: readonly number[],
  controlled: boolean,
  operation: GateOperation,
): readonly Mark[] {
  if (name === "SWAP") return targets.map((wire) => ({ wire, kind: "swap" }));
  if (controlled && name === "X") return targets.map((wire) => ({ wire, kind: "not" }));
  if (controlled && name === "Z") return targets.map((wire) => ({ wire, kind: "control" }));
  return boxes(name, targets, operation);
}
