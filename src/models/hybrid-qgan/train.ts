// The training loop: owns the tensors of the state, yields events, can be stopped and resumed at any of them.

import * as tf from "@tensorflow/tfjs";
import { checkFinite, checkResume, perReplica } from "../population.js";
import { generatorOf } from "./generator.js";
import { openSource } from "./source.js";
import { initialState, restoreState, takeSnapshot } from "./state.js";
import { optimizerOf, stepOf } from "./step.js";
import { validationMetrics, validator } from "./validate.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { RowSource } from "../../data/row-source.js";
import type { DataFiles, Snapshot, TrainEvent } from "../model.js";
import type { HybridConfig } from "./config.js";
import type { HybridState } from "./state.js";
import type { Step, StepLosses } from "./step.js";

/** Options of {@link train}. */
export type TrainOptions = { readonly resume?: Snapshot; readonly files?: DataFiles };

/** Events per training, besides those of validations. */
const EVENTS = 200;

async function numbers(tensor: Tensor): Promise<number[]> {
  return Array.from(await tensor.data<"float32">());
}

/** Means of the losses since the last event; disposes the sums. */
async function meanLosses(sums: StepLosses, steps: number): Promise<TrainEvent["losses"]> {
  const mean = async (sum: Tensor): Promise<number[]> => (await numbers(sum)).map((x) => x / steps);
  const losses = {
    critic: await mean(sums.critic),
    generator: await mean(sums.generator),
    penalty: await mean(sums.penalty),
  };
  tf.dispose(sums);
  return losses;
}

/**
 * Trains a population of hybrid QGANs. Yields about 200 events and one at every validation; at each of them the
 * consumer may take a snapshot, and may stop asking. A replica's numbers do not depend on the others'.
 *
 * @throws ArgumentError, DataError at the start; ConvergenceError when no replica is finite any more
 */
export async function* train(
  config: HybridConfig,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  if (options.resume) checkResume(config.train.steps, options.resume);
  const source = openSource(config, options.files);
  try {
    yield* loop(config, source, options.resume);
  } finally {
    source.dispose();
  }
}

async function* loop(
  config: HybridConfig,
  source: RowSource,
  resume: Snapshot | undefined,
): AsyncGenerator<TrainEvent, void, void> {
  const { steps, evaluateEvery } = config.train;
  const d = source.columns.length;
  const optimizer = optimizerOf(config);
  const step = stepOf(config, source);
  const validation = validator(config, source, generatorOf(config.model, d));
  const eventEvery = Math.max(1, Math.floor(steps / EVENTS));
  let state = tf.tidy(() =>
    resume ? restoreState(resume, config, d, optimizer) : initialState(config, d, optimizer),
  );
  let sums: StepLosses | undefined;
  let counted = 0;
  try {
    for (let t = resume?.step ?? 0; t < steps; t++) {
      ({ state, sums } = advance(step, state, sums, t));
      counted++;
      const done = t + 1;
      const evaluated = done === steps || (evaluateEvery > 0 && done % evaluateEvery === 0);
      if (!evaluated && done % eventEvery !== 0) continue;
      const losses = await meanLosses(sums, counted);
      [sums, counted] = [undefined, 0];
      const parameters = [await numbers(state.generator), await numbers(state.critic)];
      checkFinite(
        parameters,
        perReplica(config, (seed) => seed),
        done,
        "parameters",
      );
      const metrics = evaluated ? await validationMetrics(validation, state.average) : undefined;
      const current = state;
      // Lets signals, timers and pages have their turn.
      await tf.nextFrame();
      yield {
        step: done,
        steps,
        losses,
        ...(metrics && { metrics }),
        snapshot: () => takeSnapshot(current, done),
      };
    }
  } finally {
    tf.dispose([state, sums ?? []]);
  }
}

type Advanced = { state: HybridState; sums: StepLosses };

/** One step, the running sums of the losses, and the disposal of what they replace. */
function advance(
  step: Step,
  state: HybridState,
  sums: StepLosses | undefined,
  t: number,
): Advanced {
  const next = tf.tidy(() => {
    const { state: after, losses } = step(state, t);
    if (sums === undefined) return { state: after, sums: losses };
    const { critic, generator, penalty } = sums;
    return {
      state: after,
      sums: {
        critic: tf.add(critic, losses.critic),
        generator: tf.add(generator, losses.generator),
        penalty: tf.add(penalty, losses.penalty),
      },
    };
  });
  tf.dispose([state, sums ?? []]);
  return next;
}
