// Runs the topology study once, writes its results and draws its figures into docs/images/. `npm run bench:topologies`, with
// `-- quick` for a tenth of it.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { studyFigures } from "../benchmarks/topologies/figures.js";
import { runStudy } from "../benchmarks/topology-study.js";
import { renderSvg } from "../src/figures/index.js";
import { renderPng } from "../src/figures/png.js";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

async function main(): Promise<void> {
  const profile = process.argv.includes("quick") ? "quick" : "full";
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const { trained, report } = await runStudy({ profile, log });
  const document = { schema: "zenoflow.bench/1", suite: "topology-study", profile, ...report };
  writeFileSync(
    at("benchmarks/results/topology-study.json"),
    `${JSON.stringify(document, null, 2)}\n`,
  );
  for (const { name, spec } of studyFigures(trained, process.env)) {
    const svg = await renderSvg(spec);
    writeFileSync(at(`docs/images/${name}.png`), await renderPng(svg));
  }
  for (const { what, measured, bound, ok } of report.checks ?? []) {
    log(`${ok ? "holds " : "MISSED"} ${what}: ${measured} (${bound})`);
  }
}

void main();
