// The verb `doctor`: its flags.

import type { Command } from "commander";
import type { DoctorOptions } from "../doctor/doctor.js";
import type { VerbRunner } from "../verb.js";
import { backendOption, runsOption } from "./shared.js";

const NOTES = `
Every backend that is there solves a known steady state, which is compared with
float64. "absent" is optional and no fault. The exit code is 69 where something
fails, or where the backend asked for with --backend is not there.

--calibrate measures every backend in a process of its own, some ten seconds in
all, and keeps the result where "--backend auto" and useBackend("auto") find it:
$XDG_CACHE_HOME/zenoflow/calibration.json, else in ~/.cache.`;

/** Adds the verb. */
export function addDoctor(program: Command, run: VerbRunner): void {
  program
    .command("doctor")
    .summary("check what works on this machine")
    .description(
      "Check Node, threads, backends, precision, figures, the run folder, and what sweeps use: hard links, Redis, Slurm.",
    )
    .addOption(backendOption())
    .addOption(runsOption())
    .option("--calibrate", "measure how fast every backend is here")
    .addHelpText("after", NOTES)
    .action((options: DoctorOptions) =>
      run(async (context) => {
        const { doctor } = await import("../doctor/doctor.js");
        return doctor(options, context);
      }),
    );
}
