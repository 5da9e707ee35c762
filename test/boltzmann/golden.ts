// Golden cases of Boltzmann machines and the machines they are of.

import { readFileSync } from "node:fs";
import { boltzmann, ising } from "../../src/index.js";
import type { BoltzmannMachine } from "../../src/boltzmann/index.js";

// Fields differ by the case's name.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type GoldenCase = Readonly<Record<string, any>> & { readonly name: string };

const { cases } = JSON.parse(readFileSync("test/golden/boltzmann.json", "utf8")) as {
  readonly cases: readonly GoldenCase[];
};

/** The case whose name starts like this. */
export function golden(start: string): GoldenCase {
  const found = cases.find(({ name }) => name.startsWith(start));
  if (found === undefined) throw new Error(`no golden case is named ${start}`);
  return found;
}

/** Spins of "+-+-". */
export function spinsOf(text: string): number[] {
  return Array.from(text, (sign) => (sign === "+" ? 1 : -1));
}

/** The rows of data that both machines learn. */
export function goldenRows(): Int8Array {
  const states = golden("fully visible")["data_states"] as { state: string; count: number }[];
  return Int8Array.from(
    states.flatMap(({ state, count }) =>
      Array.from({ length: count }, () => spinsOf(state)).flat(),
    ),
  );
}

/** The complete graph of four units. */
export function k4(): BoltzmannMachine {
  const { J, b } = golden("K4 beta=1.0");
  return boltzmann.boltzmannMachine(ising.complete(4), {
    couplings: J as number[],
    biases: b as number[],
  });
}

/** The restricted machine of four visible and three hidden units. */
export function rbm(): BoltzmannMachine {
  const weights = Array.from(
    { length: 12 },
    (_, k) => 0.4 * Math.sin(1 + 3 * Math.floor(k / 3) + (k % 3)),
  );
  const biases = Array.from({ length: 7 }, (_, i) =>
    i < 4 ? 0.2 * Math.cos(i + 1) : 0.1 * Math.sin(2 * (i - 4) + 1),
  );
  return boltzmann.restrictedMachine(4, 3, { weights, biases });
}
