// A circuit in tf operations, primitive by primitive: correct on every backend and differentiable to any order. States
// are pairs of tensors [P, B, N].

import * as tf from "@tensorflow/tfjs";
import { sizesOf } from "./contract.js";
import { ones } from "./program.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CircuitAttrs } from "./contract.js";
import type { CircuitInputs } from "./index.js";
import type { Angle, PauliWord, Phase, Primitive, Rotation, Unitary } from "./program.js";

type State = { readonly re: Tensor; readonly im: Tensor };

const { add, mul, sub } = tf;

/** Numbers `f(k)` of all indices, constant. */
function perIndex(N: number, f: (k: number) => number): Tensor {
  return tf.tensor1d(Float32Array.from({ length: N }, (_, k) => f(k)));
}

/** Amplitude `k ^ x` in the place of k. */
function exchanged(t: Tensor, x: number): Tensor {
  const shape = t.shape as [number, number, number];
  const [rows, N] = [shape[0] * shape[1], shape[2]];
  let out = t;
  for (let rest = x; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    out = tf.reverse(tf.reshape(out, [rows, N / (2 * bit), 2, bit]), 2);
  }
  return tf.reshape(out, shape);
}

/** `P ψ`. */
function pauli({ re, im }: State, { x, z }: PauliWord): State {
  const sign = perIndex(re.shape.at(-1)!, (k) => (ones((k ^ x) & z) % 2 === 0 ? 1 : -1));
  const [a, b] = [mul(sign, exchanged(re, x)), mul(sign, exchanged(im, x))];
  switch (ones(x & z) % 4) {
    case 0:
      return { re: a, im: b };
    case 1:
      return { re: tf.neg(b), im: a };
    case 2:
      return { re: tf.neg(a), im: tf.neg(b) };
    default:
      return { re: b, im: tf.neg(a) };
  }
}

/** An angle with axes that broadcast against [P, B, N], or a number. */
function angleValue({ shared, sample }: CircuitInputs, angle: Angle): Tensor {
  const { table, column, factor, offset } = angle;
  if (table === "none") return tf.scalar(offset);
  const one =
    table === "shared"
      ? tf.reshape(tf.slice(shared, [0, column], [-1, 1]), [-1, 1, 1])
      : tf.slice(sample, [0, 0, column], [-1, -1, 1]);
  return add(mul(factor, one), offset);
}

/** 1 where the condition holds. */
function holds({ controls, values }: Rotation | Phase, N: number): Tensor {
  return perIndex(N, (k) => ((k & controls) === values ? 1 : 0));
}

function rotated(psi: State, rotation: Rotation, angle: Tensor): State {
  const where = holds(rotation, psi.re.shape.at(-1)!);
  const half = mul(0.5, angle);
  const c = add(1, mul(where, sub(tf.cos(half), 1)));
  const s = mul(where, tf.sin(half));
  const p = pauli(psi, rotation);
  return { re: add(mul(c, psi.re), mul(s, p.im)), im: sub(mul(c, psi.im), mul(s, p.re)) };
}

function phased({ re, im }: State, phase: Phase, angle: Tensor): State {
  const where = holds(phase, re.shape.at(-1)!);
  const c = add(1, mul(where, sub(tf.cos(angle), 1)));
  const s = mul(where, tf.sin(angle));
  return { re: sub(mul(c, re), mul(s, im)), im: add(mul(s, re), mul(c, im)) };
}

function flipped({ re, im }: State, { controls, values, x }: Primitive & { kind: "flip" }): State {
  const where = perIndex(re.shape.at(-1)!, (k) => ((k & controls) === values ? 1 : 0));
  const part = (t: Tensor): Tensor => add(mul(where, exchanged(t, x)), mul(sub(1, where), t));
  return { re: part(re), im: part(im) };
}

/** The transposed matrix on all wires, `[N, N]`, one part of it. */
function onAllWires({ wires }: Unitary, values: readonly number[], N: number, n: number): Tensor {
  const bits = wires.map((q) => 1 << (n - 1 - q));
  const all = bits.reduce((a, b) => a | b, 0);
  const indexOf = (k: number): number =>
    bits.reduce((index, bit) => 2 * index + (k & bit ? 1 : 0), 0);
  const out = new Float32Array(N * N);
  for (let from = 0; from < N; from++)
    for (let to = 0; to < N; to++)
      if ((from & ~all) === (to & ~all))
        out[from * N + to] = values[indexOf(to) * 2 ** bits.length + indexOf(from)]!;
  return tf.tensor2d(out, [N, N]);
}

function multiplied({ re, im }: State, unitary: Unitary, n: number): State {
  const N = 1 << n;
  const [U, V] = [onAllWires(unitary, unitary.re, N, n), onAllWires(unitary, unitary.im, N, n)];
  const [a, b] = [tf.reshape(re, [-1, N]), tf.reshape(im, [-1, N])];
  return {
    re: tf.reshape(sub(tf.matMul(a, U), tf.matMul(b, V)), re.shape),
    im: tf.reshape(add(tf.matMul(a, V), tf.matMul(b, U)), re.shape),
  };
}

function applied(psi: State, primitive: Primitive, inputs: CircuitInputs, n: number): State {
  switch (primitive.kind) {
    case "rotation":
      return rotated(psi, primitive, angleValue(inputs, primitive.angle));
    case "phase":
      return phased(psi, primitive, angleValue(inputs, primitive.angle));
    case "flip":
      return flipped(psi, primitive);
    case "unitary":
      return multiplied(psi, primitive, n);
  }
}

function initialState({ initial }: CircuitInputs, shape: [number, number, number]): State {
  const zeros = tf.zeros(shape);
  if (initial !== undefined) return { re: add(zeros, initial.re), im: add(zeros, initial.im) };
  return {
    re: add(
      zeros,
      perIndex(shape[2], (k) => (k === 0 ? 1 : 0)),
    ),
    im: zeros,
  };
}

/** Expectation values `[P, B, words]`, or states `[P, B, 2, N]`. */
export function circuitComposed(inputs: CircuitInputs, attrs: CircuitAttrs): Tensor {
  const { program, output } = attrs;
  const shapes = { shared: inputs.shared.shape, sample: inputs.sample.shape };
  const { P, B, N } = sizesOf(shapes, attrs);
  let psi = initialState(inputs, [P, B, N]);
  for (const primitive of program.primitives) psi = applied(psi, primitive, inputs, program.wires);
  if (output === "state") return tf.stack([psi.re, psi.im], 2);
  const values = output.map((word) => {
    const p = pauli(psi, word);
    return tf.sum(add(mul(psi.re, p.re), mul(psi.im, p.im)), -1);
  });
  return tf.stack(values, -1);
}
