// The settings of verbs that work on a run: backend, threads and where runs lie. No model is involved.

import { EXIT } from "../exit-codes.js";
import { CliError, type Problem } from "../problem.js";
import { ambientLayers, environmentLayer } from "./ambient.js";
import { issueProblem } from "../../settings/check.js";
import type { Assignment, Layer } from "../../settings/layer.js";
import { schemaTree } from "../../settings/schema-tree.js";
import { SETTING_KEYS, settingsSchema, type Settings } from "./settings.js";

/** Settings without a task. */
export type PlaceSettings = Pick<Settings, "backend" | "threads" | "runs">;

function isPlace(path: readonly string[]): boolean {
  const [key] = path;
  return key !== "task" && key !== "preset" && SETTING_KEYS.some((name) => name === key);
}

/**
 * Resolves backend, threads and runs folder from flags, environment and ambient files.
 *
 * @throws CliError with all problems at once
 */
export function resolveSettings(request: {
  readonly flags: readonly Assignment[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): PlaceSettings {
  const tree = schemaTree(settingsSchema);
  const layers: readonly Layer[] = [
    ...ambientLayers(request.cwd, request.env),
    environmentLayer(request.env, tree).layer,
    { kind: "flag", assignments: request.flags },
  ];
  const assignments = layers
    .flatMap((layer) => layer.assignments)
    .filter(({ path }) => isPlace(path));
  const values: Record<string, unknown> = { task: "" };
  for (const { path, value } of assignments) values[path.join(".")] = value;
  const result = settingsSchema.safeParse(values);
  if (result.success) return result.data;
  const problems: readonly Problem[] = result.error.issues.map(
    (issue) => issueProblem(issue, values, tree, assignments).problem,
  );
  throw new CliError(EXIT.usage, problems);
}
