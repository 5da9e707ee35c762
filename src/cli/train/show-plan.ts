// `--dry-run`: the resolved configuration and what would be done; writes nothing.

import { configHash } from "../../runs/identity.js";
import { renderResolved } from "../config/render.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import type { Training } from "./prepare.js";

const DEEDS = {
  new: "train from the first step in",
  replace: "delete the run and train again in",
  continue: "continue the unfinished run",
  finished: "do nothing: the run is finished in",
} as const;

/** Prints the plan of a training. */
export async function showPlan(training: Training, context: Context): Promise<number> {
  const { resolved, plan, data, identity } = training;
  const { terminal } = context;
  if (terminal.options.json) {
    await terminal.json({
      schema: "zenoflow.plan/1",
      task: resolved.task,
      action: plan.kind,
      run: plan.folder,
      configHash: configHash(identity),
      settings: resolved.settings,
      config: resolved.config,
      data: data.sources,
    });
    return EXIT.done;
  }
  await terminal.print(renderResolved(resolved));
  for (const { path, bytes, sha256 } of data.sources) {
    await terminal.print(`\ndata: ${path}, ${bytes.toString()} bytes, SHA-256 ${sha256}\n`);
  }
  await terminal.print(`\nplan: ${DEEDS[plan.kind]} ${plan.folder}\n`);
  return EXIT.done;
}
