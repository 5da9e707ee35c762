// Errors of every kernel on the active backend: values and gradients of its standard problems, against its float64 reference
// and that one's central differences.

import * as tf from "@tensorflow/tfjs";
import { normals } from "../../benchmarks/cases/plain.js";
import { kernelCases } from "../../benchmarks/cases/index.js";
import { gpuFormOf } from "../../kernels/runtime/gpu/define.js";
import { nativeFormOf, nativeUse } from "../../kernels/runtime/tensorflow/define.js";
import { tried } from "../../test/kernels/checks/problems.js";
import { differences } from "../../test/support/gradcheck.js";
import { gradientsOf, valueOf } from "../../test/support/tensors.js";
import type { KernelCase, Problem } from "../../benchmarks/cases/case.js";

/** What was found for a kernel. */
export type KernelErrors = {
  readonly kernel: string;
  /** What a call runs: host, WGSL, composed. */
  readonly form: string;
  /** Problems with entries that were tried, and how many there are. */
  readonly tried: number;
  readonly problems: number;
  /** Largest errors over the largest entry of the reference (of all gradients); null where it has none. */
  readonly value: number;
  readonly gradient: number | null;
};

const FORMS = { wgsl: "WGSL", composed: "composed", host: "host" } as const;

function nativeText({ contract }: KernelCase): string {
  const form = nativeFormOf(contract.name);
  if (form === undefined) return "host";
  return form.double ? `${form.by}, float64` : form.by;
}

function formOf(kernel: KernelCase): string {
  const { contract } = kernel;
  if (tf.getBackend() === "tensorflow" && nativeUse() !== "host") return nativeText(kernel);
  if (tf.getBackend() !== "webgpu") return "host";
  const form = gpuFormOf(contract.name);
  return form === undefined ? "none" : FORMS[form];
}

/** The largest magnitude; 0 of none. */
function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** Largest error over a scale, ill-conditioned entries by their slack; NaN counts as infinite. */
function relative(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale: number,
  slack?: ArrayLike<number>,
): number {
  const errors = Array.from(expected, (x, i) => {
    if (Number.isNaN(x) && Number.isNaN(actual[i])) return 0;
    const error = Math.abs(x - actual[i]!) / (slack?.[i] ?? 1);
    return Number.isNaN(error) ? Infinity : error;
  });
  return largest(errors) / (scale === 0 ? 1 : scale);
}

async function valueError(problem: Problem): Promise<number> {
  const expected = problem.reference(problem.inputs);
  const finite = Array.from(expected).filter(Number.isFinite);
  const actual = await valueOf(problem, problem.fused);
  return relative(actual, expected, largest(finite), problem.slack?.());
}

/** Of all inputs, over the largest entry of their gradients; problems with ill-conditioned entries are left to the tests. */
async function gradientError(problem: Problem): Promise<number> {
  if (Object.keys(problem.inputs).length === 0) return 0;
  if (problem.slack?.().some((x) => x > 1) === true) return 0;
  const cotangent = normals([77, 9], problem.output.shape);
  const slopes = differences(problem, cotangent.values);
  const actual = await gradientsOf(problem, problem.fused, cotangent);
  const names = Object.keys(problem.inputs);
  const scale = Math.max(...names.map((name) => largest(slopes[name]!.terms)));
  return Math.max(...names.map((name) => relative(actual[name]!, slopes[name]!.gradient, scale)));
}

async function errorsOf(kernel: KernelCase, seconds: number): Promise<KernelErrors> {
  const isEmpty = ({ output }: Problem): boolean => output.shape.includes(0);
  const full = kernel.problems().filter((problem) => !isEmpty(problem));
  const end = performance.now() + 1000 * seconds;
  let [value, gradient, count] = [0, 0, 0];
  for (const problem of tried(full, isEmpty)) {
    if (count > 0 && performance.now() > end) break;
    value = Math.max(value, await valueError(problem));
    gradient = Math.max(gradient, await gradientError(problem));
    count++;
  }
  const hasGradient = kernel.contract.inputs.length > 0;
  return {
    kernel: kernel.kernel,
    form: formOf(kernel),
    tried: count,
    problems: full.length,
    value,
    gradient: hasGradient ? gradient : null,
  };
}

/** Errors of all kernels; each has so many seconds, within which at least one problem is tried. */
export async function kernelErrors({
  seconds,
}: {
  readonly seconds: number;
}): Promise<KernelErrors[]> {
  const all: KernelErrors[] = [];
  for (const kernel of kernelCases) {
    const start = performance.now();
    all.push(await errorsOf(kernel, seconds));
    const took = ((performance.now() - start) / 1000).toFixed(1);
    process.stderr.write(`${tf.getBackend()}: ${kernel.kernel}, ${took} s\n`);
  }
  return all;
}
