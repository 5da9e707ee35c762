// How fast are the tf operations that networks are made of? Matrix products, convolutions with their gradients and
// sums, on the backends that are there: on wasm most of them are host kernels of this project.

import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../src/backend.js";
import { BackendError } from "../src/errors.js";
import { calibrate } from "./calibration.js";
import { report, requireError, round, time } from "./harness.js";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

/** An operation on ones, whose entries are then a known number. */
type Operation = {
  readonly what: string;
  readonly flop: number;
  /** Value of the first entry. */
  readonly expected: number;
  run(): Tensor;
};

function product(a: readonly number[], b: readonly number[], p = false, q = false): Operation {
  const [x, y] = [tf.ones([...a]), tf.ones([...b])];
  const [m, k] = p ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const n = q ? b.at(-2)! : b.at(-1)!;
  const batch = a.slice(0, -2).reduce((i, j) => i * j, 1);
  return {
    what: `matMul [${String(a)}]${p ? "ᵀ" : ""} [${String(b)}]${q ? "ᵀ" : ""}`,
    flop: 2 * batch * m * n * k,
    expected: k,
    run: () => tf.matMul(x, y, p, q),
  };
}

/** A convolution without padding and its two gradients. */
function convolution(
  image: [number, number, number, number],
  filter: [number, number, number, number],
  stride: number,
): Operation[] {
  const [x, w] = [tf.ones<tf.Rank.R4>(image), tf.ones<tf.Rank.R4>(filter)];
  const f = (a: Tensor, b: Tensor): Tensor =>
    tf.conv2d(a as Tensor4D, b as Tensor4D, stride, "valid");
  const dy = f(x, w).onesLike();
  const [, height, width, out] = dy.shape as [number, number, number, number];
  const patch = filter[0] * filter[1] * filter[2];
  const common = { flop: 2 * dy.size * patch };
  const name = `conv2d [${String(image)}] [${String(filter)}] /${String(stride)}`;
  const byImage = tf.grad((a: Tensor) => f(a, w));
  const byFilter = tf.grad((b: Tensor) => f(x, b));
  return [
    { ...common, what: name, expected: patch, run: () => f(x, w) },
    // The corner of the image is seen once, by every output channel. The gradient runs the value first.
    {
      what: `${name}, value and ∂image`,
      flop: 2 * common.flop,
      expected: out,
      run: () => byImage(x, dy),
    },
    {
      what: `${name}, value and ∂filter`,
      flop: 2 * common.flop,
      expected: image[0] * height * width,
      run: () => byFilter(w, dy),
    },
  ];
}

function sum(shape: readonly number[], axis: number): Operation {
  const x = tf.ones([...shape]);
  const terms = shape[axis]!;
  return {
    what: `sum [${String(shape)}] over ${String(axis)}`,
    flop: x.size,
    expected: terms,
    run: () => tf.sum(x, axis),
  };
}

const operations = (): Operation[] => [
  product([512, 512], [512, 512]),
  product([512, 512], [512, 512], false, true),
  product([1024, 32, 32], [1024, 32, 32]),
  product([64, 64, 256], [64, 64, 256], false, true),
  product([64, 64, 64], [64, 64, 64], true),
  ...convolution([100, 14, 14, 64], [4, 4, 64, 128], 2),
  ...convolution([100, 28, 28, 1], [4, 4, 1, 64], 2),
  sum([1_000_000], 0),
  sum([256, 64, 64], 1),
];

async function measure(
  backend: string,
  threads: number,
  { profile, log }: SuiteOptions,
): Promise<Row[]> {
  log(`products: ${backend}, ${String(threads)} threads`);
  const rows: Row[] = [];
  for (const { what, flop, expected, run } of operations()) {
    const result = run();
    const [first] = await result.data();
    result.dispose();
    requireError(what, Math.abs(first! - expected) / expected, 1e-6);
    const { median, spread } = time(profile, () => run().dispose());
    rows.push({
      backend,
      threads,
      what,
      ms: round(median),
      "GFLOP/s": round(flop / median / 1e6),
      "spread %": round(100 * spread, 2),
    });
  }
  return rows;
}

async function run(options: SuiteOptions): Promise<Report> {
  const calibration = calibrate();
  const rows: Row[] = [];
  try {
    const { threads } = await useBackend("tensorflow");
    rows.push(...(await measure("tensorflow", threads, options)));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    options.log("products: no tensorflow here");
  }
  const { threads: all } = await useBackend("wasm");
  for (const threads of all > 1 ? [all, 1] : [1]) {
    await useBackend("wasm", { threads });
    rows.push(...(await measure("wasm", threads, options)));
  }
  return report(
    rows,
    [
      "float32, values of one. wasm runs stock conv2d on one thread, everything else on host kernels; TensorFlow decides on its threads itself.",
    ],
    calibration,
  );
}

/** The suite `products`. */
export const products: Suite = {
  title: "matrix products, convolutions and sums: GFLOP/s by backend",
  run,
};
