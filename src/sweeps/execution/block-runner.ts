// From a block to its rows: where they go on from, how many of them fit into memory, and what the next rung needs.

import { rungBudgets } from "../plan/halving.js";
import { blockTrials } from "../plan/plan.js";
import type { Block, Study, StudyIdentity, Trial } from "../types.js";
import { loadPartial, populationsBefore, removeOlderRungs } from "./checkpoint.js";
import { memoryLimits, probeMemory, probeTime, type MemoryProbe } from "./memory-probe.js";
import type { Probed } from "./messages.js";
import { joinSteps, pick, type Population } from "./population.js";
import { prunedRow } from "./rows.js";
import {
  isEveryRows,
  messageOf,
  runRows,
  type Partial,
  type RowsProgress,
  type RowsResult,
} from "./run-rows.js";
import type { Task } from "./task.js";

/** Where blocks are run. */
export type BlockPlace = {
  readonly task: Task;
  readonly study: Study;
  readonly identity: StudyIdentity;
  /** The sweep's folder. */
  readonly folder: string;
  readonly backend: string;
  readonly workers: number;
};

/** How one block is run. */
export type RunBlock = {
  /** Rows trained together at most; null: what fits by the probe. */
  readonly microBatch: number | null;
  /** Trials that the user gave up. */
  readonly pruned: readonly number[];
  /** Of how many rows, the best ones, the state at the end of their training is wanted. */
  readonly best: number;
  /** From the first step, whatever earlier rungs and interruptions left. */
  readonly fresh: boolean;
  onProgress(progress: RowsProgress): void;
  stopping(): boolean;
};

/** Runs blocks of one study, one after another. */
export type BlockRunner = {
  run(block: Block, how: RunBlock): Promise<RowsResult>;
  /** What the rows of a block take. */
  probe(block: Block): Promise<Probed>;
};

/** Below this a probe takes more than it can save. */
const WORTH_PROBING = 16;

function membersOf(populations: Iterable<Population>, wanted: ReadonlySet<number>): Population[] {
  const left = new Set(wanted);
  const found: Population[] = [];
  for (const population of populations) {
    if (left.size === 0) break;
    const places = population.trials.flatMap(({ index }, p) => (left.has(index) ? [p] : []));
    for (const p of places) left.delete(population.trials[p]!.index);
    if (places.length > 0) found.push(pick(population, places));
  }
  return found;
}

function beginning(rows: Partial["rows"] = []): Partial {
  return { rows, populations: [], kept: [] };
}

/** A runner for the blocks of a study. */
export function createBlockRunner(place: BlockPlace): BlockRunner {
  const { task, study, identity, folder, backend, workers } = place;
  const budgets = rungBudgets(study);
  const probes = new Map<string, MemoryProbe>();

  // A row that fails here fails again when it is trained, and there it is told from the others.
  const probe = async (block: Block): Promise<MemoryProbe> => {
    const limits = memoryLimits(backend, workers);
    try {
      return await probeMemory(task, study, blockTrials(study, identity, block), limits);
    } catch (error) {
      if (isEveryRows(error)) throw error;
      const microBatch = block.trials.length;
      return { footprints: [], limits, microBatch, failure: messageOf(error) };
    }
  };

  const microBatchOf = async (block: Block): Promise<number> => {
    const rows = block.trials.length;
    if (rows <= WORTH_PROBING || !task.isPopulation) return Math.min(rows, task.mostRows);
    const found = probes.get(block.group) ?? (await probe(block));
    probes.set(block.group, found);
    return found.microBatch;
  };

  const standing = (block: Block, trials: readonly Trial[], fresh: boolean): Partial => {
    if (fresh) return beginning();
    const own = new Map(trials.map((trial) => [trial.index, trial]));
    // Files of a rung hold trials of other blocks too; these are passed over.
    const trialOf = (index: number): Trial => own.get(index) ?? { index, values: [], seed: 0 };
    const partial = loadPartial(folder, block.id, trialOf);
    if (partial !== undefined) return partial;
    if (block.rung === 0) return beginning();
    removeOlderRungs(folder, block);
    const populations = membersOf(populationsBefore(folder, block, trialOf), new Set(block.trials));
    return { ...beginning(), populations: joinSteps(populations) };
  };

  return {
    async probe(block) {
      const memory = await probe(block);
      if (memory.failure !== undefined) return { kind: "probed", memory, times: [] };
      const trials = blockTrials(study, identity, block);
      const times = await probeTime(
        task,
        study,
        trials,
        Math.min(memory.microBatch, task.mostRows),
      );
      return { kind: "probed", memory, times };
    },
    async run(block, { microBatch, pruned, best, fresh, onProgress, stopping }) {
      const given = new Set(pruned);
      const trials = blockTrials(study, identity, block);
      const from = standing(block, trials, fresh);
      const ended = new Set(from.rows.map(({ t }) => t));
      const isGiven = ({ index }: Trial): boolean => given.has(index) && !ended.has(index);
      const dropped = trials.filter(isGiven).map((trial) => prunedRow(study, trial));
      const left = from.populations.map((population) =>
        pick(
          population,
          population.trials.flatMap((trial, p) => (isGiven(trial) ? [] : [p])),
        ),
      );
      const resume: Partial = {
        ...from,
        rows: [...from.rows, ...dropped],
        populations: left.filter(({ trials }) => trials.length > 0),
      };
      return runRows({
        task,
        study,
        block,
        trials,
        pauses: budgets.filter((budget) => budget < block.budget),
        resume,
        microBatch: microBatch ?? (await microBatchOf(block)),
        keep: block.budget < budgets.at(-1)! ? Number.POSITIVE_INFINITY : best,
        onProgress,
        stopping,
      });
    },
  };
}
