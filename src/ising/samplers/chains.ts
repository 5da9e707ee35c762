// The chains of a sampler before a sweep is made: checked sizes and addresses, temperatures, first spins, clamped spins.
// What every sampler of this folder shares; no sampling.

import { philoxArray } from "../../../kernels/philox/index.js";
import { checkInteger } from "../../checks.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { stream } from "../../random.js";
import type { BetaSchedule } from "../../../kernels/ising-sweeps/contract.js";
import type { IsingGraph } from "../graph.js";
import type { HostModel } from "../model.js";

/** Inverse temperature: one, one a model `[P]`, or one a model and chain `[P][chains]`. Infinity is allowed. */
export type ChainBeta = number | ArrayLike<number> | readonly ArrayLike<number>[];

/** Spins of chains: `[n]` for all, `[chains, n]` for all models, or `[P, chains, n]`, flat. */
export type ChainSpins = ArrayLike<number>;

/** P models with C chains each; row p · C + c is chain c of model p. */
export type Chains = {
  readonly population: number;
  readonly chains: number;
  readonly n: number;
  /** Address of row 0 among the chains of the run. */
  readonly chainOffset: number;
};

/** Checks the number of chains and that all their addresses fit the stream. */
export function chainsOf(
  where: string,
  { graph, population }: HostModel,
  chains: number,
  chainOffset: number,
): Chains {
  checkInteger(where, "chains", chains, 1, 2 ** 31 - 1);
  checkInteger(where, "chainOffset", chainOffset, 0, 2 ** 31 - 1);
  const blocks = (chainOffset + population * chains) * Math.ceil(graph.n / 4);
  if (blocks > 2 ** 32) {
    throw new ArgumentError(
      `${where}: argument \`chains\` must leave at most 2^34 spins of all chains and models, but there are ${4 * blocks}. Use another seed for the rest.`,
    );
  }
  return { population, chains, n: graph.n, chainOffset };
}

/** Checks and flattens inverse temperatures. */
export function betaSchedule(
  where: string,
  beta: ChainBeta,
  { population, chains }: Chains,
): BetaSchedule {
  const schedule = readBeta(beta);
  const [, models, own] = schedule.shape;
  if (![1, population].includes(models) || ![1, chains].includes(own)) {
    throw new ShapeError(
      `${where}: argument \`beta\` must be a number, [${population}] or [${population}, ${chains}] of these, but has shape [${models}, ${own}].`,
    );
  }
  const wrong = schedule.values.find((value) => !(value >= 0));
  if (wrong === undefined) return schedule;
  throw new ArgumentError(
    `${where}: argument \`beta\` must not be negative or NaN, but is ${wrong}.`,
  );
}

function readBeta(beta: ChainBeta): BetaSchedule {
  if (typeof beta === "number") return { shape: [1, 1, 1], values: Float64Array.of(beta) };
  const rows = Array.from<number | ArrayLike<number>>(beta);
  const nested = rows.map((row) => (typeof row === "number" ? [row] : Array.from(row)));
  const width = nested[0]?.length ?? 0;
  // A ragged list has a width that no number of chains has.
  const even = nested.every((row) => row.length === width);
  return { shape: [1, rows.length, even ? width : -1], values: Float64Array.from(nested.flat()) };
}

/**
 * Random first spins, up where u < ½: word c · 4⌈n/4⌉ + pos(i) of the stream "initialSpins" for node i of chain c.
 *
 * @returns `[rows, n]`
 */
export function randomSpins(
  graph: IsingGraph,
  seed: number,
  rows: number,
  chainOffset = 0,
): Int8Array {
  const { n, pos } = graph;
  const width = 4 * Math.ceil(n / 4);
  const { substream } = stream(seed, "initialSpins");
  const spins = new Int8Array(rows * n);
  const step = Math.max(1, Math.floor(2 ** 24 / width));
  for (let from = 0; from < rows; from += step) {
    const some = Math.min(step, rows - from);
    const offset = (chainOffset + from) * width;
    const count = some * width;
    const u = philoxArray({
      seeds: [[seed, substream]],
      count,
      offset,
      law: "uniform",
      scale: 1,
      shift: 0,
    });
    for (let r = 0; r < some; r++)
      for (let i = 0; i < n; i++)
        spins[(from + r) * n + i] = u[r * width + pos[i]!]! < 0.5 ? 1 : -1;
  }
  return spins;
}

/** Given spins for every row. */
export function givenSpins(
  where: string,
  name: string,
  given: ChainSpins,
  of: Chains,
  allowed: readonly number[],
): Int8Array {
  const { population, chains, n } = of;
  const whole = population * chains * n;
  if (![n, chains * n, whole].includes(given.length)) {
    throw new ShapeError(
      `${where}: argument \`${name}\` must hold [${n}], [${chains}, ${n}] or [${population}, ${chains}, ${n}] numbers, but has length ${given.length}.`,
    );
  }
  const spins = new Int8Array(whole);
  for (let i = 0; i < whole; i++) {
    const value = given[i % given.length]!;
    if (!allowed.includes(value)) {
      throw new ArgumentError(
        `${where}: argument \`${name}\` must hold ${allowed.join(", ")} only, but has ${value} at ${i % given.length}.`,
      );
    }
    spins[i] = value;
  }
  return spins;
}

/** Sets clamped spins in place, and gives the mask of the sweeps. */
export function clampSpins(
  where: string,
  clamp: ChainSpins,
  spins: Int8Array,
  of: Chains,
): Uint8Array {
  const values = givenSpins(where, "clamp", clamp, of, [0, 1, -1]);
  values.forEach((value, i) => {
    if (value !== 0) spins[i] = value;
  });
  const shared = clamp.length === of.n ? values.subarray(0, of.n) : values;
  return Uint8Array.from(shared, (value) => (value === 0 ? 0 : 1));
}
