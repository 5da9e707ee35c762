// Equality to the last bit: also of zeros with their signs, and of NaN.

import { AssertionError } from "chai";

/**
 * Throws unless two arrays of float32 have the same bits.
 *
 * @param message - what is compared, for the failure
 */
export function sameBits(actual: Float32Array, expected: Float32Array, message: string): void {
  const bits = (x: Float32Array): Uint32Array => new Uint32Array(x.slice().buffer);
  const [a, b] = [bits(actual), bits(expected)];
  if (a.length !== b.length) {
    throw new AssertionError(`${message}: ${a.length} entries instead of ${b.length}`);
  }
  const at = a.findIndex((word, i) => word !== b[i]);
  if (at < 0) return;
  throw new AssertionError(
    `${message}: entry ${at} must be exactly ${expected[at]!}, but is ${actual[at]!}`,
  );
}
