// How fast is each kernel on the cases that the conformance suite tests? Through the operation, copies and tape
// included. The composed forms, some of which take minutes, are measured by the full profile only.

import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../src/backend.js";
import { calibrate } from "./calibration.js";
import { normals, take } from "./cases/plain.js";
import { kernelCases } from "./cases/index.js";
import { report, requireError, round, throughput, time } from "./harness.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Benchmark, KernelCase, Plain, Problem } from "./cases/case.js";
import type { Report, Row, Suite, SuiteOptions, Timing } from "./harness.js";

const tensorOf = ({ shape, values }: Plain): Tensor => tf.tensor(values, [...shape], "float32");

/** Samples of a batch that are compared with the reference, which may be slow. */
const CHECKED = 32;
/** A call that takes longer is measured once, milliseconds. */
const LONG = 300;

/** The errors of a problem's values as fractions of what the case allows. */
function worstOf({ bounds }: KernelCase, problem: Problem, values: Float32Array): number {
  const slack = problem.slack?.();
  return problem.reference(problem.inputs).reduce((worst, x, i) => {
    const allowed = (slack?.[i] ?? 1) * (bounds.value.atol + bounds.value.rtol * Math.abs(x));
    const error = Math.abs(x - values[i]!) / allowed;
    // NaN must not pass for a small error.
    return Number.isNaN(error) ? Infinity : Math.max(worst, error);
  }, 0);
}

/** Largest error of the fused form as a fraction of what the case allows: above 1 it is wrong. */
async function errorOf(
  kernel: KernelCase,
  problem: Problem,
  inputs: Record<string, Tensor>,
): Promise<number> {
  const output = problem.fused(inputs);
  const values = (await output.data()) as Float32Array;
  output.dispose();
  const { shape, axes } = problem.output;
  const axis = kernel.batch === undefined ? -1 : axes.indexOf(kernel.batch);
  if (axis < 0) return worstOf(kernel, problem, values);
  const size = shape[axis]!;
  const some = Array.from({ length: Math.min(CHECKED, size) }, (_, i) =>
    Math.floor((i * size) / Math.min(CHECKED, size)),
  );
  const errors = some.map((index) =>
    worstOf(
      kernel,
      problem.part(kernel.batch!, index),
      take({ shape, values }, axis, index).values,
    ),
  );
  return Math.max(...errors);
}

/** Times a job, once only if it is long. */
function timeOnce(profile: SuiteOptions["profile"], job: () => void): Timing {
  const start = performance.now();
  job();
  const first = performance.now() - start;
  return first > LONG ? { median: first, spread: 0, repetitions: 1 } : time(profile, job);
}

/** Tasks of a form by name: the value, and where there are inputs value and gradients through the tape. */
function tasksOf(
  problem: Problem,
  form: (inputs: Record<string, Tensor>) => Tensor,
  inputs: Record<string, Tensor>,
  cotangent: Tensor,
): Record<string, () => void> {
  const names = Object.keys(inputs);
  const value = (): void => {
    tf.dispose(form(inputs));
  };
  if (names.length === 0) return { value };
  const f = (...xs: Tensor[]): Tensor =>
    form(Object.fromEntries(names.map((name, i) => [name, xs[i]!])));
  const both = (): void => {
    const { value: y, grads } = tf.valueAndGrads(f)(Object.values(inputs), cotangent);
    tf.dispose([y, ...grads]);
  };
  return { value, "tf.valueAndGrads": both };
}

async function measure(
  kernel: KernelCase,
  { label, samples, problem: make }: Benchmark,
  calibration: number,
  { profile }: SuiteOptions,
): Promise<Row[]> {
  const problem = make();
  const inputs = Object.fromEntries(
    Object.entries(problem.inputs).map(([name, plain]) => [name, tensorOf(plain)]),
  );
  const error = await errorOf(kernel, problem, inputs);
  requireError(`${kernel.kernel}, ${label}: error over what is allowed`, error, 1);
  const cotangent = tensorOf(normals([1, 1], problem.output.shape));
  const rows: Row[] = [];
  const composed = profile === "full" ? problem.composed : undefined;
  for (const [form, run] of Object.entries({ fused: problem.fused, composed })) {
    if (run === undefined) continue;
    for (const [task, job] of Object.entries(tasksOf(problem, run, inputs, cotangent))) {
      const what = { kernel: kernel.kernel, case: label, form, task };
      const checked = form === "fused" ? round(error, 2) : null;
      rows.push({
        ...what,
        "error / allowed": checked,
        ...throughput(samples, timeOnce(profile, job), calibration),
      });
    }
  }
  tf.dispose([...Object.values(inputs), cotangent]);
  return rows;
}

async function run(options: SuiteOptions): Promise<Report> {
  const calibration = calibrate();
  await useBackend("wasm");
  const rows: Row[] = [];
  for (const kernel of kernelCases)
    for (const benchmark of kernel.benchmarks) {
      options.log(`kernels: ${kernel.kernel}, ${benchmark.label}`);
      rows.push(...(await measure(kernel, benchmark, calibration, options)));
    }
  const items = kernelCases.map(({ kernel, sample }) => `${kernel}: ${sample}`).join("; ");
  return report(rows, [`Items: ${items}.`], calibration);
}

/** The suite `kernels`. */
export const kernels: Suite = {
  title: "every kernel on the cases of the conformance suite",
  run,
};
