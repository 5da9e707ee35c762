// The axes that figures of several models share: angles, training steps, logarithmic distances.

import type { Axis } from "./spec.js";

/** An axis for angles in [0, π], labelled in quarters of π. */
export function angleAxis(title: string): Axis {
  return {
    title,
    domain: [0, Math.PI],
    ticks: [0, 1, 2, 3, 4].map((quarter) => (quarter * Math.PI) / 4),
    labelExpr: "['0','π/4','π/2','3π/4','π'][round(4*datum.value/PI)]",
  };
}

/** An axis that counts training steps from 0 to the last one. */
export function stepAxis(last: number, title = "training step"): Axis {
  return { title, domain: [0, last], format: ",d", tickCount: 4 };
}

/**
 * A logarithmic axis that holds all values, with ticks at 1, 2 and 5 of each decade, or at every digit when those are few.
 * @param title - quantity and unit
 * @param values - what must be visible; numbers that are not positive and finite are ignored
 */
export function logAxis(title: string, values: readonly number[]): Axis {
  const shown = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = shown.reduce((a, b) => Math.min(a, b), 1) / 1.4;
  const high = shown.reduce((a, b) => Math.max(a, b), low * 1.25) * 1.25;
  return { title, scale: "log", domain: [low, high], ticks: logTicks(low, high), format: "~r" };
}

function logTicks(low: number, high: number): number[] {
  const ticks = ticksBetween(low, high, [1, 2, 5]);
  return ticks.length > 2 ? ticks : ticksBetween(low, high, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

function ticksBetween(low: number, high: number, digits: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of digits) ticks.push(Number(`${String(digit)}e${String(power)}`));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/**
 * A logarithmic axis over whole decades, labelled 0.01, 0.1, 1, 10, 100 and by powers of ten beyond.
 * @param title - quantity and unit
 * @param exponents - of the first and the last power of ten
 * @param options - `every`: decades from label to label (default 1); `bare`: ticks without labels
 */
export function decadeAxis(
  title: string,
  exponents: readonly [number, number],
  options: { readonly every?: number; readonly bare?: boolean } = {},
): Axis {
  const { every = 1, bare = false } = options;
  const [low, high] = exponents;
  const count = Math.floor((high - low) / every) + 1;
  const ticks = Array.from({ length: count }, (_, i) => Number(`1e${String(low + i * every)}`));
  const far = "(datum.value < 0.009 || datum.value > 1001)";
  const power = "replace(format(datum.value, '~e'), '-', '−')";
  return {
    title,
    scale: "log",
    domain: [10 ** low, 10 ** high],
    ticks,
    labelExpr: `${far} ? replace(${power}, '+', '') : format(datum.value, '~r')`,
    ...(bare && { bare }),
  };
}

/** The exponents of the decades that hold all positive values; [0, 1] where there are none. */
export function decadesOf(values: readonly number[]): [number, number] {
  const shown = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  if (shown.length === 0) return [0, 1];
  const low = Math.floor(Math.min(...shown) + 1e-9);
  return [low, Math.max(low + 1, Math.ceil(Math.max(...shown) - 1e-9))];
}
