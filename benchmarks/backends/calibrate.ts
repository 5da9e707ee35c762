// How fast the active backend is, in about two seconds: small operations, large ones, and every kernel on a standard problem.
// Every time ends when the numbers are on the host.

import * as tf from "@tensorflow/tfjs";
import { kernelCases } from "../cases/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { BackendSpeed } from "../../src/backend-calibration.js";
import type { KernelCase, Plain } from "../cases/case.js";
import type { Started } from "./serve.js";

/** How long to measure. */
export type CalibrateOptions = {
  /** Milliseconds for each figure. */
  readonly each: number;
  /** Milliseconds for all kernels; those for which the time is over are left out. */
  readonly kernels: number;
};

const SMALL_OPS = 200;
const WARMUP = 10;
const NUMBERS = 2 ** 20;
const SIDE = 384;
/** Batch, side, channels in and out of the convolution. */
const CONV = { batch: 8, side: 28, input: 16, output: 32, kernel: 3 } as const;

/** A first call that takes longer is not repeated, milliseconds. */
const LONG = 500;
/** Least number of calls. */
const LEAST = 8;

/** Milliseconds of the fastest of several calls after a first one, which compiles. */
async function fastest(each: number, job: () => Tensor | Tensor[]): Promise<number> {
  const call = async (): Promise<number> => {
    const start = performance.now();
    const results = [job()].flat();
    await Promise.all(results.map((tensor) => tensor.data()));
    const took = performance.now() - start;
    tf.dispose(results);
    return took;
  };
  const first = await call();
  if (first > LONG) return first;
  let best = Infinity;
  const end = performance.now() + each;
  // A busy machine takes whole calls away: several are needed for one that was left alone.
  for (let calls = 0; calls < LEAST || performance.now() < end; calls++)
    best = Math.min(best, await call());
  return best;
}

/** Microseconds of one operation of a chain, each on the result of the one before; reading the last one is in it. */
async function smallOp(each: number): Promise<number> {
  const x = tf.ones([64]);
  const chain = (): Tensor =>
    tf.tidy(() => {
      let y: Tensor = x;
      for (let i = 0; i < SMALL_OPS; i++) y = tf.add(y, x);
      return y;
    });
  // The engine compiles the path of an operation after some thousands of them.
  for (let i = 0; i < WARMUP; i++) tf.dispose(chain());
  const time = await fastest(each, chain);
  x.dispose();
  return (1000 * time) / SMALL_OPS;
}

async function elementwise(each: number): Promise<number> {
  const x = tf.ones([NUMBERS]);
  const time = await fastest(each, () => tf.tidy(() => tf.sum(tf.add(tf.add(x, x), x))));
  x.dispose();
  return (2 * NUMBERS) / (time * 1e6);
}

async function matMul(each: number): Promise<number> {
  const x = tf.ones([SIDE, SIDE]);
  const time = await fastest(each, () => tf.matMul(x, x));
  x.dispose();
  return (2 * SIDE ** 3) / (time * 1e6);
}

/** A convolution and its gradients by image and filter: three products of the same size. */
async function conv(each: number): Promise<number> {
  const { batch, side, input, output, kernel } = CONV;
  const x = tf.ones<tf.Rank.R4>([batch, side, side, input]);
  const w = tf.ones<tf.Rank.R4>([kernel, kernel, input, output]);
  const f = (a: Tensor, b: Tensor): Tensor =>
    tf.sum(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same"));
  const time = await fastest(each, () => {
    const { value, grads } = tf.valueAndGrads(f)([x, w]);
    return [value, ...grads];
  });
  tf.dispose([x, w]);
  return (6 * batch * side ** 2 * kernel ** 2 * input * output) / (time * 1e6);
}

const tensorOf = ({ shape, values }: Plain): Tensor => tf.tensor(values, [...shape], "float32");

/** Samples a second of a kernel's first benchmark. */
async function kernelRate({ benchmarks }: KernelCase, each: number): Promise<number> {
  const { problem: make, samples } = benchmarks[0]!;
  const problem = make();
  const inputs = Object.fromEntries(
    Object.entries(problem.inputs).map(([name, plain]) => [name, tensorOf(plain)]),
  );
  const time = await fastest(each, () => problem.fused(inputs));
  tf.dispose(inputs);
  return (1000 * samples) / time;
}

async function kernelRates({ each, kernels }: CalibrateOptions): Promise<Record<string, number>> {
  const rates: Record<string, number> = {};
  const end = performance.now() + kernels;
  for (const one of kernelCases) {
    if (performance.now() > end) break;
    rates[one.kernel] = await kernelRate(one, each / 4);
  }
  return rates;
}

/** The speed of the active backend. */
export async function calibrateBackend(
  options: CalibrateOptions,
  { info, firstResult }: Started,
): Promise<BackendSpeed> {
  const { each } = options;
  return {
    device: info.device,
    software: info.software === true,
    threads: info.threads,
    firstResult,
    smallOp: await smallOp(each),
    elementwise: await elementwise(each),
    matMul: await matMul(each),
    conv: await conv(each),
    kernels: await kernelRates(options),
  };
}
