// What a kernel folder must have, judged by the files of a project.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ALWAYS = ["README.md", "contract.ts", "index.ts", "reference.ts", "host.as.ts", "host.ts"];
const WITH_INPUTS = ["composed.ts", "gradient.ts"];

/** The folders of kernels/ that hold a kernel. */
export function kernelFolders(root: string): string[] {
  return readdirSync(path.join(root, "kernels"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "runtime")
    .map(({ name }) => name)
    .sort();
}

function textOf(...parts: string[]): string {
  const file = path.join(...parts);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function faultsOfFolder(root: string, name: string): string[] {
  const folder = path.join(root, "kernels", name);
  const hasInputs = !textOf(folder, "contract.ts").includes("inputs: []");
  const wanted = [...ALWAYS, ...(hasInputs ? WITH_INPUTS : [])];
  const faults = wanted
    .filter((file) => !existsSync(path.join(folder, file)))
    .map((file) => `kernels/${name} has no ${file}`);
  const cases = path.join(root, "benchmarks", "cases");
  if (!existsSync(path.join(cases, `${name}.ts`)))
    faults.push(`benchmarks/cases has no ${name}.ts`);
  if (!textOf(cases, "index.ts").includes(`"./${name}.js"`))
    faults.push(`benchmarks/cases/index.ts does not list ${name}`);
  if (!textOf(root, "kernels", "README.md").includes(`(${name}/README.md)`))
    faults.push(`the table of kernels/README.md has no row for ${name}`);
  return faults;
}

/** What the kernels of a project lack, in words. */
export function faultsOf(root: string): string[] {
  return kernelFolders(root).flatMap((name) => faultsOfFolder(root, name));
}
