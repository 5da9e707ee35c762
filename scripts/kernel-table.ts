// Writes the table of kernels, forms and backends into kernels/README.md, from what is registered. With --check it
// changes nothing and fails if the table is out of date.

import * as tf from "@tensorflow/tfjs";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import { kernelCases } from "../benchmarks/cases/index.js";
import { gpuFormOf } from "../kernels/runtime/gpu/define.js";
import { nativeFormOf } from "../kernels/runtime/tensorflow/define.js";
import type { KernelCase } from "../benchmarks/cases/case.js";

const page = fileURLToPath(new URL("../kernels/README.md", import.meta.url));
/** What stands in place of `tensorflow` where tensors lie on a GPU. */
const ON_GPU = "tensorflow, GPU";
const COLUMNS = ["wasm", "cpu", "tensorflow", ON_GPU, "webgpu"] as const;

type Column = (typeof COLUMNS)[number];
const BLOCK = /(<!-- kernels -->\n)[\s\S]*?(<!-- end -->)/;

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function hasFused({ contract }: KernelCase, backend: string): boolean {
  return (tf.getKernel(contract.name, backend) as unknown) !== undefined;
}

/** A composed form runs on every backend that this version serves, which is one with a fused kernel. */
function isServed(backend: string): boolean {
  return kernelCases.some((kernel) => hasFused(kernel, backend));
}

const GPU_FORMS = { wgsl: "WGSL", composed: "composed", host: "host" } as const;

/** Where tensors lie on a GPU of tensorflow. */
function nativeMark({ contract }: KernelCase): string {
  const form = nativeFormOf(contract.name);
  if (form === undefined) return "host";
  return form.double ? `${form.by}, float64` : form.by;
}

/** Whether there is a fused kernel; on devices what it runs. */
function fusedMark(kernel: KernelCase, column: Column): string {
  if (column === ON_GPU) return nativeMark(kernel);
  const form = gpuFormOf(kernel.contract.name);
  if (column === "webgpu" && form !== undefined) return GPU_FORMS[form];
  return mark(hasFused(kernel, column));
}

const mark = (present: boolean): string => (present ? "yes" : "–");

function rowsOf(kernel: KernelCase): string[] {
  const { contract, guard } = kernel;
  const link = `[\`${kernel.kernel}\`](${kernel.kernel}/README.md)`;
  const fused = COLUMNS.map((column) => fusedMark(kernel, column));
  if (contract.inputs.length === 0) return [line([link, "fused", "no inputs", ...fused])];
  return [
    line([link, "fused", guard === undefined ? "any" : "first", ...fused]),
    line([
      link,
      "composed",
      "any",
      ...COLUMNS.map((column) => mark(column === ON_GPU || isServed(column))),
    ]),
  ];
}

/** The name of a backend, and where its tensors lie. */
function titleOf(column: Column): string {
  const [backend, where] = column.split(", ");
  return [`\`${backend!}\``, ...(where === undefined ? [] : [where])].join(", ");
}

/** The table as Markdown. */
export function kernelTable(): string {
  const titles = ["kernel", "form", "derivatives", ...COLUMNS.map(titleOf)];
  const rows = kernelCases.flatMap(rowsOf);
  return [line(titles), line(titles.map(() => "---")), ...rows].join("\n");
}

/** A page with its table renewed. */
export async function withTable(text: string): Promise<string> {
  if (!BLOCK.test(text))
    throw new Error("kernel-table: the page has no <!-- kernels --> … <!-- end -->.");
  const renewed = text.replace(
    BLOCK,
    (_, open: string, close: string) => `${open}\n${kernelTable()}\n\n${close}`,
  );
  return prettier.format(renewed, { parser: "markdown", printWidth: 100 });
}

/** Whether kernels/README.md has the table that is generated now. */
export async function isCurrent(text: string = readFileSync(page, "utf8")): Promise<boolean> {
  return (await withTable(text)) === text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--check"))
    writeFileSync(page, await withTable(readFileSync(page, "utf8")));
  else if (!(await isCurrent())) {
    console.error("kernels/README.md is out of date: run npx tsx scripts/kernel-table.ts");
    process.exitCode = 1;
  }
}
