// The door of the linear solve: leading axes, complex systems, condition, errors. The kernel is tested beside the others.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import {
  linearSolveReference,
  reciprocalConditionReference,
} from "../../kernels/linear-solve/reference.js";
import { normals } from "../../benchmarks/cases/plain.js";
import { matMul } from "../../src/complex/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { solve } from "../../src/linalg/index.js";
import { random } from "../complex/pairs.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";

const rowsOf = (values: ArrayLike<number>, n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => values[i * n + j]!));

onEachBackend("solve()", (backend) => {
  it("solves complex systems with leading axes that broadcast", async () => {
    const [A, b] = [random(1, [2, 1, 5, 5]), random(2, [3, 5, 2])];
    const [re, im, wantRe, wantIm] = await readAll(() => {
      const { x } = solve(A, b);
      const back = matMul(A, x);
      const wide = tf.zeros([2, 3, 5, 2]);
      return [back.re, back.im, tf.add(wide, b.re), tf.add(wide, b.im)];
    });
    closeTo(re!, wantRe!, { atol: 1e-5 });
    closeTo(im!, wantIm!, { atol: 1e-5 });
    tf.dispose([A, b]);
  });

  it("has the gradient of a complex system", async () => {
    // x = b / a for 1 × 1: with a = 1 + i and b = 2, x = 1 - i, dx/da = -b/a² = i, so d Im x by (Re a, Im a) = (1, 0).
    const slopes = await readAll(() => {
      const part = (x: number): tf.Tensor => tf.tensor3d([x], [1, 1, 1]);
      const f = (re: tf.Tensor, im: tf.Tensor): tf.Tensor =>
        tf.sum(solve({ re, im }, { re: part(2), im: part(0) }).x.im);
      return tf.grads(f)([part(1), part(1)]);
    });
    closeTo([slopes[0]![0]!, slopes[1]![0]!], [1, 0], { atol: 1e-6 });
  });

  it("estimates the reciprocal condition number within a factor of 3, from above", async () => {
    for (const n of [1, 2, 5, 12]) {
      const { values } = normals([n, 3], [7, n, n]);
      const rcond = await read(
        () => solve(tf.tensor3d(values.slice(), [7, n, n]), tf.ones([n, 1])).rcond,
      );
      rcond.forEach((estimate, s) => {
        const exact = reciprocalConditionReference(rowsOf(values.subarray(s * n * n), n));
        expect(estimate / exact).to.be.within(1 - 1e-5, 3);
      });
    }
  });

  it("says of a singular system that its condition is 0, without touching its neighbours", async () => {
    const [x, rcond] = await readAll(() => {
      const A = tf.tensor3d([1, 2, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0], [3, 2, 2]);
      const solution = solve(A, tf.ones([2, 1]));
      return [solution.x, solution.rcond];
    });
    closeTo(rcond!, [0, 0.5, 0], {});
    closeTo(x!.slice(2, 4), [1, 0.5], {});
  });

  // A GPU has no float64: there the condition number alone says that nothing is to be expected.
  if (backend !== "webgpu")
    it("keeps float64 inside: a Hilbert matrix of six rows to the accuracy of its float32 entries", async () => {
      const n = 6;
      const A = Float32Array.from(
        { length: n * n },
        (_, at) => 1 / (Math.floor(at / n) + (at % n) + 1),
      );
      const exact = linearSolveReference(
        rowsOf(A, n),
        Array.from({ length: n }, () => [1]),
      );
      const x = await read(() => solve(tf.tensor2d(A.slice(), [n, n]), tf.ones([n, 1])).x);
      closeTo(x, exact.flat(), { rtol: 1e-6 });
    });

  it("has derivatives of second order by A and b in both forms", async () => {
    // x = 1/(a) b for 1 × 1: d²/da² Σ x = 2 b / a³, d²/da db = -1/a².
    for (const method of ["fused", "composed"] as const) {
      const [aa, ab] = await readAll(() => {
        const a = tf.tensor3d([2, -4], [2, 1, 1]);
        const b = tf.tensor3d([3, 5], [2, 1, 1]);
        const slope = (...xs: tf.Tensor[]): tf.Tensor =>
          tf.sum(tf.grad((y: tf.Tensor) => tf.sum(solve(y, xs[1]!, { method }).x))(xs[0]!));
        return tf.grads(slope)([a, b]);
      });
      closeTo(aa!, [6 / 8, 10 / -64], { rtol: 1e-5 });
      closeTo(ab!, [-1 / 4, -1 / 16], { rtol: 1e-5 });
    }
  });

  it("refuses what does not fit", () => {
    const [A, b] = [tf.zeros([2, 3]), tf.zeros([2, 1])];
    expect(() => solve(A, b)).to.throw(ShapeError, "`A` must have shape [...batch, n, n]");
    expect(() => solve(tf.zeros([3, 3]), b)).to.throw(ShapeError, "[...batch, 3, m]");
    expect(() => solve(b, b, { method: "qr" as "fused" })).to.throw(ArgumentError, "`method`");
    tf.dispose([A, b]);
  });
});
