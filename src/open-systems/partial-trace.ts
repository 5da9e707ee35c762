// Tracing sites out of a state of several.

import * as tf from "@tensorflow/tfjs";
import { checkInteger } from "../checks.js";
import { ShapeError } from "../errors.js";
import { leadOf, mapParts, shapeOf, sizeOf } from "../complex/index.js";
import { checkOperator } from "./checks.js";
import { densityMatrix } from "./states.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

/** Index k of axis 1 of a tensor `[x, d, y]`. */
function cut(t: Tensor, k: number): Tensor {
  const [x, , y] = t.shape as [number, number, number];
  return tf.slice(t, [0, k, 0], [x, 1, y]);
}

/** `Σ_k ⟨k|ρ|k⟩` over one site, for a part `[B, a d b, a d b]`. */
function traceSite(part: Tensor, a: number, d: number, b: number): Tensor {
  const B = part.shape[0];
  const [rows, columns] = [B * a, b * a];
  const block = (k: number): Tensor => {
    const row = cut(tf.reshape(part, [rows, d, b * a * d * b]), k);
    return cut(tf.reshape(row, [rows * columns, d, b]), k);
  };
  const total = Array.from({ length: d }, (_, k) => block(k)).reduce((x, y) => tf.add(x, y));
  return tf.reshape(total, [B, a * b, a * b]);
}

/**
 * The state of some sites, the others traced out.
 *
 * @param rho - `[...batch, n, n]` with n = Π dims, or a ket `[...batch, n, 1]`
 * @param dims - dimension of each site
 * @param keep - sites that stay, from 0, in any order; they keep the order they have
 * @returns `[...batch, m, m]`
 * @throws ShapeError, ArgumentError
 */
export function partialTrace(
  rho: Complex,
  dims: readonly number[],
  keep: readonly number[],
): Complex {
  keep.forEach((site) => checkInteger("partialTrace", "keep", site, 0, dims.length - 1));
  return tf.tidy(() => {
    const state = densityMatrix(rho);
    const n = checkOperator("partialTrace", "rho", state);
    if (sizeOf(dims) !== n) {
      throw new ShapeError(
        `partialTrace: the product of argument \`dims\`, [${dims.join(", ")}], must be ${n}, the dimension of \`rho\`, but is ${sizeOf(dims)}.`,
      );
    }
    const lead = leadOf(shapeOf(state));
    const kept = [...dims];
    const trace = (part: Tensor): Tensor => {
      let flat = tf.reshape(part, [sizeOf(lead), n, n]);
      kept.splice(0, kept.length, ...dims);
      for (let site = dims.length - 1; site >= 0; site--) {
        if (keep.includes(site)) continue;
        const [before, after] = [sizeOf(kept.slice(0, site)), sizeOf(kept.slice(site + 1))];
        flat = traceSite(flat, before, kept[site]!, after);
        kept.splice(site, 1);
      }
      return tf.reshape(flat, [...lead, sizeOf(kept), sizeOf(kept)]);
    };
    return mapParts(state, trace);
  });
}
