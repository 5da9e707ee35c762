// The trained models of the best trials: written with their block before it is committed, one small file a block, and
// removed once better blocks are there. Writers never wait for each other: only what can never be needed is removed.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { selectReplicas } from "../../models/population.js";
import type { Snapshot } from "../../models/model.js";
import { makeFolder } from "../../runs/files.js";
import { bestBatches, keptModels, sweepFiles, type Store } from "../store/index.js";
import type { Block } from "../types.js";
import { readPartialIfWhole, writePartial } from "./checkpoint.js";
import type { Population } from "./population.js";

const NAME = /^(b-[0-9a-f]{12})\.safetensors$/;

function filesOf(sweep: string): readonly string[] {
  try {
    return readdirSync(sweepFiles(sweep).models).filter((name) => NAME.test(name));
  } catch {
    return [];
  }
}

/**
 * Keeps the best rows of a block as they ended.
 *
 * @throws OutputError where they cannot be written
 */
export function saveModels(sweep: string, block: Pick<Block, "id">, population: Population): void {
  makeFolder(sweepFiles(sweep).models);
  const path = join(sweepFiles(sweep).models, `${block.id}.safetensors`);
  writePartial(path, { rows: [], populations: [], kept: [population] });
}

/**
 * Removes the models of committed blocks that are not among the best any more.
 *
 * @param all - also those of blocks that are not committed: nobody is at work
 */
export function dropModels(store: Store, all = false): void {
  const names = filesOf(store.folder);
  if (names.length === 0) return;
  const { committed, batches } = store.scan();
  const best = bestBatches(store, committed.rungs.at(-1) ?? 0, keptModels(store));
  for (const name of names) {
    const id = NAME.exec(name)?.[1] ?? "";
    if (best.has(id) || !(batches.has(id) || all)) continue;
    rmSync(join(store.files.models, name), { force: true });
  }
}

/**
 * The models of some trials, each alone.
 *
 * @returns those that were kept, by trial
 */
export function loadModels(
  sweep: string,
  trials: readonly number[],
): ReadonlyMap<number, Snapshot> {
  const wanted = new Set(trials);
  const found = new Map<number, Snapshot>();
  for (const name of filesOf(sweep)) {
    // Seeds and values are those of the study; only numbers are read here.
    const trialOf = (index: number) => ({ index, values: [], seed: 0 });
    const kept = readPartialIfWhole(join(sweepFiles(sweep).models, name), trialOf)?.kept ?? [];
    for (const { trials: members, snapshot } of kept) {
      members.forEach(({ index }, p) => {
        if (snapshot === null || !wanted.has(index)) return;
        found.set(index, members.length === 1 ? snapshot : selectReplicas(snapshot, [p]));
      });
    }
  }
  return found;
}
