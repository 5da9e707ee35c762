// Derivatives of a case's float64 reference by central differences. All entries of an input that meet different
// entries of the output are moved at once, so that a gradient costs a handful of evaluations.

import type { ExactInputs, GradientBound, Problem } from "../../benchmarks/cases/case.js";

/** Relative step; the error of the difference is about its square and about 1e-16 over it. */
const STEP = 6e-6;
/** For differences of differences: 1e-16 over its square is 1e-8. */
const SECOND_STEP = 1e-4;

const stepAt = (x: number, step: number): number => step * Math.max(1, Math.abs(x));
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The multi-index of entry `at` of an array of this shape. */
function indexOf(shape: readonly number[], at: number): number[] {
  const index: number[] = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

function flat(shape: readonly number[], index: readonly number[]): number {
  return shape.reduce((at, size, axis) => at * size + index[axis]!, 0);
}

/** Numbers `inputs[name] + move`, the rest as it was. */
function moved(
  inputs: ExactInputs,
  name: string,
  move: (x: number, at: number) => number,
): ExactInputs {
  const { shape, values } = inputs[name]!;
  return { ...inputs, [name]: { shape, values: Float64Array.from(values, move) } };
}

/** Entries of the input, by output entry and by index of the axes that the output does not have. */
function meeting(problem: Problem, name: string, shape: readonly number[]): Int32Array[] {
  const { output, axes } = problem;
  const letters = [...axes[name]!];
  const own = letters.map((letter, axis) => (output.axes.includes(letter) ? 1 : shape[axis]!));
  return Array.from({ length: sizeOf(own) }, (_, group) => {
    const inside = indexOf(own, group);
    return Int32Array.from({ length: sizeOf(output.shape) }, (__, at) => {
      const outside = indexOf(output.shape, at);
      const index = letters.map((letter, axis) => {
        const shared = output.axes.indexOf(letter);
        if (shared < 0) return inside[axis]!;
        return shape[axis] === 1 ? 0 : outside[shared]!;
      });
      return flat(shape, index);
    });
  });
}

/** Slopes of the output, folded with a cotangent into the gradient of an input. */
export type Slopes = {
  /** `Σ cotangent · slope`, for each entry of the input. */
  readonly gradient: Float64Array;
  /** `Σ |cotangent · slope|`. */
  readonly terms: Float64Array;
  /** `Σ (slack - 1) |cotangent · slope|`, 0 but for ill-conditioned entries of the output. */
  readonly excess: Float64Array;
  /** `√Σ (slack · cotangent)²` over the entries of the output that the entry meets. */
  readonly norms: Float64Array;
};

function slopesOf(
  problem: Problem,
  inputs: ExactInputs,
  name: string,
  cotangent: ArrayLike<number>,
  step: number,
): Slopes {
  const { shape, values } = inputs[name]!;
  const sums = (): Float64Array => new Float64Array(values.length);
  const slopes = { gradient: sums(), terms: sums(), excess: sums(), norms: sums() };
  const slack = problem.slack?.();
  for (const entries of meeting(problem, name, shape)) {
    const chosen = new Uint8Array(values.length);
    for (const entry of entries) chosen[entry] = 1;
    const shifted = (sign: number): Float64Array =>
      problem.reference(
        moved(inputs, name, (x, at) => (chosen[at] === 1 ? x + sign * stepAt(x, step) : x)),
      );
    const [above, below] = [shifted(1), shifted(-1)];
    entries.forEach((entry, at) => {
      const slope = (above[at]! - below[at]!) / (2 * stepAt(values[entry]!, step));
      const term = cotangent[at]! * slope;
      const more = slack?.[at] ?? 1;
      slopes.gradient[entry]! += term;
      slopes.terms[entry]! += Math.abs(term);
      slopes.excess[entry]! += (more - 1) * Math.abs(term);
      slopes.norms[entry]! += (more * cotangent[at]!) ** 2;
    });
  }
  return { ...slopes, norms: slopes.norms.map(Math.sqrt) };
}

/**
 * Gradient of `Σ cotangent · output` of the reference, taken at `inputs`, which are what float32 made of them.
 *
 * @param cotangent - one number for each entry of the output
 */
export function differences(
  problem: Problem,
  cotangent: ArrayLike<number>,
  inputs: ExactInputs = problem.inputs,
  step: number = STEP,
): Readonly<Record<string, Slopes>> {
  const slopes = (name: string): Slopes => slopesOf(problem, inputs, name, cotangent, step);
  return Object.fromEntries(Object.keys(inputs).map((name) => [name, slopes(name)]));
}

/** Second derivative of `Σ cotangent · output` of the reference, applied to a direction of the inputs. */
export function secondDifferences(
  problem: Problem,
  cotangent: ArrayLike<number>,
  direction: Readonly<Record<string, ArrayLike<number>>>,
): Readonly<Record<string, Float64Array>> {
  const names = Object.keys(problem.inputs);
  const slopesAt = (sign: number): Readonly<Record<string, Slopes>> => {
    const shifted = names.reduce<ExactInputs>(
      (inputs, name) =>
        moved(inputs, name, (x, at) => x + sign * SECOND_STEP * direction[name]![at]!),
      problem.inputs,
    );
    return differences(problem, cotangent, shifted, SECOND_STEP);
  };
  const [above, below] = [slopesAt(1), slopesAt(-1)];
  const slope = (name: string): Float64Array =>
    above[name]!.gradient.map((x, at) => (x - below[name]!.gradient[at]!) / (2 * SECOND_STEP));
  return Object.fromEntries(names.map((name) => [name, slope(name)]));
}

/** The largest magnitude among the entries; 0 for none. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** Allowed errors of the entries of a gradient. */
export function allowedErrors(
  problem: Problem,
  name: string,
  slopes: Readonly<Record<string, Slopes>>,
  { fraction, of, beside = [] }: GradientBound,
): Float64Array {
  const own = slopes[name]!;
  if (of === "logarithm") {
    return own.norms.map((norm, at) => (fraction * norm) / problem.inputs[name]!.values[at]!);
  }
  const counted = [name, ...beside.filter((other) => other in slopes)].map((one) => slopes[one]!);
  const scale = (one: Slopes): number =>
    largest(of === "terms" ? one.terms : one.gradient) + largest(one.excess);
  return new Float64Array(own.gradient.length).fill(fraction * Math.max(...counted.map(scale)));
}
