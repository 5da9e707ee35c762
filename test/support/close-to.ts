// The one comparison of numbers in the tests: nested or typed arrays against expected values. NaN is never
// close to anything, shapes must agree, and the first mismatch is printed with its index.

import { AssertionError } from "chai";

/** A number, a typed array, or arrays of these to any depth. */
export type Numbers = number | ArrayLike<number> | readonly Numbers[];

/** `|actual − expected| ≤ atol + rtol·|expected|`; what is left out is 0. */
export type Tolerance = { readonly rtol?: number; readonly atol?: number };

/**
 * Throws unless every number of `actual` is close to its partner in `expected`.
 *
 * @param actual - what was computed
 * @param expected - what it should be, with the same shape; infinities must be equal
 * @param tolerance - relative and absolute, added
 * @param message - what is compared, for the failure
 * @throws AssertionError that names the first mismatch: its index, both values, the allowed difference
 */
export function closeTo(
  actual: Numbers,
  expected: Numbers,
  tolerance: Tolerance,
  message = "values",
): void {
  const fault = firstFault(actual, expected, tolerance, "");
  if (fault !== null) throw new AssertionError(`${message}: ${fault}`);
}

function firstFault(
  actual: Numbers,
  expected: Numbers,
  tolerance: Tolerance,
  index: string,
): string | null {
  if (typeof actual === "number" && typeof expected === "number") {
    return faultOfNumbers(actual, expected, tolerance, index);
  }
  if (typeof actual === "number" || typeof expected === "number") {
    return `${place(index)} must be ${kind(expected)}, but is ${kind(actual)}`;
  }
  if (actual.length !== expected.length) {
    return `${place(index)} must have length ${expected.length}, but has ${actual.length}`;
  }
  for (let i = 0; i < expected.length; i++) {
    const fault = firstFault(at(actual, i), at(expected, i), tolerance, `${index}[${i}]`);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfNumbers(
  actual: number,
  expected: number,
  { rtol = 0, atol = 0 }: Tolerance,
  index: string,
): string | null {
  const allowed = atol + rtol * Math.abs(expected);
  const difference = Math.abs(actual - expected);
  const close = Number.isFinite(expected) ? difference <= allowed : actual === expected;
  if (close) return null;
  return (
    `${place(index)} must be ${expected} ± ${allowed}, ` + `but is ${actual} (off by ${difference})`
  );
}

function at(values: ArrayLike<number> | readonly Numbers[], i: number): Numbers {
  const value = values[i];
  if (value === undefined) throw new AssertionError(`closeTo: entry ${i} is missing`);
  return value;
}

function place(index: string): string {
  return index === "" ? "it" : `entry ${index}`;
}

function kind(values: Numbers): string {
  return typeof values === "number" ? "a number" : `an array of length ${values.length}`;
}

/**
 * `closeTo` with an allowed error for each entry.
 *
 * @param actual - what was computed
 * @param expected - what it should be, of the same length
 * @param allowed - largest |actual − expected| of each entry, or of all
 * @param message - what is compared, for the failure
 * @throws AssertionError that names the first mismatch
 */
export function closeWithin(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  allowed: ArrayLike<number> | number,
  message: string,
): void {
  closeTo(actual.length, expected.length, {}, `${message}: the number of entries`);
  for (let i = 0; i < expected.length; i++) {
    const atol = typeof allowed === "number" ? allowed : allowed[i]!;
    closeTo(actual[i]!, expected[i]!, { atol }, `${message}: entry ${i}`);
  }
}
