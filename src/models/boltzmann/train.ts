// The training loop: updates, measurements while training, events. It can be stopped and resumed at any event.

import { ascend, gradient, type Moments } from "../../boltzmann/index.js";
import { ConvergenceError } from "../../errors.js";
import { checkResume } from "../population.js";
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
import {
  initialState,
  restoreState,
  rounded,
  seedsOf,
  takeSnapshot,
  type BoltzmannState,
} from "./state.js";
import { layoutOf, type Layout } from "./topology.js";
import type { DataFiles, Snapshot, TrainEvent } from "../model.js";
import type { BoltzmannConfig } from "./config.js";
import type { SpinSource } from "./source.js";

/** Options of {@link train}. */
export type TrainOptions = { readonly resume?: Snapshot; readonly files?: DataFiles };

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
  const { resume, files } = options;
  if (resume) checkResume(steps, resume);
  const source = openSource(config, files);
  const layout = layoutOf(config, source.columns.length, source.image);
  const update = updateOf(config, positiveOf(config, source, layout), negativeOf(config));
  const track = trackerOf(config, source, layout);
  const eventEvery = Math.max(1, Math.floor(steps / EVENTS));
  let state = resume ? restoreState(resume, config, layout) : initialState(config, layout);
  let sums = new Float64Array(config.replicas);
  let counted = 0;
  for (let t = resume?.step ?? 0; t < steps; t++) {
    const done = t + 1;
    const next = await update(state, t);
    state = next.state;
    next.errors.forEach((error, p) => (sums[p]! += error));
    counted++;
    const evaluated = done === steps || (evaluateEvery > 0 && done % evaluateEvery === 0);
    if (!evaluated && done % eventEvery !== 0) continue;
    checkFinite(config, state, done);
    const losses = { momentError: Array.from(sums, (sum) => sum / counted) };
    [sums, counted] = [new Float64Array(config.replicas), 0];
    const metrics = evaluated ? await track(state, next.spins) : undefined;
    const current = state;
    yield {
      ...{ step: done, steps, losses },
      ...(metrics && { metrics }),
      snapshot: () => Promise.resolve(takeSnapshot(current, done)),
    };
  }
}

/** A population can lose members, not all of them. */
function checkFinite(config: BoltzmannConfig, { machine }: BoltzmannState, step: number): void {
  const { biases, couplings, population } = machine.model;
  const isFinite = (values: Float64Array, p: number): boolean => {
    const width = values.length / population;
    return values.subarray(p * width, (p + 1) * width).every(Number.isFinite);
  };
  const seeds = seedsOf(config);
  if (seeds.some((_, p) => isFinite(biases, p) && isFinite(couplings, p))) return;
  throw new ConvergenceError(
    `train: couplings must be finite, but those of every replica, seeds ${seeds[0]!} to ${seeds.at(-1)!}, are not at step ${step}. Lower train.rate.`,
  );
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
    const data = positive(state.machine, t);
    const model = await negative(state, t, data.rows);
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
    const { machine } = state;
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
      l1Distance: counted,
      l1Floor: seeds.map(() => floor),
      l1Smooth: best,
      logLikelihood: Array.from(likelihoods(machine, data, logZ)),
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
