// Settings that several models have alike, for their schemas: of data files, optimisers, validation, anneals. What replicas may
// have each for itself is in replicas.ts. Loads no tensors.

import * as z from "zod";
import { dynamic, dynamicOrNull } from "./replicas.js";
import type { PerReplica } from "../learning/per-replica.js";

/** A setting that has a default. */
type Setting<T> = z.ZodDefault<z.ZodType<T>>;

/**
 * The file that a model learns, or none.
 *
 * @param what - the files that it reads, and what it learns without one
 */
export function fileSetting(what: string): Setting<string | null> {
  return z.string().nullable().default(null).describe(what);
}

/**
 * Columns of a CSV file, scaled to an interval.
 *
 * @param otherwise - what is learned without a file
 * @param left - of which interval the margin is left free, and when
 */
export function csvSettings(
  otherwise: string,
  left: string,
): {
  readonly file: Setting<string | null>;
  readonly columns: Setting<readonly string[] | null>;
  readonly margin: Setting<number>;
} {
  return {
    file: fileSetting(`CSV file to learn, one row a sample; null: ${otherwise}`),
    columns: z
      .array(z.string())
      .min(1)
      .nullable()
      .default(null)
      .describe("columns of the CSV file to use, by name; null: all numeric ones"),
    margin: z.number().min(0).lt(0.5).default(0.05).describe(`CSV: fraction of ${left}`),
  };
}

/** Adam's constants; only the decay of the second moment has a default of each model's own. */
export function adamSettings(beta2: number): {
  readonly beta1: Setting<PerReplica>;
  readonly beta2: Setting<PerReplica>;
  readonly epsilon: Setting<PerReplica>;
} {
  const decay = dynamic(z.number().min(0).lt(1));
  return {
    beta1: decay.default(0.5).describe("Adam: decay of the first moment"),
    beta2: decay.default(beta2).describe("Adam: decay of the second moment"),
    epsilon: dynamic(z.number().positive())
      .default(1e-8)
      .describe("Adam: added to the root of the second moment"),
  };
}

/** The initial learning rate of one network. */
export function rateSetting(initial: number, network: string): Setting<PerReplica> {
  return dynamic(z.number().positive())
    .default(initial)
    .describe(`initial learning rate of ${network}; a list gives one rate per replica`);
}

/** How learning rates change. */
export function scheduleSetting(what: string): Setting<"cosine" | "constant"> {
  return z.enum(["cosine", "constant"]).default("cosine").describe(`${what} over the steps`);
}

/** The decay of a moving average, or null for none. */
export function averageSetting(what: string): Setting<PerReplica | null> {
  return dynamicOrNull(z.number().min(0).lt(1))
    .default(0.998)
    .describe(`decay of the moving average of ${what}`);
}

/** How often a training is validated. */
export function validateEverySetting(): Setting<number> {
  return z.int().min(0).default(200).describe("steps between validations; 0: only at the end");
}

/** The size of a validation. */
export function validationSetting(): Setting<number> {
  return z
    .int()
    .min(100)
    .default(20_000)
    .describe("samples for validation, which chooses the best replica");
}

/** The schedule of an anneal. */
export function annealSettings(): {
  readonly sweeps: Setting<number>;
  readonly slices: Setting<number>;
} {
  return {
    sweeps: z.int().min(2).max(100_000).default(20).describe("sweeps of one anneal"),
    slices: z
      .int()
      .min(2)
      .multipleOf(2)
      .max(256)
      .default(8)
      .describe("path-integral: slices of imaginary time, even"),
  };
}
