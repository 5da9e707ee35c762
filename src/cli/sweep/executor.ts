// The hidden call that makes this program an executor: it serves the supervisor that started it, until one of them ends.

import { dieWithParent, PARENT_VARIABLE } from "../../sweeps/execution/parent.js";
import type { FromExecutor, ToExecutor } from "../../sweeps/execution/messages.js";
import type { Port, Resources } from "../../sweeps/execution/executor.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { taskLoader } from "./tasks.js";

function processPort(): Port {
  return {
    send(message: FromExecutor) {
      // Where the supervisor is gone, so is this process in a moment.
      process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage(handle) {
      process.on("message", (message) => {
        handle(message as ToExecutor);
      });
    },
  };
}

/** Interrupting is the supervisor's business; a signal that reaches this process is meant for that one. */
function ignoreSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGUSR2"] as const)
    process.on(signal, () => undefined);
}

/** Serves the supervisor that started this process. Returns only where it must end, with an exit code. */
export async function executor(
  io: Pick<Io, "models" | "chooseBackend" | "cwd" | "env">,
): Promise<number> {
  const [parent = "", tied] = (io.env[PARENT_VARIABLE] ?? "").split(" ");
  if (process.send === undefined || parent === "") return EXIT.usage;
  dieWithParent(Number(parent), tied === "tied");
  ignoreSignals();
  const port = processPort();
  const { serveExecutor } = await import("../../sweeps/execution/executor.js");
  try {
    const chooseBackend: Resources["chooseBackend"] = (name, options, task) =>
      io.chooseBackend(name, {
        ...options,
        ...(name === "auto" && {
          for: io.models[task.replace(/\.train$/, "")]?.work ?? "small-ops",
        }),
      });
    return await serveExecutor(port, { task: taskLoader(io), chooseBackend });
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    // Without a parent it would kill itself, and end without the code that says what this is.
    process.removeAllListeners("disconnect");
    process.disconnect();
    return EXIT.bug;
  }
}
