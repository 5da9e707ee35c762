// Writing to the user: data to stdout; messages, warnings and the progress line to stderr.

import { once } from "node:events";
import { styleText } from "node:util";
import { toJson } from "../runs/json.js";
import { ascii } from "./ascii.js";
import type { Io, OutputStream } from "./io.js";
import { errorDocument, errorText, problemText, type CliError, type Problem } from "./problem.js";

/** How a user wants to be written to. */
export type TerminalOptions = {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly color: boolean;
  readonly plain: boolean;
  readonly debug: boolean;
};

/** Text styles in use. */
export type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

/** The two streams of one call. */
export type Terminal = {
  readonly options: TerminalOptions;
  /** Data; resolves when the stream can take more. */
  out(text: string): Promise<void>;
  /** Text for people on stdout. */
  print(text: string): Promise<void>;
  /** One JSON document, the only thing on stdout. */
  json(document: unknown): Promise<void>;
  /** A message; silent under `--quiet`. */
  note(text: string): void;
  /** A warning; each text once. */
  warn(problem: Problem): void;
  error(error: CliError): Promise<void>;
  /** Replaces the progress line of a terminal; undefined removes it. */
  status(line: string | undefined): void;
  style(style: Style, text: string, target?: "stdout" | "stderr"): string;
  /** Waits until all is written; the error where stdout could not take it, else undefined. */
  flush(): Promise<Error | undefined>;
};

const CLEAR = "\r\x1b[2K";

function drain(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else {
      stream.write("", () => {
        resolve();
      });
    }
  });
}

// A reader that went away (`| head -1`) is no error; anything else means that data was lost.
function watch(io: Io): { failure(): Error | undefined; closed(): boolean } {
  let failure: Error | undefined;
  let closed = false;
  io.stdout.on("error", (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code !== "EPIPE") failure = error;
  });
  // Losing the messages must not cost a training.
  io.stderr.on("error", () => undefined);
  return { failure: () => failure, closed: () => closed };
}

/** The terminal of one call of the program. */
export function createTerminal(io: Io, options: TerminalOptions): Terminal {
  const watched = watch(io);
  const warned = new Set<string>();
  let hasStatus = false;
  const readable = options.plain ? ascii : (text: string): string => text;
  const clear = (): void => {
    if (hasStatus) io.stderr.write(CLEAR);
    hasStatus = false;
  };
  const message = (text: string): void => {
    clear();
    io.stderr.write(`${readable(text)}\n`);
  };
  const terminal: Terminal = {
    options,
    async out(text) {
      if (watched.closed()) return;
      clear();
      // A stream that fails while it drains emits "error", which `watch` has noted.
      if (!io.stdout.write(text)) await once(io.stdout, "drain").catch(() => undefined);
    },
    print: (text) => terminal.out(readable(text)),
    json: (document) => terminal.out(`${toJson(document)}\n`),
    note(text) {
      if (!options.quiet) message(text);
    },
    warn(problem) {
      const text = `zenoflow: warning: ${problemText(problem)}`;
      if (!warned.has(text)) message(terminal.style("yellow", text, "stderr"));
      warned.add(text);
    },
    async error(error) {
      message(terminal.style("red", errorText(error), "stderr"));
      if (options.debug)
        message(error.cause instanceof Error ? (error.cause.stack ?? "") : (error.stack ?? ""));
      if (options.json) await terminal.json(errorDocument(error));
    },
    status(line) {
      if (line === undefined) clear();
      else {
        io.stderr.write(`${CLEAR}${line}`);
        hasStatus = true;
      }
    },
    style(style, text, target = "stdout") {
      if (!options.color) return text;
      return styleText(style, text, { stream: io[target] });
    },
    async flush() {
      clear();
      await drain(io.stdout);
      await drain(io.stderr);
      return watched.failure();
    },
  };
  return terminal;
}
