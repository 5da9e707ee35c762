// `zenoflow prune`: writes what is wanted of a sweep; who runs it looks there.

import { DataError } from "../../errors.js";
import { rangesText, trialsOf, writeDesired, type Desired } from "../../sweeps/store/index.js";
import { cancelPending, readJob, tasksNow } from "../../sweeps/engines/slurm/commands.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { failing } from "./failing.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { grouped } from "./readings.js";

/** The flags of `prune`. */
export type PruneOptions = SweepPlaceOptions & {
  readonly pause: boolean;
  readonly continue: boolean;
  readonly stop: boolean;
  readonly time?: number;
  readonly failures?: number;
};

function parseTrials(text: string, total: number): readonly number[] {
  let trials: readonly number[];
  try {
    trials = trialsOf(text);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    trials = [];
  }
  if (trials.length > 0 && trials.every((trial) => trial < total)) return trials;
  throw new CliError(EXIT.usage, {
    message: `trials must be ascending ranges below ${grouped(total)}, such as 100-199,250, got ${text}`,
  });
}

function union(before: string | undefined, trials: readonly number[]): string {
  const all = new Set([...trialsOf(before ?? ""), ...trials]);
  return rangesText([...all].sort((a, b) => a - b));
}

function changeOf(
  before: Desired,
  trials: readonly number[] | undefined,
  options: PruneOptions,
): Desired {
  const { time, failures } = options;
  const limits = {
    ...before.limits,
    ...(time !== undefined && { seconds: time }),
    ...(failures !== undefined && { failures }),
  };
  return {
    ...(trials && { pruned: union(before.pruned, trials) }),
    ...(options.pause && { pause: true }),
    ...(options.stop && { stop: true }),
    ...(options.continue && { pause: false, stop: false }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

/** Runs `zenoflow prune`; resolves with the exit code. */
export async function prune(
  name: string,
  text: string | undefined,
  options: PruneOptions,
  context: Context,
): Promise<number> {
  const { terminal } = context;
  const store = findSweep(name, options, context);
  const trials = text === undefined ? undefined : parseTrials(text, store.lock.study.trials);
  const change = changeOf(store.desired(), trials, options);
  if (Object.keys(change).length === 0) {
    throw new CliError(EXIT.usage, {
      message:
        "nothing is wanted: name trials, or use --pause, --continue, --stop, --time, --failures",
    });
  }
  const desired = writeDesired(store.folder, change);
  const job = options.stop ? readJob(store.folder) : undefined;
  const { env } = context.io;
  if (job !== undefined && (tasksNow(job, env)?.pending ?? 0) > 0)
    await failing(cancelPending(job, env));
  if (terminal.options.json)
    await terminal.json({ schema: "zenoflow.desired/1", sweep: store.folder, ...desired });
  else await terminal.print(`${JSON.stringify(desired)}\n`);
  return EXIT.done;
}
