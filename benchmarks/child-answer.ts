// A process that is given one job as JSON on its standard input, and what it said. Knows neither Python nor backends.

import { spawn } from "node:child_process";

/** How a process ended. */
export type Ended = {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
};

/** Environment beside this process's, and milliseconds after which the process is given up. */
export type AskOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly timeout: number;
};

/** Runs a program with a job. Rejects where it cannot be started or takes too long; how it ends is for the caller to judge. */
export function askProcess(
  program: string,
  args: readonly string[],
  job: object,
  { env, timeout }: AskOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      // Unlike the option `timeout`, this one leaves no timer behind where there is no program.
      signal: AbortSignal.timeout(timeout),
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text) => (stdout += String(text)));
    child.stderr.on("data", (text) => (stderr += String(text)));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ stdout, stderr, code });
    });
    // A process that ends early closes its input: its exit code says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(job));
  });
}
