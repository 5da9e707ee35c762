// What does a DQGAN cost? Time of training per seed and step, by discriminator heads and population.

import { trainDqgan } from "../src/models/index.js";
import { oneThreadThenAll, report, requireError, round } from "./harness.js";
import type { DqganOptions } from "../src/models/index.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

/** Heads and replicas; S = 256, preset robust. */
const CASES = [
  { heads: 1, replicas: 10 },
  { heads: 8, replicas: 1 },
  { heads: 8, replicas: 10 },
] as const;

async function trainFor(options: DqganOptions): Promise<{ seconds: number; loss: number }> {
  const start = performance.now();
  let loss = NaN;
  for await (const event of trainDqgan(options)) loss = event.losses["discriminator"]![0]!;
  return { seconds: (performance.now() - start) / 1000, loss };
}

async function run({ profile, log }: SuiteOptions): Promise<Report> {
  const steps = profile === "full" ? 4000 : 400;
  const rows: Row[] = [];
  for await (const threads of oneThreadThenAll()) {
    for (const { heads, replicas } of CASES) {
      log(
        `dqgan-cost: ${String(heads)} heads, ${String(replicas)} replicas, ${String(threads)} threads`,
      );
      const options = {
        replicas,
        model: { heads },
        train: { steps, evaluateEvery: 0 },
        evaluate: { validation: 1000 },
      };
      await trainFor({ ...options, train: { steps: 50, evaluateEvery: 0 } });
      const { seconds, loss } = await trainFor(options);
      // At the equilibrium and far from it alike, L_D lies between a coin's and a perfect judge's.
      requireError("discriminator loss", Math.abs(loss + 1), 1);
      const perStep = (1000 * seconds) / (steps * replicas);
      rows.push({
        threads,
        heads,
        replicas,
        steps,
        seconds: round(seconds),
        "ms per seed and step": round(perStep),
      });
    }
  }
  return report(rows, [
    "Training alone (preset robust, S = 256), without evaluation; wall time of one run.",
  ]);
}

/** The suite `dqgan-cost`. */
export const dqganCost: Suite = { title: "training a DQGAN: milliseconds per seed and step", run };
