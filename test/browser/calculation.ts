// What a page and Node compute alike: steady states of a network and one training step of a DQGAN. Bundled for the page,
// imported by the test.

import type * as models from "../../src/models/index.js";
import type * as zenoflow from "../../src/index.js";

/** The parts of the package that are used, from wherever they come. */
export type Package = Pick<typeof zenoflow, "network" | "random" | "useBackend"> &
  Pick<typeof models, "trainDqgan">;

/** Where to compute. */
export type Where = {
  readonly backend: "auto" | "wasm" | "webgpu" | "cpu";
  readonly options: zenoflow.BackendOptions;
};

/** Float32 numbers as their bits: nothing on the way can change them. */
export type Bits = readonly number[];

/** What was computed. */
export type Numbers = {
  readonly info: zenoflow.BackendInfo;
  /** `[3, 50, 2]` */
  readonly theta: Bits;
  /** `[3, 2, 2, 3, 3]` */
  readonly J: Bits;
  /** Bloch vectors at Γ = 40, `[3, 50, 2, 3]`. */
  readonly bloch: Bits;
  /** Every tensor of a DQGAN after one step. */
  readonly trained: Readonly<Record<string, Bits>>;
};

const bits = (values: Float32Array): Bits =>
  Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length));

/** The numbers behind some bits. */
export function floats(of: Bits): Float32Array {
  return new Float32Array(Uint32Array.from(of).buffer);
}

const OPTIONS = {
  ...{ replicas: 2, seed: 5, model: { heads: 2 } },
  train: { steps: 1, batch: 32, evaluateEvery: 0 },
  evaluate: { n: 300, validation: 200, marginalBins: 10, jointBins: 5 },
};

async function trainedOnce({ trainDqgan }: Package): Promise<Numbers["trained"]> {
  let tensors: Numbers["trained"] = {};
  for await (const event of trainDqgan(OPTIONS)) {
    const entries = Object.entries((await event.snapshot()).tensors);
    tensors = Object.fromEntries(entries.map(([name, { values }]) => [name, bits(values)]));
  }
  return tensors;
}

/** Computes on one backend. */
export async function calculate(part: Package, where: Where): Promise<Numbers> {
  const { network, random, useBackend } = part;
  const info = await useBackend(where.backend, where.options);
  const theta = random.uniform(random.stream(1, "problemGenerators"), [3, 50, 2], { hi: Math.PI });
  const J = random.normal(random.stream(2, "problemGenerators"), [3, 2, 2, 3, 3]);
  const bloch = network.steadyState({ theta, J, gamma: 40, polarization: 1 });
  const all = [theta, J, bloch];
  const [a, b, c] = await Promise.all(all.map(async (t) => bits(await t.data<"float32">())));
  for (const t of all) t.dispose();
  return { info, theta: a!, J: b!, bloch: c!, trained: await trainedOnce(part) };
}
