// The algebra of complex pairs: values against plain float64, broadcasting, gradients of first and second order, errors.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import {
  add,
  adjoint,
  anticommutator,
  broadcastTo,
  commonLead,
  commutator,
  complex,
  conj,
  fromArrays,
  kron,
  matMul,
  mul,
  scale,
  sub,
  sum,
  timesI,
  trace,
  transpose,
} from "../../src/complex/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import { productOf, random, readPair } from "./pairs.js";
import type { Complex } from "../../src/complex/index.js";
import type { Entry } from "./pairs.js";

const FLAGS = [false, true];
const close = { atol: 2e-6, rtol: 2e-6 };

/** Entries of sample s, or of sample 0 where there is one only. */
async function entries(A: Complex): Promise<(s: number) => (i: number, j: number) => Entry> {
  const [re, im] = [await A.re.data(), await A.im.data()];
  const [n, m] = A.re.shape.slice(-2) as [number, number];
  const samples = re.length / (n * m);
  return (s) => (i, j) => {
    const at = ((samples === 1 ? 0 : s) * n + i) * m + j;
    return [re[at]!, im[at]!];
  };
}

const adjointOf =
  (a: (i: number, j: number) => Entry) =>
  (i: number, j: number): Entry => [a(j, i)[0], -a(j, i)[1]];

onEachBackend("matMul()", () => {
  const leads = [
    { a: [], b: [] },
    { a: [3], b: [3] },
    { a: [3], b: [] },
    { a: [], b: [3] },
    { a: [1], b: [3] },
  ];
  for (const { a, b } of leads)
    for (const p of FLAGS)
      for (const q of FLAGS)
        it(`is the product of [${a.join()}] and [${b.join()}]${p ? ", A†" : ""}${q ? ", B†" : ""}`, async () => {
          const A = random(1, [...a, ...(p ? [3, 2] : [2, 3])]);
          const B = random(2, [...b, ...(q ? [5, 3] : [3, 5])]);
          const [x, y] = [await entries(A), await entries(B)];
          const [re, im] = await readPair(() => matMul(A, B, { adjointA: p, adjointB: q }));
          const samples = Math.max(1, ...a, ...b);
          for (let s = 0; s < samples; s++) {
            const left = p ? adjointOf(x(s)) : x(s);
            const right = q ? adjointOf(y(s)) : y(s);
            const [u, v] = productOf(2, 3, 5, left, right);
            closeTo(re.slice(10 * s, 10 * s + 10), u, close, "re");
            closeTo(im.slice(10 * s, 10 * s + 10), v, close, "im");
          }
          tf.dispose([A, B]);
        });

  it("is right where both factors broadcast, in value and gradient", async () => {
    const [A, B] = [random(3, [2, 1, 2, 2]), random(4, [3, 2, 2])];
    const whole = await readPair(() => matMul(A, B));
    const tile = (X: Complex, reps: number[]): Complex => ({
      re: tf.tile(X.re, reps),
      im: tf.tile(X.im, reps),
    });
    const tiled = await readPair(() =>
      matMul(
        tile(A, [1, 3, 1, 1]),
        tile({ re: B.re.expandDims(0), im: B.im.expandDims(0) }, [2, 1, 1, 1]),
      ),
    );
    closeTo(whole, tiled, close);
    const f = (X: Complex): tf.Tensor => tf.sum(tf.square(matMul(X, B).im));
    const [slope] = await readAll(() => [tf.grad((re) => f({ re, im: A.im }))(A.re)]);
    const h = 1e-2;
    const bump = tf.tensor([1, 0, 0, 0, 0, 0, 0, 0], [2, 1, 2, 2]).mul(h);
    const [up, down] = await readAll(() => [
      f({ re: A.re.add(bump), im: A.im }),
      f({ re: A.re.sub(bump), im: A.im }),
    ]);
    closeTo(slope![0]!, (up![0]! - down![0]!) / (2 * h), { rtol: 1e-3, atol: 1e-3 });
    tf.dispose([A, B, bump]);
  });

  it("has a second derivative", async () => {
    const [A, B] = [random(5, [2, 2, 2]), random(6, [2, 2])];
    // f = Σ |A B|⁴: its second derivative by B along itself is 12 f.
    const f = (re: tf.Tensor, im: tf.Tensor): tf.Tensor => {
      const C = matMul(A, { re, im });
      return tf.sum(tf.square(tf.add(tf.square(C.re), tf.square(C.im))));
    };
    const along = (re: tf.Tensor, im: tf.Tensor): tf.Tensor => {
      const [dRe, dIm] = tf.grads(f)([re, im]);
      return tf.sum(tf.add(tf.mul(dRe!, re), tf.mul(dIm!, im)));
    };
    const [first, second, value] = await readAll(() => {
      const [dRe, dIm] = tf.grads(along)([B.re, B.im]);
      return [
        along(B.re, B.im),
        tf.sum(tf.add(tf.mul(dRe!, B.re), tf.mul(dIm!, B.im))),
        f(B.re, B.im),
      ];
    });
    closeTo(first![0]!, 4 * value![0]!, { rtol: 1e-5 });
    closeTo(second![0]!, 16 * value![0]!, { rtol: 1e-5 });
    tf.dispose([A, B]);
  });
});

onEachBackend("complex algebra", () => {
  it("has the identities of matrices", async () => {
    const [A, B] = [random(7, [3, 2, 2]), random(8, [2, 2])];
    const same = async (x: () => Complex, y: () => Complex, what: string): Promise<void> =>
      closeTo(await readPair(x), await readPair(y), close, what);
    await same(
      () => adjoint(matMul(A, B)),
      () => matMul(adjoint(B), adjoint(A)),
      "(AB)† = B†A†",
    );
    await same(
      () => commutator(A, B),
      () => sub(matMul(A, B), matMul(B, A)),
      "[A, B]",
    );
    await same(
      () => add(commutator(A, B), anticommutator(A, B)),
      () => scale(matMul(A, B), 2),
      "2AB",
    );
    await same(
      () => trace(matMul(A, B)),
      () => trace(matMul(B, A)),
      "Tr AB = Tr BA",
    );
    await same(
      () => conj(transpose(A)),
      () => adjoint(A),
      "A†",
    );
    await same(
      () => timesI(timesI(A)),
      () => scale(A, -1),
      "i i = -1",
    );
    await same(
      () => matMul(kron(A, B), kron(B, A)),
      () => kron(matMul(A, B), matMul(B, A)),
      "(A⊗B)(B⊗A)",
    );
    await same(
      () => sum(A, B, B),
      () => add(A, scale(B, 2)),
      "sum",
    );
    await same(
      () => mul(A, conj(A)),
      () => complex(tf.add(tf.square(A.re), tf.square(A.im))),
      "|a|²",
    );
    tf.dispose([A, B]);
  });

  it("multiplies matrices by coefficients of leading axes", async () => {
    const A = random(9, [2, 2]);
    const c = { re: tf.tensor1d([1, 2, 3]), im: tf.tensor1d([0, -1, 0.5]) };
    const [re] = await readPair(() => scale(A, c.re));
    const [a, b] = [await A.re.data(), await A.im.data()];
    closeTo(re, [...a, ...[...a].map((x) => 2 * x), ...[...a].map((x) => 3 * x)], close);
    const [turned] = await readPair(() => scale(A, c));
    closeTo(
      turned.slice(4, 8),
      [...a].map((x, i) => 2 * x + b[i]!),
      close,
    );
    tf.dispose([A, c]);
  });

  it("stacks the first factor of a Kronecker product slowest", async () => {
    const [re, im] = await readPair(() =>
      kron(fromArrays([[1, 2]]), fromArrays([[0, 3]], [[1, 0]])),
    );
    closeTo(re, [0, 3, 0, 6], {});
    closeTo(im, [1, 0, 2, 0], {});
  });

  it("differentiates a Kronecker product whose factors have different leading axes", async () => {
    const [A, B] = [random(10, [3, 2, 2]), random(11, [2, 3])];
    const f = (b: tf.Tensor): tf.Tensor => tf.sum(kron(A, { re: b, im: B.im }).re);
    const [slope, total] = await readAll(() => [tf.grad(f)(B.re), tf.sum(A.re)]);
    closeTo(slope!, new Array<number>(6).fill(total![0]!), { rtol: 1e-5, atol: 1e-5 });
    tf.dispose([A, B]);
  });

  it("leaves no tensors behind", () => {
    const [A, B] = [random(12, [3, 2, 2]), random(13, [2, 2])];
    const before = tf.memory().numTensors;
    const results = [matMul(A, B), kron(A, B), commutator(A, B), trace(A), adjoint(A), sum(A, B)];
    expect(tf.memory().numTensors).to.equal(before + 2 * results.length);
    tf.dispose([results, A, B]);
  });
});

onEachBackend("broadcastTo()", () => {
  it("repeats axes of size 1, and has a gradient at high rank and on empty axes", async () => {
    const [value, slope] = await readAll(() => {
      const x = tf.tensor([1, 2], [1, 2, 1]);
      const wide = (t: tf.Tensor): tf.Tensor => broadcastTo(t, [2, 1, 3, 2, 2]);
      return [wide(x), tf.grad((t: tf.Tensor) => tf.sum(wide(t)))(x)];
    });
    expect([...value!.slice(0, 8)]).to.deep.equal([1, 1, 2, 2, 1, 1, 2, 2]);
    expect([...slope!]).to.deep.equal([12, 12]);
    const empty = await read(() =>
      tf.grad((t: tf.Tensor) => broadcastTo(t, [0, 2]))(tf.tensor1d([1, 2]), tf.zeros([0, 2])),
    );
    expect([...empty]).to.deep.equal([0, 0]);
  });

  it("names the axes that do not agree", () => {
    expect(commonLead("f", { a: [2, 1], b: [3] })).to.deep.equal([2, 3]);
    expect(() => commonLead("f", { a: [2], b: [3] })).to.throw(
      ShapeError,
      "f: the leading axes of argument `b`, [3], must agree with those of the others, [2], or be 1.",
    );
  });
});

describe("complex()", () => {
  it("refuses parts of different shapes and types", () => {
    const parts = [tf.zeros([2, 2]), tf.zeros([2]), tf.zeros([2, 2], "int32")] as const;
    expect(() => complex(parts[0], parts[1])).to.throw(ShapeError, "must have the shape of `re`");
    expect(() => complex(parts[0], parts[2])).to.throw(ArgumentError, "float32");
    tf.dispose([...parts]);
  });

  it("refuses sums and differences that do not fit", () => {
    const [a, b] = [random(14, [2, 2]), random(15, [5, 5])];
    expect(() => add(a, b)).to.throw(ShapeError, "add: ");
    expect(() => sub(a, b)).to.throw(ShapeError, "sub: ");
    tf.dispose([a, b]);
  });

  it("refuses products that do not fit", () => {
    const [a, b] = [random(14, [2, 3]), random(15, [2, 3])];
    expect(() => matMul(a, b)).to.throw(ShapeError, "[2, 3] and [2, 3]");
    expect(() => trace(a)).to.throw(ShapeError, "[...batch, n, n]");
    tf.dispose([a, b]);
  });
});
