// Makes a training ready to start: configuration, data files, and the folder it goes to. Writes nothing.

import type { Identity } from "../../runs/identity.js";
import { resolveConfig, type Resolved } from "../config/resolve.js";
import type { Context } from "../context.js";
import { loadData, type LoadedData } from "./data-files.js";
import { keyFlags, type TrainOptions } from "./options.js";
import { planRun, type Plan } from "./plan.js";

/** A training that is ready to start. */
export type Training = {
  readonly resolved: Resolved;
  readonly identity: Identity;
  readonly data: LoadedData;
  readonly plan: Plan;
  readonly options: TrainOptions;
};

/**
 * Resolves the arguments of `train` and decides where it goes.
 *
 * @throws CliError with all that is wrong
 */
export async function prepare(
  args: readonly string[],
  options: TrainOptions,
  context: Context,
): Promise<Training> {
  const { io } = context;
  const given = { args, flags: keyFlags(options), strict: options.strict };
  const resolved = await resolveConfig(given, context);
  const data = loadData(resolved.config, resolved.entry, io);
  const identity = {
    task: resolved.task,
    config: resolved.config,
    data: Object.fromEntries(data.sources.map(({ path, sha256 }) => [path, sha256])),
  };
  const plan = planRun({
    identity,
    root: resolved.settings.runs,
    cwd: io.cwd,
    fresh: options.new,
    force: options.force,
    ...(options.output === undefined ? {} : { output: options.output }),
  });
  return { resolved, identity, data, plan, options };
}
