// What an annealer's control does to a model: ranges of its parameters, met by one factor, and Gaussian errors of them.

import { ArgumentError } from "../../errors.js";
import { normalArray, stream } from "../../random.js";
import { chainStrengths, type ChainStrength } from "./parameters.js";
import type { HostModel } from "../model.js";

/** Largest absolute values that the hardware takes. */
export type HardwareRanges = { readonly bias: number; readonly coupling: number };

/** The vendor's figures of the D-Wave 2000Q. */
export const RANGES_2000Q: HardwareRanges = { bias: 2, coupling: 1 };

/**
 * How a model is brought into the ranges: `"shrink"` by the largest factor up to 1 that fits, `"fill"` by the largest factor
 * that fits, or by a number.
 */
export type Scaling = "shrink" | "fill" | number;

/** Standard deviations of the errors of a control, in the units of the hardware. */
export type ControlNoise = { readonly bias: number; readonly coupling: number };

/**
 * The factor for each replica. Sampling the scaled model at β samples the model at β times the factor.
 *
 * @param logical - the model before embedding, whose parts on chains and couplers are never larger than the whole
 * @param strength - a chain strength that follows the model, `"rms"`, is kept within the range of couplings too
 * @returns `[P]`; with `"fill"` 1 for a replica that is all 0
 * @throws ArgumentError if a range is not positive, or a given factor or chain strength leaves the ranges
 */
export function scaleFactors(
  logical: HostModel,
  scaling: Scaling = "shrink",
  ranges: HardwareRanges = RANGES_2000Q,
  strength: ChainStrength = 1,
): Float64Array {
  checkRanges(ranges, strength);
  const P = logical.population;
  const chains = strength === "rms" ? chainStrengths(logical, "rms") : new Float64Array(P);
  return Float64Array.from({ length: P }, (_, p) => {
    const bias = largest(logical.biases, p, P);
    const coupling = Math.max(largest(logical.couplings, p, P), chains[p]!);
    const most = Math.min(ranges.bias / bias, ranges.coupling / coupling);
    if (typeof scaling === "number") return checkedFactor(scaling, most);
    if (scaling === "shrink") return Math.min(1, most);
    return Number.isFinite(most) ? most : 1;
  });
}

/** The model with every parameter of replica p times `factors[p]`. */
export function scaleModel(of: HostModel, factors: Float64Array): HostModel {
  const scaled = (values: Float64Array): Float64Array => {
    const width = values.length / of.population;
    return values.map((value, at) => value * factors[Math.floor(at / width)]!);
  };
  const { biases, couplings, offset } = of;
  return {
    ...of,
    biases: scaled(biases),
    couplings: scaled(couplings),
    offset: scaled(offset),
  };
}

/**
 * The model with normal errors on every bias and coupling, fresh for every seed and event.
 *
 * @param of - a model; biases come first in the stream, then couplings
 * @param noise - standard deviations
 * @param draw - seed and event of the errors; replica p has seed + p
 * @throws ArgumentError if a standard deviation is negative or not finite
 */
export function withControlNoise(
  of: HostModel,
  noise: ControlNoise,
  draw: { readonly seed?: number; readonly event?: number } = {},
): HostModel {
  for (const name of ["bias", "coupling"] as const) {
    if (Number.isFinite(noise[name]) && noise[name] >= 0) continue;
    throw new ArgumentError(
      `withControlNoise: argument \`noise.${name}\` must be a standard deviation of at least 0, but is ${noise[name]}.`,
    );
  }
  const { seed = 0, event = 0 } = draw;
  const [biases, couplings] = [of.biases.slice(), of.couplings.slice()];
  const [n, edges] = [of.graph.n, couplings.length / of.population];
  for (let p = 0; p < of.population; p++) {
    const errors = normalArray(stream(seed + p, "problemGenerators", event), n + edges);
    for (let i = 0; i < n; i++) biases[p * n + i]! += noise.bias * errors[i]!;
    for (let e = 0; e < edges; e++) couplings[p * edges + e]! += noise.coupling * errors[n + e]!;
  }
  return { ...of, biases, couplings };
}

function largest(values: Float64Array, p: number, population: number): number {
  const width = values.length / population;
  const own = values.subarray(p * width, (p + 1) * width);
  return own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** With room for the last bit: the factor may come from the same division. */
function checkedFactor(factor: number, most: number): number {
  if (Number.isFinite(factor) && factor > 0 && factor <= most * (1 + 1e-12)) return factor;
  throw new ArgumentError(
    `scaleFactors: argument \`scaling\` must be a positive factor that keeps the model in the hardware's ranges, ` +
      `at most ${most}, but is ${factor}. Use "shrink" or "fill".`,
  );
}

function checkRanges(ranges: HardwareRanges, strength: ChainStrength): void {
  for (const name of ["bias", "coupling"] as const) {
    if (ranges[name] > 0) continue;
    throw new ArgumentError(
      `scaleFactors: argument \`ranges.${name}\` must be positive, but is ${ranges[name]}.`,
    );
  }
  if (strength === "rms" || strength <= ranges.coupling) return;
  throw new ArgumentError(
    `scaleFactors: argument \`strength\` must lie in the range of couplings, up to ${ranges.coupling}, but is ${strength}.`,
  );
}
