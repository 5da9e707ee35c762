// Running a check on all problems of a case: every failure is collected, and what is costly is computed once.

import * as tf from "@tensorflow/tfjs";
import { AssertionError } from "chai";
import { normals } from "../../../benchmarks/cases/plain.js";
import { nativeUse } from "../../../kernels/runtime/tensorflow/define.js";
import { differences } from "../../support/gradcheck.js";
import type { KernelCase, Plain, Problem } from "../../../benchmarks/cases/case.js";
import type { Slopes } from "../../support/gradcheck.js";

/** What the checks compare a problem with. */
export type Prepared = {
  readonly problem: Problem;
  /** The output in float64. */
  readonly value: Float64Array;
  readonly slack: Float64Array;
  /** Normal numbers of the output's shape. */
  readonly cotangent: Plain;
  /** Central differences, one entry for each input. */
  slopes(): Readonly<Record<string, Slopes>>;
};

const cache = new Map<KernelCase, readonly Prepared[]>();

function prepare(problem: Problem): Prepared {
  const value = problem.reference(problem.inputs);
  const cotangent = normals([77, 9], problem.output.shape);
  let slopes: Readonly<Record<string, Slopes>> | undefined;
  return {
    problem,
    value,
    slack: problem.slack?.() ?? value.map(() => 1),
    cotangent,
    slopes: () => (slopes ??= differences(problem, cotangent.values)),
  };
}

/**
 * How many problems with samples, and how many without, are tried of native operations of tensorflow, and on webgpu, whose
 * device is emulated in the tests, some hundred times slower than the host. `ZENOFLOW_ALL_PROBLEMS=1` tries all there too, as
 * before a release.
 */
export const ON_DEVICES = {
  native: { full: 4, empty: 1 },
  webgpu: { full: 5, empty: 1 },
} as const;

/** Some of a list, as far apart as can be, the first among them. */
export function evenly<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

function mostHere(): { readonly full: number; readonly empty: number } | null {
  const name = tf.getBackend();
  if (process.env["ZENOFLOW_ALL_PROBLEMS"] === "1") return null;
  if (name === "webgpu") return ON_DEVICES.webgpu;
  return name === "tensorflow" && nativeUse() !== "host" ? ON_DEVICES.native : null;
}

/** What of a list is tried on the active backend. */
export function tried<T>(all: readonly T[], isEmpty: (one: T) => boolean): readonly T[] {
  const most = mostHere();
  if (most === null) return all;
  const full = all.filter((one) => !isEmpty(one));
  return [...evenly(full, most.full), ...evenly(all.filter(isEmpty), most.empty)];
}

/** The problems of a case that are tried on the active backend, with their references, computed once for all. */
export function preparedProblems(kernel: KernelCase): readonly Prepared[] {
  const known = cache.get(kernel) ?? kernel.problems().map(prepare);
  cache.set(kernel, known);
  return tried(known, ({ value }) => value.length === 0);
}

const SHOWN = 5;

/** Runs a check on each problem and fails with what the first few failures say. */
export async function forEachProblem<P>(
  problems: readonly P[],
  label: (problem: P) => string,
  check: (problem: P) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  for (const problem of problems) {
    try {
      await check(problem);
    } catch (error) {
      failures.push(`${label(problem)}: ${(error as Error).message}`);
    }
  }
  if (failures.length === 0) return;
  const shown = failures.slice(0, SHOWN).join("\n");
  throw new AssertionError(`${failures.length} of ${problems.length} problems fail:\n${shown}`);
}

/** The label of a prepared problem. */
export const labelOf = ({ problem }: Prepared): string => problem.label;

/** The problems whose output has entries. */
export function withOutput(prepared: readonly Prepared[]): readonly Prepared[] {
  return prepared.filter(({ value }) => value.length > 0);
}
