// Tests of the stock webgpu kernels that are replaced: elementary functions to float32 accuracy over all of their ranges,
// padding of tensors with more than four axes, and products in one order.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { WEBGPU_REPLACEMENTS } from "../../kernels/runtime/patches/index.js";
import { onEachBackend } from "../support/backends.js";
import { read } from "../support/tensors.js";
import type { Tensor } from "@tensorflow/tfjs";

type Range = readonly [least: number, most: number];

/** tfjs's function, JavaScript's, and where they are compared: by absolute error, and by relative error. */
type Function = {
  readonly kernel: string;
  readonly compute: (x: Tensor) => Tensor;
  readonly exact: (x: number) => number;
  readonly absolute?: readonly Range[];
  readonly relative?: readonly Range[];
};

const ANGLES: readonly Range[] = [
  [-3, 3],
  [-5000, 5000],
  [-1e6, 1e6],
  [-1e38, 1e38],
];
const SMALL: Range = [-1e-3, 1e-3];

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const FUNCTIONS: readonly Function[] = [
  { kernel: "Sin", compute: tf.sin, exact: Math.sin, absolute: ANGLES },
  { kernel: "Cos", compute: tf.cos, exact: Math.cos, absolute: ANGLES },
  { kernel: "Tan", compute: tf.tan, exact: Math.tan, relative: [[-1, 1]] },
  { kernel: "Exp", compute: tf.exp, exact: Math.exp, relative: [[-80, 80]] },
  { kernel: "Expm1", compute: tf.expm1, exact: Math.expm1, relative: [SMALL, [-3, 3]] },
  { kernel: "Log", compute: tf.log, exact: Math.log, relative: [[0.999, 1.001], [2, 1e30]] }, // prettier-ignore
  { kernel: "Log1p", compute: tf.log1p, exact: Math.log1p, relative: [SMALL, [-0.5, 2]] },
  { kernel: "Tanh", compute: tf.tanh, exact: Math.tanh, relative: [SMALL, [-20, 20]] },
  { kernel: "Sinh", compute: tf.sinh, exact: Math.sinh, relative: [SMALL, [-30, 30]] },
  { kernel: "Sigmoid", compute: tf.sigmoid, exact: (x) => 1 / (1 + Math.exp(-x)), relative: [[-80, 80]] }, // prettier-ignore
  { kernel: "Softplus", compute: tf.softplus, exact: softplus, relative: [[-80, 80]] },
  { kernel: "Elu", compute: tf.elu, exact: (x) => (x > 0 ? x : Math.expm1(x)), relative: [SMALL, [-3, 3]] }, // prettier-ignore
];

/** float32: some roundings. */
const ACCURACY = 4e-7;

function points([least, most]: Range): Float32Array {
  return Float32Array.from(
    { length: 5000 },
    (_, i) => least + (most - least) * ((i * 0.6180339887) % 1),
  );
}

/** Largest error, each over what the scale says. */
async function errorOf(
  { compute, exact }: Function,
  range: Range,
  scale: (y: number) => number,
): Promise<number> {
  const xs = points(range);
  const ys = await read(() => compute(tf.tensor1d(xs.slice())));
  const errors = Array.from(xs, (x, i) => Math.abs(ys[i]! - exact(x)) / scale(exact(x)));
  // Not Math.max, which would hide nothing here but read as if it could.
  return errors.reduce((worst, error) => (error <= worst ? worst : error), 0);
}

onEachBackend("elementary functions", (backend) => {
  if (backend !== "webgpu") return;

  for (const one of FUNCTIONS)
    it(`of the kernel ${one.kernel} have float32 accuracy`, async () => {
      expect(WEBGPU_REPLACEMENTS).to.include(one.kernel);
      for (const range of one.absolute ?? [])
        expect(await errorOf(one, range, () => 1), String(range)).to.be.below(ACCURACY);
      for (const range of one.relative ?? [])
        expect(await errorOf(one, range, (y) => Math.abs(y) + 1e-37), String(range)).to.be.below(
          ACCURACY,
        );
    });

  it("answer what is no angle and no logarithm with what is not a number", async () => {
    const values = (f: (x: Tensor) => Tensor, xs: number[]): Promise<Float32Array> =>
      read(() => f(tf.tensor1d(xs)));
    expect([...(await values(tf.sin, [Infinity, NaN]))]).to.deep.equal([NaN, NaN]);
    const logarithms = [...(await values(tf.log, [Infinity, NaN, 0, -1]))];
    expect(logarithms).to.deep.equal([Infinity, NaN, -Infinity, NaN]);
    expect([...(await values(tf.exp, [-Infinity, Infinity, NaN]))]).to.deep.equal([0, Infinity, NaN]); // prettier-ignore
  });
});

onEachBackend("pad", () => {
  it("puts values around a tensor of five axes", async () => {
    const shape = [2, 1, 2, 1, 2];
    const x = Float32Array.from({ length: 8 }, (_, i) => i + 1);
    const padded = await read(
      () =>
      tf.pad(tf.tensor(x, shape), [[1, 0], [0, 1], [0, 0], [0, 0], [1, 1]], 7), // prettier-ignore
    );
    const rows = [...x].map((value, i) => (i % 2 === 0 ? [7, value] : [value, 7])).flat();
    // [3, 2, 2, 1, 4]: all of the first block and the second half of the others are padding.
    const block = (k: number): number[] => [
      ...rows.slice(8 * k, 8 * k + 8),
      ...new Array<number>(8).fill(7),
    ];
    expect([...padded]).to.deep.equal([...new Array<number>(16).fill(7), ...block(0), ...block(1)]);
  });
});

// The stock kernels of webgpu fail.
onEachBackend("tf.sum and tf.mean of nothing", (backend) => {
  it("are 0 and not a number, over all axes and over some", async () => {
    const values = async (f: () => Tensor): Promise<number[]> => [...(await read(f))];
    expect(await values(() => tf.sum(tf.zeros([0, 2])))).to.deep.equal([0]);
    expect(await values(() => tf.sum(tf.zeros([0, 2]), 0))).to.deep.equal([0, 0]);
    expect(await values(() => tf.sum(tf.zeros([0, 2]), 1))).to.deep.equal([]);
    const kept = await values(() => {
      const sums = tf.sum(tf.zeros([3, 0, 2]), 1, true);
      expect(sums.shape).to.deep.equal([3, 1, 2]);
      return sums;
    });
    expect(kept).to.deep.equal([0, 0, 0, 0, 0, 0]);
    // Stock cpu: a sum of nothing.
    const mean = backend === "cpu" ? 0 : NaN;
    expect(await values(() => tf.mean(tf.zeros([0, 2]), 0))).to.deep.equal([mean, mean]);
  });
});

// The stock kernel of webgpu adds up parts of long products by atomics, in any order.
onEachBackend("matMul", () => {
  it("gives long products the same bits each time", async () => {
    const [a, b] = [tf.randomNormal([24, 5000], 0, 1, "float32", 3), tf.randomNormal([5000, 24], 0, 1, "float32", 4)]; // prettier-ignore
    const first = await read(() => tf.matMul(a, b));
    for (let i = 0; i < 8; i++) expect(await read(() => tf.matMul(a, b))).to.deep.equal(first);
    tf.dispose([a, b]);
  });

  it("gives a product of a batch the bits that it has alone", async () => {
    const [a, b] = [tf.randomNormal([40, 9, 3], 0, 1, "float32", 5), tf.randomNormal([40, 3, 9], 0, 1, "float32", 6)]; // prettier-ignore
    const all = await read(() => tf.matMul(a, b));
    for (const index of [0, 17, 39]) {
      const part = (x: tf.Tensor): tf.Tensor => tf.slice(x, [index, 0, 0], [1, -1, -1]);
      const alone = await read(() => tf.matMul(part(a), part(b)));
      expect(alone).to.deep.equal(all.slice(81 * index, 81 * (index + 1)));
    }
    tf.dispose([a, b]);
  });
});
