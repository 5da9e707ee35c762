// `--detach`: the same call in the background, in a session of its own, with its messages in a log.

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near, shellWord } from "../places.js";
import { CliError } from "../problem.js";

// The folder exists by now: the call in the background continues it.
const HERE_ONLY: ReadonlySet<string> = new Set(["--detach", "--new", "--json"]);

/** Starts the call again in the background and says where to look. */
export async function detach(store: Store, { argv, io, terminal }: Context): Promise<number> {
  const { program } = io;
  if (program === undefined)
    throw new CliError(EXIT.usage, { message: "--detach: this program cannot start itself" });
  store.prepare();
  const log = join(store.files.logs, "supervisor.log");
  const [command = "", ...args] = program;
  const own = argv.filter((word) => !HERE_ONLY.has(word));
  const output = openSync(log, "a");
  const child = spawn(command, [...args, ...own], {
    cwd: io.cwd,
    env: io.env,
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.unref();
  const folder = near(io.cwd, store.folder);
  if (terminal.options.json) {
    await terminal.json({
      schema: "zenoflow.detached/1",
      sweep: store.folder,
      pid: child.pid,
      log,
    });
  } else {
    terminal.note(
      `process ${String(child.pid)} sweeps in the background; messages in ${near(io.cwd, log)}`,
    );
    terminal.note(
      `zenoflow watch ${shellWord(folder)} follows, zenoflow prune ${shellWord(folder)} --stop ends it`,
    );
    await terminal.print(`${folder}\n`);
  }
  return EXIT.done;
}
