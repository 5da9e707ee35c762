// The door of the eigenvalues: leading axes, coinciding eigenvalues, errors. The kernel is tested beside the others.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ShapeError } from "../../src/errors.js";
import { eigenvalues } from "../../src/linalg/index.js";
import { random } from "../complex/pairs.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";

onEachBackend("eigenvalues()", () => {
  it("have the trace and the trace of the square of a matrix of 16 rows, with any leading axes", async () => {
    const A = random(1, [2, 3, 16, 16]);
    const [values, diagonal, squares] = await readAll(() => {
      const swap = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 1, 3, 2]);
      const re = tf.mul(0.5, tf.add(A.re, swap(A.re)));
      const im = tf.mul(0.5, tf.sub(A.im, swap(A.im)));
      return [
        eigenvalues(A),
        tf.sum(tf.mul(re, tf.eye(16)), [2, 3]),
        tf.sum(tf.add(tf.square(re), tf.square(im)), [2, 3]),
      ];
    });
    for (let s = 0; s < 6; s++) {
      const own = [...values!.slice(16 * s, 16 * s + 16)];
      expect(own).to.deep.equal([...own].sort((a, b) => a - b));
      const total = (f: (x: number) => number): number => own.reduce((sum, x) => sum + f(x), 0);
      closeTo(
        total((x) => x),
        diagonal![s]!,
        { atol: 1e-4 },
      );
      closeTo(
        total((x) => x * x),
        squares![s]!,
        { rtol: 1e-5 },
      );
    }
    tf.dispose(A);
  });

  it("have the gradient of Σ λ³, 3 A², where eigenvalues coincide too", async () => {
    const slope = await read(() => {
      const re = tf.diag(tf.tensor1d([2, 2, -1]));
      const f = (x: tf.Tensor): tf.Tensor =>
        tf.sum(tf.pow(eigenvalues({ re: x, im: tf.zerosLike(x) }), 3));
      return tf.grad(f)(re);
    });
    closeTo(slope, [12, 0, 0, 0, 12, 0, 0, 0, 3], { atol: 1e-5 });
  });

  it("are exact for a matrix that is diagonal but for an entry whose square underflows", async () => {
    const values = await read(() => {
      const re = tf.tensor2d([3, 1e-30, 0, 1e-30, 1, 1e-38, 0, 1e-38, 2], [3, 3]);
      return eigenvalues({ re, im: tf.mul(re, tf.sub(1, tf.eye(3))) });
    });
    closeTo(values, [1, 2, 3], {});
  });

  it("refuse matrices that are not square", () => {
    const x = tf.zeros([2, 3]);
    expect(() => eigenvalues({ re: x, im: x })).to.throw(ShapeError, "[...batch, n, n]");
    tf.dispose(x);
  });
});
