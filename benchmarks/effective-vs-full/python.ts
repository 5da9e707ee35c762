// Runs a driver of benchmarks/peers/ with Python. Knows no physics.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NotRun } from "../campaign/question.js";

/** The Python that has the peers. */
const PYTHON = process.env["ZENOFLOW_PYTHON"] ?? "python3";
/** Milliseconds after which a driver is given up. */
const TIMEOUT = 600_000;
const INSTALL =
  "pip install -r benchmarks/peers/requirements.txt, and ZENOFLOW_PYTHON names the Python";

/** A driver stands in the sources; from a build it is three folders further up. */
function script(name: string): string {
  const here = import.meta.url.includes("/dist/") ? "../../../benchmarks/peers/" : "../peers/";
  return fileURLToPath(new URL(`${here}${name}`, import.meta.url));
}

type Ended = { readonly stdout: string; readonly stderr: string; readonly code: number | null };

function started(name: string, job: unknown): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false" };
    const child = spawn(PYTHON, [script(name)], { env, timeout: TIMEOUT });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text) => (stdout += String(text)));
    child.stderr.on("data", (text) => (stderr += String(text)));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ stdout, stderr, code });
    });
    // A driver that ends early closes its input: its exit code says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(job));
  });
}

/**
 * The lines that a driver printed for a job.
 *
 * @throws NotRun where Python or the peer is not installed; Error where the driver failed
 */
export async function driverLines<Line>(name: string, peer: string, job: object): Promise<Line[]> {
  const ended = await started(name, { peer, ...job }).catch((error: unknown) => {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw missing ? new NotRun(`${PYTHON} is not installed: ${INSTALL}`) : error;
  });
  if (ended.code !== 0) {
    const last = ended.stderr.trim().split("\n").slice(-3).join(" | ");
    throw new Error(`${name} for ${peer} ended with ${String(ended.code)}: ${last}`);
  }
  const lines = ended.stdout.split("\n").filter((line) => line.startsWith("{"));
  const parsed = lines.map((line) => JSON.parse(line) as Line & { readonly missing?: boolean });
  if (parsed.some(({ missing }) => missing === true))
    throw new NotRun(`${peer} is not installed: ${INSTALL}`);
  return parsed;
}
