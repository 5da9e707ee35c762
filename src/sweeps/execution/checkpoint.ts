// Populations on the disk: what a rung leaves to the next one, and where an interrupted block stands.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import { makeFolder, sha256 } from "../../runs/files.js";
import { fromJson, toJson } from "../../runs/json.js";
import {
  decodeArchive,
  encodeArchive,
  encodeData,
  type Float32Entry,
} from "../../runs/safetensors.js";
import { replaceFile } from "../store/exclusive.js";
import type { Block, Row, Trial } from "../types.js";
import type { Population } from "./population.js";
import type { Partial } from "./run-rows.js";

const FORMAT = "zenoflow.populations/1";

type Member = {
  readonly trials: readonly number[];
  /** Null: not begun; such a population has no tensors. */
  readonly step: number | null;
  readonly probes: readonly (readonly [number, number])[];
};

type Contents = {
  readonly rows: readonly Row[];
  readonly populations: readonly Member[];
  readonly kept: readonly Member[];
};

/** Makes a trial of its index. */
export type TrialOf = (index: number) => Trial;

function memberOf({ trials, snapshot, probes }: Population): Member {
  return {
    trials: trials.map(({ index }) => index),
    step: snapshot?.step ?? null,
    probes: trials.flatMap(({ index }) => {
      const probe = probes.get(index);
      return probe === undefined ? [] : [[index, probe] as const];
    }),
  };
}

function tensorsOf(populations: readonly Population[]): Record<string, Float32Entry> {
  const named = populations.flatMap(({ snapshot }, k) =>
    Object.entries(snapshot?.tensors ?? {}).map(
      ([name, tensor]) => [`${k.toString()}/${name}`, tensor] as const,
    ),
  );
  return Object.fromEntries(named);
}

function checksum(contents: string, tensors: Readonly<Record<string, Float32Entry>>): string {
  const shapes = JSON.stringify(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
  return sha256(Buffer.concat([Buffer.from(contents + shapes), encodeData(tensors)]));
}

/**
 * Writes where a block stands.
 *
 * @throws DiskError where the disk is full; OutputError where it can never be written
 */
export function writePartial(path: string, { rows, populations, kept }: Partial): void {
  const contents: Contents = {
    rows,
    populations: populations.map(memberOf),
    kept: kept.map(memberOf),
  };
  const text = toJson(contents);
  const tensors = tensorsOf([...populations, ...kept]);
  const metadata = { format: FORMAT, contents: text, sha256: checksum(text, tensors) };
  replaceFile(path, encodeArchive({ metadata, tensors }));
}

function populationOf(
  member: Member,
  k: number,
  tensors: Readonly<Record<string, Float32Entry>>,
  trialOf: TrialOf,
): Population {
  const prefix = `${k.toString()}/`;
  const own = Object.entries(tensors)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, tensor]) => [name.slice(prefix.length), tensor] as const);
  return {
    trials: member.trials.map(trialOf),
    snapshot: member.step === null ? null : { step: member.step, tensors: Object.fromEntries(own) },
    probes: new Map(member.probes),
  };
}

/**
 * Reads where a block stands.
 *
 * @throws DataError where the file is torn, altered or of another format
 */
export function readPartial(path: string, trialOf: TrialOf): Partial {
  const { metadata, tensors } = decodeArchive(readFileSync(path));
  const { format, contents = "", sha256: sum } = metadata;
  if (format !== FORMAT || checksum(contents, tensors) !== sum) {
    throw new DataError(`readPartial: ${path} must hold populations, but its bytes were altered.`);
  }
  const { rows, populations, kept } = fromJson(contents) as Contents;
  const all = [...populations, ...kept].map((member, k) =>
    populationOf(member, k, tensors, trialOf),
  );
  return {
    rows,
    populations: all.slice(0, populations.length),
    kept: all.slice(populations.length),
  };
}

/** Rows that climb the rungs together. */
type Unit = Pick<Block, "cohort" | "group">;

const RUNG_FILE = /^c\d+-g[0-9a-f]{8}-r\d+-/;

function folderOf(sweep: string): string {
  return join(sweep, "checkpoints");
}

/** Files of a rung belong to one group: others of the cohort may be at another rung. */
function rungPrefix({ cohort, group }: Unit, rung: number): string {
  return `c${cohort.toString()}-g${sha256(group).slice(0, 8)}-r${rung.toString()}-`;
}

/** The file of an interrupted block. */
export function partialPath(sweep: string, batch: string): string {
  return join(folderOf(sweep), `${batch}.partial.safetensors`);
}

/** As {@link readPartial}; undefined where there is no file, or one that cannot be used. */
export function readPartialIfWhole(path: string, trialOf: TrialOf): Partial | undefined {
  try {
    return readPartial(path, trialOf);
  } catch (error) {
    // Whatever cannot be read is computed again.
    if (error instanceof DataError || isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Where an interrupted block stands; undefined where it begins anew. */
export function loadPartial(sweep: string, batch: string, trialOf: TrialOf): Partial | undefined {
  return readPartialIfWhole(partialPath(sweep, batch), trialOf);
}

/** Keeps where a block stands. */
export function savePartial(sweep: string, batch: string, partial: Partial): void {
  makeFolder(folderOf(sweep));
  writePartial(partialPath(sweep, batch), partial);
}

/** Removes what is no longer needed once a block is committed. */
export function removePartial(sweep: string, batch: string): void {
  rmSync(partialPath(sweep, batch), { force: true });
}

/** Keeps the population that a block leaves to the next rung. */
export function savePopulation(sweep: string, block: Block, population: Population): void {
  makeFolder(folderOf(sweep));
  const name = `${rungPrefix(block, block.rung)}${block.id}.safetensors`;
  writePartial(join(folderOf(sweep), name), { rows: [], populations: [], kept: [population] });
}

function filesOf(sweep: string, prefix: string): readonly string[] {
  try {
    return readdirSync(folderOf(sweep)).filter(
      (name) => name.startsWith(prefix) && name.endsWith(".safetensors"),
    );
  } catch {
    return [];
  }
}

/** The populations that the rung before left to a block's group. */
export function* populationsBefore(
  sweep: string,
  block: Block,
  trialOf: TrialOf,
): Generator<Population> {
  for (const name of filesOf(sweep, rungPrefix(block, block.rung - 1))) {
    const found = readPartialIfWhole(join(folderOf(sweep), name), trialOf);
    if (found !== undefined) yield* found.kept;
  }
}

function remove(sweep: string, names: readonly string[]): void {
  for (const name of names) rmSync(join(folderOf(sweep), name), { force: true });
}

/** Removes what rungs left to a rung that is complete: once a block runs, those before the one it continues. */
export function removeOlderRungs(sweep: string, block: Block): void {
  for (let rung = 0; rung < block.rung - 1; rung++)
    remove(sweep, filesOf(sweep, rungPrefix(block, rung)));
}

/** Removes what all rungs left. For a sweep that is complete. */
export function removeRungs(sweep: string): void {
  remove(
    sweep,
    filesOf(sweep, "c").filter((name) => RUNG_FILE.test(name)),
  );
}
