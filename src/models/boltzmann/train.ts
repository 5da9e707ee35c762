// The training of Boltzmann machines: updates and measurements, as the parts of the common loop.

import { ascend, gradient, type Moments } from "../../boltzmann/index.js";
import { checkFinite, stepsOf } from "../checks.js";
import { seedsOf } from "../population.js";
import { trainingEvents, type Trainer } from "../training.js";
import { finiteMachines, orNaN, samplable } from "./diverged.js";
import {
  draw,
  fieldBaseline,
  floorOf,
  likelihoods,
  isExactWithin,
  pairDistance,
  partitions,
  sampleNorms,
  smoothPairs,
} from "./measure.js";
import { negativeOf, type Negative } from "./negative.js";
import {
  columnsOf,
  drawRows,
  exactDataMoments,
  exactDataPairs,
  positiveOf,
  type Positive,
} from "./positive.js";
import { openSource } from "./source.js";
import { initialState, restoreState, rounded, takeSnapshot, type BoltzmannState } from "./state.js";
import { layoutOf, type Layout } from "./topology.js";
import type { TrainEvent, TrainOptions } from "../model.js";
import type { BoltzmannConfig } from "./config.js";
import type { SpinSource } from "./source.js";

/** Events per training, besides those of measurements. */
const EVENTS = 100;

/** A measurement while training is at most so long, for each replica, where it is exact; and so large where it is sampled. */
const TRACKED = { maxSeconds: 0.05, rows: 1000, annealed: 300 } as const;

/**
 * Trains a population. Yields about 100 events and one at every measurement. A replica's numbers do not depend on the others'.
 *
 * @throws ArgumentError, DataError at the start; ConvergenceError when no replica is finite any more
 */
export async function* train(
  config: BoltzmannConfig,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { steps, evaluateEvery } = config.train;
  const range = stepsOf(steps, options);
  const trainer = trainerOf(config, options);
  yield* trainingEvents({ ...range, steps, evaluateEvery, events: EVENTS }, trainer);
}

/** The parts of a training in the words of the common loop. */
function trainerOf(config: BoltzmannConfig, { resume, files }: TrainOptions): Trainer {
  const source = openSource(config, files);
  const layout = layoutOf(config, source.columns.length, source.image);
  const update = updateOf(config, positiveOf(config, source, layout), negativeOf(config));
  const track = trackerOf(config, source, layout);
  let state = resume ? restoreState(resume, config, layout) : initialState(config, layout);
  let spins: Int8Array | null = null;
  let sums = new Float64Array(config.replicas);
  let counted = 0;
  return {
    async advance(t) {
      const next = await update(state, t);
      ({ state, spins } = next);
      next.errors.forEach((error, p) => (sums[p]! += error));
      counted++;
    },
    losses(step) {
      const finite = finiteMachines(state.machine);
      checkFinite(finite, seedsOf(config), step, "couplings");
      const momentError = orNaN(
        Array.from(sums, (sum) => sum / counted),
        finite,
      );
      [sums, counted] = [new Float64Array(config.replicas), 0];
      return Promise.resolve({ momentError });
    },
    metrics: () => track(state, spins),
    snapshotOf(step) {
      const current = state;
      return () => Promise.resolve(takeSnapshot(current, step));
    },
  };
}

type Updated = {
  readonly state: BoltzmannState;
  /** Mean |⟨s_u s_v⟩_data − ⟨s_u s_v⟩_model| along edges before the update, `[P]`. */
  readonly errors: Float64Array;
  readonly spins: Int8Array | null;
};

/** One update of all replicas: a function of the state and its number. */
function updateOf(
  config: BoltzmannConfig,
  positive: Positive,
  negative: Negative,
): (state: BoltzmannState, t: number) => Promise<Updated> {
  const { rate, momentum } = config.train;
  return async (state, t) => {
    const machine = samplable(state.machine, finiteMachines(state.machine));
    const data = positive(machine, t);
    const model = await negative({ ...state, machine }, t, data.rows);
    const slope = gradient(state.machine, data.moments, model.moments);
    const { velocity } = state;
    const moved = ascend(state.machine, slope, { rate, momentum, velocity });
    return {
      state: rounded({ ...moved, chains: model.chains }),
      errors: momentErrors(data.moments, model.moments, config.replicas),
      spins: model.spins,
    };
  };
}

function momentErrors(data: Moments, model: Moments, replicas: number): Float64Array {
  const errors = new Float64Array(replicas);
  const width = model.correlations.length / replicas;
  model.correlations.forEach((value, at) => {
    const wanted = data.correlations[at % data.correlations.length]!;
    errors[Math.floor(at / width)]! += Math.abs(wanted - value) / width;
  });
  return errors;
}

type Metrics = NonNullable<TrainEvent["metrics"]>;

/** Measures a population while it trains. */
function trackerOf(
  config: BoltzmannConfig,
  source: SpinSource,
  layout: Layout,
): (state: BoltzmannState, spins: Int8Array | null) => Promise<Metrics> {
  const training = columnsOf(source.training, layout);
  const pairs = exactDataPairs(training);
  const { n, annealedChains, annealedSteps } = config.evaluate;
  const size = Math.min(TRACKED.rows, n);
  const rows = drawRows(training, config.data.seed, 0, size);
  const annealed = {
    maxSeconds: TRACKED.maxSeconds,
    annealedChains: Math.min(TRACKED.annealed, annealedChains),
    annealedSteps: Math.min(TRACKED.annealed, annealedSteps),
  };
  const data = {
    moments: layout.hidden.length === 0 ? exactDataMoments(training, layout) : pairs,
    rows,
  };
  const seeds = seedsOf(config);
  const floor = floorOf(pairs.correlations, config.train.chains);
  const fields = fieldBaseline(pairs).logLikelihood;
  return async (state, spins) => {
    const finite = finiteMachines(state.machine);
    const machine = samplable(state.machine, finite);
    const isExact = isExactWithin(machine, TRACKED.maxSeconds);
    const best: number[] = [];
    for (const [p, seed] of seeds.entries()) {
      const own = isExact
        ? null
        : (chainsOf(state, p) ?? (await draw(machine, p, { n: size, seed })));
      best.push(pairDistance(pairs.correlations, smoothPairs(machine, p, own)));
    }
    const found = await partitions(machine, seeds, annealed);
    const logZ = found.map((one) => one.logZ);
    const counted = spins === null ? best : sampleNorms(machine, spins, pairs.correlations);
    return {
      l1Distance: orNaN(counted, finite),
      l1Floor: seeds.map(() => floor),
      l1Smooth: orNaN(best, finite),
      logLikelihood: orNaN(Array.from(likelihoods(machine, data, logZ)), finite),
      fieldLikelihood: seeds.map(() => fields),
    };
  };
}

/** The persistent chains of a replica: samples of the machine already. */
function chainsOf({ chains, machine }: BoltzmannState, p: number): Int8Array | null {
  if (chains === null) return null;
  const width = chains.chains * machine.model.graph.n;
  return chains.spins.subarray(p * width, (p + 1) * width);
}
