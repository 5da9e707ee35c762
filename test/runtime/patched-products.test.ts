// Tests of matrix products, convolutions and sums as the backends compute them, against float64 loops: on wasm stock
// tfjs computes some of them wrongly, lacks others, and is slow at the rest.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/index.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Values without a pattern that a wrong index would keep. */
function values(shape: readonly number[], seed: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1.7 * i + seed));
}

const tensor = (shape: readonly number[], seed: number): Tensor =>
  tf.tensor(values(shape, seed), [...shape]);

type Flags = readonly [transposeA: boolean, transposeB: boolean];

const FLAGS: readonly Flags[] = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
];

type Dimensions = { readonly m: number; readonly n: number; readonly k: number };

/** Batch axes of A and of B; they broadcast. */
type Batches = readonly [a: readonly number[], b: readonly number[]];

/** The product in float64, with the shape of its batch. */
function product({ m, n, k }: Dimensions, batches: Batches, [p, q]: Flags): number[] {
  const shapeA = [...batches[0], ...(p ? [k, m] : [m, k])];
  const shapeB = [...batches[1], ...(q ? [n, k] : [k, n])];
  const [a, b] = [values(shapeA, 1), values(shapeB, 2)];
  const batch = tf.broadcast_util.assertAndGetBroadcastShape([...batches[0]], [...batches[1]]);
  const at = (own: readonly number[], i: number): number => {
    let index = 0;
    for (let axis = 0; axis < own.length; axis++) {
      const stride = sizeOf(batch.slice(axis + 1 + batch.length - own.length));
      const position = Math.floor(i / stride) % batch[axis + batch.length - own.length]!;
      index = index * own[axis]! + (own[axis] === 1 ? 0 : position);
    }
    return index;
  };
  return Array.from({ length: sizeOf(batch) * m * n }, (_, out) => {
    const [i, row, column] = [Math.floor(out / (m * n)), Math.floor(out / n) % m, out % n];
    const [matrixA, matrixB] = [at(batches[0], i) * m * k, at(batches[1], i) * k * n];
    let sum = 0;
    for (let t = 0; t < k; t++) {
      const x = a[matrixA + (p ? t * m + row : row * k + t)]!;
      sum += x * b[matrixB + (q ? column * k + t : t * n + column)]!;
    }
    return sum;
  });
}

function matMul({ m, n, k }: Dimensions, batches: Batches, [p, q]: Flags): Tensor {
  const a = tensor([...batches[0], ...(p ? [k, m] : [m, k])], 1);
  const b = tensor([...batches[1], ...(q ? [n, k] : [k, n])], 2);
  return tf.matMul(a, b, p, q);
}

const PRODUCTS: readonly (readonly [Dimensions, Batches])[] = [
  [{ m: 1, n: 1, k: 1 }, [[], []]],
  [{ m: 7, n: 13, k: 5 }, [[], []]],
  [{ m: 67, n: 9, k: 300 }, [[], []]],
  [{ m: 5, n: 8, k: 61 }, [[3], [3]]],
  [{ m: 4, n: 3, k: 2 }, [[3], [1]]],
  [{ m: 4, n: 3, k: 2 }, [[1], [3]]],
  [
    { m: 2, n: 2, k: 2 },
    [
      [2, 3],
      [2, 3],
    ],
  ],
];

// Stock cpu and wasm give wrong values here, and only the latter is repaired.
const BOTH_BROADCAST: readonly [Dimensions, Batches] = [
  { m: 2, n: 3, k: 4 },
  [
    [2, 1],
    [1, 3],
  ],
];

onEachBackend("matMul", (backend) => {
  for (const [dimensions, batches] of [...PRODUCTS, ...(backend === "cpu" ? [] : [BOTH_BROADCAST])])
    for (const flags of FLAGS) {
      const { m, n, k } = dimensions;
      const what = `${String(m)} x ${String(k)} x ${String(n)}, batches [${String(batches[0])}] and [${String(batches[1])}]`;
      it(`is the product, ${what}, transposed ${flags.join(", ")}`, async () => {
        const expected = product(dimensions, batches, flags);
        const actual = await read(() => matMul(dimensions, batches, flags));
        closeTo(actual, expected, { rtol: 1e-6, atol: 2e-6 * Math.sqrt(k) });
      });
    }

  it("of nothing is nothing, or zero", async () => {
    expect(await read(() => tf.matMul(tf.zeros([0, 3]), tf.ones([3, 2])))).to.have.length(0);
    const empty = await read(() => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])));
    expect([...empty]).to.deep.equal([0, 0, 0, 0, 0, 0]);
  });

  it("is fused with a bias and an activation", async () => {
    const { m, n, k } = { m: 11, n: 21, k: 61 };
    const [a, b] = [
      [2, m, k],
      [2, k, n],
    ] as const;
    const plain = await read(() => tf.matMul(tensor(a, 1), tensor(b, 2)));
    for (const activation of ["linear", "relu", "sigmoid"] as const) {
      const fused = await read(() => {
        const bias = tensor([n], 3);
        return tf.fused.matMul({ a: tensor(a, 1), b: tensor(b, 2), bias, activation });
      });
      const expected = Array.from(plain, (x, i) => {
        const y = x + values([n], 3)[i % n]!;
        if (activation === "relu") return Math.max(y, 0);
        return activation === "sigmoid" ? 1 / (1 + Math.exp(-y)) : y;
      });
      closeTo(fused, expected, { atol: 1e-5 }, activation);
    }
  });
});

type Convolution = {
  readonly image: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly strides: readonly [number, number];
  readonly pad: "same" | "valid" | number;
};

const CONVOLUTIONS: readonly Convolution[] = [
  { image: [3, 7, 9, 2], filter: [3, 4, 2, 5], strides: [1, 1], pad: "same" },
  { image: [2, 8, 8, 3], filter: [4, 4, 3, 9], strides: [2, 2], pad: "same" },
  { image: [2, 9, 7, 1], filter: [3, 2, 1, 1], strides: [2, 1], pad: "valid" },
  { image: [1, 5, 5, 40], filter: [1, 1, 40, 33], strides: [1, 1], pad: "valid" },
];

/** What conv2d's gradients are: sums over every pair of an output and an offset in its patch, in float64. */
function gradientsOf({ image, filter, strides, pad }: Convolution): [number[], number[]] {
  const info = tf.backend_util.computeConv2DInfo([...image], [...filter], [...strides], 1, pad);
  const { outHeight, outWidth, padInfo } = info;
  const [x, w] = [values(image, 1), values(filter, 2)];
  const [, height, width, channels] = image;
  const [filterHeight, filterWidth, , out] = filter;
  const dy = values([image[0], outHeight, outWidth, out], 3);
  const [dx, dw] = [new Array<number>(x.length).fill(0), new Array<number>(w.length).fill(0)];
  dy.forEach((cotangent, index) => {
    const [o, column] = [index % out, Math.floor(index / out) % outWidth];
    const row = Math.floor(index / (out * outWidth)) % outHeight;
    const b = Math.floor(index / (out * outWidth * outHeight));
    for (let i = 0; i < filterHeight; i++)
      for (let j = 0; j < filterWidth; j++) {
        const [y, z] = [row * strides[0] + i - padInfo.top, column * strides[1] + j - padInfo.left];
        if (y < 0 || y >= height || z < 0 || z >= width) continue;
        for (let c = 0; c < channels; c++) {
          const atX = ((b * height + y) * width + z) * channels + c;
          const atW = ((i * filterWidth + j) * channels + c) * out + o;
          dx[atX]! += cotangent * w[atW]!;
          dw[atW]! += cotangent * x[atX]!;
        }
      }
  });
  return [dx, dw];
}

onEachBackend("the gradients of conv2d", (backend) => {
  for (const convolution of CONVOLUTIONS) {
    const { image, filter, strides, pad } = convolution;
    const what = `[${String(image)}] by [${String(filter)}], strides ${String(strides)}, ${String(pad)}`;
    it(`are the sums over outputs and offsets, ${what}`, async () => {
      const actual = await readAll(() => {
        const f = (x: Tensor, w: Tensor): Tensor =>
          tf.conv2d(x as Tensor4D, w as Tensor4D, [...strides], pad);
        const inputs = [tensor(image, 1), tensor(filter, 2)];
        const dy = tensor(f(inputs[0]!, inputs[1]!).shape, 3);
        return tf.grads(f)(inputs, dy);
      });
      gradientsOf(convolution).forEach((expected, i) => {
        closeTo(actual[i]!, expected, { atol: 1e-5 }, i === 0 ? "dx" : "dw");
      });
    });
  }

  // tfjs-node gives the convolution of no images the shape of the images.
  const withoutImages = backend === "tensorflow" ? [] : ["are zero without images"];
  for (const title of withoutImages)
    it(title, async () => {
      const [dx, dw] = await readAll(() => {
        const f = (x: Tensor, w: Tensor): Tensor =>
          tf.conv2d(x as Tensor4D, w as Tensor4D, 1, "same");
        return tf.grads(f)([tf.zeros([0, 4, 4, 1]), tf.ones([3, 3, 1, 2])], tf.zeros([0, 4, 4, 2]));
      });
      expect(dx).to.have.length(0);
      expect([...dw!]).to.deep.equal(new Array(18).fill(0));
    });
});

onEachBackend("sum and mean", (backend) => {
  const AXES = [[0], [1], [3], [0, 1], [1, 2], [2, 3], [0, 2], [1, 3], [0, 1, 2, 3]];
  const SHAPE = [3, 4, 5, 23];

  /** Sums of the values by what is left of their index. */
  function sums(axes: readonly number[]): number[] {
    const kept = SHAPE.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const totals = new Array<number>(sizeOf(kept)).fill(0);
    values(SHAPE, 4).forEach((x, i) => {
      let index = 0;
      SHAPE.forEach((_, axis) => {
        const position = Math.floor(i / sizeOf(SHAPE.slice(axis + 1))) % SHAPE[axis]!;
        index = index * kept[axis]! + (kept[axis] === 1 ? 0 : position);
      });
      totals[index]! += x;
    });
    return totals;
  }

  for (const axes of AXES)
    it(`are those over axes ${String(axes)}`, async () => {
      const expected = sums(axes);
      const terms = sizeOf(SHAPE) / expected.length;
      const [sum, mean] = await readAll(() => [
        tf.sum(tensor(SHAPE, 4), axes),
        tf.mean(tensor(SHAPE, 4), axes),
      ]);
      closeTo(sum!, expected, { atol: 1e-5 });
      closeTo(
        mean!,
        expected.map((x) => x / terms),
        { atol: 1e-6 },
      );
      const kept = tf.tidy(() => tf.sum(tensor(SHAPE, 4), axes, true).shape);
      expect(kept).to.deep.equal(SHAPE.map((size, axis) => (axes.includes(axis) ? 1 : size)));
    });

  it("count integers and booleans", async () => {
    const [ints, bools] = await readAll(() => [
      tf.sum(tf.tensor1d([1, 2, 3], "int32")),
      tf.sum(tf.tensor1d([true, false, true], "bool")),
    ]);
    expect([ints![0], bools![0]]).to.deep.equal([6, 2]);
  });

  // Stock wasm: 402 741 for 419 430.4. cpu adds in JavaScript numbers, TensorFlow in pairs.
  it("keep their digits over millions of terms", async () => {
    const n = 2 ** 22;
    const [sum, mean] = await readAll(() => [
      tf.sum(tf.fill([n], 0.1)),
      tf.mean(tf.fill([n], 0.1)),
    ]);
    closeTo(sum!, [0.1 * n], { rtol: backend === "wasm" ? 1e-7 : 1e-5 });
    closeTo(mean!, [0.1], { rtol: backend === "wasm" ? 1e-7 : 1e-5 });
  });
});

onEachBackend("gradients that wasm takes from cpu", () => {
  it("give a window's maximum its gradient, also where it is negative", async () => {
    const slope = await read(() => {
      const image = tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]);
      return tf.grad((x: Tensor) => tf.sum(tf.maxPool(x as Tensor4D, 2, 2, "valid")))(image);
    });
    expect([...slope]).to.deep.equal([0, 0, 0, 1]);
  });

  it("add up what gather takes twice", async () => {
    const slope = await read(() => {
      const indices = tf.tensor1d([2, 0, 2], "int32");
      const weights = tf.tensor1d([1, 10, 100]);
      const f = (x: Tensor): Tensor => tf.sum(tf.mul(weights, tf.gather(x, indices)));
      return tf.grad(f)(tf.tensor1d([5, 6, 7]));
    });
    expect([...slope]).to.deep.equal([10, 0, 101]);
  });

  it("differentiate a depthwise convolution by image and filter", async () => {
    const [dx, dw] = await readAll(() => {
      const f = (x: Tensor, w: Tensor): Tensor =>
        tf.sum(tf.depthwiseConv2d(x as Tensor4D, w as Tensor4D, 1, "valid"));
      return tf.grads(f)([tensor([1, 3, 3, 2], 1), tensor([3, 3, 2, 1], 2)]);
    });
    closeTo(dx!, values([3, 3, 2, 1], 2), { atol: 1e-6 });
    closeTo(dw!, values([1, 3, 3, 2], 1), { atol: 1e-6 });
  });
});

describe("products on wasm", () => {
  after(() => useBackend("wasm"));

  it("do not depend on the number of threads", async () => {
    const compute = async (threads: number): Promise<Float32Array[]> => {
      await useBackend("wasm", { threads });
      return readAll(() => {
        const [x, w] = [tensor([5, 16, 16, 3], 1), tensor([4, 4, 3, 40], 2)];
        const f = (a: Tensor, b: Tensor): Tensor =>
          tf.sum(tf.square(tf.conv2d(a as Tensor4D, b as Tensor4D, 2, "same")));
        return [
          ...tf.grads(f)([x, w]),
          tf.matMul(tensor([300, 300], 3), tensor([300, 300], 4), true, true),
          tf.sum(tensor([700, 900], 5), 0),
        ];
      });
    };
    expect(await compute(3)).to.deep.equal(await compute(1));
  });
});
