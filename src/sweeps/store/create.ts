// Starting a sweep folder, or finding the one that the same study continues. A changed study is refused.

import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import { makeFolders } from "../../data/files/folders.js";
import { unlessDamaged } from "../../runs/document.js";
import { makeFolder } from "../../runs/files.js";
import type { Study } from "../types.js";
import { probeFolder, replaceFile, storing, syncFolder } from "./exclusive.js";
import { partsOfSweepName, sweepFiles, sweepName } from "./layout.js";
import { openStore, type Store } from "./store.js";
import { readStudyLock, STUDY_LOCK_SCHEMA, writeStudyLock, type StudyLock } from "./study-lock.js";
import { newSweepManifest } from "./sweep-manifest.js";

/** What a sweep is started or continued with. */
export type SweepRequest = {
  /** The folder of all runs. */
  readonly root: string;
  /** The study as the user wrote it. */
  readonly text: string;
  readonly lock: Omit<StudyLock, "schema">;
  /** Starts another folder even where the study has one, or a changed one of its name has. */
  readonly fresh?: boolean;
};

/** One line a difference between two studies. */
export type Differences = (before: Study, after: Study) => readonly string[];

type Found = { readonly folder: string; readonly lock: StudyLock };

function folders(root: string): readonly string[] {
  try {
    return readdirSync(root).filter((name) => partsOfSweepName(name) !== undefined);
  } catch {
    return [];
  }
}

/** Sweeps under a root, by name, so that of several with the same study the last one is the newest. */
export function listSweeps(root: string): readonly Found[] {
  const order = (name: string): number => partsOfSweepName(name)!.copy;
  return [...folders(root)]
    .sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
    .map((name) => join(root, name))
    .flatMap((folder) => {
      // One that is damaged is reported by the verb that names its folder or continues it, not by every search.
      const lock = unlessDamaged(() => readStudyLock(folder));
      return lock === undefined ? [] : [{ folder, lock }];
    });
}

function otherContents(before: StudyLock, after: SweepRequest["lock"]): readonly string[] {
  const paths = new Set([...Object.keys(before.datasets), ...Object.keys(after.datasets)]);
  const short = (hash: string | undefined): string =>
    hash === undefined ? "none" : `sha256 ${hash.slice(0, 12)}…`;
  return [...paths]
    .filter((path) => before.datasets[path] !== after.datasets[path])
    .map(
      (path) =>
        `contents of ${path}: ${short(before.datasets[path])} → ${short(after.datasets[path])}`,
    );
}

function otherNumerics(before: StudyLock, after: SweepRequest["lock"]): readonly string[] {
  const [a, b] = [before.numericsVersion, after.numericsVersion];
  return a === b ? [] : [`numerics of ${after.study.task}: version ${a} → ${b}`];
}

function changedError(found: Found, request: SweepRequest, differences: Differences): DataError {
  const { folder, lock } = found;
  const lines = [
    ...differences(lock.study, request.lock.study),
    ...otherNumerics(lock, request.lock),
    ...otherContents(lock, request.lock),
  ];
  const list = lines.map((line) => `\n  ${line}`).join("");
  return new DataError(
    `sweep: the study must be the one that ${folder} was started with, but differs:${list}\nRestore these to continue it, or start another sweep with --new. Only trials, limits and name may change.`,
  );
}

function write(folder: string, { text, lock }: SweepRequest): void {
  const files = sweepFiles(folder);
  for (const path of [files.batches, files.events, files.logs, files.checkpoints, files.plots]) {
    makeFolders(path);
  }
  probeFolder(files.batches);
  writeFileSync(files.study, text, { flush: true });
  writeStudyLock(folder, { schema: STUDY_LOCK_SCHEMA, ...lock });
  replaceFile(files.manifest, `${JSON.stringify(newSweepManifest(lock.identity.hash), null, 2)}\n`);
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOTEMPTY" || code === "EEXIST";
}

/** Makes the folder beside its place and moves it there whole; false where the name is taken. */
function create(folder: string, request: SweepRequest): boolean {
  makeFolder(request.root);
  const beside = join(request.root, `.new-${randomBytes(6).toString("hex")}`);
  return storing(folder, () => {
    try {
      mkdirSync(beside);
      write(beside, request);
      renameSync(beside, folder);
      syncFolder(request.root);
      return true;
    } catch (error) {
      rmSync(beside, { recursive: true, force: true });
      if (isTaken(error)) return false;
      throw error;
    }
  });
}

/** What may change between invocations goes into the folder; block size and all that is hashed stay. */
function adopt({ folder, lock }: Found, request: SweepRequest): void {
  const { text, lock: next } = request;
  const changed: StudyLock = {
    ...lock,
    origins: next.origins,
    // What is hashed is the same by its hash, unless the file was edited or hit by a fault: then it is mended.
    study: next.study,
    ...(next.module !== undefined && { module: next.module }),
    ...(next.models !== undefined && { models: next.models }),
  };
  if (JSON.stringify(changed) === JSON.stringify(lock)) return;
  writeStudyLock(folder, changed);
  const path = sweepFiles(folder).study;
  replaceFile(path, text);
}

function createNew(request: SweepRequest): Store {
  const { root, lock } = request;
  const name = join(root, sweepName(lock.study.name, lock.identity.hash));
  for (let copy = 1; ; copy++) {
    const folder = copy === 1 ? name : `${name}-${copy}`;
    if (create(folder, request)) return openStore(folder);
    // Another process may have started the same study at the same moment: that sweep is this one.
    if (request.fresh !== true && readStudyLock(folder)?.identity.hash === lock.identity.hash) {
      return openStore(folder);
    }
  }
}

/**
 * The sweep of a study: the newest folder with its hash, or a new one. Names, trials and limits may have changed.
 *
 * @param differences - lists what differs where a sweep of this name was started with another study
 * @throws DataError where the study was changed; OutputError where the folder cannot be made
 */
export function openSweep(request: SweepRequest, differences: Differences): Store {
  if (request.fresh === true) return createNew(request);
  const sweeps = listSweeps(request.root);
  const { study, identity } = request.lock;
  const same = sweeps.findLast(({ lock }) => lock.identity.hash === identity.hash);
  if (same !== undefined) {
    adopt(same, request);
    return openStore(same.folder);
  }
  const namesake = sweeps.findLast(({ lock }) => lock.study.name === study.name);
  if (namesake !== undefined) throw changedError(namesake, request, differences);
  return createNew(request);
}
