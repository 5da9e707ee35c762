// Trained lines of the topology study on the disk: a study that was interrupted continues with the line it was at. Knows nothing
// of what a line means.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  canonicalJson,
  fromJson,
  makeFolder,
  toJson,
  writeAtomically,
} from "../../src/runs/index.js";
import type { Line, StudyData, Trained } from "./study.js";

/** Raised when a change of the program gives other numbers for the same line. */
const FORMAT = 1;

/** Where lines of a profile are kept. */
export function keptFolder(profile: string): string {
  return join("runs", "bench", `topology-study-${profile}`);
}

/** What must be equal for a kept line to be the one that is asked for. */
function identityOf(line: Line, { isMnist, options }: StudyData, replicas: number): string {
  const of = canonicalJson({ FORMAT, line, isMnist, replicas, files: options.files ?? null });
  return createHash("sha256").update(of).digest("hex").slice(0, 16);
}

/** The line from the folder, or trained and put there. */
export async function kept(
  folder: string,
  line: Line,
  data: StudyData,
  replicas: number,
  train: () => Promise<Trained>,
): Promise<Trained> {
  makeFolder(folder);
  const path = join(folder, `${identityOf(line, data, replicas)}.json`);
  if (existsSync(path)) return fromJson(readFileSync(path, "utf8")) as Trained;
  const trained = await train();
  writeAtomically(path, `${toJson(trained)}\n`);
  return trained;
}
