// Products and traces of complex matrices `[...batch, n, m]`. Leading axes broadcast, aligned at the right.

import * as tf from "@tensorflow/tfjs";
import { shapeText } from "../checks.js";
import { ShapeError } from "../errors.js";
import { add, mul, sub } from "./arithmetic.js";
import { broadcastLead, commonLead, leadOf, sizeOf } from "./broadcasting.js";
import { mapParts, shapeOf } from "./complex.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "./complex.js";

/** Which factors of {@link matMul} are replaced by their conjugate transposes. */
export type MatMulOptions = { readonly adjointA?: boolean; readonly adjointB?: boolean };

/** The factors with their leading axes broadcast and merged into one. */
function paired(where: string, a: Complex, b: Complex): [Complex, Complex, number[]] {
  const lead = commonLead(where, { a: leadOf(shapeOf(a)), b: leadOf(shapeOf(b)) });
  const flat = (x: Complex): Complex =>
    mapParts(broadcastLead(x, lead), (part) =>
      tf.reshape(part, [sizeOf(lead), ...part.shape.slice(-2)] as [number, number, number]),
    );
  return [flat(a), flat(b), lead];
}

function checkInner(a: Complex, b: Complex, p: boolean, q: boolean): void {
  const inner = [shapeOf(a).at(p ? -2 : -1), shapeOf(b).at(q ? -1 : -2)];
  if (inner[0] === inner[1]) return;
  throw new ShapeError(
    `matMul: arguments \`a\` and \`b\` must agree in the axis that is summed, but have shapes ${shapeText(shapeOf(a))} and ${shapeText(shapeOf(b))}.`,
  );
}

/**
 * `A B`, or with adjoints of either.
 *
 * @param a - `[...batch, n, k]`, or `[...batch, k, n]` with `adjointA`
 * @param b - `[...batch, k, m]`, or `[...batch, m, k]` with `adjointB`
 * @returns `[...batch, n, m]`
 * @throws ShapeError
 */
export function matMul(a: Complex, b: Complex, options: MatMulOptions = {}): Complex {
  const { adjointA: p = false, adjointB: q = false } = options;
  checkInner(a, b, p, q);
  return tf.tidy(() => {
    // Stock tfjs is wrong in the value where both factors broadcast, and in the gradient where one does.
    const [x, y, lead] = paired("matMul", a, b);
    const product = (s: Tensor, t: Tensor): Tensor => tf.matMul(s, t, p, q);
    const rr = product(x.re, y.re);
    const ii = product(x.im, y.im);
    const ri = product(x.re, y.im);
    const ir = product(x.im, y.re);
    // An adjoint turns the sign of its imaginary part.
    const c = {
      re: p === q ? tf.sub(rr, ii) : tf.add(rr, ii),
      im: tf.add(q ? tf.neg(ri) : ri, p ? tf.neg(ir) : ir),
    };
    return mapParts(c, (part) => tf.reshape(part, [...lead, ...part.shape.slice(-2)]));
  });
}

/** `A B − B A`. */
export function commutator(a: Complex, b: Complex): Complex {
  return tf.tidy(() => sub(matMul(a, b), matMul(b, a)));
}

/** `A B + B A`. */
export function anticommutator(a: Complex, b: Complex): Complex {
  return tf.tidy(() => add(matMul(a, b), matMul(b, a)));
}

/** `Tr A`, `[...batch]`. */
export function trace(a: Complex): Complex {
  const [n, m] = shapeOf(a).slice(-2) as [number, number];
  if (n !== m) {
    throw new ShapeError(
      `trace: argument \`a\` must have shape [...batch, n, n], but has shape ${shapeText(shapeOf(a))}.`,
    );
  }
  return tf.tidy(() => {
    const identity = tf.eye(n);
    return mapParts(a, (part) => tf.sum(tf.mul(part, identity), [-2, -1]));
  });
}

/**
 * The Kronecker product `A ⊗ B`, the first factor slowest.
 *
 * @param a - `[...batch, n, m]`
 * @param b - `[...batch, k, l]`
 * @returns `[...batch, n k, m l]`
 */
export function kron(a: Complex, b: Complex): Complex {
  return tf.tidy(() => {
    const [x, y, lead] = paired("kron", a, b);
    const [n, m] = shapeOf(a).slice(-2) as [number, number];
    const [k, l] = shapeOf(b).slice(-2) as [number, number];
    const B = sizeOf(lead);
    const rows = mapParts(x, (part) => tf.reshape(part, [B, n, 1, m, 1]));
    const columns = mapParts(y, (part) => tf.reshape(part, [B, 1, k, 1, l]));
    return mapParts(mul(rows, columns), (part) => tf.reshape(part, [...lead, n * k, m * l]));
  });
}
