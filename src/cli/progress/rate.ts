// Speed and remaining time of a training, from the times of its events.

/** Where a training stands. */
export type Pace = {
  /** Steps per second, recent ones weighing more; undefined before two events. */
  readonly rate: number | undefined;
  /** Seconds to go; undefined before three events. */
  readonly remaining: number | undefined;
};

const EVENTS_BEFORE_ESTIMATE = 3;
// Seconds after which an old speed counts 1/e.
const MEMORY = 10;

/** A function to be told of every event: steps done, steps in total, seconds since any start. */
export function createPace(): (step: number, steps: number, seconds: number) => Pace {
  let events = 0;
  let last: { readonly step: number; readonly seconds: number } | undefined;
  // Steps and seconds, both fading: a long interval weighs as much as many short ones.
  let recentSteps = 0;
  let recentSeconds = 0;
  return (step, steps, seconds) => {
    events += 1;
    if (last !== undefined) {
      const elapsed = seconds - last.seconds;
      const keep = Math.exp(-elapsed / MEMORY);
      recentSteps = keep * recentSteps + (step - last.step);
      recentSeconds = keep * recentSeconds + elapsed;
    }
    last = { step, seconds };
    if (!(recentSeconds > 0)) return { rate: undefined, remaining: undefined };
    const rate = recentSteps / recentSeconds;
    return { rate, remaining: events > EVENTS_BEFORE_ESTIMATE ? (steps - step) / rate : undefined };
  };
}
