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

/** A function to be told of every event: steps done, steps in total, seconds since the start. */
export function createPace(): (step: number, steps: number, seconds: number) => Pace {
  let events = 0;
  let last: { readonly step: number; readonly seconds: number } | undefined;
  let rate: number | undefined;
  return (step, steps, seconds) => {
    events += 1;
    if (last !== undefined && seconds > last.seconds) {
      const elapsed = seconds - last.seconds;
      const now = (step - last.step) / elapsed;
      const keep = Math.exp(-elapsed / MEMORY);
      rate = rate === undefined ? now : keep * rate + (1 - keep) * now;
    }
    last = { step, seconds };
    const known = events > EVENTS_BEFORE_ESTIMATE && rate !== undefined && rate > 0;
    return { rate, remaining: known && rate !== undefined ? (steps - step) / rate : undefined };
  };
}
