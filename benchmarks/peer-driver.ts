// Asks a driver of benchmarks/peers/ with Python, in a process of its own on one core. Knows no physics. The peers need
// Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import { fileURLToPath } from "node:url";
import { BackendError } from "../src/errors.js";
import { askProcess, type Ended } from "./child-answer.js";

const PYTHON = process.env["ZENOFLOW_PYTHON"] ?? "python3";

/** Milliseconds after which a driver is given up. */
const TIMEOUT = 600_000;

/** How to get a peer, in words for a note or an error. */
const INSTALL =
  "pip install -r benchmarks/peers/requirements.txt, and ZENOFLOW_PYTHON names the Python";

/** The driver says that the package it drives is not installed. */
type Missing = { readonly peer: string; readonly missing: true };

/** There is no Python to ask; the message says how to get it. */
export class PeerAbsent extends BackendError {}

/** A driver stands in the sources; from a build it is two folders further up. */
function script(name: string): string {
  const here = import.meta.url.includes("/dist/") ? "../../benchmarks/peers/" : "peers/";
  return fileURLToPath(new URL(`${here}${name}`, import.meta.url));
}

function ended(name: string, job: object): Promise<Ended> {
  const env = { XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false" };
  return askProcess(PYTHON, [script(name)], job, { env, timeout: TIMEOUT });
}

/** The lines that a driver printed for a job, or one that says that its package is missing. */
async function askPeer<Line extends object>(
  name: string,
  job: { readonly peer: string },
): Promise<(Line | Missing)[]> {
  const { stdout, stderr, code } = await ended(name, job).catch((error: unknown) => {
    const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw absent ? new PeerAbsent(`bench: ${PYTHON} is not installed. ${INSTALL}.`) : error;
  });
  if (code !== 0) {
    const last = stderr.trim().split("\n").slice(-3).join(" | ");
    throw new Error(`bench: ${name} for ${job.peer} ended with ${String(code)}: ${last}`);
  }
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Line | Missing);
}

/** What peers answered, and in words which of them are not installed. */
export type Answers<Line> = {
  readonly lines: readonly Line[];
  readonly missing: readonly string[];
};

/**
 * Asks one peer after the other the same.
 *
 * @param name - file name of the driver in benchmarks/peers/
 * @throws PeerAbsent where there is no Python; Error where a driver failed
 */
export async function askPeers<Line extends object>(
  name: string,
  peers: readonly string[],
  job: object,
): Promise<Answers<Line>> {
  const lines: Line[] = [];
  const missing: string[] = [];
  for (const peer of peers) {
    for (const line of await askPeer<Line>(name, { ...job, peer })) {
      if (isMissing(line)) missing.push(`${peer} is not installed: ${INSTALL}`);
      else lines.push(line);
    }
  }
  return { lines, missing };
}

function isMissing(line: object): line is Missing {
  return "missing" in line;
}
