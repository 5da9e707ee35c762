// The verb `serve`: its arguments and flags.

import type { Command } from "commander";
import type { ServeOptions } from "../sweep/serve.js";
import type { VerbRunner } from "../verb.js";
import { sweepsOption, wholeNumber } from "./shared.js";

const NOTES = `
Serves 127.0.0.1 only, behind a token in the address; reads the sweep folder and
nothing else, so that it may be started before, while and after a sweep runs. A
server that is started again has the same address: open pages find it. From
another machine: ssh -L <port>:127.0.0.1:<port> <host>.`;

/** Adds the verb. */
export function addServe(program: Command, run: VerbRunner): void {
  program
    .command("serve")
    .summary("live page of a sweep")
    .description("Serve a live page of a sweep: progress, speed, history, best trials.")
    .argument("[sweep]", "sweep folder, its name, or latest")
    .option(
      "--port <n>",
      "port of 127.0.0.1 (default: that of the last time, else any)",
      wholeNumber(0),
    )
    .addOption(sweepsOption())
    .addHelpText("after", NOTES)
    .action((name: string | undefined, options: ServeOptions) =>
      run(async (context) => {
        const { serve } = await import("../sweep/serve.js");
        return serve(name, options, context);
      }),
    );
}
