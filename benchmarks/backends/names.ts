// The backends that are measured one after another, each in a process of its own.

/** In the order of the tables. */
export const BACKENDS_TO_MEASURE = ["wasm", "cpu", "tensorflow", "webgpu"] as const;

/** One of {@link BACKENDS_TO_MEASURE}. */
export type MeasuredBackend = (typeof BACKENDS_TO_MEASURE)[number];

/** Those of a list that `ZENOFLOW_BENCH_BACKENDS` names (with commas), or all. */
export function backendsToTry<Name extends string>(all: readonly Name[]): readonly Name[] {
  const named = process.env["ZENOFLOW_BENCH_BACKENDS"]?.split(",").map((name) => name.trim());
  return named === undefined ? all : all.filter((name) => named.includes(name));
}
