// Random directions of SPSA: signs from addressable streams.

import { stream, uniformArray } from "../../random.js";

/** K rows of ±1 of some length. */
export function directions(
  seed: number,
  event: number,
  K: number,
  length: number,
): readonly (readonly number[])[] {
  const u = uniformArray(stream(seed, "perturbations", event), K * length);
  return Array.from({ length: K }, (_, k) =>
    Array.from({ length }, (_, i) => (u[k * length + i]! < 0.5 ? -1 : 1)),
  );
}
