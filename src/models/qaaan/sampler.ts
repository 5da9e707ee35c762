// How samples of the prior are drawn: persistent Gibbs chains, or one of the annealer's stand-ins.

import {
  anneal,
  embedded,
  gibbs,
  quantumAnneal,
  replica,
  type Embedding,
  type HostModel,
  type SampleSet,
} from "../../ising/index.js";
import { embeddingOf, eventSeed } from "../boltzmann/negative.js";
import type { BoltzmannMachine } from "../../boltzmann/index.js";
import type { QaaanConfig } from "./config.js";

/** Fresh samples of a machine, `[chains, n]`, the same for the same seed and event. */
export type Draw = (machine: BoltzmannMachine, seed: number, event: number) => Promise<Int8Array>;

type Sampler = (model: HostModel, beta: number, seed: number) => Promise<SampleSet>;

/** Independent samples by the annealer of a configuration; null for Gibbs chains, which go on. */
export function drawOf(config: QaaanConfig): Draw | null {
  const { sampler } = config.prior;
  const { beta } = config.annealer;
  switch (sampler) {
    case "gibbs":
      return null;
    case "annealing":
    case "path-integral": {
      const run = samplers(config)[sampler];
      return async ({ model, beta: own }, seed, event) => {
        const set = await run(replica(model, 0), beta * own, eventSeed(seed, event));
        return set.samples;
      };
    }
    case "embedded":
      return onHardware(config);
  }
}

function samplers({
  annealer: { sweeps, slices },
  prior: { chains },
}: QaaanConfig): Readonly<Record<"annealing" | "path-integral" | "gibbs", Sampler>> {
  return {
    annealing: (model, beta, seed) => {
      const schedule = { kind: "linear", steps: sweeps, from: 0.1 * beta, to: beta } as const;
      return anneal(model, { chains, seed, rule: "gibbs", schedule });
    },
    "path-integral": (model, beta, seed) =>
      quantumAnneal(model, {
        chains,
        seed,
        beta,
        slices,
        gamma: { kind: "linear", steps: sweeps },
      }),
    gibbs: (model, beta, seed) => gibbs(model, { chains, seed, beta, warmup: sweeps, samples: 1 }),
  };
}

/** The model as hardware runs it: brought into its ranges, with errors, sampled at its temperature, voted. */
function onHardware(config: QaaanConfig): Draw {
  let place: Embedding | undefined;
  const { annealer } = config;
  const physical = samplers(config)[annealer.physical];
  return async ({ model }, seed, event) => {
    place ??= embeddingOf(model.graph);
    const own = eventSeed(seed, event);
    const { samples } = await embedded(replica(model, 0), {
      ...{ embedding: place, seed: own, beta: annealer.beta, scaling: annealer.scaling },
      ranges: { bias: annealer.rangeBiases, coupling: annealer.rangeCouplings },
      chainStrength: annealer.chainStrength,
      noise: { bias: annealer.noiseBiases, coupling: annealer.noiseCouplings },
      sampler: (hardware, settings) => physical(hardware, settings.beta, own),
    });
    return samples.samples;
  };
}
