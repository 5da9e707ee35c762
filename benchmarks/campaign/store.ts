// The points of a benchmark that are finished, kept as lines of a file, so that an interrupted run continues. A line
// is written when its point is done; a torn last line is cut off.

import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../src/errors.js";
import {
  canonicalJson,
  fromJson,
  makeFolder,
  toJson,
  writeAtomically,
} from "../../src/runs/index.js";
import type { Row } from "../harness.js";
import type { Measured } from "./question.js";

/** What must be equal for points to belong together: numbers of two machines or commits are not one result. */
export type Identity = {
  readonly suite: string;
  readonly profile: string;
  readonly commit: string;
  readonly cpu: string;
  readonly version: string;
};

/** How a point ended. */
export type Status = "done" | "failed" | "not run";

/** A finished point. */
export type PointRecord = Measured & {
  readonly question: string;
  readonly spec: Row;
  readonly status: Status;
  /** Why it failed or was not run. */
  readonly reason?: string;
  readonly seconds: number;
};

/** The finished points of a folder. */
export type Store = {
  readonly folder: string;
  /** In the order in which they were finished; of a point measured twice the last one. */
  records(): readonly PointRecord[];
  find(question: string, spec: Row): PointRecord | undefined;
  add(record: PointRecord): void;
};

/** Name of the file with the points. */
export const POINTS_FILE = "points.jsonl";
const SCHEMA = "zenoflow.points/1";

const keyOf = (question: string, spec: Row): string => `${question} ${canonicalJson(spec)}`;

/** Complete lines of a file; what stands behind the last line end was torn by a crash. */
function completeLines(path: string): string[] {
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) writeAtomically(path, whole);
  return whole.split("\n").filter((line) => line !== "");
}

function parsed(path: string, line: string, index: number): unknown {
  try {
    return fromJson(line);
  } catch (cause) {
    throw new DataError(
      `openStore: file ${path} must hold JSON lines, but line ${String(index + 1)} is none. Remove the file or use --fresh.`,
      { cause },
    );
  }
}

function refuseOthers(path: string, found: Readonly<Record<string, unknown>>, own: Identity): void {
  const wanted = { schema: SCHEMA, ...own };
  const other = Object.entries(wanted).find(([key, value]) => found[key] !== value);
  if (other === undefined) return;
  const [key, value] = other;
  throw new DataError(
    `openStore: file ${path} must hold points of ${key} ${value}, but holds points of ${key} ${String(found[key])}. Use --fresh to measure them again, or another --out.`,
  );
}

/**
 * Opens the points of a folder, or starts with none.
 *
 * @param fresh - forgets the points that are there
 * @throws DataError when they belong to another suite, profile, commit or machine, or the file is damaged
 */
export function openStore(folder: string, identity: Identity, fresh = false): Store {
  makeFolder(folder);
  const path = join(folder, POINTS_FILE);
  if (fresh) rmSync(path, { force: true });
  const lines = existsSync(path) ? completeLines(path) : [];
  const [header, ...rest] = lines.map((line, i) => parsed(path, line, i));
  if (header === undefined) writeAtomically(path, `${toJson({ schema: SCHEMA, ...identity })}\n`);
  else refuseOthers(path, header as Record<string, unknown>, identity);
  const records = new Map<string, PointRecord>();
  const keep = (record: PointRecord): void => {
    records.set(keyOf(record.question, record.spec), record);
  };
  (rest as PointRecord[]).forEach(keep);
  return {
    folder,
    records: () => [...records.values()],
    find: (question, spec) => records.get(keyOf(question, spec)),
    add(record) {
      appendFileSync(path, `${toJson(record)}\n`);
      keep(record);
    },
  };
}
