// A user of the packed package, in strict TypeScript: what is exported has types that fit together.
// Compiled, not run, by scripts/check-pack.sh inside an empty project.

import * as tf from "@tensorflow/tfjs";
import { ising, network, random, useBackend } from "zenoflow";
import { readGraph, readModel } from "zenoflow/files";
import { dqgan, trainDqgan } from "zenoflow/models";

const { name, threads } = await useBackend("wasm", { threads: 1 });
console.log(`${name} on ${threads} threads`);

const theta: tf.Tensor = random.uniform(random.stream(7, "latent"), [64, 2], {
  lo: 0,
  hi: Math.PI,
});
const J: tf.Tensor = random.normal(random.stream(7, "initialParameters"), [1, 2, 3, 3]);

const r: tf.Tensor = network.steadyState(
  { theta, J, gamma: 100, polarization: 1 },
  { path: "effective" },
);
const slope: tf.Tensor = tf.grad((angles: tf.Tensor) =>
  network.steadyState({ theta: angles, J, gamma: 100, polarization: 1 }).sum(),
)(theta);
console.log(r.shape, slope.shape);

// @ts-expect-error: paths are named, a misspelt one does not compile
network.steadyState({ theta, J, gamma: 100, polarization: 1 }, { path: "efective" });

for await (const event of trainDqgan({ preset: "robust", replicas: 2, seed: 1 })) {
  const losses: readonly number[] | undefined = event.losses["generator"];
  console.log(event.step, event.steps, losses);
}

const title: string = dqgan.title;
console.log(title);

const { model: read } = readModel("couplings.csv");
const on: ising.IsingGraph = readGraph("couplings.csv");
const run: ising.GibbsRun = await ising.gibbs(read, { chains: 16, beta: 0.5 });
console.log(on.n, run.diagnostics.rHat);
