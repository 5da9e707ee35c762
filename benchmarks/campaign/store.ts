// The points of a benchmark that are finished, kept as lines of a file, so that an interrupted run continues. A line
// is written when its point is done; a torn last line is cut off.

import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
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

/** Where points come from that another folder holds, and how many of them count: no later one nor the own folder has them. */
export type Source = Identity & { readonly points: number };

/** The finished points of a folder, and of others that are counted with them. */
export type Store = {
  readonly folder: string;
  /** Of the other folders, in their order. */
  readonly sources: readonly Source[];
  /** In the order in which they were finished; of a point measured twice the last one. */
  records(): readonly PointRecord[];
  find(question: string, spec: Row): PointRecord | undefined;
  add(record: PointRecord): void;
};

/** Name of the file with the points. */
export const POINTS_FILE = "points.jsonl";
const SCHEMA = "zenoflow.points/1";

const keyOf = (question: string, spec: Row): string => `${question} ${canonicalJson(spec)}`;

/** The complete lines of a file. */
function completeLines(path: string): string[] {
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");
}

/** Takes away what stands behind the last line end, which was torn by a crash. */
function cutTornLine(path: string): void {
  if (!existsSync(path)) return;
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) writeAtomically(path, whole);
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

/** What to do about points that do not belong. */
const MEASURE_AGAIN = "Use --fresh to measure them again, or another --out.";

function refuseOthers(
  path: string,
  found: Readonly<Record<string, unknown>>,
  own: Identity,
  hint: string = MEASURE_AGAIN,
): void {
  const wanted = { schema: SCHEMA, ...own };
  const other = Object.entries(wanted).find(([key, value]) => found[key] !== value);
  if (other === undefined) return;
  const [key, value] = other;
  throw new DataError(
    `openStore: file ${path} must hold points of ${key} ${value}, but holds points of ${key} ${String(found[key])}. ${hint}`,
  );
}

type Found = {
  readonly header: Readonly<Record<string, unknown>>;
  readonly records: PointRecord[];
};

function readPoints(path: string): Found | undefined {
  if (!existsSync(path)) return undefined;
  const [header, ...records] = completeLines(path).map((line, i) => parsed(path, line, i));
  if (header === undefined) return undefined;
  return { header: header as Found["header"], records: records as PointRecord[] };
}

/** The folder itself, or those in it that hold points, in the order of their names. */
function foldersWithPoints(folder: string): string[] {
  const holds = (one: string): boolean => existsSync(join(one, POINTS_FILE));
  if (holds(folder) || !existsSync(folder)) return [folder];
  const inside = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter(holds);
  return inside.length === 0 ? [folder] : inside;
}

type Others = { readonly records: readonly PointRecord[]; readonly identity: Identity };

/**
 * The points of another folder: of the same suite and profile, and of whatever commit and machine, which are told. It is only
 * read: another process may be writing its last line.
 */
function readOthers(folder: string, own: Identity): Others {
  const path = join(folder, POINTS_FILE);
  const found = readPoints(path);
  if (found === undefined)
    throw new DataError(
      `openStore: folder ${folder} must hold points, or folders with points, but has no ${POINTS_FILE}. Leave it out.`,
    );
  const { commit, cpu, version } = found.header as Identity;
  refuseOthers(path, found.header, { ...own, commit, cpu, version }, "Leave it out.");
  const { suite, profile } = own;
  return {
    records: found.records.filter(({ status }) => status === "done"),
    identity: { suite, profile, commit, cpu, version },
  };
}

/**
 * Opens the points of a folder, or starts with none.
 *
 * @param fresh - forgets the points that are there
 * @param others - folders whose finished points are counted too, unless this one or a later one has them: parts of the work
 *   that other processes or machines did; a folder of such folders stands for them in the order of their names
 * @throws DataError when they belong to another suite, profile, commit or machine, or the file is damaged
 */
export function openStore(
  folder: string,
  identity: Identity,
  fresh = false,
  others: readonly string[] = [],
): Store {
  makeFolder(folder);
  const path = join(folder, POINTS_FILE);
  if (fresh) rmSync(path, { force: true });
  const records = new Map<string, PointRecord>();
  const keep = (record: PointRecord): void => {
    records.set(keyOf(record.question, record.spec), record);
  };
  const beside = others
    .flatMap(foldersWithPoints)
    .filter((other) => other !== folder)
    .map((other) => readOthers(other, identity));
  for (const one of beside) one.records.forEach(keep);
  cutTornLine(path);
  const found = readPoints(path);
  if (found === undefined) writeAtomically(path, `${toJson({ schema: SCHEMA, ...identity })}\n`);
  else refuseOthers(path, found.header, identity);
  found?.records.forEach(keep);
  const counts = (record: PointRecord): boolean =>
    records.get(keyOf(record.question, record.spec)) === record;
  return {
    folder,
    sources: beside.map((other) => ({
      ...other.identity,
      points: other.records.filter(counts).length,
    })),
    records: () => [...records.values()],
    find: (question, spec) => records.get(keyOf(question, spec)),
    add(record) {
      appendFileSync(path, `${toJson(record)}\n`);
      keep(record);
    },
  };
}
