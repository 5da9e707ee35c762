// The verb `sample ising`: its argument and flags. The work is in ../ising/.

import { Command, InvalidArgumentError, Option } from "commander";
import type { SampleIsingOptions } from "../ising/options.js";
import type { VerbRunner } from "../verb.js";
import { threadsOption, wholeNumber } from "./shared.js";

const EXAMPLES = `
Graphs by name: complete:n  bipartite:left,right  chimera:m[,n[,t]]  pegasus:m
zephyr:m[,t]  grid:L[,L...]  torus:L[,L...]  regular:n,degree[,seed], with
--couplings and --biases: a number for all, signs[:seed] or normal[:seed].
Positive couplings align: E = -(sum b s + sum J s s).

Files: dimod's BQM as JSON, a model of ising.toJson, dimod's coordinates (*.coo,
or a line "# vartype=SPIN"), or an edge list: u,v or u,v,J a line, i,i,b for
biases. Compressed by gzip or not.

The summary goes to stdout; rows go into the file of --output, or to stdout with
-o -. CSV, or the JSON that dimod.SampleSet.from_serializable reads (*.json).
The same seed gives the same rows, on any number of threads.

Ctrl-C keeps the samples so far, writes them where asked, and exits with 130. A
second one ends at once.

Examples:
  $ zenoflow sample ising torus:64,64 --beta 0.44
  $ zenoflow sample ising chimera:4 --couplings signs --sampler anneal -o a.json
  $ zenoflow sample ising complete:20 --couplings normal --sampler exact
  $ zenoflow sample ising bqm.json --sampler tempering --chains 8 --figures figs
  $ zenoflow sample ising chimera:4 --biases signs --couplings signs \\
      --sampler quantum-anneal --beta 10 --schedule linear:3,0 --sweeps 200`;

/** Reads a number ≥ 0. */
function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0))
    throw new InvalidArgumentError("It must be a number ≥ 0.");
  return value;
}

function addSamplerFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--sampler <name>", "how to sample")
        // As in ../ising/options.ts, which is not loaded for --help.
        .choices([
          ...["gibbs", "metropolis", "anneal", "tempering"],
          ...["quantum-anneal", "swendsen-wang", "exact"],
        ])
        .default("gibbs"),
    )
    .option("--beta <x>", "inverse temperature, Infinity is allowed (default: 1)", number)
    .option(
      "--schedule <law>",
      "linear or geometric, with :from,to or the sampler's ends; beta of anneal and tempering, field of quantum-anneal",
    )
    .option(
      "--sweeps <n>",
      "along the schedule (default: 1000), or from one sample to the next (default: 1)",
      wholeNumber(1),
    )
    .option(
      "--chains <n>",
      "independent chains, reads or ladders (default: 16, ladders 1)",
      wholeNumber(1),
    )
    .option(
      "--warmup <n>",
      "sweeps or rounds before the first sample (default: 100, tempering 200)",
      wholeNumber(0),
    )
    .option("--samples <n>", "of each chain (default: 100; exact: 1600 rows)", wholeNumber(1))
    .option("--rungs <n>", "temperatures of tempering (default: 12)", wholeNumber(1))
    .option("--slices <n>", "slices of imaginary time, 1 or even (default: 16)", wholeNumber(1))
    .addOption(
      new Option("--read <which>", "slice to read (default: random)").choices(["random", "best"]),
    )
    .addOption(
      new Option("--mode <name>", "exact: the same bits everywhere (default: auto)").choices([
        "auto",
        "exact",
        "fast",
      ]),
    )
    .option("--seed <n>", "of the samples (default: 0)", wholeNumber(0));
}

/** Adds the verb, whose name has two words: ../two-words.ts joins them. */
export function addSampleIsing(program: Command, run: VerbRunner): void {
  const command = new Command("sample ising")
    .copyInheritedSettings(program)
    .summary("draw rows from an Ising model")
    .description("Draw rows from an Ising model and tell what they are like.")
    .argument("<graph|file>", "a graph such as torus:64,64, or a model file")
    .option(
      "--couplings <J>",
      "of a named graph: a number, signs[:seed], normal[:seed] (default: 1)",
    )
    .option("--biases <b>", "of a named graph, likewise (default: 0)")
    .addOption(
      new Option("--vartype <type>", "of coordinates that do not say it").choices([
        "SPIN",
        "BINARY",
      ]),
    );
  addSamplerFlags(command)
    .option("-o, --output <file>", "write the rows; - is stdout")
    .addOption(
      new Option("--format <name>", "of the rows (default: by the file's name)").choices([
        "csv",
        "dimod",
        "json",
      ]),
    )
    .option("--figures <folder>", "draw graph.svg with magnetisations, and energies.svg")
    .addOption(threadsOption())
    .addOption(
      new Option("--progress <how>", "progress on stderr")
        .choices(["auto", "plain", "json", "none"])
        .default("auto"),
    )
    .addHelpText("after", EXAMPLES)
    .action((name: string, options: SampleIsingOptions) =>
      run(async (context) => {
        const { sampleIsing } = await import("../ising/sample-ising.js");
        return sampleIsing(name, options, context);
      }),
    );
  program.addCommand(command);
}
