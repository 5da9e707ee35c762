// Time evolution of any open system: the checked door. The methods are in evolution/, steady states in steady-state.ts.

import * as tf from "@tensorflow/tfjs";
import { checkChoice, checkInteger } from "../checks.js";
import { commonLead, leadOf, scale, shapeOf, sizeOf } from "../complex/index.js";
import { ArgumentError, ConvergenceError } from "../errors.js";
import { checkOperator } from "./checks.js";
import { evolveComposed, fixedStepCount } from "./evolution/composed.js";
import { evolveFused } from "./evolution/fused.js";
import { summandsOf } from "./evolution/terms.js";
import { EVOLUTION_VERDICTS } from "../../kernels/lindblad-evolution/contract.js";
import { densityMatrix } from "./states.js";
import type { Complex } from "../complex/index.js";
import type { Problem } from "./evolution/problem.js";
import type { Summand } from "./evolution/terms.js";
import type { Evolution, EvolveOptions, TimeOperator } from "./evolution/types.js";

export { EVOLUTION_VERDICTS } from "../../kernels/lindblad-evolution/contract.js";
export type {
  CoefficientFunction,
  Evolution,
  EvolutionMethod,
  EvolutionStats,
  EvolveOptions,
  Term,
  TimeOperator,
} from "./evolution/types.js";

/** One of {@link EVOLUTION_VERDICTS}. */
export type EvolutionVerdict = (typeof EVOLUTION_VERDICTS)[number];

/** The methods of {@link evolve}. */
export const EVOLUTION_METHODS = ["auto", "expm", "dopri5", "rk4", "split", "rouchon2"] as const;

const WHERE = "evolve";

/**
 * The evolution of a Lindblad equation, `dρ/dt = −i[H, ρ] + Σ_k (L_k ρ L_k† − ½{L_k†L_k, ρ})`.
 *
 * @param H - Hamiltonian, ħ = 1: `[...batch, n, n]`, `[A, f]` for f(t) A, or a list of such terms
 * @param jumpOps - jump operators with their rates inside, each as H; none for a closed system
 * @param rho0 - the state at `times[0]`: density matrices `[...batch, n, n]` or kets `[...batch, n, 1]`; leading axes
 * broadcast, aligned at the right
 * @param times - at least one, not negative, each later than the one before
 * @returns states, expectation values, the last state, and steps and verdict of every sample. Gradients flow through
 * states, expectation values and the last state to all operators, to rho0, and to whatever tensors the coefficient
 * functions use
 * @throws ShapeError, ArgumentError. What only the device knows throws nothing: a sample that reached `maxSteps`, or whose
 * operators or state are not allowed, is NaN, and its verdict says why. `await checkEvolution(result)` throws.
 */
export function evolve(
  H: TimeOperator,
  jumpOps: readonly TimeOperator[],
  rho0: Complex,
  times: ArrayLike<number>,
  options: EvolveOptions = {},
): Evolution {
  const slots = [H, ...jumpOps].map(summandsOf);
  const problem = checkedProblem(slots, rho0, times, options);
  const moving = slots.flat().some(({ f }) => f !== undefined);
  const fused = problem.form === "fused" && !moving && hasKernel(problem.method);
  return tf.tidy(() => {
    if (sizeOf(problem.lead) === 0) return evolveNothing(problem, rho0);
    return (fused ? evolveFused : evolveComposed)(problem, rho0);
  });
}

/** The result without samples, tied to all that it would depend on; tfjs fails on axes of size 0 on the composed path. */
function evolveNothing(problem: Problem, rho0: Complex): Evolution {
  const slots = problem.slots.map((summands) =>
    summands.map(({ A, f }) => ({ A: f === undefined ? A : scale(A, f(problem.times[0]!)) })),
  );
  const { stats, ...result } = evolveFused({ ...problem, slots, method: "expm" }, rho0);
  return { ...result, stats: { ...stats, method: problem.method } };
}

function hasKernel(method: Problem["method"]): boolean {
  return method === "expm" || method === "dopri5" || method === "rk4";
}

function checkedProblem(
  slots: readonly (readonly Summand[])[],
  rho0: Complex,
  times: ArrayLike<number>,
  options: EvolveOptions,
): Problem {
  const moving = slots.flat().some(({ f }) => f !== undefined);
  const instants = checkedTimes(times);
  const [n, leads] = checkedShapes(slots, rho0, options.observe ?? []);
  const lead = commonLead(WHERE, leads);
  const settings = checkedOptions(options, instants, moving);
  return { slots, n, lead, times: instants, ...settings };
}

function checkedTimes(times: ArrayLike<number>): number[] {
  const list = Array.from(times);
  const wrong = list.findIndex(
    (t, i) => !(t >= 0 && t < Infinity && (i === 0 || t > list[i - 1]!)),
  );
  if (list.length === 0 || wrong >= 0) {
    const but = list.length === 0 ? "is empty" : `times[${wrong}] is ${list[wrong]!}`;
    throw new ArgumentError(
      `${WHERE}: argument \`times\` must have at least one entry, finite, not negative and each later than the one before, but ${but}.`,
    );
  }
  return list;
}

/** The dimension, and the leading axes by argument. */
function checkedShapes(
  slots: readonly (readonly Summand[])[],
  rho0: Complex,
  observe: readonly Complex[],
): [number, Record<string, readonly number[]>] {
  const state = tf.tidy(() => shapeOf(densityMatrix(rho0)));
  const n = state.at(-1)!;
  const named = slots.flatMap((summands, slot): [string, Complex][] =>
    summands.map(({ A }, i) => {
      const name = slot === 0 ? "H" : `jumpOps[${slot - 1}]`;
      return [summands.length === 1 ? name : `${name}[${i}]`, A];
    }),
  );
  const all = [...named, ...observe.map((O, m): [string, Complex] => [`observe[${m}]`, O])];
  all.forEach(([name, A]) => checkOperator(WHERE, name, A, n));
  const leads = all.map(([name, A]) => [name, leadOf(shapeOf(A))] as const);
  return [n, { rho0: leadOf(state), ...Object.fromEntries(leads) }];
}

type Settings = Omit<Problem, "slots" | "n" | "lead" | "times">;

function checkedOptions(
  options: EvolveOptions,
  times: readonly number[],
  moving: boolean,
): Settings {
  const { method = "auto", form = "fused", observe = [], maxSteps = 100_000 } = options;
  const { rtol = 1e-6, atol = 1e-8, storeStates = observe.length === 0 } = options;
  checkChoice(WHERE, "method", method, EVOLUTION_METHODS);
  checkChoice(WHERE, "form", form, ["fused", "composed"]);
  checkInteger(WHERE, "maxSteps", maxSteps, 1, 2 ** 30);
  const span = times.at(-1)! - times[0]!;
  const { step = span > 0 ? span / 100 : 1 } = options;
  for (const [name, value] of Object.entries({ rtol, atol, step })) {
    if (value > 0 && value < Infinity) continue;
    throw new ArgumentError(
      `${WHERE}: argument \`${name}\` must be positive and finite, but is ${value}.`,
    );
  }
  const chosen = method === "auto" ? (moving ? "dopri5" : "expm") : method;
  if (chosen === "expm" && moving) {
    throw new ArgumentError(
      `${WHERE}: argument \`method\` must not be "expm" where an operator depends on time. Use "dopri5", "rk4", "split" or "rouchon2".`,
    );
  }
  const count = fixedStepCount({ times, method: chosen, step });
  if (count > maxSteps) {
    throw new ArgumentError(
      `${WHERE}: method "${chosen}" must take at most \`maxSteps\` = ${maxSteps} steps, but takes ${count}. Use a longer \`step\`, or raise \`maxSteps\`.`,
    );
  }
  return { method: chosen, form, observe, storeStates, rtol, atol, maxSteps, step };
}

const REASONS: readonly string[] = [
  "",
  'it reached `maxSteps`. Raise it, loosen `rtol` and `atol`, or use method "expm" for a constant generator',
  "H must be Hermitian at all times: max|H − H†| ≤ 1e-5 max|H|",
  "rho0 must be Hermitian with trace 1, to 1e-4",
  "operators and states must be finite, but an entry is NaN or infinite",
];

/**
 * Throws unless every sample was evolved to the last time, and stayed bounded: methods of fixed steps do not where these are
 * too long for the damping. Reads verdicts and last states.
 *
 * @param result - of {@link evolve}
 * @returns the same result
 * @throws ConvergenceError, or ArgumentError for operators and states that are not allowed; with the first sample's index
 */
export async function checkEvolution(result: Evolution): Promise<Evolution> {
  const { verdict, accepted, rejected } = result.stats;
  const [verdicts, steps, failed] = await Promise.all([
    verdict.data(),
    accepted.data(),
    rejected.data(),
  ]);
  const index = verdicts.findIndex((v) => v !== 0);
  if (index < 0) {
    await checkBounded(result);
    return result;
  }
  const v = verdicts[index]!;
  const where = verdict.rank === 0 ? "the sample" : `sample ${index}`;
  const message = `${WHERE}: ${where} is ${EVOLUTION_VERDICTS[v]!} after ${steps[index]!} steps and ${failed[index]!} rejected ones: ${REASONS[v]!}.`;
  if (v > 1) throw new ArgumentError(message);
  throw new ConvergenceError(message);
}

/** Far above the entries of any state, which are at most 1, and of what rounding or a loose tolerance make of one. */
const UNBOUNDED = 100;

async function checkBounded({ final, stats }: Evolution): Promise<void> {
  const [n] = shapeOf(final).slice(-1);
  for (const part of await Promise.all([final.re.data(), final.im.data()])) {
    const index = part.findIndex((x) => !(Math.abs(x) < UNBOUNDED));
    if (index < 0) continue;
    const where = stats.verdict.rank === 0 ? "the sample" : `sample ${Math.floor(index / n! ** 2)}`;
    throw new ConvergenceError(
      `${WHERE}: ${where} has an entry ${part[index]!.toPrecision(2)} in its last state. Steps of method "${stats.method}" are too long for it: shorten \`step\`, or use "split", or "expm" for a constant generator.`,
    );
  }
}
