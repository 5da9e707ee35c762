// The golden cases of the DQGAN, typed. They were computed in float64 with NumPy.

import { readFileSync } from "node:fs";

type LossPair = { readonly LD: number; readonly LG: number };

const file = JSON.parse(readFileSync(new URL("../golden/dqgan.json", import.meta.url), "utf8")) as {
  readonly losses: {
    readonly sigmaZReal: readonly number[];
    readonly sigmaZFakeDStep: readonly number[];
    readonly sigmaZFakeGStep: readonly number[];
    readonly expected: Readonly<Record<"alg1" | "alg2_k1" | "alg2_k4", LossPair>>;
  };
  readonly schedule: {
    readonly etaMax: number;
    readonly etaMin: number;
    readonly T: number;
    readonly t: readonly number[];
    readonly expected: { readonly eta: readonly number[] };
    readonly tolerance: number;
  };
};

/** Losses from given ⟨σ_z⟩ of the discriminator. */
export const losses: (typeof file)["losses"] = file.losses;

/** Learning rates of a cosine schedule. */
export const schedule: (typeof file)["schedule"] = file.schedule;
