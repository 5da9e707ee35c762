// The training loop: its events, its memory, how it stops, what it does with other data, and that it learns.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { hostPool } from "../../kernels/runtime/host/pool.js";
import { DataError, useBackend } from "../../src/index.js";
import { trainDqgan } from "../../src/models/index.js";
import { closeTo } from "../support/close-to.js";
import { csvOptions, csvText, tiny, trained } from "./runs.js";
import type { DqganOptions, HistoryRow, TrainEvent } from "../../src/models/index.js";

async function events(options: DqganOptions): Promise<TrainEvent[]> {
  const all: TrainEvent[] = [];
  for await (const event of trainDqgan(options)) all.push(event);
  return all;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

describe("trainDqgan()", () => {
  before(() => useBackend("wasm"));

  it("reports about 200 events, every validation, and the last step", async () => {
    const train = { steps: 1000, evaluateEvery: 300, batch: 4 };
    const all = await events(tiny({ train }));
    const every5 = Array.from({ length: 200 }, (_, i) => 5 * (i + 1));
    expect(all.map(({ step }) => step)).to.deep.equal(every5);
    const validated = all.filter(({ metrics }) => metrics).map(({ step }) => step);
    expect(validated).to.deep.equal([300, 600, 900, 1000]);
    expect(all.every(({ steps }) => steps === 1000)).to.equal(true);
  });

  it("validates at steps between events, and only at the end where told so", async () => {
    const at = async (evaluateEvery: number): Promise<number[]> =>
      (await events(tiny({ train: { steps: 500, evaluateEvery, batch: 4 } })))
        .filter(({ metrics }) => metrics)
        .map(({ step }) => step);
    expect(await at(333)).to.deep.equal([333, 500]);
    expect(await at(0)).to.deep.equal([500]);
  });

  it("reports the means of the losses since the last event", async () => {
    const of = (evaluateEvery: number): Promise<{ history: readonly HistoryRow[] }> =>
      trained(tiny({ replicas: 2, train: { steps: 600, evaluateEvery, batch: 4 } }));
    const [single, grouped] = [await of(1), await of(0)];
    expect(single.history).to.have.length(600);
    expect(grouped.history).to.have.length(200);
    grouped.history.forEach(({ step, losses }) => {
      for (const [name, values] of Object.entries(losses)) {
        const own = single.history.slice(step - 3, step).map((row) => row.losses[name]!);
        const means = values.map((_, p) => own.reduce((sum, row) => sum + row[p]!, 0) / 3);
        closeTo(values, means, { rtol: 1e-6 }, `${name} at ${step.toString()}`);
      }
    });
  });

  it("gives one number per replica, losses and metrics by name", async () => {
    const [first] = await events(tiny({ replicas: 3, train: { evaluateEvery: 1 } }));
    expect(Object.keys(first!.losses)).to.have.members(["discriminator", "generator"]);
    expect(Object.keys(first!.metrics!)).to.have.members([
      "jointDistance",
      "marginalDistance",
      "jointFloor",
      "marginalFloor",
    ]);
    for (const values of Object.values({ ...first!.losses, ...first!.metrics! }))
      expect(values).to.have.length(3);
    expect(new Set(first!.metrics!["jointFloor"])).to.have.property("size", 1);
  });

  it("reproduces itself, and differs with another seed", async () => {
    const [first, second, other] = [
      await trained(tiny()),
      await trained(tiny()),
      await trained(tiny({ seed: 6 })),
    ];
    expect(second).to.deep.equal(first);
    expect(other.history).not.to.deep.equal(first.history);
  });

  it("works with the largest seed", async () => {
    const { history } = await trained(tiny({ seed: 2 ** 31 - 1 }));
    expect(history).to.have.length(8);
    const two = await trained(tiny({ seed: 2 ** 31 - 2, replicas: 2 }));
    expect(two.history.at(-1)!.losses["generator"]![1]).to.equal(
      history.at(-1)!.losses["generator"]![0],
    );
  });

  for (const [d, inputs] of [
    [1, 1],
    [1, 3],
    [2, 1],
    [2, 3],
    [3, 2],
  ] as const) {
    it(`learns ${d.toString()} columns from ${inputs.toString()} inputs`, async () => {
      const { history, last } = await trained(csvOptions(d, { model: { inputs } }));
      expect(last.tensors["generator"]!.shape).to.deep.equal([1, d, inputs, 3, 3]);
      expect(last.tensors["discriminator"]!.shape).to.deep.equal([1, 2, d, 3, 3]);
      const { jointDistance, marginalDistance } = history.at(-1)!.metrics!;
      for (const [distance] of [jointDistance!, marginalDistance!])
        expect(distance).to.be.within(0.001, 0.999);
      if (d === 1) expect(jointDistance).to.deep.equal(marginalDistance);
    });
  }

  it("uses the columns that are named, in that order", async () => {
    const named = await trained(csvOptions(3, { data: { columns: ["c", "a"] } }));
    const turned = await trained(csvOptions(3, { data: { columns: ["a", "c"] } }));
    expect(named.last.tensors["generator"]!.shape).to.deep.equal([1, 2, 2, 3, 3]);
    expect(named.history).not.to.deep.equal(turned.history);
  });

  it("asks for the text of a file that it is not given", async () => {
    const { files: _, ...options } = csvOptions(2);
    const fault: unknown = await events(options).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(DataError);
    expect((fault as Error).message).to.equal(
      "dqgan: the text of data.csv must be given in `files`, but is missing.",
    );
  });
});

describe("the memory of a training", () => {
  before(() => useBackend("wasm"));

  /** Tensors, their bytes, and the sizes of both heaps. */
  function memory(): Record<string, number> {
    const { numTensors, numBytes, numDataBuffers } = tf.memory();
    const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
    const heaps = { heap: wasm.HEAPU8.length, pool: hostPool().f32(0, 1).buffer.byteLength };
    return { numTensors, numBytes, numDataBuffers, ...heaps };
  }

  it("is the same after 1,000 and after 10,000 steps", async () => {
    const options: DqganOptions = {
      replicas: 1,
      model: { heads: 1 },
      train: { steps: 10_000, batch: 8, evaluateEvery: 0 },
      evaluate: { validation: 100 },
    };
    const at: Record<number, Record<string, number>> = {};
    for await (const { step } of trainDqgan(options)) at[step] = memory();
    expect(at[9950]).to.deep.equal(at[1000]);
  }).timeout(60_000);

  it("grows by the state alone, and not at validations", async () => {
    const earlier = tf.memory().numTensors;
    const counts = new Set<number>();
    for await (const event of trainDqgan(tiny({ replicas: 2 }))) {
      await event.snapshot();
      counts.add(tf.memory().numTensors - earlier);
    }
    // Generator, discriminator, average, and two moments of each optimiser.
    expect([...counts]).to.deep.equal([7]);
  });

  for (const [name, options] of [
    ["of the line", tiny()],
    ["of a fixed set", tiny({ data: { rows: 30 } })],
    ["of a CSV file", csvOptions(2)],
  ] as const) {
    it(`is given back: training ${name}, ended or stopped`, async () => {
      const earlier = tf.memory();
      await trained(options);
      expect(tf.memory()).to.deep.equal(earlier);
      for (const stop of [1, 3]) {
        for await (const { step } of trainDqgan(options)) if (step === stop) break;
        expect(tf.memory()).to.deep.equal(earlier);
      }
      await trainDqgan(options).return();
      expect(tf.memory()).to.deep.equal(earlier);
    });
  }

  it("is given back when the consumer fails", async () => {
    const earlier = tf.memory();
    const fail = async (): Promise<void> => {
      for await (const { step } of trainDqgan(csvOptions(2)))
        if (step === 2) throw new Error("mine");
    };
    const fault: unknown = await fail().catch((error: unknown) => error);
    expect((fault as Error).message).to.equal("mine");
    expect(tf.memory()).to.deep.equal(earlier);
  });

  it("is given back when the data are refused", async () => {
    const earlier = tf.memory();
    const text = csvText(2, 50);
    const options = { ...csvOptions(2), files: { "data.csv": text } };
    const fault: unknown = await events(options).catch((error: unknown) => error);
    expect((fault as Error).message).to.include("at least 100 complete rows");
    expect(tf.memory()).to.deep.equal(earlier);
  });
});

describe("the preset robust", () => {
  before(() => useBackend("wasm"));

  for (const algorithm of [1, 2] as const) {
    it(`lowers the median distances of 8 seeds in 300 steps: algorithm ${algorithm.toString()}`, async () => {
      const distances = async (steps: number): Promise<[number, number]> => {
        const train = { steps, evaluateEvery: 0 };
        const { history } = await trained({
          preset: "robust",
          replicas: 8,
          model: { algorithm },
          train,
        });
        const { jointDistance, marginalDistance } = history.at(-1)!.metrics!;
        return [median(jointDistance!), median(marginalDistance!)];
      };
      const [earlier, later] = [await distances(1), await distances(300)];
      expect(later[0], "joint").to.be.below(earlier[0]);
      expect(later[1], "marginal").to.be.below(earlier[1]);
    });
  }
});
