// `zenoflow serve`: the live page of a sweep, until it is interrupted.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LiveServer } from "../../sweeps/live/index.js";
import type { Store } from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { statusOf } from "./state.js";

/** The flags of `serve`. */
export type ServeOptions = SweepPlaceOptions & { readonly port?: number };

/** Where the page was served last: a page that is open finds a server that was started again. */
type Place = { readonly port: number; readonly token: string };

const READABLE_BY_OWNER = 0o600;

function lastPlace(path: string): Place | undefined {
  try {
    const place = JSON.parse(readFileSync(path, "utf8")) as Partial<Place> | null;
    const { port, token } = place ?? {};
    return typeof port === "number" && /^[0-9a-f]{32}$/u.test(token ?? "")
      ? { port, token: token! }
      : undefined;
  } catch {
    return undefined;
  }
}

function keepPlace(path: string, { port, token }: LiveServer): void {
  try {
    // Made anew, so that nobody else can have opened it before.
    rmSync(path, { force: true });
    writeFileSync(path, `${JSON.stringify({ port, token })}\n`, {
      mode: READABLE_BY_OWNER,
      flag: "wx",
    });
  } catch {
    // A folder that can only be read is served all the same; its page will have another address next time.
  }
}

function code(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

async function started(store: Store, path: string, options: ServeOptions): Promise<LiveServer> {
  const { serveLive } = await import("../../sweeps/live/index.js");
  const last = lastPlace(path);
  const look = (): object => {
    const { supervisor: _beats, ...status } = statusOf(store);
    return status;
  };
  const token = last === undefined ? {} : { token: last.token };
  const at = (port: number): Promise<LiveServer> => serveLive({ store, look, port, ...token });
  try {
    return await at(options.port ?? last?.port ?? 0);
  } catch (error) {
    if (!["EADDRINUSE", "EACCES"].includes(code(error))) throw error;
    if (options.port === undefined) return at(0);
    throw new CliError(
      EXIT.unavailable,
      {
        message: `port ${options.port.toString()} of 127.0.0.1 is taken or not allowed`,
        hint: "leave --port away: any free one will do",
      },
      { cause: error },
    );
  }
}

/** Runs `zenoflow serve`; resolves with the exit code after the first signal. */
export async function serve(
  name: string | undefined,
  options: ServeOptions,
  context: Context,
): Promise<number> {
  const { terminal, interruptions } = context;
  const store = findSweep(name, options, context);
  const path = join(store.folder, "live.json");
  const stopped = new Promise<void>((resolve) => {
    interruptions.protect(() => {
      resolve();
    });
  });
  const server = await started(store, path, options);
  keepPlace(path, server);
  const { url } = server;
  if (terminal.options.json) {
    await terminal.json({ schema: "zenoflow.live/1", sweep: store.folder, url, pid: process.pid });
  } else {
    await terminal.print(`${url}\n`);
    terminal.note(
      "open this address in a browser of this machine; Ctrl-C ends the page, not the sweep",
    );
  }
  await stopped;
  await server.close();
  return EXIT.done;
}
