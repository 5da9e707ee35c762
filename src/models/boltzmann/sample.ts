// Drawing rows from a trained population, in the units of the data.

import { visiblePart } from "../../boltzmann/index.js";
import { checkSampleOptions, type SampleOptions } from "../options.js";
import { seedOf } from "../replicas.js";
import { evaluate } from "./evaluate.js";
import { draw } from "./measure.js";
import { single } from "./negative.js";
import { openSource } from "./source.js";
import { restoreMachine } from "./state.js";
import { layoutOf } from "./topology.js";
import type { DataFiles, Samples, Snapshot } from "../model.js";
import type { BoltzmannConfig } from "./config.js";

/** Chains in one run. */
const CHUNK = 2 ** 15;

/**
 * Draws `n` rows of visible units from one replica by Gibbs sampling, a chain for each. The first rows do not depend on n.
 *
 * @throws ArgumentError, DataError
 */
export async function sample(
  config: BoltzmannConfig,
  snapshot: Snapshot,
  options: SampleOptions,
): Promise<Samples> {
  const { n, files } = options;
  checkSampleOptions(config, options);
  const source = openSource(config, files);
  const layout = layoutOf(config, source.columns.length, source.image);
  const machine = restoreMachine("sample", snapshot, config, layout);
  const p = options.replica ?? (await bestOf(config, snapshot, files));
  const seed = options.seed ?? seedOf(config, p);
  const width = machine.visible.length;
  const values = new Float32Array(n * width);
  for (let first = 0; first < n; first += CHUNK) {
    const count = Math.min(CHUNK, n - first);
    const samples = await draw(machine, p, { n: count, seed, chainOffset: first }, CHUNK);
    const rows = visiblePart(single(machine, p), samples);
    values.set(
      Float32Array.from(rows, (spin) => (spin > 0 ? 1 : source.down)),
      first * width,
    );
  }
  return { columns: Array.from(layout.columns, (column) => source.columns[column]!), values };
}

async function bestOf(
  config: BoltzmannConfig,
  snapshot: Snapshot,
  files: DataFiles | undefined,
): Promise<number> {
  if (config.replicas === 1) return 0;
  const { best } = await evaluate(config, snapshot, { ...(files && { files }) });
  return best;
}
