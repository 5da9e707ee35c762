// The verb `verify`: its arguments and flags.

import type { Command } from "commander";
import type { VerifyOptions } from "../sweep/verify.js";
import type { VerbRunner } from "../verb.js";
import { backendOption, sweepsOption, wholeNumber } from "./shared.js";

const NOTES = `
Reads every byte of the batches, then trains random rows again, from their first
step and in another micro-batch. On cpu and wasm they must be the same bit for
bit; elsewhere, or on another backend than before, the first loss after 16 steps
must agree to 1e-3. A difference ends with exit code 21.`;

/** Adds the verb. */
export function addVerify(program: Command, run: VerbRunner): void {
  program
    .command("verify")
    .summary("check the rows of a sweep by computing some again")
    .description("Check the files of a sweep, and compute random rows of it again.")
    .argument("[sweep]", "sweep folder, its name, or latest")
    .option("--trials <n>", "rows to compute again; 0: check files only", wholeNumber(0), 16)
    .option("--micro-batch <n>", "rows trained together (default: 3)", wholeNumber(1))
    .addOption(backendOption())
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((name: string | undefined, options: VerifyOptions) =>
      run(async (context) => {
        const { verify } = await import("../sweep/verify.js");
        return verify(name, options, context);
      }),
    );
}
