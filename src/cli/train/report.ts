// report.html of a run folder: what to put in it. The page itself is made by src/figures.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ReportFigure } from "../../figures/report.js";
import type { Evaluation } from "../../models/model.js";
import { writeAtomically } from "../../runs/files.js";
import { runFiles } from "../../runs/folder.js";
import { readManifest, type Manifest } from "../../runs/manifest.js";

type Rows = readonly (readonly [name: string, value: string])[];

const GIB = 2 ** 30;

function textOf(value: object): string {
  return Object.entries(value)
    .filter(([, member]) => typeof member === "string" || typeof member === "number")
    .map(([key, member]) => `${key} ${String(member)}`)
    .join(", ");
}

function manifestRows(manifest: Manifest): Rows {
  const { configHash, data, identity, step } = manifest;
  // Later entries evaluate and draw; the last training says where the numbers come from.
  const last = manifest.invocations.findLast(({ verb }) => verb === "train");
  const dataRows = data.map(({ path, sha256 }) => [`data ${path}`, `SHA-256 ${sha256}`] as const);
  if (last === undefined) return [["configuration hash", configHash], ...dataRows];
  const { machine, git } = last;
  const memory = `${(machine.memory / GIB).toFixed(0)} GiB`;
  const dirty = git?.diff === null ? "" : ", with changes";
  return [
    ["task", identity.task],
    ["command", ["zenoflow", ...last.argv].join(" ")],
    ["steps", String(step)],
    ["started", last.start],
    ["version", `zenoflow ${last.version}, Node ${last.node}`],
    ...(git === null ? [] : [["commit", `${git.commit}${dirty}`] as const]),
    ["machine", `${machine.cpu}, ${String(machine.cores)} cores, ${memory}, ${machine.system}`],
    ...(last.backend === null ? [] : [["backend", textOf(last.backend)] as const]),
    ["configuration hash", configHash],
    ...dataRows,
  ];
}

/** Nothing where it is gone or cannot be read, which must not cost the report. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/**
 * Writes the report of a run and returns its path.
 *
 * @throws OutputError where it cannot be written
 */
export async function writeReport(
  folder: string,
  title: string,
  evaluation: Evaluation,
  figures: readonly ReportFigure[],
): Promise<string> {
  const { reportHtml } = await import("../../figures/report.js");
  const { measuresTable, replicasTable } = await import("../../figures/tables.js");
  const { measures, replicas, best, protocol } = evaluation;
  const files = runFiles(folder);
  const manifest = readManifest(folder);
  const labels = Object.fromEntries(measures.map(({ name, label }) => [name, label]));
  const many = replicas.length > 1 ? [replicasTable("All replicas", replicas, best, labels)] : [];
  const html = reportHtml({
    title: `${evaluation.model}: ${title}`,
    subtitle: basename(folder),
    tables: [measuresTable("The best replica", measures), ...many],
    figures,
    protocol,
    config: readText(files.config),
    manifest: manifest === undefined ? [] : manifestRows(manifest),
  });
  writeAtomically(files.report, html);
  return files.report;
}
