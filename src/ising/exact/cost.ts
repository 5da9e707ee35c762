// Which exact method a graph allows and what it will cost, said before anything is computed.

import { ArgumentError } from "../../errors.js";
import { planOf } from "./plan.js";
import type { IsingGraph } from "../graph.js";
import type { Order, Plan } from "./plan.js";

/** Limits and order of the exact methods. */
export type ExactLimits = {
  /** `auto`: the cheaper one. `elimination`: spins are summed out one by one. `split`: all states of up to 36 spins, on all cores. */
  readonly method?: "auto" | ExactMethod;
  /** Order of elimination: found, or the nodes in the order wanted. Default `auto`. */
  readonly order?: Order;
  /** Refuse what is estimated to take longer, for each replica. Default 60. */
  readonly maxSeconds?: number;
  /** Refuse what needs more memory. Default 2 GiB. */
  readonly maxBytes?: number;
};

/** How a sum over all states is done. */
export type ExactMethod = "elimination" | "split";

/** What an exact method costs, for each replica. */
export type ExactCost = {
  readonly method: ExactMethod;
  /** Spins that the largest table depends on. */
  readonly width: number;
  /** Table entries, or states. */
  readonly operations: number;
  readonly bytes: number;
  /** Estimate for one core; an idle one may need half. */
  readonly seconds: number;
};

/** A method that was found affordable. */
export type Chosen = { readonly cost: ExactCost; readonly plan: Plan | undefined };

/** Processor time of the moments of complete(22) by elimination and of complete(28) by splitting, on a busy machine. */
const SECONDS_PER_ENTRY = 1.1e-7;
const SECONDS_PER_STATE = 1.3e-9;

/** Tables that splitting makes whatever the size. */
const SPLIT_SECONDS = 1e-3;

/** Larger graphs have too many states to split. */
export const MAX_SPLIT = 36;

/**
 * The cost of exact methods on a graph, for one replica. Nothing is computed.
 *
 * @param of - the graph
 * @param limits - `maxSeconds` and `maxBytes` are not applied
 * @throws ArgumentError if no method can be used at any price
 */
export function exactCost(of: IsingGraph, limits: ExactLimits = {}): ExactCost {
  return cheapest("exactCost", of, limits).cost;
}

/**
 * The cheapest method within the limits.
 *
 * @throws ArgumentError with cost and alternatives if there is none
 */
export function chooseMethod(where: string, of: IsingGraph, limits: ExactLimits): Chosen {
  const { maxBytes = 2 ** 31 } = limits;
  const maxSeconds = secondsOf(limits);
  const chosen = cheapest(where, of, limits);
  const { method, width, seconds, bytes } = chosen.cost;
  if (seconds <= maxSeconds && bytes <= maxBytes) return chosen;
  throw new ArgumentError(
    `${where}: argument \`model\` must need at most ${maxSeconds} s and ${maxBytes} bytes, but ${method} on ${of.name} needs about ${Math.ceil(seconds)} s and ${bytes} bytes for each replica (tables of 2^${width}). Allow it with \`maxSeconds\` and \`maxBytes\`, or sample instead.`,
  );
}

/** `maxSeconds` or its default. */
export function secondsOf({ maxSeconds = 60 }: ExactLimits): number {
  return maxSeconds;
}

function cheapest(where: string, of: IsingGraph, limits: ExactLimits): Chosen {
  const { method = "auto", order = "auto" } = limits;
  const choices: Chosen[] = [];
  const plan = method === "split" ? undefined : planOf(where, of, order);
  if (plan !== undefined) choices.push({ plan, cost: eliminationCost(plan) });
  const splits = method === "split" || (method === "auto" && order === "auto");
  if (splits && of.n <= MAX_SPLIT) choices.push({ plan: undefined, cost: splitCost(of) });
  const best = choices.sort((a, b) => a.cost.seconds - b.cost.seconds)[0];
  if (best !== undefined) return best;
  throw new ArgumentError(
    `${where}: argument \`model\` must have at most ${MAX_SPLIT} spins or a narrow graph, but every order of ${of.name} found needs tables of more than 2^26 entries. Sample instead: gibbs, or annealed importance sampling for logZ.`,
  );
}

function eliminationCost({ width, operations, bytes }: Plan): ExactCost {
  const seconds = operations * SECONDS_PER_ENTRY;
  return { method: "elimination", width, operations, bytes, seconds };
}

function splitCost({ n }: IsingGraph): ExactCost {
  const operations = 2 ** n;
  const width = Math.min(12, n);
  // Sums of at most 64 items, and two tables.
  const bytes = 2 ** 22;
  const seconds = SPLIT_SECONDS + operations * SECONDS_PER_STATE;
  return { method: "split", width, operations, bytes, seconds };
}
