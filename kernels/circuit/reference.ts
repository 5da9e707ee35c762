// A circuit in plain float64, primitive by primitive: the oracle.

import { ones } from "./program.js";
import type { Angle, GateProgram, PauliWord, Primitive, Unitary } from "./program.js";

/** Amplitudes of one state. */
export type State = { readonly re: Float64Array; readonly im: Float64Array };

/** The rows of both tables that one sample meets, and the state it starts from if that is not |0…0⟩. */
export type SampleInputs = {
  readonly shared: ArrayLike<number>;
  readonly sample: ArrayLike<number>;
  readonly initial?: { readonly re: ArrayLike<number>; readonly im: ArrayLike<number> };
};

type Numbers = { readonly re: number; readonly im: number };

/** `(P ψ)_k = i^|x & z| (-1)^|(k ^ x) & z| ψ_{k ^ x}`. */
function pauli({ re, im }: State, { x, z }: PauliWord, k: number): Numbers {
  const from = k ^ x;
  const sign = ones(from & z) % 2 === 0 ? 1 : -1;
  const [a, b] = [sign * re[from]!, sign * im[from]!];
  switch (ones(x & z) % 4) {
    case 0:
      return { re: a, im: b };
    case 1:
      return { re: -b, im: a };
    case 2:
      return { re: -a, im: -b };
    default:
      return { re: b, im: -a };
  }
}

/** Row k of the matrix on its wires, times the state. */
function unitaryRow({ re, im }: State, { wires, ...U }: Unitary, n: number, k: number): Numbers {
  const bits = wires.map((q) => 1 << (n - 1 - q));
  const spread = (index: number): number =>
    bits.reduce((to, bit, i) => to | ((index >> (bits.length - 1 - i)) & 1 ? bit : 0), 0);
  const all = bits.reduce((a, b) => a | b, 0);
  const size = 1 << bits.length;
  const row = bits.reduce((index, bit) => 2 * index + (k & bit ? 1 : 0), 0);
  let [a, b] = [0, 0];
  for (let column = 0; column < size; column++) {
    const [p, q] = [U.re[row * size + column]!, U.im[row * size + column]!];
    const from = (k & ~all) | spread(column);
    a += p * re[from]! - q * im[from]!;
    b += p * im[from]! + q * re[from]!;
  }
  return { re: a, im: b };
}

/** Amplitude k after a primitive. */
function after(psi: State, primitive: Primitive, angle: number, n: number, k: number): Numbers {
  if (primitive.kind === "unitary") return unitaryRow(psi, primitive, n, k);
  const [re, im] = [psi.re[k]!, psi.im[k]!];
  if ((k & primitive.controls) !== primitive.values) return { re, im };
  if (primitive.kind === "flip")
    return { re: psi.re[k ^ primitive.x]!, im: psi.im[k ^ primitive.x]! };
  if (primitive.kind === "phase") {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return { re: c * re - s * im, im: s * re + c * im };
  }
  const [c, s] = [Math.cos(angle / 2), Math.sin(angle / 2)];
  const p = pauli(psi, primitive, k);
  return { re: c * re + s * p.im, im: c * im - s * p.re };
}

function valueOf({ table, column, factor, offset }: Angle, inputs: SampleInputs): number {
  return table === "none" ? offset : factor * inputs[table][column]! + offset;
}

/** The final state of one sample. */
export function circuitState(program: GateProgram, inputs: SampleInputs): State {
  const n = program.wires;
  const N = 1 << n;
  let psi: State = {
    re: Float64Array.from({ length: N }, (_, k) => inputs.initial?.re[k] ?? (k === 0 ? 1 : 0)),
    im: Float64Array.from({ length: N }, (_, k) => inputs.initial?.im[k] ?? 0),
  };
  for (const primitive of program.primitives) {
    const angle = "angle" in primitive ? valueOf(primitive.angle, inputs) : 0;
    const next = { re: new Float64Array(N), im: new Float64Array(N) };
    for (let k = 0; k < N; k++) {
      const { re, im } = after(psi, primitive, angle, n, k);
      next.re[k] = re;
      next.im[k] = im;
    }
    psi = next;
  }
  return psi;
}

/** `Re ⟨ψ|P|ψ⟩`. */
export function wordExpectation(psi: State, word: PauliWord): number {
  let total = 0;
  for (let k = 0; k < psi.re.length; k++) {
    const { re, im } = pauli(psi, word, k);
    total += psi.re[k]! * re + psi.im[k]! * im;
  }
  return total;
}
