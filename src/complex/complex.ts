// The complex pair and how it is made. tfjs has no usable complex tensors: theirs have no gradient.

import * as tf from "@tensorflow/tfjs";
import { checkFloat, shapeText } from "../checks.js";
import { ShapeError } from "../errors.js";
import type { Tensor, TensorLike } from "@tensorflow/tfjs";

/** A complex tensor: two float32 tensors of one shape. */
export type Complex = { readonly re: Tensor; readonly im: Tensor };

/**
 * The complex tensor with these parts.
 *
 * @param re - real part, any shape
 * @param im - imaginary part, of the same shape; default 0
 * @returns the pair; the tensors are those given, not copies
 * @throws ShapeError, ArgumentError
 */
export function complex(re: Tensor, im?: Tensor): Complex {
  checkFloat("complex", "re", re);
  if (im === undefined) return { re, im: tf.zerosLike(re) };
  checkFloat("complex", "im", im);
  if (re.shape.join() !== im.shape.join()) {
    throw new ShapeError(
      `complex: argument \`im\` must have the shape of \`re\`, ${shapeText(re.shape)}, but has shape ${shapeText(im.shape)}.`,
    );
  }
  return { re, im };
}

/**
 * The complex tensor with these numbers.
 *
 * @param re - nested arrays of real parts
 * @param im - nested arrays of imaginary parts; default 0
 * @throws ShapeError
 */
export function fromArrays(re: TensorLike, im?: TensorLike): Complex {
  const part = (values: TensorLike): Tensor => tf.tensor(values, undefined, "float32");
  return complex(part(re), im === undefined ? undefined : part(im));
}

/** The shape of both parts. */
export function shapeOf(a: Complex): number[] {
  return a.re.shape;
}

/** Applies a function to both parts: for what moves entries about and mixes none. */
export function mapParts(a: Complex, f: (part: Tensor) => Tensor): Complex {
  return { re: f(a.re), im: f(a.im) };
}
