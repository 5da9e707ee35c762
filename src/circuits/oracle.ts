// A plain state-vector simulator in float64: every gate by its matrix, sample by sample, independent of lowering and
// kernels. For tests, small circuits and numbers beyond float32.

import { ArgumentError } from "../errors.js";
import { angleValue } from "./angle.js";
import { gateInfo, isNamedGate } from "./gates/table.js";
import { bitOf, pauliMasks, popcount, powerOfI } from "./pauli.js";
import { parameterCount, type CircuitData } from "./circuit.js";
import type { Control, GateOperation } from "./operation.js";
import type { MatrixData } from "./matrix.js";

/** Amplitudes in float64. */
export type Amplitudes = { readonly re: Float64Array; readonly im: Float64Array };

/** Numbers for the symbols of one sample. */
export type Point = {
  readonly parameters?: ArrayLike<number>;
  readonly features?: ArrayLike<number>;
  /** The state that the circuit meets, instead of |0…0⟩. */
  readonly initialState?: { readonly re: ArrayLike<number>; readonly im: ArrayLike<number> };
};

/** Most wires: 2^24 amplitudes are 256 MiB. */
const MOST_WIRES = 24;

/** The index with these bits on these wires, first wire first. */
function scattered(index: number, wires: readonly number[], n: number): number {
  return wires.reduce((bits, wire, i) => {
    const bit = (index >> (wires.length - 1 - i)) & 1;
    return bits | (bit * bitOf(wire, n));
  }, 0);
}

/** Applies a matrix to wires where the controls have their values. */
export function applyMatrix(
  { re, im }: Amplitudes,
  A: MatrixData,
  wires: readonly number[],
  controls: readonly Control[],
  n: number,
): void {
  const size = A.re.length;
  const offsets = Array.from({ length: size }, (_, k) => scattered(k, wires, n));
  const mask = offsets.at(-1)!;
  const on = controls.map(({ wire, value }) => [bitOf(wire, n), value] as const);
  for (let k = 0; k < re.length; k++) {
    if ((k & mask) !== 0 || on.some(([bit, value]) => ((k & bit) !== 0) !== (value === 1)))
      continue;
    const x = offsets.map((offset) => re[k | offset]!);
    const y = offsets.map((offset) => im[k | offset]!);
    for (let i = 0; i < size; i++) {
      let [a, b] = [0, 0];
      for (let j = 0; j < size; j++) {
        a += A.re[i]![j]! * x[j]! - A.im[i]![j]! * y[j]!;
        b += A.re[i]![j]! * y[j]! + A.im[i]![j]! * x[j]!;
      }
      re[k | offsets[i]!] = a;
      im[k | offsets[i]!] = b;
    }
  }
}

function diagonalOf({ re, im }: MatrixData): MatrixData {
  const spread = (row: readonly number[]): number[][] =>
    row.map((x, i) => row.map((_, j) => (i === j ? x : 0)));
  return { re: spread(re[0]!), im: spread(im[0]!) };
}

/** The matrix of an operation, its wires and its controls. */
function actionOf(
  operation: GateOperation,
  angles: readonly number[],
): {
  readonly matrix: MatrixData;
  readonly wires: readonly number[];
  readonly controls: readonly Control[];
} {
  const { gate, wires, controls = [], word, matrix } = operation;
  if (!isNamedGate(gate)) {
    return { matrix: gate === "Unitary" ? matrix! : diagonalOf(matrix!), wires, controls };
  }
  const { base, controls: count } = gateInfo(gate);
  const own = wires.slice(0, count).map((wire) => ({ wire, value: 1 as const }));
  const targets = wires.slice(count);
  const letters = word ?? "Z".repeat(targets.length);
  return { matrix: base.matrix(angles, letters), wires: targets, controls: [...controls, ...own] };
}

function start(circuit: CircuitData, point: Point): Amplitudes {
  const N = 2 ** circuit.wires;
  const { preparation } = circuit;
  const { parameters = [], features = [], initialState } = point;
  if (preparation === undefined) {
    const re = Float64Array.from({ length: N }, (_, k) => initialState?.re[k] ?? (k === 0 ? 1 : 0));
    return { re, im: Float64Array.from({ length: N }, (_, k) => initialState?.im[k] ?? 0) };
  }
  const of = (part: typeof preparation.re): Float64Array =>
    Float64Array.from(part, (angle) => angleValue(angle, parameters, features));
  const [re, im] = [of(preparation.re), preparation.im ? of(preparation.im) : new Float64Array(N)];
  if (!preparation.normalize) return { re, im };
  const norm = Math.sqrt(re.reduce((sum, x, k) => sum + x * x + im[k]! * im[k]!, 0));
  return { re: re.map((x) => x / norm), im: im.map((x) => x / norm) };
}

/**
 * The final state of one sample in float64, global phase included.
 *
 * @param point - numbers for all parameters and features
 * @returns 2^n amplitudes
 * @throws ArgumentError if numbers are missing or the register is too large
 */
export function simulate(circuit: CircuitData, point: Point = {}): Amplitudes {
  const { parameters = [], features = [] } = point;
  const missing = parameters.length < parameterCount(circuit) || features.length < circuit.features;
  if (missing || circuit.wires > MOST_WIRES) {
    throw new ArgumentError(
      `simulate: argument \`point\` must have ${parameterCount(circuit)} parameters and ${circuit.features} features for a circuit of at most ${MOST_WIRES} wires, but there are ${parameters.length}, ${features.length} and ${circuit.wires} wires.`,
    );
  }
  const psi = start(circuit, point);
  for (const operation of circuit.operations) {
    if (operation.kind === "barrier") continue;
    if (operation.kind === "channel") throw new ArgumentError("simulate: argument `circuit` must have gates only, but has channels. Use `density` or `trajectories`."); // prettier-ignore
    const angles = operation.angles.map((angle) => angleValue(angle, parameters, features));
    const { matrix, wires, controls } = actionOf(operation, angles);
    applyMatrix(psi, matrix, wires, controls, circuit.wires);
  }
  return psi;
}

/** `⟨ψ|P|ψ⟩` of a Pauli word on all wires. */
export function wordExpectation({ re, im }: Amplitudes, word: string): number {
  const n = word.length;
  const { x, z, y } = pauliMasks(word, [...word].map((_, i) => i), n); // prettier-ignore
  const [c, s] = powerOfI(y);
  let total = 0;
  for (let k = 0; k < re.length; k++) {
    const from = k ^ x;
    const sign = popcount(from & z) % 2 === 0 ? 1 : -1;
    // Re of conj(ψ_k) i^y ψ_from.
    const real = re[k]! * re[from]! + im[k]! * im[from]!;
    const imaginary = re[k]! * im[from]! - im[k]! * re[from]!;
    total += sign * (c * real - s * imaginary);
  }
  return total;
}
