// What the study must reproduce: L1 norms that another implementation measured on MNIST, their order, and exact training.

import { allPairs, ascend, boltzmannMachine, exactGradient } from "../../src/boltzmann/index.js";
import { exactMoments, syntheticDigits, areaAverage } from "../../src/data/index.js";
import { complete } from "../../src/ising/index.js";
import { stream } from "../../src/random.js";
import { median, type Check } from "../harness.js";
import type { Gradient } from "../../src/boltzmann/index.js";
import type { Result, Topology } from "./study.js";

/** L1 norms of one run of a prototype in Python on MNIST: with 1,000 and with 10,000 samples. */
type Reference = readonly [thousand: number, tenThousand: number];

/** By learning rate and updates. */
const REFERENCES: Readonly<Record<string, Readonly<Record<Topology, Reference>>>> = {
  "0.03 1000": { chimera: [11.4, 7.9], bipartite: [11.5, 6.8], complete: [13.7, 6.7] },
  "0.001 1000": { chimera: [43.8, 42.8], bipartite: [16.5, 11.5], complete: [15.0, 7.8] },
  "0.001 3000": { chimera: [21.4, 17.2], bipartite: [12.3, 6.1], complete: [13.0, 4.8] },
};

/** Medians may differ by so much. */
const TOLERANCE = 0.2;

/** What a result is held against; undefined where nothing is known of its line. */
export function referenceOf({ line, step }: Result): Reference | undefined {
  if (line.sampler !== "gibbs" || line.corners === "drop") return undefined;
  return REFERENCES[`${line.rate} ${step}`]?.[line.topology];
}

/** Medians over the repetitions: of 1,000 samples, and of 10,000. */
export function mediansOf({ sampled, evaluation }: Result): Reference {
  return [median(sampled), median(evaluation.replicas.map((row) => row["l1"]!))];
}

/** The norms of one result against the reference. */
export function normChecks(result: Result): Check[] {
  const reference = referenceOf(result);
  if (reference === undefined) return [];
  const { line, step } = result;
  return mediansOf(result).map((value, k) => {
    const wanted = reference[k]!;
    const samples = k === 0 ? "1,000" : "10,000";
    return {
      what: `L1 norm of ${line.topology}, η ${line.rate}, ${step} updates, ${samples} samples`,
      measured: value.toFixed(2),
      bound: `${wanted} ± ${100 * TOLERANCE} %`,
      ok: Math.abs(value / wanted - 1) <= TOLERANCE,
    };
  });
}

/** More edges, smaller norm: at η = 0.001 with 10,000 samples. */
export function orderCheck(results: readonly Result[], step: number): Check {
  const own = results.filter((result) => result.line.part === "figure 7" && result.step === step);
  const of = (topology: Topology): number => {
    const found = own.find(({ line }) => line.topology === topology);
    return found === undefined ? NaN : mediansOf(found)[1];
  };
  const norms = [of("complete"), of("bipartite"), of("chimera")] as const;
  return {
    what: `order of L1 norms, η 0.001, ${step} updates, 10,000 samples`,
    measured: norms.map((norm) => norm.toFixed(2)).join(", "),
    bound: "complete < bipartite < Chimera",
    ok: norms[0] < norms[1] && norms[1] < norms[2],
  };
}

/** Exact ascent on a complete graph of the nine inner pixels of digits matches their correlations. */
export function exactCheck(): Check {
  const whole = areaAverage(syntheticDigits(stream(0, "data"), 2000), 3);
  const { mean, pairs } = exactMoments({ values: whole.values, width: 9 }, allPairs(9));
  const data = { magnetisations: mean, correlations: pairs };
  let machine = boltzmannMachine(complete(9));
  let velocity: Gradient | undefined;
  let worst = Infinity;
  for (let t = 0; t < 5000 && worst > 1e-7; t++) {
    const slope = exactGradient(machine, data);
    worst = [...slope.couplings, ...slope.biases].reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const momentum = velocity ? { momentum: 0.9, velocity } : {};
    ({ machine, velocity } = ascend(machine, slope, { rate: 0.3, ...momentum }));
  }
  return {
    what: "largest difference of moments after exact ascent on complete(9)",
    measured: worst.toExponential(1),
    bound: "1e-6",
    ok: worst < 1e-6,
  };
}
