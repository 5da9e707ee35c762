// The form of a study file: one schema for types, defaults, checks and the editor. What a task's keys may hold is
// not here.

import { z } from "zod";
import type { ParameterValue } from "../types.js";

/** How a study file describes a parameter. */
export type ParameterForm = ParameterForms[keyof ParameterForms];

/** The ways to describe a parameter. */
export type ParameterForms = {
  readonly constant: Conditional & {
    readonly distribution?: "constant";
    readonly value: ParameterValue;
  };
  readonly choice: Conditional & {
    readonly distribution?: "categorical";
    readonly values: readonly ParameterValue[];
    readonly probabilities?: readonly number[];
  };
  readonly range: Conditional & {
    readonly distribution?: "uniform" | "int_uniform" | "log_uniform_values";
    readonly min: number;
    readonly max: number;
    readonly step?: number;
    readonly count?: number;
  };
  readonly normal: Conditional & {
    readonly distribution: "normal" | "log_normal";
    readonly mu: number;
    readonly sigma: number;
  };
};

type Conditional = { readonly when?: Readonly<Record<string, readonly ParameterValue[]>> };

/** A metric as a study file names it. */
export type MetricForm = {
  readonly name: string;
  readonly goal: "minimize" | "maximize";
  readonly target?: number;
};

/** A study file with its defaults; parameters and task keys are still as written. */
export type StudyForm = {
  readonly $schema?: string;
  readonly format: 1;
  readonly name?: string;
  readonly task: string;
  readonly preset: string | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly metric?: MetricForm;
  readonly metrics?: readonly MetricForm[];
  readonly method: "grid" | "random" | "sobol" | "ask-tell";
  readonly ask?: { readonly module: string; readonly generation: number };
  readonly seed: number | string;
  readonly trials?: number;
  readonly run_cap?: number;
  readonly replicates: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly budget?: { readonly unit: "step"; readonly min?: number; readonly max?: number };
  readonly early_terminate: {
    readonly type: "successive_halving";
    readonly eta: number;
    readonly cohort: number;
    readonly scope: "group" | "cohort";
  } | null;
  readonly limits: { readonly time?: number | string; readonly failures?: number };
};

/** Most trials of a study: rows are 32-bit numbers. */
export const MOST_TRIALS: number = 2 ** 32;

const scalar = z.union([z.number(), z.string(), z.boolean(), z.null()]);
function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== "object" || value === null)
    return value === null || typeof value === "string" || typeof value === "boolean";
  return Object.values(value).every(isJson);
}

const withParts = z
  .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
  .refine(isJson, "must hold texts, finite numbers, true, false and null only");
const value = z.union([scalar, withParts]);
const oneOrMore = z
  .union([scalar, z.array(value).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]));
const when = z
  .record(z.string(), oneOrMore)
  .optional()
  .describe("active only where these other parameters have one of these values");

/** The schemas of the ways to describe a parameter. */
export const parameterForms: {
  readonly [K in keyof ParameterForms]: z.ZodType<ParameterForms[K]>;
} = {
  constant: z.strictObject({
    distribution: z.literal("constant").optional(),
    value: value.describe("the same in every trial"),
    when,
  }) as z.ZodType<ParameterForms["constant"]>,
  choice: z.strictObject({
    distribution: z.literal("categorical").optional(),
    values: z.array(value).min(1).describe("what is tried; of a static key also lists and groups"),
    probabilities: z
      .array(z.number().min(0))
      .optional()
      .describe("of the values; they sum to 1. Default: all the same"),
    when,
  }) as z.ZodType<ParameterForms["choice"]>,
  range: z.strictObject({
    distribution: z
      .enum(["uniform", "int_uniform", "log_uniform_values"])
      .optional()
      .describe("default: even between min and max, integers where the task's key is one"),
    min: z.number().describe("lower end, included"),
    max: z.number().describe("upper end; included for integers, steps and grids"),
    step: z.number().positive().optional().describe("only min, min + step, min + 2 step, …"),
    count: z.int().min(2).optional().describe("points in a grid, both ends included"),
    when,
  }) as z.ZodType<ParameterForms["range"]>,
  normal: z.strictObject({
    distribution: z.enum(["normal", "log_normal"]),
    mu: z.number().default(0).describe("mean, of the logarithm for log_normal"),
    sigma: z.number().positive().default(1).describe("standard deviation, likewise"),
    when,
  }) as z.ZodType<ParameterForms["normal"]>,
};

const metric = z.strictObject({
  name: z.string().min(1).describe("a metric of the task's last event, or losses.<name>"),
  goal: z.enum(["minimize", "maximize"]).default("minimize"),
  target: z.number().optional().describe("good enough; shown in reports"),
});

const SEED = 'must be an integer from 0 to 2⁵³ - 1, or hexadecimal text such as "0x1f"';
const NAME = "must begin with a letter or digit and hold letters, digits, . _ and - only";
const TIME = 'must be seconds, or text such as "8h", "90m" or "1h30m"';

const halving = z.strictObject({
  type: z.literal("successive_halving"),
  eta: z.int().min(2).default(4).describe("of η configurations one goes on, for η times the steps"),
  cohort: z.int().min(2).default(4096).describe("consecutive trials that compete"),
  scope: z.enum(["group", "cohort"]).default("group").describe("who competes inside a cohort"),
});

function form(parameter: z.ZodType) {
  const keys = {
    $schema: z.string().optional(),
    format: z.literal(1).default(1).describe("version of this file format"),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: NAME })
      .max(80)
      .optional()
      .describe("a label; default: the file's name"),
    task: z.string().describe("what is trained, such as dqgan.train"),
    preset: z.string().nullable().default(null).describe("named settings under those in config"),
    config: z.record(z.string(), z.unknown()).default({}).describe("fixed settings of the task"),
    metric: metric.optional().describe("what trials are ranked by"),
    metrics: z.array(metric).min(1).optional().describe("several; the first one decides"),
    method: z.enum(["grid", "random", "sobol", "ask-tell"]).default("random"),
    ask: z
      .strictObject({
        module: z.string().describe("evolution, or a module that exports ask(generation, rows)"),
        generation: z.int().min(1).default(256).describe("configurations per generation"),
      })
      .optional()
      .describe("with method ask-tell: what proposes trials"),
    seed: z
      .union(
        [z.int().min(0, { error: SEED }), z.string().regex(/^0x[0-9a-fA-F]+$/, { error: SEED })],
        {
          error: SEED,
        },
      )
      .default(0)
      .describe("of the study; trials have seeds of their own, derived from it"),
    trials: z.int().min(1).max(MOST_TRIALS).optional().describe("rows in total, with replicates"),
    run_cap: z.int().min(1).max(MOST_TRIALS).optional().describe("the same as trials"),
    replicates: z.int().min(1).default(1).describe("rows with the same parameters and other seeds"),
    parameters: z.record(z.string(), parameter).describe("what is varied, by dotted key"),
    budget: z
      .strictObject({
        unit: z.literal("step").default("step"),
        min: z.int().min(1).optional().describe("steps at the first rung of halving"),
        max: z.int().min(1).optional().describe("steps of a full training; sets train.steps"),
      })
      .optional(),
    early_terminate: halving.nullable().default(null),
    limits: z
      .strictObject({
        time: z
          .union(
            [
              z.number().positive(),
              z.string().regex(/^(?=\d)(\d+h)?(\d+m)?(\d+s)?$/, { error: TIME }),
            ],
            {
              error: TIME,
            },
          )
          .optional(),
        failures: z.number().min(0).max(1).optional().describe("fraction of failed rows"),
      })
      .default({}),
  };
  return z.strictObject(keys);
}

/** The schema by which a study file is read; parameters are checked one by one. */
export const studyForm: z.ZodType<StudyForm> = form(z.unknown()) as unknown as z.ZodType<StudyForm>;

/** The schema that editors use: parameters in all their forms. */
export const editorForm: z.ZodType = form(z.union(Object.values(parameterForms)));

/** Seconds of a duration such as `1h30m`. */
export function secondsOf(time: number | string): number {
  if (typeof time === "number") return time;
  const [, h, m, s] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(time) ?? [];
  return 3600 * Number(h ?? 0) + 60 * Number(m ?? 0) + Number(s ?? 0);
}
