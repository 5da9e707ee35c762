// Second derivatives of expectation values: by shift rules from one batched run, or by differentiating twice.

import * as tf from "@tensorflow/tfjs";
import { checkChoice } from "../../checks.js";
import { hasChannels } from "../derived.js";
import { termsOf, type Observable } from "../observables.js";
import { flatten, moved, separated, type Flat, type By } from "../run/flat.js";
import { chainOf, combined, shiftable, shiftDeltas, valuesAt, type Sums } from "./jacobian.js";
import { angleHessian, checkAngles, occurrences, symbolCount } from "./occurrences.js";
import { secondOrder } from "./shift-plan.js";
import type { CircuitData } from "../circuit.js";
import type { Inputs } from "../run/inputs.js";
import type { RunOptions } from "../run/path.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Options of {@link hessian}. */
export type HessianOptions = Inputs &
  Pick<RunOptions, "maxBytes"> & {
    readonly observables: readonly Observable[];
    /** Default `parameterShift`. */
    readonly method?: "parameterShift" | "backprop";
    /** What is differentiated by. Default `parameters`. */
    readonly by?: By;
  };

/** `Jᵀ H J` for each value: H `[R, m, M, M]` of occurrences, J `[R, M, count]`. */
function carried(H: Tensor, J: Tensor): Tensor {
  const [R, m, M] = H.shape as [number, number, number, number];
  const count = J.shape[2]!;
  const right = tf.matMul(tf.reshape(H, [R, m * M, M]), J);
  const turned = tf.transpose(tf.reshape(right, [R, m, M, count]), [0, 1, 3, 2]);
  return tf.reshape(tf.matMul(tf.reshape(turned, [R, m * count, M]), J), [R, m, count, count]);
}

function shifted(circuit: CircuitData, flat: Flat, by: By, sums: Sums, run: RunOptions): Tensor {
  checkAngles("hessian", circuit, by);
  const [count, m, R] = [symbolCount(circuit, by), sums.length, flat.P * flat.B];
  const found = occurrences({ ...circuit, parameters: flat.circuit.parameters }, by);
  const M = found.list.length;
  if (M === 0) return tf.zeros([R, m, count, count]);
  const { parameters, features } = flat;
  const curved = angleHessian(found, by, count, { parameters, features });
  const plan = secondOrder(found.list, curved !== null);
  const at = moved(shiftable(flat, found), shiftDeltas(flat, plan), "parameters");
  const all = combined(valuesAt("hessian", at, sums, run), flat.P, plan.weights);
  const H = tf.reshape(tf.slice(all, [0, 0, 0], [R, m, M * M]), [R, m, M, M]);
  const bent = carried(H, chainOf(flat, found, by, count));
  if (curved === null) return bent;
  // Angles that are not linear in their symbols bend by themselves.
  const slopes = tf.slice(all, [0, 0, M * M], [R, m, M]);
  const tiled = tf.tile(curved, [flat.P / curved.shape[0], 1, 1, 1]);
  const own = tf.matMul(slopes, tf.reshape(tiled, [R, M, count * count]));
  return tf.add(bent, tf.reshape(own, [R, m, count, count]));
}

/** One backward pass through a gradient for each value and symbol. */
function differentiated(flat: Flat, by: By, sums: Sums, run: RunOptions): Tensor {
  const own = separated(flat);
  const at = own[by];
  const width = at.shape.at(-1)!;
  const each = tf.eye(width);
  const lines = sums.map((sum) => {
    const slope = tf.grad((x: Tensor) => tf.sum(valuesAt("hessian", { ...own, [by]: x }, [sum], run))); // prettier-ignore
    const rows = Array.from({ length: width }, (_, i) => {
      const pick = tf.slice(each, [i, 0], [1, width]);
      const line = tf.grad((x: Tensor) => tf.sum(tf.mul(slope(x), pick)))(at);
      return tf.reshape(line, [own.P, 1, 1, width]);
    });
    return tf.concat(rows, 2);
  });
  return tf.concat(lines, 1);
}

/**
 * Second derivatives of expectation values, for each sample.
 *
 * @returns `[P?, ...batch, m, count, count]`
 * @throws ShapeError, ArgumentError
 */
export function hessian(circuit: CircuitData, options: HessianOptions): Tensor {
  const { observables, by = "parameters", method = "parameterShift", maxBytes } = options;
  checkChoice("hessian", "method", method, ["parameterShift", "backprop"]);
  checkChoice("hessian", "by", by, ["parameters", "features"]);
  const sums = observables.map((own) => termsOf("hessian", own, circuit.wires));
  const run = maxBytes === undefined ? {} : { maxBytes };
  return tf.tidy(() => {
    const flat = flatten("hessian", circuit, options);
    const count = symbolCount(circuit, by);
    const shape = [...flat.lead, sums.length, count, count];
    if (count === 0 || flat.P * flat.B === 0) return tf.zeros(shape);
    const path = hasChannels(circuit) ? ("density" as const) : ("composed" as const);
    const found =
      method === "backprop"
        ? differentiated(flat, by, sums, { ...run, path })
        : shifted(circuit, flat, by, sums, run);
    return tf.reshape(found, shape);
  });
}
