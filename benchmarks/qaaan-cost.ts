// What does a step of a QAAAN cost? Both networks on each backend beside the same ones in PyTorch, in turns in one run on one
// core, and the prior. The peer needs Python with benchmarks/peers/requirements.txt; ZENOFLOW_PYTHON names it.

import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../src/backend.js";
import { BackendError } from "../src/errors.js";
import { qaaanConfig } from "../src/models/index.js";
import { priorSteps } from "../src/models/qaaan/prior.js";
import { initialState, type ReplicaState } from "../src/models/qaaan/state.js";
import { pairStep, type Game } from "../src/models/qaaan/step.js";
import { gameOf } from "../src/models/qaaan/train.js";
import { report, requireError, round } from "./harness.js";
import { askPeers, type Answers } from "./peer-driver.js";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

const BACKENDS = ["tensorflow", "wasm", "cpu"] as const;
const PRESETS = ["small", "paper"] as const;

type Preset = (typeof PRESETS)[number];

/** Turns, and iterations a turn: the fastest turn counts, as other programs come and go. */
const ROUNDS = { quick: 3, full: 10 } as const;
const ITERATIONS = 8;
const WARMUP = 3;
const FULL_TURN = { iterations: ITERATIONS, warmup: WARMUP } as const;
/** On cpu a step takes seconds, and the first is like the others. */
const SLOW_TURN = { iterations: 1, warmup: 1 } as const;

/** Milliseconds a step. */
type Cost = { readonly networks: number; readonly prior: number };

type PeerLine = { readonly version: string; readonly seconds: number; readonly loss: number };

/** Losses of a game that has just begun lie far below this. */
const MOST_LOSS = 20;

/** Images of 28 × 28 pixels; which ones makes no difference. */
function gameFor(preset: Preset): Game {
  const { data: _, ...config } = qaaanConfig({ preset });
  return gameOf({ ...config, data: { ...qaaanConfig().data, train: 2000 } }, undefined);
}

async function step(game: Game, state: ReplicaState, t: number): Promise<[ReplicaState, Cost]> {
  const turn = { seed: 1, t };
  const priors = priorSteps(game.config);
  const start = performance.now();
  const drawn = await priors.advance(state.prior!, turn);
  const middle = performance.now();
  const { pair, losses, features } = tf.tidy(() => pairStep(game, state.pair, drawn.spins, turn));
  tf.dispose(state.pair);
  const [discriminator] = await losses.data<"float32">();
  const outputs = await features.data<"float32">();
  tf.dispose([losses, features]);
  requireError("discriminator loss", discriminator!, MOST_LOSS);
  const end = performance.now();
  const spins = Int8Array.from(outputs, (value) => (value >= 0 ? 1 : -1));
  const prior = await priors.learn(drawn, spins, turn);
  const cost = { networks: end - middle, prior: middle - start + performance.now() - end };
  return [{ pair, prior }, cost];
}

type Turn = { readonly iterations: number; readonly warmup: number };

/** Means over a turn's iterations. */
async function turnOf(game: Game, { iterations, warmup }: Turn): Promise<Cost> {
  let [state] = initialState(game) as [ReplicaState];
  let [networks, prior] = [0, 0];
  for (let t = 0; t < warmup + iterations; t++) {
    const [next, cost] = await step(game, state, t);
    state = next;
    if (t < warmup) continue;
    networks += cost.networks / iterations;
    prior += cost.prior / iterations;
  }
  tf.dispose(state.pair);
  return { networks, prior };
}

function least(a: Cost | undefined, b: Cost): Cost {
  if (a === undefined) return b;
  return { networks: Math.min(a.networks, b.networks), prior: Math.min(a.prior, b.prior) };
}

function ask(preset: Preset): Promise<Answers<PeerLine>> {
  const job = { preset, threads: 1, iterations: ITERATIONS, repetitions: 1 };
  return askPeers("torch_qaaan.py", ["torch"], job);
}

/** One turn of each backend that is there; of a slow one the first only. */
async function ownTurns(preset: Preset, best: Map<string, Cost>): Promise<string[]> {
  const missing: string[] = [];
  for (const backend of BACKENDS) {
    const slow = backend === "cpu";
    if (slow && best.has(backend)) continue;
    try {
      await useBackend(backend, { threads: 1 });
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      missing.push(error.message);
      continue;
    }
    best.set(
      backend,
      least(best.get(backend), await turnOf(gameFor(preset), slow ? SLOW_TURN : FULL_TURN)),
    );
  }
  return missing;
}

async function rowsOf(
  preset: Preset,
  { profile, log }: SuiteOptions,
  missing: Set<string>,
): Promise<Row[]> {
  const best = new Map<string, Cost>();
  let [torch, version] = [Infinity, ""];
  for (let round = 0; round < ROUNDS[profile]; round++) {
    log(`qaaan-cost: ${preset}, turn ${round + 1} of ${ROUNDS[profile]}`);
    const answers = await ask(preset);
    for (const line of answers.lines) {
      requireError("discriminator loss of the peer", line.loss, MOST_LOSS);
      torch = Math.min(torch, 1000 * line.seconds);
      version = line.version;
    }
    for (const what of [...answers.missing, ...(await ownTurns(preset, best))]) missing.add(what);
  }
  const own = [...best].map(([backend, { networks, prior }]): Row => ({
    ...{ preset, who: `zenoflow on ${backend}`, "networks, ms": round(networks) },
    "times PyTorch": Number.isFinite(torch) ? round(networks / torch) : null,
    "prior, ms": round(prior),
  }));
  if (!Number.isFinite(torch)) return own;
  const peer = { preset, who: `torch ${version}`, "networks, ms": round(torch) };
  return [{ ...peer, "times PyTorch": 1, "prior, ms": null }, ...own];
}

async function run(options: SuiteOptions): Promise<Report> {
  const rows: Row[] = [];
  const missing = new Set<string>();
  const presets = options.profile === "full" ? PRESETS : PRESETS.slice(0, 1);
  for (const preset of presets) rows.push(...(await rowsOf(preset, options, missing)));
  return report(rows, [
    `One core, float32, images of 28 × 28. Turns of ${ITERATIONS} steps each, PyTorch and each backend one after the other; the fastest turn of ${ROUNDS[options.profile]} counts; cpu has one step.`,
    "webgpu is left out: an emulated device says nothing of a GPU.",
    "networks: both updates with Adam and the moving average. prior: 5 sweeps of 1000 chains on Chimera and one update.",
    ...missing,
  ]);
}

/** The suite `qaaan-cost`. */
export const qaaanCost: Suite = {
  title: "a training step of a QAAAN beside PyTorch in the same run (needs Python)",
  run,
};
