// The verb `worker`: its arguments and flags. The work is in ../sweep/worker.ts.

import { InvalidArgumentError, Option, type Command } from "commander";
import type { Task, WorkerOptions } from "../sweep/worker-options.js";
import type { VerbRunner } from "../verb.js";
import {
  backendOption,
  microBatchOption,
  parseTime,
  redisOption,
  sweepsOption,
  threadsOption,
  timeOption,
} from "./shared.js";

const NOTES = `
Joins a sweep that zenoflow sweep plans, from any machine that sees its folder:
leases blocks from the queue in Redis (--executor bullmq) until all rows are
there, or works on its share of a Slurm array (--task, called by the array).
Whatever happens to it, no row is lost or computed twice for the record.

Ctrl-C, SIGTERM, SIGUSR2, --time and zenoflow prune --stop checkpoint what runs,
give it back and exit with 75.

Examples:
  $ zenoflow worker /shared/runs/rates-1f2e3d4c --redis redis://head:6379
  $ CUDA_VISIBLE_DEVICES=1 zenoflow worker latest       one worker a GPU
  $ zenoflow worker latest --task 3/8                   units 3, 11, 19, ...`;

function parseTask(text: string): Task {
  const [, index = "", count = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const task = { index: Number(index), count: Number(count) };
  if (count !== "" && task.index < task.count) return task;
  throw new InvalidArgumentError("It must be a task of an array, counted from 0: 3/8.");
}

/** Adds the verb. */
export function addWorker(program: Command, run: VerbRunner): void {
  program
    .command("worker")
    .summary("work for a sweep that is planned elsewhere")
    .description("Serve the queue of a sweep, or one task of its Slurm array.")
    .argument("<sweep>", "sweep folder, its name, or latest")
    .addOption(redisOption())
    .addOption(new Option("--task <k/K>", "share k of K of a Slurm array").argParser(parseTask))
    .addOption(microBatchOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(sweepsOption())
    .addOption(timeOption())
    .option("--idle <time>", "end after this time without work: 10min", parseTime)
    .addHelpText("after", NOTES)
    .action((name: string, options: WorkerOptions) =>
      run(async (context) => {
        const { worker } = await import("../sweep/worker.js");
        return worker(name, options, context);
      }),
    );
}
