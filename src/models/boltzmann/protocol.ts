// The protocol of an evaluation in sentences: samples, how correlations and log Z were found, the choice, the data.

import { edgeCount } from "../../ising/index.js";
import type { BoltzmannConfig } from "./config.js";
import type { Partition } from "./measure.js";
import type { SpinSource } from "./source.js";
import type { Layout } from "./topology.js";

/** What the sentences say. */
export type Protocol = {
  readonly config: BoltzmannConfig;
  readonly source: SpinSource;
  readonly layout: Layout;
  readonly n: number;
  readonly isExact: boolean;
  readonly partition: Partition;
  readonly best: number;
};

/** The protocol in sentences. */
export function protocol(of: Protocol): string[] {
  const { config, source, layout, n, isExact, partition, best } = of;
  const { graph, hidden } = layout;
  const units = `${graph.name}: ${graph.n - hidden.length} visible and ${hidden.length} hidden units, ${edgeCount(graph)} couplings, β = ${config.model.beta}.`;
  const { annealedChains, annealedSteps } = config.evaluate;
  const choice = `Replica ${best} of ${config.replicas} (the first is 0) has the smallest L1 norm with little noise.`;
  return [
    units,
    `${n.toLocaleString("en-US")} samples of each replica by Gibbs sampling of 1,000 chains after training, whatever sampler trained it: each is cooled to its temperature in 300 sweeps and stays there for 300 more before it counts. L1 norms sum |⟨z_i z_j⟩_data − ⟨z_i z_j⟩_model| over unordered pairs, against the exact correlations of the training data.`,
    `The floor of counted correlations is what so many samples of a perfect model score; that of ${isExact ? "exact" : "conditional"} ones the norm between training and test data.`,
    isExact
      ? "Correlations with little noise are exact sums over all states."
      : "Correlations with little noise average tanh(βF) in the place of spins; they lean towards the model where the chains have not mixed.",
    partition.error === 0
      ? "log Z is exact."
      : `log Z is an estimate by annealed importance sampling, ${annealedChains} chains at ${annealedSteps} temperatures.`,
    "Fields alone: the machine without couplings whose means are those of the training data.",
    ...(config.replicas > 1 ? [choice] : []),
    ...source.report,
  ];
}
