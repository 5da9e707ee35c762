// The program: parses the arguments, runs a verb, reports errors, and resolves with the exit code.

import { CommanderError, type Command } from "commander";
import { asOutputError } from "../runs/output-error.js";
import { VERSION } from "../version.js";
import { complete } from "./completion/complete.js";
import type { Context } from "./context.js";
import { EXIT } from "./exit-codes.js";
import { explain } from "./explain.js";
import type { Io } from "./io.js";
import { createProgram, type CommonFlags } from "./program.js";
import { listen } from "./signals.js";
import { createTerminal, type Terminal } from "./terminal.js";
import { joinVerb } from "./two-words.js";

// Known before parsing, because a wrong argument must be reported in the form that was asked for.
function earlyFlags(argv: readonly string[]): CommonFlags {
  const has = (...names: readonly string[]): boolean => names.some((name) => argv.includes(name));
  return {
    quiet: has("-q", "--quiet"),
    debug: has("-d", "--debug"),
    json: has("--json"),
    plain: has("--plain"),
    color: !has("--no-color", "--plain"),
  };
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

async function parse(program: Command, argv: readonly string[]): Promise<void> {
  if (argv.length === 0) program.outputHelp();
  else await program.parseAsync(joinVerb(argv), { from: "user" });
}

function completions(args: readonly string[], program: Command, io: Io): string {
  return complete(args, program, io)
    .map((word) => `${word}\n`)
    .join("");
}

async function attempt(work: () => Promise<number>, terminal: Terminal): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (isHelp(error)) return EXIT.done;
    const explained = explain(error);
    await terminal.error(explained);
    return explained.exit;
  }
}

/**
 * Runs one call of the program.
 *
 * @param argv - the arguments after the program's name
 * @param io - its surroundings
 * @returns the exit code; all output has been written
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const terminal = createTerminal(io, earlyFlags(argv));
  const interruptions = listen(io, () => {
    terminal.status(undefined);
  });
  const context: Context = { io, terminal, interruptions, argv, version: VERSION };
  const code = await attempt(async () => {
    let exit: number = EXIT.done;
    let help = "";
    const program = createProgram(
      VERSION,
      async (work) => {
        exit = await work(context);
      },
      { out: (text) => (help += text) },
    );
    try {
      if (argv[0] === "__complete") help = completions(argv.slice(1), program, io);
      else await parse(program, argv);
    } finally {
      await terminal.out(help);
    }
    return exit;
  }, terminal);
  interruptions.dispose();
  const unwritten = await terminal.flush();
  if (unwritten === undefined || code !== EXIT.done) return code;
  const explained = explain(asOutputError("standard output", unwritten));
  await terminal.error(explained);
  return explained.exit;
}
