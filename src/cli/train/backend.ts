// The backend of a training: a continued run goes on where it ran before.

import { EXIT } from "../exit-codes.js";
import type { Work } from "../../backend-auto.js";
import type { BackendSummary } from "../io.js";
import type { Context } from "../context.js";
import { CliError } from "../problem.js";
import type { Settings } from "../config/settings.js";
import type { Training } from "./prepare.js";

/** Starts the backend the settings ask for; of `auto`, the one for this work, and says why. */
export async function startBackend(
  settings: Pick<Settings, "backend" | "threads">,
  context: Context,
  work: Work = "small-ops",
): Promise<BackendSummary> {
  const { backend, threads } = settings;
  const chosen = await context.io.chooseBackend(backend, {
    ...(threads !== null && { threads }),
    ...(backend === "auto" && { for: work }),
  });
  if (chosen.why !== undefined) context.terminal.note(`backend ${chosen.name}: ${chosen.why}`);
  return chosen;
}

function earlierBackend(training: Training): string | undefined {
  const { plan } = training;
  if (plan.kind !== "continue") return undefined;
  const backend = plan.manifest.invocations.at(-1)?.backend;
  return backend !== null && backend !== undefined && "name" in backend
    ? String(backend.name)
    : undefined;
}

/**
 * Starts the backend of a training.
 *
 * @throws CliError where a run would be continued on another backend without `--mix-backends`
 */
export async function backendFor(training: Training, context: Context): Promise<BackendSummary> {
  const { settings, entry } = training.resolved;
  const earlier = earlierBackend(training);
  if (earlier === undefined || training.options.mixBackends)
    return startBackend(settings, context, entry.work);
  if (settings.backend !== "auto" && settings.backend !== earlier) {
    throw new CliError(EXIT.data, {
      message: `${training.plan.folder} was begun on backend ${earlier}, got --backend ${settings.backend}`,
      hint: "the numbers of two backends differ in the last digits: accept it with --mix-backends, or start again with --new",
    });
  }
  return startBackend({ ...settings, backend: earlier as Settings["backend"] }, context);
}
