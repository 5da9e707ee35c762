// The keys of a configuration that are not the model's: which task, which preset, where and on what it runs.

import { z } from "zod";

/** Settings of a call; none of them changes what a run computes except `task` and `preset`, which are resolved. */
export type Settings = {
  readonly task: string;
  readonly preset: string | null;
  readonly backend: "auto" | "wasm" | "webgpu" | "tensorflow" | "cpu";
  readonly threads: number | null;
  readonly runs: string;
};

/** The schema of the reserved top-level keys. */
export const settingsSchema: z.ZodType<Settings> = z.strictObject({
  task: z.string().describe("the model to train"),
  preset: z
    .string()
    .nullable()
    .default(null)
    .describe("named values between the schema's defaults and everything set here"),
  backend: z
    .enum(["auto", "wasm", "webgpu", "tensorflow", "cpu"])
    .default("auto")
    .describe("where tensors live"),
  threads: z
    .int()
    .min(1)
    .max(256)
    .nullable()
    .default(null)
    .describe("threads of the backend; null: one per core"),
  runs: z.string().default("runs").describe("folder in which run folders are made"),
});

/** Names of the reserved keys. */
export const SETTING_KEYS: readonly (keyof Settings)[] = [
  "task",
  "preset",
  "backend",
  "threads",
  "runs",
];
