// Embeddings: templates that put data into a state. The order of operations is part of their definition.

import { checkChoice, checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { mulAngles } from "../angle.js";
import { barrier, gate, type Operation } from "../operation.js";
import { range, type Template } from "./template.js";

/** The axis of a rotation. */
export type Axis = "X" | "Y" | "Z";

const AXES: readonly Axis[] = ["X", "Y", "Z"];

/** Throws unless the axis is X, Y or Z. */
export function checkAxis(where: string, axis: string): void {
  checkChoice(where, "rotation", axis, AXES);
}

/**
 * A rotation by feature i on wire i. With fewer features than wires the others are untouched; more are an error. `Z`
 * does nothing to |0…0⟩.
 *
 * @throws ArgumentError
 */
export function angleEmbedding(rotation: Axis = "X"): Template {
  checkAxis("angleEmbedding", rotation);
  return {
    name: "angleEmbedding",
    inputs: (wires) => [{ name: "features", shape: [wires], atMost: true }],
    build: (_wires, [x]) => x!.map((angle, i) => gate(`R${rotation}`, i, angle)),
  };
}

/**
 * X on every wire whose bit is 1.
 *
 * @param bits - 0 or 1 for each of the first wires
 * @throws ArgumentError
 */
export function basisEmbedding(bits: readonly number[]): readonly Operation[] {
  if (!bits.every((bit) => bit === 0 || bit === 1)) {
    throw new ArgumentError(
      `basisEmbedding: argument \`bits\` must be zeros and ones, but is [${bits.join(", ")}].`,
    );
  }
  return bits.flatMap((bit, wire) => (bit === 1 ? [gate("X", wire)] : []));
}

function pairs(n: number): readonly (readonly [number, number])[] {
  return range(n).flatMap((i) => range(n - i - 1).map((k) => [i, i + 1 + k] as const));
}

/**
 * Instantaneous quantum polynomials: per repeat H on all wires, RZ(xᵢ), and MultiRZ(xᵢ xⱼ) for all i < j.
 *
 * @param repeats - how often; default 1
 * @throws ArgumentError
 */
export function iqpEmbedding(repeats = 1): Template {
  checkInteger("iqpEmbedding", "repeats", repeats, 1, 2 ** 20);
  return {
    name: "iqpEmbedding",
    inputs: (wires) => [{ name: "features", shape: [wires] }],
    build: (wires, [x]) =>
      range(repeats).flatMap(() => [
        ...range(wires).map((i) => gate("H", i)),
        ...x!.map((angle, i) => gate("RZ", i, angle)),
        ...pairs(wires).map(([i, j]) => gate("MultiRZ", [i, j], mulAngles(x![i]!, x![j]!))),
      ]),
  };
}

/** Options of {@link amplitudeEmbedding}. */
export type AmplitudeOptions = {
  /** Divide by the norm. Default false: then a squared norm that is off 1 by more than 1e-5 is an error. */
  readonly normalize?: boolean;
  /** What fills the amplitudes that are not given. Without it, all 2^n must be given. */
  readonly padWith?: number;
  /** The second half of the features are imaginary parts. Default false. */
  readonly complex?: boolean;
};

/**
 * The features as the amplitudes of the state that the first gate meets. It must come first in a circuit. The gradient
 * goes through the normalisation.
 */
export function amplitudeEmbedding(options: AmplitudeOptions = {}): Template {
  const { normalize = false, padWith, complex = false } = options;
  const parts = complex ? 2 : 1;
  const name = "amplitudeEmbedding";
  return {
    name,
    inputs: (wires) => [
      {
        name: "features",
        shape: [parts * 2 ** wires],
        ...(padWith !== undefined && { atMost: true as const }),
      },
    ],
    build: () => [barrier()],
    prepare: (wires, [given]) => {
      const count = given!.length / parts;
      if (!Number.isInteger(count)) {
        throw new ArgumentError(
          `${name}: with \`complex\` there must be as many imaginary as real parts, but there are ${given!.length} numbers in all.`,
        );
      }
      const padding = new Array<number>(2 ** wires - count).fill(padWith ?? 0);
      const re = [...given!.slice(0, count), ...padding];
      if (!complex) return { kind: "amplitudes", re, normalize };
      const im = [...given!.slice(count), ...padding.map(() => 0)];
      return { kind: "amplitudes", re, im, normalize };
    },
  };
}
