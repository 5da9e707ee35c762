// Eigenvectors and square roots: what defines them, their derivatives against closed forms and differences, and what
// happens where eigenvalues coincide or are 0.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { add, adjoint, mapParts, matMul, scale, sub } from "../../src/complex/index.js";
import { ShapeError } from "../../src/errors.js";
import { eigh, eigenvalues, sqrtm } from "../../src/linalg/index.js";
import { random } from "../complex/pairs.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import type { Complex } from "../../src/complex/index.js";

type Tensor = tf.Tensor;

const hermitian = (A: Complex): Complex => scale(add(A, adjoint(A)), 0.5);
const real = (re: Tensor): Complex => ({ re, im: tf.zerosLike(re) });
const most = ({ re, im }: Complex): Tensor => tf.max(tf.maximum(tf.abs(re), tf.abs(im)));
/** Σ Re(C* A) for constant C. */
const overlap = (C: Complex, A: Complex): Tensor =>
  tf.sum(tf.add(tf.mul(C.re, A.re), tf.mul(C.im, A.im)));

/** The slope of f along a direction: by its gradient, and by differences of fourth order. */
async function slopes(
  f: (A: Complex) => Tensor,
  A: Complex,
  direction: Complex,
  h: number,
): Promise<[number, number]> {
  const at = (step: number): Tensor =>
    f({
      re: tf.add(A.re, tf.mul(step, direction.re)),
      im: tf.add(A.im, tf.mul(step, direction.im)),
    });
  const [slope, near, far] = await readAll(() => {
    const g = tf.grads((re: Tensor, im: Tensor) => f({ re, im }));
    const [re, im] = g([A.re, A.im]);
    const along = tf.add(tf.sum(tf.mul(re!, direction.re)), tf.sum(tf.mul(im!, direction.im)));
    return [along, tf.sub(at(h), at(-h)), tf.sub(at(2 * h), at(-2 * h))];
  });
  return [slope![0]!, (8 * near![0]! - far![0]!) / (12 * h)];
}

onEachBackend("eigh()", () => {
  it("diagonalises with a unitary matrix, the smallest eigenvalue first, with any leading axes", async () => {
    for (const lead of [[], [3], [2, 2]]) {
      const A = random(3, [...lead, 6, 6]);
      const [off, unitary, values, alone] = await readAll(() => {
        const H = hermitian(A);
        const { values: lambda, vectors: V } = eigh(A);
        const D = mapParts(V, (part) => tf.mul(part, tf.expandDims(lambda, -2)));
        return [
          most(sub(matMul(D, adjoint(V)), H)),
          most(sub(matMul(adjoint(V), V), real(tf.eye(6)))),
          lambda,
          eigenvalues(A),
        ];
      });
      closeTo(off!, [0], { atol: 2e-6 }, "V Λ V† = A");
      closeTo(unitary!, [0], { atol: 5e-7 }, "V† V = 1");
      closeTo(values!, alone!, {}, "eigenvalues()");
      tf.dispose(A);
    }
  });

  it("makes the largest component of each vector real and positive", async () => {
    const A = random(4, [5, 5]);
    const [re, im] = await readAll(() => {
      const { vectors } = eigh(A);
      return [vectors.re, vectors.im];
    });
    for (let j = 0; j < 5; j++) {
      const column = Array.from(
        { length: 5 },
        (_, i) => [re![5 * i + j]!, im![5 * i + j]!] as const,
      );
      const sizes = column.map(([x, y]) => Math.hypot(x, y));
      const [x, y] = column[sizes.indexOf(Math.max(...sizes))]!;
      expect(x).to.be.greaterThan(0);
      closeTo(y, 0, { atol: 1e-7 });
    }
    tf.dispose(A);
  });

  it("has the gradient of differences for what does not depend on phases, values and vectors together", async () => {
    const [A, direction, O] = [random(5, [2, 4, 4]), random(6, [2, 4, 4]), random(7, [4, 4])];
    // Σ_j j λ_j ⟨v_j|O|v_j⟩
    const f = (X: Complex): Tensor => {
      const { values, vectors: V } = eigh(X);
      const image = matMul(hermitian(O), V);
      const entries = tf.add(tf.mul(V.re, image.re), tf.mul(V.im, image.im));
      return tf.sum(tf.mul(tf.mul(values, tf.range(1, 5)), tf.sum(entries, -2)));
    };
    const [slope, difference] = await slopes(f, A, direction, 5e-3);
    closeTo(slope, difference, { rtol: 1e-3 });
    tf.dispose([A, direction, O]);
  });

  it("has the gradient of a projector on a degenerate space, 1/(λ_j - λ_i) between the spaces", async () => {
    // A = diag(1, 1, 3): the projector on the first two moves by its third row and column alone.
    const slope = await read(() => {
      const f = (re: Tensor): Tensor => {
        const { vectors } = eigh(real(re));
        const V = mapParts(vectors, (part) => tf.slice(part, [0, 0], [3, 2]));
        const P = matMul(V, adjoint(V)).re;
        return tf.sum(tf.mul(P, tf.tensor2d([5, 7, 1, 7, 5, 2, 1, 2, 0], [3, 3])));
      };
      return tf.grad(f)(tf.diag(tf.tensor1d([1, 1, 3])));
    });
    // dP_i3 = -dA_i3 / 2 and its mirror image.
    closeTo(slope, [0, 0, -0.5, 0, 0, -1, -0.5, -1, 0], { atol: 1e-6 });
  });

  it("has second derivatives: those of λ = x ± √(1 + x²)", async () => {
    // [[2x, 1], [1, 0]]
    const second = await read(() => {
      const f = (x: Tensor): Tensor => {
        const matrix = tf.add(
          tf.mul(x, tf.tensor2d([2, 0, 0, 0], [2, 2])),
          tf.tensor2d([0, 1, 1, 0], [2, 2]),
        );
        return tf.sum(tf.mul(eigh(real(matrix)).values, tf.tensor1d([0, 1])));
      };
      const slope = tf.grad(f);
      return tf.grad((x: Tensor) => tf.sum(slope(x)))(tf.scalar(0.7));
    });
    closeTo(second, [(1 + 0.49) ** -1.5], { rtol: 1e-5 });
  });

  it("takes no matrices, and leaves nothing behind", async () => {
    const A = { re: tf.zeros([0, 3, 3]), im: tf.zeros([0, 3, 3]) };
    const before = tf.memory().numTensors;
    const [values, slope] = await readAll(() => [
      eigh(A).values,
      tf.grad((re: Tensor) => tf.sum(eigh({ re, im: A.im }).vectors.re))(A.re),
    ]);
    expect([...values!, ...slope!]).to.deep.equal([]);
    expect(tf.memory().numTensors).to.equal(before);
    tf.dispose(A);
  });

  it("refuses matrices that are not square", () => {
    const x = tf.zeros([2, 3]);
    expect(() => eigh({ re: x, im: x })).to.throw(ShapeError, "eigh: argument `A`");
    expect(() => sqrtm({ re: x, im: x })).to.throw(ShapeError, "sqrtm: argument `A`");
    tf.dispose(x);
  });
});

onEachBackend("sqrtm()", () => {
  const positiveOf = (A: Complex): Complex => matMul(A, adjoint(A));

  it("squares to the matrix, with any leading axes", async () => {
    const A = random(8, [2, 3, 5, 5]);
    const off = await read(() => {
      const P = positiveOf(A);
      const root = sqrtm(P);
      return most(sub(matMul(root, root), P));
    });
    closeTo(off, [0], { atol: 2e-5 });
    tf.dispose(A);
  });

  it("has the gradient of differences", async () => {
    const [A, direction, C] = [random(9, [4, 4]), random(10, [4, 4]), random(11, [4, 4])];
    const P = tf.tidy(() => positiveOf(A));
    const [slope, difference] = await slopes((X) => overlap(C, sqrtm(X)), P, direction, 3e-3);
    closeTo(slope, difference, { rtol: 5e-3 });
    tf.dispose([A, direction, C, P]);
  });

  it("has derivatives at a multiple of the identity, where all eigenvalues coincide", async () => {
    // √(4 + x B) = 2 + x B/4 - x² B²/64 + …
    const [first, second] = await readAll(() => {
      const B = tf.tensor2d([1, 2, 2, -1], [2, 2]);
      const f = (x: Tensor): Tensor => {
        const root = sqrtm(real(tf.add(tf.mul(4, tf.eye(2)), tf.mul(x, B))));
        return tf.sum(tf.mul(root.re, tf.tensor2d([1, 1, 0, 0], [2, 2])));
      };
      const slope = tf.grad(f);
      return [slope(tf.scalar(0)), tf.grad((x: Tensor) => tf.sum(slope(x)))(tf.scalar(0))];
    });
    closeTo(first!, [3 / 4], { rtol: 1e-6 });
    closeTo(second!, [-5 / 32], { rtol: 1e-5 });
  });

  it("is the root of a projector, with the slope within its range", async () => {
    const [root, slope] = await readAll(() => {
      const P = tf.tensor2d([0.5, 0.5, 0.5, 0.5], [2, 2]);
      const f = (x: Tensor): Tensor => tf.sum(sqrtm(real(tf.mul(x, P))).re);
      return [sqrtm(real(P)).re, tf.grad(f)(tf.scalar(4))];
    });
    closeTo(root!, [0.5, 0.5, 0.5, 0.5], { atol: 1e-6 });
    // d(2 √x)/dx
    closeTo(slope!, [0.5], { rtol: 1e-5 });
  });
});
