// Steady states of any open system, with a verdict for every sample. The network's own path is in network/.

import * as tf from "@tensorflow/tfjs";
import {
  lindbladSteadyState,
  liouvillianSteadyState,
} from "../../kernels/lindblad-steady-state/index.js";
import { checkChoice } from "../checks.js";
import { broadcastLead, commonLead, leadOf, mapParts, shapeOf, sizeOf } from "../complex/index.js";
import { ArgumentError, ConvergenceError } from "../errors.js";
import { checkOperator, checkSuperoperator } from "./checks.js";
import { verdictFactor, verdictOf, VERDICTS } from "./verdict.js";
import type { LindbladMethod } from "../../kernels/lindblad-steady-state/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";
import type { Thresholds } from "./verdict.js";

export { VERDICTS } from "./verdict.js";
export type { Verdict } from "./verdict.js";

/** Options of {@link steadyState}. */
export type SteadyStateOptions = {
  /** What takes the place of a state that is not unique, or not to be trusted: NaN (default), or what was computed. */
  readonly onNonUnique?: "nan" | "keep";
  /** Reciprocal condition number below which a sample counts as ill-conditioned. Default 1e-6. */
  readonly minRcond?: number;
  /** `fused`: the kernel, first derivatives only (default). `composed`: any order. A Liouvillian is always composed. */
  readonly method?: LindbladMethod;
};

/** States and what is known of them, sample by sample. */
export type SteadyState = {
  /** `[...batch, n, n]`: Hermitian, trace 1; NaN where the verdict is not 0, unless `onNonUnique` is "keep". */
  readonly rho: Complex;
  /** `‖𝓛ρ‖ / (‖𝓛‖ ‖ρ‖)`, `[...batch]`, the trace condition included: rounding, unless the operators are not finite. */
  readonly residual: Tensor;
  /** Reciprocal condition number of the system that was solved, `[...batch]`: 0 where the state is not unique. */
  readonly rcond: Tensor;
  /** Index into {@link VERDICTS}, int32 `[...batch]`. */
  readonly verdict: Tensor;
};

const WHERE = "steadyState";

/**
 * The steady state of a Lindblad equation, `0 = −i[H, ρ] + Σ_k (L_k ρ L_k† − ½{L_k†L_k, ρ})`, solved and differentiated in
 * float64 between float32 tensors.
 *
 * @param H - Hamiltonian, `[...batch, n, n]`, ħ = 1
 * @param jumpOps - jump operators with their rates inside, at least one, each `[...batch, n, n]`; leading axes broadcast,
 * aligned at the right
 * @returns state, residual, condition and verdict of every sample; gradients flow through `rho`
 * @throws ShapeError, ArgumentError. A steady state that is not unique throws nothing, since the verdict is on the device:
 * its sample is NaN. `await checkSteadyState(result)` throws.
 * @remarks Cost: (2/3) n⁶ operations for each sample, as much again for the gradient.
 */
export function steadyState(
  H: Complex,
  jumpOps: readonly Complex[],
  options?: SteadyStateOptions,
): SteadyState;
/**
 * The steady state of a Liouvillian.
 *
 * @param L - `[...batch, n², n²]`, columns stacked; it must keep trace and Hermiticity
 * @returns as above; any order of derivative
 */
export function steadyState(L: Complex, options?: SteadyStateOptions): SteadyState;
export function steadyState(
  first: Complex,
  second: readonly Complex[] | SteadyStateOptions = {},
  third: SteadyStateOptions = {},
): SteadyState {
  const [jumpOps, options] = isList(second) ? [second, third] : [undefined, second];
  const thresholds = checkedOptions(options);
  if (jumpOps === undefined) return ofLiouvillian(first, thresholds);
  return ofOperators(first, jumpOps, options.method ?? "fused", thresholds);
}

function isList(x: readonly Complex[] | SteadyStateOptions): x is readonly Complex[] {
  return Array.isArray(x);
}

function checkedOptions(options: SteadyStateOptions): Thresholds {
  const { onNonUnique = "nan", minRcond = 1e-6, method = "fused" } = options;
  checkChoice(WHERE, "onNonUnique", onNonUnique, ["nan", "keep"]);
  checkChoice(WHERE, "method", method, ["fused", "composed"]);
  if (!(minRcond >= 0 && minRcond < 1)) {
    throw new ArgumentError(
      `${WHERE}: argument \`minRcond\` must be at least 0 and below 1, but is ${minRcond}.`,
    );
  }
  return { keep: onNonUnique === "keep", minRcond };
}

/** Leading axes as one: `[B, n, n]`. */
function flat(part: Tensor): Tensor {
  return tf.reshape(part, [sizeOf(leadOf(part.shape)), ...part.shape.slice(-2)]);
}

function ofOperators(
  H: Complex,
  jumpOps: readonly Complex[],
  method: LindbladMethod,
  thresholds: Thresholds,
): SteadyState {
  const n = checkOperator(WHERE, "H", H);
  if (jumpOps.length === 0) {
    throw new ArgumentError(
      `${WHERE}: argument \`jumpOps\` must have at least one jump operator, but is empty. Without damping every eigenstate of H is steady.`,
    );
  }
  jumpOps.forEach((L, k) => checkOperator(WHERE, `jumpOps[${k}]`, L, n));
  const given = Object.fromEntries([H, ...jumpOps].map((A, k) => [nameOf(k), leadOf(shapeOf(A))]));
  const lead = commonLead(WHERE, given);
  return tf.tidy(() => {
    const parts = [H, ...jumpOps].flatMap((A) => {
      const { re, im } = broadcastLead(A, lead);
      return [flat(re), flat(im)];
    });
    const [B, K] = [sizeOf(lead), jumpOps.length];
    const operators = tf.stack(parts.slice(0, 2), 1);
    const jumps = tf.reshape(tf.stack(parts.slice(2), 1), [B, K, 2, n, n]);
    return judged(lindbladSteadyState(operators, jumps, method), lead, n, thresholds);
  });
}

function nameOf(k: number): string {
  return k === 0 ? "H" : `jumpOps[${k - 1}]`;
}

function ofLiouvillian(L: Complex, thresholds: Thresholds): SteadyState {
  const n = checkSuperoperator(WHERE, "L", L);
  const lead = leadOf(shapeOf(L));
  if (sizeOf(lead) === 0) {
    throw new ArgumentError(
      `${WHERE}: argument \`L\` must have at least one sample, but its leading axes are [${lead.join(", ")}].`,
    );
  }
  return tf.tidy(() => {
    const { re, im } = mapParts(L, flat);
    return judged(liouvillianSteadyState(re, im), lead, n, thresholds);
  });
}

/** The result from what the kernel gave: verdicts, and NaN for what is not to be trusted. */
function judged(
  { rho, report }: { readonly rho: Tensor; readonly report: Tensor },
  lead: readonly number[],
  n: number,
  thresholds: Thresholds,
): SteadyState {
  const B = sizeOf(lead);
  // Without samples nothing needs a factor, and tfjs fails on axes of size 0.
  const trusted = B === 0 ? rho : tf.mul(rho, verdictFactor(report, thresholds));
  const part = (at: 0 | 1): Tensor =>
    tf.reshape(tf.slice(trusted, [0, at], [B, 1]), [...lead, n, n]);
  const column = (at: number): Tensor => tf.reshape(tf.slice(report, [0, at], [B, 1]), [...lead]);
  return {
    rho: { re: part(0), im: part(1) },
    residual: column(0),
    rcond: column(1),
    verdict: tf.reshape(verdictOf(report, thresholds), [...lead]),
  };
}

const REASONS: readonly string[] = [
  "",
  "a slow mode and a second steady state cannot be told apart in float32. Lower `minRcond` if the operators are exact",
  "there is more than one steady state. Add the damping that is missing, or a small one that selects a state",
  "H must be Hermitian: max|H − H†| ≤ 1e-5 max|H|; and a Liouvillian must keep Hermitian matrices Hermitian",
  "operators must be finite, but an entry is NaN or infinite",
];

/**
 * Throws unless every sample has a steady state that is unique and to be trusted; reads the verdicts.
 *
 * @param result - of {@link steadyState}
 * @returns the same result
 * @throws ConvergenceError, or ArgumentError for operators that are not allowed; with the index of the first sample
 */
export async function checkSteadyState(result: SteadyState): Promise<SteadyState> {
  const [verdicts, rconds] = await Promise.all([result.verdict.data(), result.rcond.data()]);
  const index = verdicts.findIndex((verdict) => verdict !== 0);
  if (index < 0) return result;
  const verdict = verdicts[index]!;
  const where = result.verdict.rank === 0 ? "the state" : `sample ${index}`;
  const message = `${WHERE}: ${where} is ${VERDICTS[verdict]!}, rcond ${rconds[index]!.toExponential(1)}: ${REASONS[verdict]!}.`;
  if (verdict > 2) throw new ArgumentError(message);
  throw new ConvergenceError(message);
}
