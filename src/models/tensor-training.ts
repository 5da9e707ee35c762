// A training whose state is tensors: owns them from step to step, adds up the losses, copies snapshots to the host.

import * as tf from "@tensorflow/tfjs";
import { checkFinite, finiteReplicas, stepsOf } from "./checks.js";
import { takeSnapshot } from "./snapshots.js";
import { maskedLosses, trainingEvents, type Trainer } from "./training.js";
import type { Tensor, TensorContainer } from "@tensorflow/tfjs";
import type { TrainEvent, TrainOptions } from "./model.js";

/** Losses of one step, each `[P]`. */
export type StepLosses = Readonly<Record<string, Tensor>>;

/** A model as a pure function of its state and the step's number. */
export type TensorModel<State> = {
  readonly seeds: readonly number[];
  /** The state before the first step of this call; run inside `tf.tidy`. */
  begin(): State;
  /** Step t = 0, 1, …: fresh tensors; run inside `tf.tidy`. */
  step(state: State, t: number): { readonly state: State; readonly losses: StepLosses };
  /** What is trained; if it is not finite, neither is the replica. */
  parameters(state: State): readonly Tensor[];
  /** The parameters in the words of an error. */
  readonly parameterWords: string;
  metrics(state: State): Promise<NonNullable<TrainEvent["metrics"]>>;
  /** Every tensor of the state under its name in snapshots. */
  named(state: State): Readonly<Record<string, Tensor>>;
};

async function numbers(tensor: Tensor): Promise<number[]> {
  return Array.from(await tensor.data<"float32">());
}

/** The training of a model; `dispose` frees its state. */
function tensorTrainer<State extends TensorContainer>(
  model: TensorModel<State>,
): Trainer & { dispose(): void } {
  let state = tf.tidy(() => model.begin());
  let sums: StepLosses | undefined;
  let counted = 0;
  return {
    advance(t) {
      const next = tf.tidy(() => {
        const { state: after, losses } = model.step(state, t);
        return { state: after, sums: sums ? added(sums, losses) : { ...losses } };
      });
      tf.dispose([state, sums ?? []]);
      ({ state, sums } = next);
      counted++;
    },
    async losses(step) {
      const means: [string, number[]][] = [];
      for (const [name, sum] of Object.entries(sums ?? {}))
        means.push([name, (await numbers(sum)).map((x) => x / counted)]);
      tf.dispose(sums ?? []);
      [sums, counted] = [undefined, 0];
      const { seeds } = model;
      const parameters: number[][] = [];
      for (const tensor of model.parameters(state)) parameters.push(await numbers(tensor));
      const finite = finiteReplicas(parameters, seeds.length);
      checkFinite(finite, seeds, step, model.parameterWords);
      // Lets signals, timers and pages have their turn.
      await tf.nextFrame();
      return maskedLosses(Object.fromEntries(means), finite);
    },
    metrics: () => model.metrics(state),
    snapshotOf(step) {
      const named = model.named(state);
      return () => takeSnapshot(named, step);
    },
    dispose() {
      tf.dispose([state, sums ?? []]);
    },
  };
}

function added(sums: StepLosses, losses: StepLosses): StepLosses {
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [name, tf.add(sum, losses[name]!)]),
  );
}

/** Events per training, besides those of validations. */
const EVENTS = 200;

/** What the loop needs of a configuration. */
type Trainable = { readonly train: { readonly steps: number; readonly evaluateEvery: number } };

/** Training data that are to be disposed. */
type Disposable = { dispose(): void };

/**
 * Trains a model on a source of data: about 200 events, and one at every validation.
 *
 * @param config - how long, and how often it is validated
 * @param options - of `train`
 * @param open - opens the source, which is disposed in the end
 * @param modelOf - the model on it
 */
export async function* tensorTraining<Source extends Disposable, State extends TensorContainer>(
  config: Trainable,
  options: TrainOptions,
  open: () => Source,
  modelOf: (source: Source) => TensorModel<State>,
): AsyncGenerator<TrainEvent, void, void> {
  const { steps, evaluateEvery } = config.train;
  const range = stepsOf(steps, options);
  const source = open();
  let trainer: Disposable | undefined;
  try {
    const own = tensorTrainer(modelOf(source));
    trainer = own;
    yield* trainingEvents({ ...range, steps, evaluateEvery, events: EVENTS }, own);
  } finally {
    trainer?.dispose();
    source.dispose();
  }
}
