// The program in its own process: real streams, signals and exit code. bin/zenoflow.js calls this.

import { EXECUTOR } from "./executor-call.js";
import { main } from "./main.js";
import { models, type ModelRegistry } from "./models.js";
import type { ChooseBackend, Io } from "./io.js";

const chooseBackend: ChooseBackend = async (name, options) => {
  const { useBackend } = await import("../backend.js");
  return useBackend(name as Parameters<typeof useBackend>[0], options);
};

/**
 * Runs the program with the arguments of this process and sets its exit code. The process ends by itself when
 * everything is written; only a signal ends it at once.
 *
 * @param overrides - other models or another backend, for tests
 */
export async function runProcess(
  overrides: { readonly models?: ModelRegistry; readonly chooseBackend?: ChooseBackend } = {},
): Promise<void> {
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    models,
    chooseBackend,
    signals: process,
    exit: (code) => process.exit(code),
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
    ...overrides,
  };
  const argv = process.argv.slice(2);
  if (argv[0] === EXECUTOR) {
    const { executor } = await import("./sweep/executor.js");
    process.exitCode = await executor(io);
  } else process.exitCode = await main(argv, io);
}
