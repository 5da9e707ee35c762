// Readout errors: bits that are read wrongly, wire by wire, as a linear map of probabilities.

import * as tf from "@tensorflow/tfjs";
import { ArgumentError } from "../../errors.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Probabilities of reading 1 for 0 and 0 for 1: of all wires of the circuit alike, or one for each. */
export type ReadoutError = {
  readonly p1given0: number | readonly number[];
  readonly p0given1: number | readonly number[];
};

function each(name: string, p: number | readonly number[], wires: number): readonly number[] {
  const list = typeof p === "number" ? new Array<number>(wires).fill(p) : p;
  if (list.length === wires && list.every((own) => own >= 0 && own <= 1)) return list;
  throw new ArgumentError(
    `readout: argument \`${name}\` must be a probability from 0 to 1, or one for each of ${wires} wires, but is ${String(p)}.`,
  );
}

/** The probabilities of each wire of a circuit, checked. */
export function readoutOf(
  { p1given0, p0given1 }: ReadoutError,
  wires: number,
): readonly (readonly [p1given0: number, p0given1: number])[] {
  const [a, b] = [each("p1given0", p1given0, wires), each("p0given1", p0given1, wires)];
  return a.map((own, q) => [own, b[q]!]);
}

/**
 * Probabilities as they are read: `[[1 − a, b], [a, 1 − b]]` on each wire.
 *
 * @param p - `[R, 2^k]`, the wires in order
 */
export function misread(
  p: Tensor,
  errors: readonly (readonly [p1given0: number, p0given1: number])[],
): Tensor {
  const [rows, size] = p.shape as [number, number];
  return errors.reduce((own, [a, b]) => {
    // The wire in front is read and goes to the end: after all of them the order is the first one again.
    const flat = tf.reshape(tf.transpose(tf.reshape(own, [rows, 2, size / 2]), [0, 2, 1]), [-1, 2]);
    const read = tf.matMul(flat, tf.tensor2d([[1 - a, a], [b, 1 - b]])); // prettier-ignore
    return tf.reshape(read, [rows, size]);
  }, p);
}

/** An observable's letter as it is read: `⟨Z⟩' = (1 − a − b)⟨Z⟩ + b − a`, terms with and without the letter. */
export function readLetters(
  word: string,
  errors: readonly (readonly [p1given0: number, p0given1: number])[],
): readonly { readonly coefficient: number; readonly word: string }[] {
  let terms = [{ coefficient: 1, word: "" }];
  [...word].forEach((letter, q) => {
    const [a, b] = errors[q]!;
    terms = terms.flatMap(({ coefficient, word: before }) =>
      letter === "I"
        ? [{ coefficient, word: before + "I" }]
        : [
            { coefficient: coefficient * (1 - a - b), word: before + letter },
            { coefficient: coefficient * (b - a), word: before + "I" },
          ],
    );
  });
  return terms.filter(({ coefficient }) => coefficient !== 0);
}
