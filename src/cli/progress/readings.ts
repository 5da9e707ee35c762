// What a progress line says, as separate words: the terminal line cuts them, the plain line joins them.

import type { TrainEvent } from "../../models/model.js";
import { duration, figure } from "../table.js";
import type { Pace } from "./rate.js";

type Named = Readonly<Record<string, readonly number[]>>;

/** The middle value of those that are finite; NaN where none is. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}

// Medians leave replicas out that have diverged, so their number is said.
function divergedWords(losses: Named): readonly string[] {
  const [first = []] = Object.values(losses);
  const lost = first.filter((_, p) =>
    Object.values(losses).some((loss) => !Number.isFinite(loss[p])),
  );
  return lost.length === 0 ? [] : [`diverged ${lost.length.toString()}`];
}

function percent(step: number, steps: number): string {
  return `${Math.floor((100 * step) / steps)
    .toString()
    .padStart(3)} %`;
}

/** Steps per second for people: `512 steps/s`, `0.25 steps/s`, `3.1 k steps/s`. */
export function rateText(rate: number): string {
  if (rate >= 1000) return `${(rate / 1000).toFixed(1)} k steps/s`;
  return `${rate >= 10 ? rate.toFixed(0) : rate.toPrecision(2)} steps/s`;
}

function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

// A metric `jointDistance` is shown with its floor, the metric `jointFloor`.
function metricWords(metrics: Named): readonly string[] {
  const name = Object.keys(metrics).find((key) => !key.endsWith("Floor"));
  if (name === undefined) return [];
  const best = Math.min(...(metrics[name] ?? []).filter(Number.isFinite));
  const floor = metrics[name.replace(/Distance$/, "Floor")]?.[0];
  const beside =
    floor === undefined || !name.endsWith("Distance") ? "" : ` (floor ${figure(floor)})`;
  return [`${words(name)} ${figure(best)}${beside}`];
}

/** The words, the most important first. */
export function readings(
  label: string,
  event: Omit<TrainEvent, "snapshot">,
  metrics: Named | undefined,
  pace: Pace,
): readonly string[] {
  const { step, steps } = event;
  return [
    label,
    percent(step, steps),
    `${step.toString()}/${steps.toString()}`,
    ...(pace.rate === undefined ? [] : [rateText(pace.rate)]),
    ...(pace.remaining === undefined || step >= steps
      ? []
      : [`ETA ${duration(Math.ceil(pace.remaining))}`]),
    ...divergedWords(event.losses),
    ...(metrics === undefined ? [] : metricWords(metrics)),
    ...Object.entries(event.losses).map(
      ([name, values]) => `${words(name)} ${median(values).toFixed(3)}`,
    ),
  ];
}
