// The gates that are not controlled forms of others, as a table: parameters, matrix, lowering, inverse. Sources of
// signs: the rotations are exp(−i t P/2); IsingXY has the opposite sign, so that IsingXY(π) = ISWAP.

import { diagonalMatrix, type MatrixData } from "../matrix.js";
import {
  CONSTANT_MATRICES,
  type ConstantGate,
  givens,
  isingXY,
  pauliRotation,
  phaseMatrix,
  phaseSwap,
  rotMatrix,
  u3Matrix,
} from "./matrices.js";
import {
  bareMcx,
  fixed,
  mcx,
  param,
  phase,
  rot,
  scale,
  type Step,
  type StepAngle,
} from "./steps.js";

/** What a gate's matrix looks like. */
export type Structure =
  "identity" | "scalar" | "diagonal" | "permutation" | "phased permutation" | "dense";

/** The gate that is the inverse, and its parameters as functions of those of the gate. */
export type InverseRule = { readonly gate: BaseGateName; readonly angles: readonly StepAngle[] };

/** One gate. */
export type BaseGate = {
  /** Number of wires; null for any number. */
  readonly wires: number | null;
  /** Names of the parameters, as they are drawn. */
  readonly parameters: readonly string[];
  readonly structure: Structure;
  /** Frequencies of any expectation value in each parameter. */
  readonly frequencies: readonly (readonly number[])[];
  /** The matrix at these parameters; the word is that of a Pauli rotation, the wires those it acts on. */
  readonly matrix: (t: readonly number[], word: string) => MatrixData;
  /** Primitives in time order. */
  readonly lowering: (word: string) => readonly Step[];
  readonly inverse: InverseRule;
};

const ONE = [1];
const HALF = [0.5, 1];
const PI = Math.PI;

function constant(
  name: ConstantGate,
  structure: Structure,
  steps: readonly Step[],
  inverse: InverseRule = { gate: name, angles: [] },
): BaseGate {
  const value = CONSTANT_MATRICES[name];
  const wires = Math.log2(value.re.length);
  return {
    wires,
    parameters: [],
    structure,
    frequencies: [],
    matrix: () => value,
    lowering: () => steps,
    inverse,
  };
}

const named = (gate: BaseGateName): InverseRule => ({ gate, angles: [] });
const negated = (gate: BaseGateName, ...order: number[]): InverseRule => ({
  gate,
  angles: order.map((i) => param(i, -1)),
});

function rotation(
  name: BaseGateName,
  word: string | null,
  structure: Structure,
  letter?: string,
): BaseGate {
  const spelled = (own: string): string =>
    word ?? (letter === undefined ? own : letter.repeat(own.length));
  return {
    wires: word === null ? null : word.length,
    parameters: ["t"],
    structure,
    frequencies: [ONE],
    matrix: ([t], own) => pauliRotation(spelled(own), t!),
    lowering: (own) => [rot(spelled(own), param(0))],
    inverse: negated(name, 0),
  };
}

const SWAP_STEPS = [bareMcx(0, 1), mcx([1], 0), bareMcx(0, 1)];
const DOUBLE_EXCITATION: readonly (readonly [word: string, sign: number])[] = [
  ["XXXY", -1],
  ["XXYX", -1],
  ["XYXX", 1],
  ["YXXX", 1],
  ["YYYX", 1],
  ["YYXY", 1],
  ["YXYY", -1],
  ["XYYY", -1],
];

/** Name of a gate that is not a controlled form of another. */
// prettier-ignore
export type BaseGateName =
  | "I" | "X" | "Y" | "Z" | "H" | "S" | "Sdg" | "T" | "Tdg" | "SX" | "SXdg"
  | "RX" | "RY" | "RZ" | "PhaseShift" | "Rot" | "U2" | "U3" | "U" | "GlobalPhase"
  | "SWAP" | "ISWAP" | "SISWAP" | "ECR" | "PSWAP" | "IsingXX" | "IsingYY" | "IsingZZ" | "MultiRZ"
  | "PauliRot" | "IsingXY" | "SingleExcitation" | "DoubleExcitation";

/** The gates by name. */
export const BASE_GATES: Readonly<Record<BaseGateName, BaseGate>> = {
  I: constant("I", "identity", []),
  X: constant("X", "permutation", [mcx([], 0)]),
  Y: constant("Y", "phased permutation", [phase(fixed(PI)), mcx([], 0), scale(fixed(-PI / 2))]),
  Z: constant("Z", "diagonal", [phase(fixed(PI))]),
  H: constant("H", "dense", [rot("Y", fixed(PI / 2)), mcx([], 0)]),
  S: constant("S", "diagonal", [phase(fixed(PI / 2))], named("Sdg")),
  Sdg: constant("Sdg", "diagonal", [phase(fixed(-PI / 2))], named("S")),
  T: constant("T", "diagonal", [phase(fixed(PI / 4))], named("Tdg")),
  Tdg: constant("Tdg", "diagonal", [phase(fixed(-PI / 4))], named("T")),
  SX: constant("SX", "dense", [rot("X", fixed(PI / 2)), scale(fixed(-PI / 4))], named("SXdg")),
  SXdg: constant("SXdg", "dense", [rot("X", fixed(-PI / 2)), scale(fixed(PI / 4))], named("SX")),
  RX: rotation("RX", "X", "dense"),
  RY: rotation("RY", "Y", "dense"),
  RZ: rotation("RZ", "Z", "diagonal"),
  PhaseShift: {
    wires: 1,
    parameters: ["t"],
    structure: "diagonal",
    frequencies: [ONE],
    matrix: ([t]) => phaseMatrix(t!),
    lowering: () => [phase(param(0))],
    inverse: negated("PhaseShift", 0),
  },
  Rot: {
    wires: 1,
    parameters: ["a", "b", "c"],
    structure: "dense",
    frequencies: [ONE, ONE, ONE],
    matrix: ([a, b, c]) => rotMatrix(a!, b!, c!),
    lowering: () => [rot("Z", param(0)), rot("Y", param(1)), rot("Z", param(2))],
    inverse: negated("Rot", 2, 1, 0),
  },
  U2: {
    wires: 1,
    parameters: ["p", "l"],
    structure: "dense",
    frequencies: [ONE, ONE],
    matrix: ([p, l]) => u3Matrix(PI / 2, p!, l!),
    lowering: () => [phase(param(1)), rot("Y", fixed(PI / 2)), phase(param(0))],
    inverse: { gate: "U3", angles: [fixed(-PI / 2), param(1, -1), param(0, -1)] },
  },
  U3: {
    wires: 1,
    parameters: ["t", "p", "l"],
    structure: "dense",
    frequencies: [ONE, ONE, ONE],
    matrix: ([t, p, l]) => u3Matrix(t!, p!, l!),
    lowering: () => [phase(param(2)), rot("Y", param(0)), phase(param(1))],
    inverse: negated("U3", 0, 2, 1),
  },
  // U3 with its phase, so that a controlled one can be written.
  U: {
    wires: 1,
    parameters: ["t", "p", "l", "g"],
    structure: "dense",
    frequencies: [ONE, ONE, ONE, []],
    matrix: ([t, p, l, g]) => u3Matrix(t!, p!, l!, g),
    lowering: () => [scale(param(3, -1)), phase(param(2)), rot("Y", param(0)), phase(param(1))],
    inverse: negated("U", 0, 2, 1, 3),
  },
  GlobalPhase: {
    wires: 0,
    parameters: ["t"],
    structure: "scalar",
    frequencies: [[]],
    matrix: ([t]) => diagonalMatrix([Math.cos(t!)], [-Math.sin(t!)]),
    lowering: () => [scale(param(0))],
    inverse: negated("GlobalPhase", 0),
  },
  SWAP: constant("SWAP", "permutation", SWAP_STEPS),
  ISWAP: constant(
    "ISWAP",
    "phased permutation",
    [rot("XX", fixed(-PI / 2)), rot("YY", fixed(-PI / 2))],
    { gate: "IsingXY", angles: [fixed(-PI)] },
  ),
  SISWAP: constant("SISWAP", "dense", [rot("XX", fixed(-PI / 4)), rot("YY", fixed(-PI / 4))], {
    gate: "IsingXY",
    angles: [fixed(-PI / 2)],
  }),
  ECR: constant("ECR", "dense", [rot("ZX", fixed(PI / 2)), mcx([], 0)]),
  PSWAP: {
    wires: 2,
    parameters: ["t"],
    structure: "phased permutation",
    frequencies: [ONE],
    matrix: ([t]) => phaseSwap(t!),
    lowering: () => [bareMcx(0, 1), phase(param(0), [1]), bareMcx(0, 1), ...SWAP_STEPS],
    inverse: negated("PSWAP", 0),
  },
  IsingXX: rotation("IsingXX", "XX", "dense"),
  IsingYY: rotation("IsingYY", "YY", "dense"),
  IsingZZ: rotation("IsingZZ", "ZZ", "diagonal"),
  MultiRZ: rotation("MultiRZ", null, "diagonal", "Z"),
  PauliRot: rotation("PauliRot", null, "dense"),
  IsingXY: {
    wires: 2,
    parameters: ["t"],
    structure: "dense",
    frequencies: [HALF],
    matrix: ([t]) => isingXY(t!),
    lowering: () => [rot("XX", param(0, -0.5)), rot("YY", param(0, -0.5))],
    inverse: negated("IsingXY", 0),
  },
  SingleExcitation: {
    wires: 2,
    parameters: ["t"],
    structure: "dense",
    frequencies: [HALF],
    matrix: ([t]) => givens(4, [1, 2], t!),
    lowering: () => [rot("YX", param(0, 0.5)), rot("XY", param(0, -0.5))],
    inverse: negated("SingleExcitation", 0),
  },
  DoubleExcitation: {
    wires: 4,
    parameters: ["t"],
    structure: "dense",
    frequencies: [HALF],
    matrix: ([t]) => givens(16, [3, 12], t!),
    lowering: () => DOUBLE_EXCITATION.map(([word, sign]) => rot(word, param(0, sign / 8))),
    inverse: negated("DoubleExcitation", 0),
  },
};
