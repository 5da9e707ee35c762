// The verb `config`: its arguments and flags.

import type { Command } from "commander";
import type { ConfigOptions } from "../show-config.js";
import type { VerbRunner } from "../verb.js";

const EXAMPLES = `
Without a flag it prints a configuration file to start from: every key with its
value and what it means.

Examples:
  $ zenoflow config dqgan > my.yaml     edit it, then: zenoflow train my.yaml
  $ zenoflow config dqgan train.steps=500 --resolved
  $ zenoflow config dqgan --schema > dqgan.schema.json`;

/** Adds the verb. */
export function addConfig(program: Command, run: VerbRunner): void {
  program
    .command("config")
    .summary("show the keys, values and presets of a configuration")
    .description("Show the configuration a training would have.")
    .argument("[model|config.yaml]", "name of a model, or a configuration file")
    .argument("[key=value...]", "values for keys of the configuration")
    .option("--preset <name>", "start from a preset")
    .option("--resolved", "each value with where it came from", false)
    .option("--schema", "the JSON Schema of a configuration file", false)
    .option("--presets", "the presets and what they change", false)
    .option(
      "--strict",
      "unknown keys in zenoflow.yaml and ZENOFLOW_* are errors, not warnings",
      false,
    )
    .addHelpText("after", EXAMPLES)
    .action((source: string | undefined, overrides: readonly string[], options: ConfigOptions) =>
      run(async (context) => {
        const { showConfig } = await import("../show-config.js");
        return showConfig(source === undefined ? [] : [source, ...overrides], options, context);
      }),
    );
}
