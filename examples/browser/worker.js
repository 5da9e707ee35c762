// The training, away from the page's thread: takes commands, reports events. Draws nothing.

import { network, random, useBackend } from "zenoflow";
import { dqgan, dqganConfig, selectConfig, selectReplicas } from "zenoflow/models";
import { effectiveSteadyState } from "../../dist/kernels/effective-steady-state/reference.js";

/** Rows in an evaluation while training, and in the file of samples. */
const ROWS = 10_000;

const tell = (type, content = {}) => postMessage({ type, ...content });

/** Lets commands in: they come between two turns of the event loop. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

let continued = Promise.resolve();
let goOn = () => undefined;
let latest;

const commands = { train, check, sampleRows, snapshot, pause, resume };

onmessage = ({ data: { command, ...content } }) => {
  Promise.resolve(commands[command](content)).catch(({ message }) => tell("error", { message }));
};

async function begin({ backend, software }) {
  const info = await useBackend(backend, software ? { software } : {});
  tell("backend", { info, isolated: globalThis.crossOriginIsolated });
}

function configOf({ preset, replicas, steps, seed }) {
  const evaluateEvery = Math.max(1, Math.round(steps / 40));
  return dqganConfig({
    ...{ preset, replicas, seed, train: { steps, evaluateEvery } },
    evaluate: { n: ROWS, validation: ROWS },
  });
}

async function train(settings) {
  await begin(settings);
  const config = configOf(settings);
  for await (const event of dqgan.train(config)) {
    const { step, steps, losses, metrics } = event;
    tell("event", { step, steps, losses, metrics });
    latest = { config, snapshot: await event.snapshot() };
    if (metrics !== undefined) await evaluateBest(metrics.jointDistance);
    await breathe();
    await continued;
  }
  tell("done");
}

/** The replica nearest to the validation data, alone: its histograms are what the page draws. */
async function evaluateBest(distances) {
  const best = [distances.indexOf(Math.min(...distances.filter(Number.isFinite)))];
  if (best[0] < 0) return;
  const config = selectConfig(dqgan.schema, latest.config, best);
  const evaluation = await dqgan.evaluate(config, selectReplicas(latest.snapshot, best));
  tell("evaluation", { evaluation });
}

function pause() {
  continued = new Promise((resolve) => (goOn = resolve));
}

function resume() {
  goOn();
}

async function sampleRows() {
  const { columns, values } = await dqgan.sample(latest.config, latest.snapshot, { n: ROWS });
  const rows = Array.from({ length: ROWS }, (_, i) =>
    values.slice(i * columns.length, (i + 1) * columns.length).join(","),
  );
  const text = `${[columns.join(","), ...rows].join("\r\n")}\r\n`;
  tell("file", { name: "samples.csv", mime: "text/csv", text });
}

function snapshot() {
  const { config, snapshot } = latest;
  const tensors = Object.entries(snapshot.tensors).map(([name, { shape, values }]) => [
    name,
    { shape, values: Array.from(values) },
  ]);
  const content = {
    model: "dqgan",
    config,
    step: snapshot.step,
    tensors: Object.fromEntries(tensors),
  };
  tell("file", { name: "dqgan.json", mime: "application/json", text: JSON.stringify(content) });
}

/** The largest difference of a thousand steady states from plain float64 loops. */
async function check(settings) {
  await begin(settings);
  const [count, gamma] = [1000, 40];
  const theta = random.uniform(random.stream(3, "problemGenerators"), [count, 2], { hi: Math.PI });
  const J = random.normal(random.stream(4, "problemGenerators"), [count, 1, 2, 3, 3]);
  const bloch = network.steadyState({ theta, J, gamma, polarization: 1 });
  const [angles, couplings, got] = await Promise.all([theta, J, bloch].map((t) => t.data()));
  for (const t of [theta, J, bloch]) t.dispose();
  const matrix = (at) =>
    [0, 3, 6].map((row) => Array.from(couplings.slice(at + row, at + row + 3)));
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const wanted = effectiveSteadyState({
      ...{ theta: Array.from(angles.slice(2 * i, 2 * i + 2)), gamma, polarization: 1 },
      J: [matrix(18 * i), matrix(18 * i + 9)],
    });
    wanted.forEach((x, k) => (largest = Math.max(largest, Math.abs(x - got[3 * i + k]))));
  }
  tell("checked", { count, largest });
}
