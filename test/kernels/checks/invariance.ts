// Checks that results depend neither on threads nor on company: the same bits with any number of threads, and for a
// replica or a sample alone.

import { expect } from "chai";
import { normals, take } from "../../../benchmarks/cases/plain.js";
import { hostPool, setThreads } from "../../../kernels/runtime/host/pool.js";
import { closeWithin } from "../../support/close-to.js";
import { largest } from "../../support/gradcheck.js";
import { sameBits } from "../../support/same-bits.js";
import { gradientsOf, valueOf } from "../../support/tensors.js";
import { startThreads } from "../../support/threads.js";
import { forEachProblem, labelOf, preparedProblems, withOutput } from "./problems.js";
import type { KernelCase, Plain, Problem } from "../../../benchmarks/cases/case.js";
import { NATIVE, type TestedRow } from "../../support/backends.js";
import type { Prepared } from "./problems.js";

const REPETITIONS = 20;

type Results = {
  readonly value: Float32Array;
  readonly gradients: Readonly<Record<string, Float32Array>>;
};

async function resultsOf(problem: Problem, cotangent: Plain): Promise<Results> {
  const value = await valueOf(problem, problem.fused);
  const names = Object.keys(problem.inputs);
  const gradients = names.length > 0 ? await gradientsOf(problem, problem.fused, cotangent) : {};
  return { value, gradients };
}

function sameResults(actual: Results, expected: Results): void {
  sameBits(actual.value, expected.value, "value");
  for (const [name, gradient] of Object.entries(expected.gradients))
    sameBits(actual.gradients[name]!, gradient, `gradient by ${name}`);
}

/** Host kernels that stand in for stock operations: a composed part of a problem may be small. */
const STOCK = ["matrixProduct", "sumOfRows", "sumOfColumns"];

/** Whether calls of the pool are split into chunks while `run` lasts. */
async function isSplit(run: () => Promise<unknown>): Promise<boolean[]> {
  const pool = hostPool();
  const original = pool.run;
  const seen: boolean[] = [];
  pool.run = (kernel, args, items, options) => {
    if (!STOCK.includes(kernel)) seen.push((options?.chunk ?? 1) < items);
    original(kernel, args, items, options);
  };
  await run().finally(() => (pool.run = original));
  return seen;
}

function checkThreads(kernel: KernelCase): void {
  const problem = kernel.split();
  const cotangent = normals([80, 9], problem.output.shape);

  it("splits large problems over threads", async () => {
    const calls = await isSplit(() => resultsOf(problem, cotangent));
    expect(calls.length).to.be.greaterThan(0);
    expect(calls, "calls that are split").to.not.include(false);
  });

  it("has the same bits with 1, 2 and 3 threads", async () => {
    const { threads } = hostPool();
    let first: Results | undefined;
    try {
      for (const count of [1, 2, 3]) {
        await startThreads(count);
        // Many times: which thread takes which chunk differs each time.
        for (let i = 0; i < REPETITIONS; i++) {
          const results = await resultsOf(problem, cotangent);
          first ??= results;
          sameResults(results, first);
        }
      }
    } finally {
      setThreads(threads);
    }
  });
}

const sameOf = (_: KernelCase, actual: Results, expected: Results): void =>
  sameResults(actual, expected);

/** Results of one call and of another that computes the same with other products: to rounding. */
function closeResults(kernel: KernelCase, actual: Results, expected: Results): void {
  const { atol, rtol } = kernel.bounds.value;
  const allowed = expected.value.map((x) => atol + rtol * Math.abs(x));
  closeWithin(actual.value, expected.value, allowed, "value");
  for (const [name, gradient] of Object.entries(expected.gradients))
    closeWithin(actual.gradients[name]!, gradient, 1e-4 * largest(gradient), `gradient by ${name}`);
}

/** On a device the order of invocations differs each time, as that of chunks on threads. */
function checkRepetition(kernel: KernelCase): void {
  const problem = kernel.split();
  const cotangent = normals([80, 9], problem.output.shape);

  it("has the same bits each time", async () => {
    const first = await resultsOf(problem, cotangent);
    for (let i = 0; i < 2; i++) sameResults(await resultsOf(problem, cotangent), first);
  });
}

/** Else a form that serves nothing would pass by what the host does in its place. */
function checkNative(kernel: KernelCase): void {
  it("runs nothing on the host", async () => {
    await forEachProblem(withOutput(preparedProblems(kernel)), labelOf, async (one) => {
      const calls = await isSplit(() => resultsOf(one.problem, one.cotangent));
      expect(calls, "calls of host kernels").to.deep.equal([]);
    });
  });
}

function checkLarge(kernel: KernelCase): void {
  const problem = kernel.split();
  const cotangent = normals([80, 9], problem.output.shape);

  it("does all of a problem that is split", async () => {
    const { value, gradients } = await resultsOf(problem, cotangent);
    const { atol, rtol } = kernel.bounds.value;
    const slack = problem.slack?.();
    const expected = problem.reference(problem.inputs);
    const allowed = expected.map((x, i) => (slack?.[i] ?? 1) * (atol + rtol * Math.abs(x)));
    closeWithin(value, expected, allowed, "value");
    if (problem.composed === undefined) return;
    const composed = await gradientsOf(problem, problem.composed, cotangent);
    for (const [name, gradient] of Object.entries(gradients)) {
      // Wider than the bounds: both forms round, and what is looked for is a part that is missing or taken twice.
      const fraction = 1e-4 * largest(composed[name]!);
      closeWithin(gradient, composed[name]!, fraction, `gradient by ${name}`);
    }
  });
}

/** Results of a problem restricted to one index of an axis; gradients of inputs without the axis are left out. */
function restrict(one: Prepared, whole: Results, letter: string, index: number): Results {
  const { inputs, axes, output } = one.problem;
  const cut = (name: string, values: Float32Array): Float32Array =>
    take({ shape: inputs[name]!.shape, values }, axes[name]!.indexOf(letter), index).values;
  const varies = (name: string): boolean => {
    const axis = axes[name]!.indexOf(letter);
    return (
      axis >= 0 &&
      (inputs[name]!.shape[axis]! > 1 || output.shape[output.axes.indexOf(letter)] === 1)
    );
  };
  const value = { shape: output.shape, values: whole.value };
  return {
    value: take(value, output.axes.indexOf(letter), index).values,
    gradients: Object.fromEntries(
      Object.entries(whole.gradients)
        .filter(([name]) => varies(name))
        .map(([name, values]) => [name, cut(name, values)]),
    ),
  };
}

/** First, second, middle and last: lanes and blocks end in different places. */
function someOf(size: number): number[] {
  return [...new Set([0, 1, size >> 1, size - 1])].filter((index) => index < size);
}

/** First and last. */
function endsOf(size: number): number[] {
  return [...new Set([0, size - 1])].filter((index) => index >= 0);
}

function checkAlone(kernel: KernelCase, what: string, letter: string, row: TestedRow): void {
  // The library chooses its products by the size of the batch.
  const [agree, same, chosen] =
    row === NATIVE
      ? (["the same result to rounding", closeResults, endsOf] as const)
      : (["the same bits", sameOf, someOf] as const);
  it(`has ${agree} for a ${what} alone`, async () => {
    await forEachProblem(withOutput(preparedProblems(kernel)), labelOf, async (one) => {
      const { problem, cotangent } = one;
      const axis = problem.output.axes.indexOf(letter);
      const whole = await resultsOf(problem, cotangent);
      for (const index of chosen(problem.output.shape[axis]!)) {
        const alone = await resultsOf(problem.part(letter, index), take(cotangent, axis, index));
        same(kernel, alone, restrict(one, whole, letter, index));
      }
    });
  });
}

/** Declares the checks of a kernel's independence on a backend. */
export function checkInvariance(kernel: KernelCase, row: TestedRow): void {
  if (row === "webgpu" || row === NATIVE) checkRepetition(kernel);
  else checkThreads(kernel);
  if (row === NATIVE && kernel.contract.inputs.length > 0) checkNative(kernel);
  checkLarge(kernel);
  const { population, batch } = kernel;
  if (population !== undefined) checkAlone(kernel, "replica of a population", population, row);
  if (batch !== undefined && batch !== population)
    checkAlone(kernel, "sample of a batch", batch, row);
}
