// The golden cases of circuits, typed, and as circuits of this library. They were computed in float64.

import { readFileSync } from "node:fs";
import * as qc from "../../src/circuits/index.js";
import type { MatrixData } from "../../src/circuits/matrix.js";
import type { Angle, Circuit, GateOperation } from "../../src/circuits/index.js";

/** A complex vector of the file. */
export type Vector = { readonly re: readonly number[]; readonly im: readonly number[] };

/** A gate of the file. */
export type Op = {
  readonly gate: string;
  readonly wires: readonly number[];
  readonly params?: readonly number[];
  readonly word?: string;
};

/** One primitive of a gate's lowering. */
export type Lowered = {
  readonly op: "ROT" | "PHASE" | "MCX" | "SCALE";
  readonly word?: string;
  readonly wires?: readonly number[];
  readonly controls?: readonly number[];
  readonly target?: number;
  readonly angle?: { readonly param: number | null; readonly a: number; readonly b: number };
};

/** Terms of an observable. */
export type Terms = readonly { readonly coef: number; readonly word: string }[];

/** A gate. */
export type GateCase = {
  readonly kind: "gate";
  readonly name: string;
  readonly op: Op;
  readonly n: number;
  readonly structure: string;
  readonly frequencies: readonly (readonly number[])[];
  readonly lowering: readonly Lowered[];
  readonly matrix: MatrixData;
  readonly input: Vector;
  readonly output: Vector;
};

/** A circuit and what is known of its state. */
export type CircuitCase = {
  readonly kind: "circuit";
  readonly name: string;
  readonly n: number;
  readonly ops: readonly Op[];
  readonly inputs?: Readonly<Record<string, never>>;
  readonly state?: Vector;
  readonly observables: readonly Terms[];
  readonly expval: readonly number[];
  readonly variance?: readonly number[];
  readonly probsWires?: readonly number[];
  readonly probs?: readonly number[];
  readonly reducedState?: MatrixData;
  readonly purity?: number;
  readonly entropyNats?: number;
  readonly jacobian?: readonly (readonly number[])[];
  readonly gradientOf?: number;
  readonly gradient?: readonly (readonly number[])[];
  readonly hessianSlots?: readonly (readonly [number, number])[];
  readonly hessian?: readonly (readonly number[])[];
  readonly resources?: Readonly<Record<string, unknown>>;
};

type Other<Kind extends string, Fields> = { readonly kind: Kind; readonly name: string } & Fields;

/** A Hermitian matrix as an observable. */
export type HermitianCase = Other<
  "hermitian",
  {
    readonly n: number;
    readonly ops: readonly Op[];
    readonly hermitian: MatrixData & { readonly wires: readonly number[] };
    readonly expval: number;
    readonly variance: number;
    readonly gradient: readonly (readonly number[])[];
  }
>;

/** All kinds of cases. */
export type Case =
  | GateCase
  | CircuitCase
  | HermitianCase
  | Other<"amplitude", { features: number[]; padWith: number; state: Vector; expval: number[] }>
  | Other<"hessian", { n: number; ops: Op[]; slots: [number, number][]; hessian: number[][] }>
  | Other<
      "probs",
      { n: number; ops: Op[]; probs: number[]; jacobian: number[][]; hessian: number[][][] }
    >
  | Other<"secondOrderGuard", { x: number; value: number; first: number; second: number }>
  | Other<
      "hybridGenerator",
      {
        points: { a: number; b: number; state: Vector; value: number; z1: number; gradient: number[]; hessian: number[][] }[]; // prettier-ignore
        heisenbergPauliCoefficients: Record<string, number>;
        resources: Record<string, unknown>;
      }
    >
  | Other<
      "heisenberg",
      { features: number[]; weights: number[][][]; words: string[]; coefficients: number[]; expval: number } // prettier-ignore
    >
  | Other<"chain", { inputs: Record<string, number[]>; expval: number; gradient: Record<string, number[]> }> // prettier-ignore
  | Other<"population", { features: number[][]; weights: number[][][][]; expval: number[][][] }>
  | Other<
      "channel",
      {
        channel: string;
        args: number[];
        kraus: MatrixData[] | null;
        superoperator: MatrixData | null;
        blochAfterRX08: number[] | null;
        n: number;
        ops: Op[];
        wires: number[];
        rhoOut: MatrixData;
        purityOut: number;
      }
    >
  | Other<
      "noisyCircuit",
      {
        n: number;
        ops: (
          Op | { readonly channel: string; readonly args: number[]; readonly wires: number[] }
        )[];
        rho: MatrixData;
        observables: Terms[];
        expval: number[];
        gradientPerGateParameter: number[][];
        purity: number;
        reduced0: MatrixData;
        entropyNats: number;
      }
    >
  | Other<
      "readout",
      { probs: number[]; p1given0: number[]; p0given1: number[]; probsOut: number[]; z0Before: number; z0After: number } // prettier-ignore
    >
  | Other<
      "shiftRule",
      {
        frequencies: number[];
        order: number;
        shifts: number[] | null;
        rule: [number, number][];
        probe: { cosCoefficients: number[]; sinCoefficients: number[]; constant: number; x: number; derivative: number }; // prettier-ignore
      }
    >
  | Other<"shiftRuleSingular", { frequencies: number[] }>
  | Other<"metric", { n: number; ops: Op[]; metricTensor: number[][]; quantumFisher: number[][] }>
  | Other<"qasm", { text: string; n: number; ops: Op[]; state: Vector }>;

const FILE = new URL("../golden/circuits.json", import.meta.url);
const CASES = (JSON.parse(readFileSync(FILE, "utf8")) as { cases: readonly Case[] }).cases;

/** The cases of a kind. */
export function casesOf<Kind extends Case["kind"]>(
  kind: Kind,
): readonly Extract<Case, { kind: Kind }>[] {
  return CASES.filter((own): own is Extract<Case, { kind: Kind }> => own.kind === kind);
}

/** The case of a kind that has but one. */
export function caseOf<Kind extends Case["kind"]>(kind: Kind): Extract<Case, { kind: Kind }> {
  return casesOf(kind)[0]!;
}

/** A gate of the file, with these angles. */
export function operation(
  { gate, wires, params = [], word }: Op,
  angles: readonly Angle[] = params,
): GateOperation {
  if (word !== undefined) return qc.pauliRot(word, wires, angles[0]!);
  return qc.gate(gate, wires, angles);
}

/** The circuit of a list of gates, with constants for its angles. */
export function constantCircuit(n: number, ops: readonly Op[]): Circuit {
  return qc.circuit(n).append(ops.map((op) => operation(op)));
}

/** The circuit of a list of gates with a trainable parameter for each angle, and their values. */
export function trainableCircuit(
  n: number,
  ops: readonly Op[],
): { readonly circuit: Circuit; readonly values: number[] } {
  const values: number[] = [];
  const gates = ops.map((op) =>
    operation(
      op,
      (op.params ?? []).map((value) => qc.parameter(values.push(value) - 1)),
    ),
  );
  return { circuit: qc.circuit(n).append(gates), values };
}

/** An observable of the file. */
export function observable(terms: Terms): qc.Observable {
  return qc.pauliSum(terms.map(({ coef, word }) => [coef, word]));
}

/** Largest sum of the moduli of an observable's coefficients, plus 1: the scale of its tolerance. */
export function scaleOf(terms: Terms): number {
  return 1 + terms.reduce((sum, { coef }) => sum + Math.abs(coef), 0);
}
