// The engine that a call of `sweep` asks for, and flags that do not go with it. Loads what the engine needs, no more.

import { DEFAULT_REDIS } from "../../sweeps/engines/redis-address.js";
import type { Engine } from "../../sweeps/engines/engine.js";
import type { Retry } from "../../sweeps/plan/left.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import type { SweepOptions } from "./options.js";

/** The address of Redis: `--redis`, the environment, this machine. */
export function redisAddress(redis: string | undefined, { io }: Pick<Context, "io">): string {
  return redis ?? (io.env["ZENOFLOW_REDIS"] || DEFAULT_REDIS);
}

/**
 * Checks that the flags of an executor come with it.
 *
 * @throws CliError where they do not
 */
export function checkEngine(options: SweepOptions): void {
  const { executor, workers, gpus, redis, tasks, gres, sbatch } = options;
  const own: readonly (readonly [flag: string, isGiven: boolean, executor: string])[] = [
    ["--gpus", gpus !== undefined, "local"],
    ["--redis", redis !== undefined, "bullmq"],
    ["--tasks", tasks !== undefined, "slurm"],
    ["--gres", gres !== undefined, "slurm"],
    ["--sbatch", sbatch.length > 0, "slurm"],
  ];
  for (const [flag, isGiven, needed] of own) {
    if (!isGiven || executor === needed) continue;
    throw new CliError(EXIT.usage, { message: `${flag} needs --executor ${needed}` });
  }
  if (workers === 0 && executor !== "bullmq") {
    throw new CliError(EXIT.usage, {
      message: `--workers must be at least 1 with --executor ${executor}, got 0`,
      hint: "with --executor bullmq a call may only plan, and leave the work to zenoflow worker",
    });
  }
}

/** The engine of a call. */
export async function engineOf(
  options: SweepOptions,
  retry: Retry | undefined,
  context: Context,
): Promise<Engine> {
  const { executor, tasks, gres, sbatch, detach } = options;
  if (executor === "bullmq") {
    const { bullmq } = await import("../../sweeps/engines/bullmq/index.js");
    return bullmq({ redis: redisAddress(options.redis, context) });
  }
  if (executor === "slurm") {
    const { slurm } = await import("../../sweeps/engines/slurm/index.js");
    return slurm({
      program: context.io.program ?? [],
      tasks: tasks ?? null,
      gres: gres ?? null,
      flags: sbatch,
      retry: retry ?? null,
      detach,
      onArray({ id, tasks: count }, isEarlier) {
        const what = `array ${id} of ${count.toString()} ${count === 1 ? "task" : "tasks"}`;
        context.terminal.note(
          isEarlier ? `waiting for ${what}, which still runs` : `submitted ${what}`,
        );
      },
    });
  }
  const { local } = await import("../../sweeps/engines/local/index.js");
  return local;
}
