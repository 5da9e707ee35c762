// Tests of the host pool that need a process of their own: its number of threads, and that it lets the process end.

import { expect } from "chai";
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { philoxWords } from "../../kernels/philox/reference.js";

const PROGRAM = fileURLToPath(new URL("pool-program.ts", import.meta.url));

/** A process that has not ended by then is kept alive by something. */
const PATIENCE_MS = 15_000;

type Outcome = {
  readonly threads: number;
  readonly words: readonly number[];
  readonly status: number | null;
};

/** Runs the program to its end, or kills it. */
function run(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Outcome> {
  const env = { ...process.env, ...environment };
  if (!("ZENOFLOW_THREADS" in environment)) delete env["ZENOFLOW_THREADS"];
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: PATIENCE_MS,
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (status) => {
      const reported = JSON.parse(text || "{}") as Pick<Outcome, "threads" | "words">;
      resolve({ ...reported, status });
    });
  });
}

describe("hostPool() in a process of its own", function () {
  this.timeout(2 * PATIENCE_MS);
  const expected = [...philoxWords(42, 7, 20_000).subarray(19_997)];
  let outcomes: Record<"default" | "three" | "wrong" | "unshared", Outcome>;

  // Together, because most of their time is that of starting.
  before(async () => {
    const [plain, three, wrong, unshared] = await Promise.all([
      run({}),
      run({ ZENOFLOW_THREADS: "3" }),
      run({ ZENOFLOW_THREADS: "many" }),
      run({ ZENOFLOW_THREADS: "3" }, "unshared"),
    ]);
    outcomes = { default: plain, three, wrong, unshared };
  });

  it("has a thread for each processor", () => {
    expect(outcomes.default.threads).to.equal(availableParallelism());
  });

  it("has as many threads as ZENOFLOW_THREADS says, if that is a number", () => {
    expect(outcomes.three.threads).to.equal(3);
    expect(outcomes.wrong.threads).to.equal(availableParallelism());
  });

  it("has one thread where memory cannot be shared", () => {
    expect(outcomes.unshared.threads).to.equal(1);
  });

  it("computes the same in all of them", () => {
    for (const { words } of Object.values(outcomes)) expect(words).to.deep.equal(expected);
  });

  it("lets the process end by itself", () => {
    for (const { status } of Object.values(outcomes)) expect(status).to.equal(0);
  });
});
