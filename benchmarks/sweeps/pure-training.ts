// A process that trains rows of a sweep by the model's own `train`, block by block, and prints what that took: what
// remains of a sweep without everything that makes it one. Started by the suite `sweeps`.

import { text } from "node:stream/consumers";
import { useBackend } from "../../src/backend.js";
import { dqgan } from "../../src/models/index.js";
import { checkedConfiguration } from "../../src/sweeps/execution/configuration.js";
import { taskOf } from "../../src/sweeps/execution/task.js";
import { blockTrials, firstBlocks, planOf } from "../../src/sweeps/plan/index.js";
import { openStore } from "../../src/sweeps/store/index.js";
import type { TrainEvent } from "../../src/models/index.js";
import type { Block } from "../../src/sweeps/types.js";

/** What the process is asked. */
export type PureJob = {
  readonly folder: string;
  /** Rows to train, in whole blocks. */
  readonly rows: number;
};

/** What it answers. */
export type PureDone = {
  readonly rows: number;
  /** Of training, after the start and the backend's. */
  readonly seconds: number;
  readonly processor: number;
  /** Rows whose metric has other bits than the committed one. */
  readonly different: number;
};

const task = taskOf(dqgan);

async function lastEvent(events: AsyncGenerator<TrainEvent>): Promise<TrainEvent> {
  let last: TrainEvent | undefined;
  for await (const event of events) last = event;
  return last!;
}

async function pure({ folder, rows }: PureJob): Promise<PureDone> {
  const { lock, rows: committed } = openStore(folder);
  const { study, identity, blockSize } = lock;
  await useBackend("wasm", { threads: 1 });
  const plan = planOf(study, identity, { blockRows: blockSize });
  const train = async (block: Block): Promise<readonly number[]> => {
    const config = checkedConfiguration(task, study, blockTrials(study, identity, block));
    const { metrics } = await lastEvent(task.definition.train(config));
    return metrics![study.metrics[0]!.name]!;
  };
  let [done, seconds, processor, different] = [0, 0, 0, 0];
  for (const block of firstBlocks(plan)) {
    if (done >= rows) break;
    const [begun, used] = [performance.now(), process.cpuUsage()];
    const values = await train(block);
    const { user, system } = process.cpuUsage(used);
    seconds += (performance.now() - begun) / 1000;
    processor += (user + system) / 1e6;
    done += values.length;
    committed(block.id).forEach(({ v }, i) => {
      if (!Object.is(v, values[i])) different++;
    });
  }
  return { rows: done, seconds, processor, different };
}

const done = await pure(JSON.parse(await text(process.stdin)) as PureJob);
process.stdout.write(`${JSON.stringify(done)}\n`);
