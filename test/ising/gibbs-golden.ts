// The golden cases of Gibbs sampling, typed, and the models that they are about.

import { readFileSync } from "node:fs";
import { chimera, complete, model } from "../../src/ising/index.js";
import type { HostModel } from "../../src/ising/index.js";

/** Spins as strings of + and −, one a chain, by the number of sweeps made. */
export type Trajectory = {
  readonly beta: number;
  readonly seed: number;
  readonly chains: number;
  readonly spins_after_sweep: Readonly<Record<string, readonly string[]>>;
};

/** Exact values of a model. */
export type ExactValues = {
  readonly m: readonly number[];
  readonly corr: readonly number[];
  readonly energy: number;
  readonly energy_variance: number;
};

type Named = { readonly name: string };
const { cases } = JSON.parse(readFileSync("test/golden/gibbs.json", "utf8")) as { cases: Named[] };

/** A golden case by name. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller states the type of its case
export function goldenCase<T>(name: string): T {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no golden case named ${name}`);
  return found as T;
}

/** The couplings of the exact-mode cases: multiples of 2^-10 by rule. */
export function ruledModel(m: number, n: number, t: number): HostModel {
  const of = chimera(m, n, t);
  const couplings = Float64Array.from(
    { length: of.edges.length / 2 },
    (_, e) => ((((7 * e) % 17) - 8) * 64) / 1024,
  );
  const biases = Float64Array.from({ length: of.n }, (_, i) => ((((5 * i) % 9) - 4) * 32) / 1024);
  return model(of, { biases, couplings });
}

/** chimera(1, 1, 4) with J_e = 0.5 sin(e + 1) and b_i = 0.2 cos(i + 1). */
export function wavyModel(): HostModel {
  return model(chimera(1, 1, 4), {
    couplings: Float64Array.from({ length: 16 }, (_, e) => 0.5 * Math.sin(e + 1)),
    biases: Float64Array.from({ length: 8 }, (_, i) => 0.2 * Math.cos(i + 1)),
  });
}

/** K4 of the golden values. */
export function k4(): HostModel {
  return model(complete(4), {
    couplings: [0.5, -0.3, 0.8, 0.2, -0.6, 0.4],
    biases: [0.1, -0.2, 0.3, 0],
  });
}

/** FNV-1a over (s + 1) / 2, chain after chain. */
export function spinHash(spins: Int8Array): number {
  let hash = 0x811c9dc5;
  for (const s of spins) hash = Math.imul(hash ^ ((s + 1) >> 1), 0x01000193);
  return hash >>> 0;
}

/** Rows as strings of + and −. */
export function spinText(spins: Int8Array, n: number): string[] {
  const signs = Array.from(spins, (s) => (s > 0 ? "+" : "-")).join("");
  return signs.match(new RegExp(`.{${n}}`, "g")) ?? [];
}
