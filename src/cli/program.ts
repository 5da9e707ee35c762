// The commander program: verbs, common flags and the text of --help. Loads nothing heavy.

import { Command, Help, type Option } from "commander";
import { EXIT_HELP } from "./exit-codes.js";
import type { VerbRunner } from "./verb.js";
import { addBench } from "./verbs/bench.js";
import { addCompletion } from "./verbs/completion.js";
import { addConfig } from "./verbs/config.js";
import { addData } from "./verbs/data.js";
import { addDoctor } from "./verbs/doctor.js";
import { addEvaluate } from "./verbs/evaluate.js";
import { addExport } from "./verbs/export.js";
import { addGc } from "./verbs/gc.js";
import { addPlot } from "./verbs/plot.js";
import { addReport } from "./verbs/report.js";
import { addSample } from "./verbs/sample.js";
import { addSampleIsing } from "./verbs/sample-ising.js";
import { addPrune } from "./verbs/prune.js";
import { addServe } from "./verbs/serve.js";
import { addStatus } from "./verbs/status.js";
import { addSweep } from "./verbs/sweep.js";
import { addTrain } from "./verbs/train.js";
import { addVerify } from "./verbs/verify.js";
import { addWatch } from "./verbs/watch.js";
import { addWorker } from "./verbs/worker.js";

/** Flags that every verb understands. */
export type CommonFlags = {
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly json: boolean;
  readonly plain: boolean;
  readonly color: boolean;
};

/** Where commander writes help. */
export type HelpStreams = { out(text: string): void };

const DESCRIPTION =
  "Batched, differentiable quantum numerics on TensorFlow.js, and models built on them.";

const NOTES = `
Examples:
  $ zenoflow train dqgan               train the embedded example
  $ zenoflow sweep study.yaml          train hundreds of them together
  $ zenoflow sample latest -n 1000     draw from what was learned
  $ zenoflow doctor                    what works on this machine
  $ zenoflow help train                more on a verb

stdout carries data only; messages, warnings and progress go to stderr. With
--json stdout is exactly one JSON document, also for errors. Nothing ever asks
a question, and nothing is sent anywhere.

${EXIT_HELP}`;

// A switch is off unless given: saying so after each one is noise.
function describeOption(option: Option): string {
  return option.isBoolean() ? option.description : new Help().optionDescription(option);
}

function addCommonFlags(program: Command): void {
  program
    .option("-q, --quiet", "no messages and no progress; warnings and errors stay", false)
    .option("-d, --debug", "show where an error happened", false)
    .option("--json", "one JSON document on stdout", false)
    .option("--plain", "ASCII only, no live line", false)
    .option("--no-color", "no colours (also NO_COLOR=1, TERM=dumb)")
    .option("--no-input", "never ask (it never does)");
}

/** The program with all verbs; `run` executes the work of a verb. */
export function createProgram(version: string, run: VerbRunner, streams: HelpStreams): Command {
  const program = new Command("zenoflow");
  // Before the first command(): later settings are not inherited by verbs.
  program.exitOverride().configureOutput({
    writeOut: (text) => {
      streams.out(text);
    },
    writeErr: () => undefined,
    outputError: () => undefined,
  });
  program.configureHelp({
    showGlobalOptions: true,
    subcommandTerm: (command) => command.name(),
    optionDescription: describeOption,
  });
  addCommonFlags(program);
  program
    .usage("<verb> [arguments] [flags]")
    .description(DESCRIPTION)
    .commandsGroup("Verbs:")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [verb]", "more on a verb")
    .addHelpText("after", NOTES);
  for (const add of [
    addTrain,
    addSweep,
    addWorker,
    addStatus,
    addWatch,
    addPrune,
    addVerify,
    addGc,
    addSample,
    addSampleIsing,
    addEvaluate,
    addReport,
    addPlot,
    addExport,
    addServe,
    addConfig,
    addData,
    addDoctor,
    addBench,
    addCompletion,
  ]) {
    add(program, run);
  }
  return program;
}
