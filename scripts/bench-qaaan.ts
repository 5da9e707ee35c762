// `npm run bench:qaaan`: the acceptance of the QAAAN with its own options: backend, threads, folder of MNIST, parts, rows, seeds,
// steps, folders of other runs. Interrupted, it stops within a few steps; the same command continues.

import { parseArgs } from "node:util";
import { join, resolve } from "node:path";
import { BACKENDS, type BackendName } from "../src/backend.js";
import { ArgumentError, BackendError, DataError } from "../src/errors.js";
import { makeFolder, toJson, writeAtomically } from "../src/runs/index.js";
import { runCampaign } from "../benchmarks/qaaan-acceptance.js";
import { PARTS, type Part } from "../benchmarks/qaaan/rows.js";

const { values } = parseArgs({
  options: {
    backend: { type: "string", default: "auto" },
    threads: { type: "string" },
    data: { type: "string" },
    parts: { type: "string", default: PARTS.join(",") },
    seeds: { type: "string" },
    steps: { type: "string" },
    "short-steps": { type: "string" },
    profile: { type: "string", default: "full" },
    out: { type: "string" },
    rows: { type: "string" },
    with: { type: "string" },
    fresh: { type: "boolean", default: false },
  },
});

function choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ArgumentError(
    `bench:qaaan: option --${name} must be one of ${allowed.join(", ")}, but is ${value}.`,
  );
}

function count(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/u.test(value)) return Number(value);
  throw new ArgumentError(`bench:qaaan: option --${name} must be a number ≥ 1, but is ${value}.`);
}

/** Seeds 1 to n, or from a to b. */
function range(value: string | undefined): readonly [number, number] | undefined {
  if (value === undefined) return undefined;
  const [, first = "1", last] = /^(?:([1-9]\d{0,3})-)?([1-9]\d{0,3})$/u.exec(value) ?? [];
  if (last !== undefined && Number(first) <= Number(last)) return [Number(first), Number(last)];
  throw new ArgumentError(
    `bench:qaaan: option --seeds must be a number ≥ 1, or the first and the last as in 6-10, but is ${value}.`,
  );
}

// What the user can mend is told without a stack.
process.once("uncaughtException", (error) => {
  const told = [ArgumentError, BackendError, DataError].some((kind) => error instanceof kind);
  process.stderr.write(`${told ? error.message : String(error.stack)}\n`);
  process.exit(1);
});

let stop = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop = true;
  });
}

const profile = choice("profile", values.profile, ["quick", "full"]);
const folder = resolve(values.out ?? `runs/bench/qaaan-acceptance-${profile}`);
makeFolder(folder);
const [threads, seeds] = [count("threads", values.threads), range(values.seeds)];
const steps = count("steps", values.steps);
const shortSteps = count("short-steps", values["short-steps"]);
const say = (line: string): void => {
  process.stderr.write(`${new Date().toISOString()}  ${line}\n`);
};
const report = await runCampaign(
  {
    ...{ profile, folder, fresh: values.fresh, log: say, stopping: () => stop },
    status: (line) => {
      if (line !== undefined) say(line);
    },
  },
  {
    backend: choice<BackendName>("backend", values.backend, BACKENDS),
    ...(threads !== undefined && { threads }),
    ...(seeds !== undefined && { seeds }),
    ...(steps !== undefined && { steps }),
    ...(shortSteps !== undefined && { shortSteps }),
    ...(values.rows !== undefined && { rows: values.rows }),
    ...(values.data !== undefined && { data: resolve(values.data) }),
    others: (values.with ?? "")
      .split(",")
      .filter((name) => name !== "")
      .map((name) => resolve(name)),
    parts: values.parts.split(",").map((part) => choice<Part>("parts", part, PARTS)),
  },
);
const document = { schema: "zenoflow.bench/1", suite: "qaaan-acceptance", profile, ...report };
writeAtomically(join(folder, "results.json"), `${toJson(document, 2)}\n`);
const failed = report.checks?.filter(({ ok }) => !ok) ?? [];
for (const { what, measured, bound } of failed)
  say(`NOT MET: ${what}: ${measured}, required ${bound}`);
say(`${report.complete === true ? "complete" : "interrupted"}: ${join(folder, "index.html")}`);
process.exitCode = report.complete === true ? (failed.length > 0 ? 21 : 0) : 75;
