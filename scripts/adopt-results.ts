// Takes the results of a suite that keeps a folder into the repository: its JSON to benchmarks/results, its figures to
// docs/images. `npm run tables` then renews the pages.

import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error("adopt-results: name the folder that `npm run bench` wrote");

const file = join(folder, "results.json");
// The folder says nothing to others.
const { folder: _, ...results } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
const { suite, complete } = results;
if (complete !== true)
  throw new Error(`adopt-results: ${folder} is not complete; run the same command again`);

const target = join(root, "benchmarks/results", `${String(suite)}.json`);
writeFileSync(target, `${JSON.stringify(results, null, 2)}\n`);
const figures = join(folder, "figures");
for (const name of existsSync(figures) ? readdirSync(figures) : [])
  if (name.endsWith(".png")) copyFileSync(join(figures, name), join(root, "docs/images", name));
process.stdout.write(`adopted ${file}\n`);
