// Measures how accurate every kernel and some operations are on every backend, each in a process of its own, and writes
// benchmarks/results/backend-accuracy.json. Webgpu runs on an emulated device where ZENOFLOW_WEBGPU_SOFTWARE=1 asks for it.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BACKENDS_TO_MEASURE, backendsToTry } from "../benchmarks/backends/names.js";
import { inOwnProcess, isAbsent } from "../benchmarks/backends/isolation.js";
import { report } from "../benchmarks/harness.js";
import { useBackend } from "../src/backend.js";
import type { Report, Row } from "../benchmarks/harness.js";
import type { KernelErrors } from "./accuracy/kernels.js";
import type { OperationError } from "./accuracy/operations.js";

type Found = {
  readonly kernels: readonly KernelErrors[];
  readonly operations: readonly OperationError[];
};

const FILE = fileURLToPath(new URL("../benchmarks/results/backend-accuracy.json", import.meta.url));
const CHILD = new URL("./accuracy/child.ts", import.meta.url);

/** `tensorflow` with its kernels as they run where tensors lie on a GPU, but on the processor. */
const NATIVE = "tensorflow native";
const COLUMNS = [...BACKENDS_TO_MEASURE, NATIVE] as const;

type Column = (typeof COLUMNS)[number];

/** Seconds for the problems of one kernel: all of them on the host, and some on an emulated device. */
const SECONDS = { host: 600, device: 45 } as const;

const NOTES = [
  "Largest error of values / of gradients, through the operation as it is called. Values: over the largest entry of the float64 reference. Gradients: against central differences of the reference, over the largest sum of magnitudes of the terms that an entry adds up. Problems are those of the conformance suite; entries that the problem makes ill-conditioned count by their slack.",
];

function errorText(error: number): string {
  return error === 0 ? "0" : error.toExponential(1);
}

function kernelCell({ form, tried, problems, value, gradient }: KernelErrors): string {
  const errors = [value, ...(gradient === null ? [] : [gradient])].map(errorText).join(" / ");
  const some = tried < problems ? `, ${tried.toString()} of ${problems.toString()} problems` : "";
  return `${errors} (${form}${some})`;
}

function rowsOf(found: ReadonlyMap<Column, Found>): Row[] {
  const [first] = found.values();
  const cells = (cell: (of: Found) => string): Row =>
    Object.fromEntries([...found].map(([backend, of]) => [backend, cell(of)]));
  return [
    ...first!.kernels.map(({ kernel }, i) => ({
      what: kernel,
      ...cells(({ kernels }) => kernelCell(kernels[i]!)),
    })),
    ...first!.operations.map(({ operation }, i) => ({
      what: operation,
      ...cells(({ operations }) => errorText(operations[i]!.value)),
    })),
  ];
}

async function measured(): Promise<Report> {
  await useBackend("wasm", { threads: 1 });
  const found = new Map<Column, Found>();
  const notes = [...NOTES];
  for (const backend of backendsToTry(COLUMNS)) {
    const seconds = SECONDS[backend === "webgpu" ? "device" : "host"];
    const native = backend === NATIVE;
    const own = native ? { backend: "tensorflow", native } : { backend };
    const job = { ...own, measure: "accuracy", options: { seconds } };
    const answer = await inOwnProcess<Found>(CHILD, job);
    if (isAbsent(answer)) notes.push(`${backend} was not measured: ${answer.absent}`);
    else found.set(backend, answer);
  }
  if (found.has("webgpu") && process.env["ZENOFLOW_WEBGPU_SOFTWARE"] === "1")
    notes.push("webgpu ran on a device emulated on the processor, not on a GPU.");
  if (found.has(NATIVE))
    notes.push(
      "tensorflow native: kernels as they run where tensors lie on a GPU, on the processor.",
    );
  return report(rowsOf(found), notes);
}

/** Where only some backends were measured now, the others' columns are kept from the file. */
function merged(now: Report): Report {
  if (process.env["ZENOFLOW_BENCH_BACKENDS"] === undefined || !existsSync(FILE)) return now;
  const before = JSON.parse(readFileSync(FILE, "utf8")) as Report;
  const rows = now.rows.map((row) => {
    const both = { ...before.rows.find(({ what }) => what === row["what"]), ...row };
    // All columns in every row, so that they have one order.
    return { what: row["what"]!, ...Object.fromEntries(COLUMNS.map((c) => [c, both[c] ?? ""])) };
  });
  return { ...now, rows, notes: [...new Set([...before.notes, ...now.notes])] };
}

const result = {
  schema: "zenoflow.bench/1",
  suite: "backend-accuracy",
  ...merged(await measured()),
};
writeFileSync(FILE, `${JSON.stringify(result, null, 2)}\n`);
