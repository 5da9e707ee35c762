// A training whose state is tensors: owns them from step to step, adds up the losses, copies snapshots to the host.

import * as tf from "@tensorflow/tfjs";
import { checkFinite, finiteReplicas } from "./checks.js";
import { takeSnapshot } from "./snapshots.js";
import { maskedLosses, type Trainer } from "./training.js";
import type { Tensor, TensorContainer } from "@tensorflow/tfjs";
import type { TrainEvent } from "./model.js";

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
export function tensorTrainer<State extends TensorContainer>(
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
