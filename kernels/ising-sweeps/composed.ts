// Sweeps in tf operations, colour after colour: any backend. Dense products of the spins with one block of couplings a
// colour, so for graphs of up to some thousand nodes.

import * as tf from "@tensorflow/tfjs";
import { philox } from "../philox/index.js";
import { scheduleOf } from "./coefficients.js";
import { finiteBeta, thresholds } from "./rounding.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { SweepCall } from "./contract.js";
import type { Layout } from "./layout.js";
import type { PreparedModel } from "./prepare.js";

/** One colour: positions from … to − 1, its biases `[P, 1, B]` and couplings `[P, n, B]`, those to be scaled apart. */
type Block = {
  readonly from: number;
  readonly to: number;
  readonly biases: Tensor;
  readonly plain: Tensor;
  readonly scaled: Tensor | null;
};

/**
 * The spins after the sweeps of a call, `[P, C, n]`: in exact mode the same bits as the fused form, in fast mode the
 * same but for decisions within 1e-6 of their probability.
 */
export function composedSweeps(prepared: PreparedModel, call: SweepCall): Tensor {
  return tf.tidy(() => {
    const { model, layout } = prepared;
    const { n } = model.graph;
    const blocks = blocksOf(prepared);
    const shape = [model.population, call.chains, n];
    const held = clampedTensor(prepared, call);
    let s = byPosition(Float32Array.from(call.spins), layout, shape);
    for (let t = 0; t < call.sweeps; t++) {
      const u = uniforms(call, shape, t);
      const decide = decision(prepared, call, t);
      for (const block of blocks)
        s = replaced(
          s,
          held,
          block,
          decide(fields(s, block, call, t), slice(s, block), slice(u, block)),
        );
    }
    return tf.gather(s, tf.tensor1d(model.graph.pos, "int32"), 2);
  });
}

function slice(x: Tensor, { from, to }: Pick<Block, "from" | "to">): Tensor {
  return tf.slice(x, [0, 0, from], [-1, -1, to - from]);
}

/** Column `position` holds what stands at the node of that position. */
function byPosition(values: Float32Array, { order }: Layout, shape: readonly number[]): Tensor {
  return tf.gather(tf.tensor(values, [...shape]), tf.tensor1d(order, "int32"), 2);
}

function blocksOf(prepared: PreparedModel): Block[] {
  const { model, layout } = prepared;
  const { n, colour } = model.graph;
  const blocks: Block[] = [];
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && colour[layout.order[to]!] === colour[layout.order[from]!]) to++;
    blocks.push(blockOf(prepared, from, to));
  }
  return blocks;
}

function blockOf({ model, layout, integers }: PreparedModel, from: number, to: number): Block {
  const { population, graph } = model;
  const [n, B, edges] = [graph.n, to - from, graph.edges.length / 2];
  const biases = new Float32Array(population * B);
  const weights = [0, 1].map(() => new Float32Array(population * n * B));
  for (let p = 0; p < population; p++)
    for (let at = from; at < to; at++) {
      const bias =
        integers[p]?.biases[layout.order[at]!] ?? model.biases[p * n + layout.order[at]!]!;
      biases[p * B + at - from] = bias;
      for (let i = layout.bounds[2 * at]!; i < layout.bounds[2 * at + 2]!; i++) {
        const e = layout.edge[i]!;
        const kind = i < layout.bounds[2 * at + 1]! ? 0 : 1;
        weights[kind]![(p * n + layout.to[i]!) * B + at - from] =
          integers[p]?.couplings[e] ?? model.couplings[p * edges + e]!;
      }
    }
  const matrix = (kind: number): Tensor => tf.tensor3d(weights[kind]!, [population, n, B]);
  return {
    ...{ from, to, biases: tf.tensor3d(biases, [population, 1, B]), plain: matrix(0) },
    scaled: model.scaled === undefined ? null : matrix(1),
  };
}

function fields(
  s: Tensor,
  { biases, plain, scaled }: Block,
  { scale }: SweepCall,
  t: number,
): Tensor {
  const F = tf.add(tf.matMul(s, plain), biases);
  return scaled === null ? F : tf.add(F, tf.mul(tf.matMul(s, scaled), scale?.[t] ?? 1));
}

/** One native draw serves a whole sweep; chains are rows of a multiple of 4 words. */
function uniforms(
  { seed, firstSweep, chainOffset = 0 }: SweepCall,
  [P, C, n]: readonly number[],
  t: number,
): Tensor {
  const width = 4 * Math.ceil(n! / 4);
  return philox({
    ...{ seeds: [[seed, firstSweep + t]], shape: [P!, C!, width], offset: chainOffset * width },
    ...{ law: "uniform", scale: 1, shift: 0 },
  });
}

type Decide = (F: Tensor, s: Tensor, u: Tensor) => Tensor;

const spinsOf = (up: Tensor): Tensor => tf.sub(tf.mul(tf.cast(up, "float32"), 2), 1);

function decision(prepared: PreparedModel, call: SweepCall, t: number): Decide {
  const metropolis = call.rule === "metropolis";
  const accept = prepared.mode === "exact" ? exactAccept(prepared, call, t) : fastAccept(call, t);
  return (F, s, u) => {
    if (!metropolis) return spinsOf(accept(F, u));
    // −s where accepted.
    return tf.neg(tf.mul(s, spinsOf(accept(tf.mul(F, s), u))));
  };
}

type Accept = (F: Tensor, u: Tensor) => Tensor;

function fastAccept(call: SweepCall, t: number): Accept {
  const beta = tf.mul(
    betas(call, t, (b) => finiteBeta(b)),
    -2,
  );
  return (F, u) => {
    const weight = tf.exp(tf.clipByValue(tf.mul(F, beta), -87, 87));
    const shifted = tf.add(u, 2 ** -24);
    if (call.rule === "metropolis")
      return tf.logicalOr(tf.greaterEqual(weight, 1), tf.less(shifted, weight));
    return tf.less(tf.mul(shifted, tf.add(weight, 1)), 1);
  };
}

function exactAccept({ integers, model }: PreparedModel, call: SweepCall, t: number): Accept {
  const { shape } = scheduleOf(call);
  const chains = shape[2];
  const starts = new Float32Array(model.population * chains);
  const entries: number[] = [];
  const values = valuesAt(call, t);
  for (let p = 0; p < model.population; p++)
    for (let c = 0; c < chains; c++) {
      starts[p * chains + c] = entries.length + integers[p]!.largestField;
      const beta = values[(shape[1] === 1 ? 0 : p) * chains + c]!;
      for (const threshold of thresholds(call.rule ?? "gibbs", beta, integers[p]!))
        entries.push(threshold * 2 ** -23);
    }
  const table = tf.tensor1d(entries);
  const start = tf.tensor3d(starts, [model.population, chains, 1]);
  return (F, u) => tf.less(u, tf.gather(table, tf.cast(tf.add(F, start), "int32")));
}

function valuesAt(call: SweepCall, t: number): Float64Array {
  const { shape, values } = scheduleOf(call);
  const width = shape[1] * shape[2];
  const from = shape[0] === 1 ? 0 : t * width;
  return values.subarray(from, from + width);
}

/** `[P or 1, C or 1, 1]`. */
function betas(call: SweepCall, t: number, f: (beta: number) => number): Tensor {
  const { shape } = scheduleOf(call);
  return tf.tensor3d(Float32Array.from(valuesAt(call, t), f), [shape[1], shape[2], 1]);
}

function clampedTensor(
  { model, layout }: PreparedModel,
  { clamped, chains }: SweepCall,
): Tensor | null {
  if (clamped === undefined) return null;
  const { n } = model.graph;
  const shape = clamped.length === n ? [1, 1, n] : [model.population, chains, n];
  return byPosition(
    Float32Array.from(clamped, (c) => (c === 0 ? 0 : 1)),
    layout,
    shape,
  );
}

function replaced(s: Tensor, held: Tensor | null, block: Block, fresh: Tensor): Tensor {
  const n = s.shape[2]!;
  const kept = held === null ? fresh : kept3(slice(held, block), slice(s, block), fresh);
  const parts = [slice(s, { from: 0, to: block.from }), kept, slice(s, { from: block.to, to: n })];
  return tf.concat(
    parts.filter(({ size }) => size > 0),
    2,
  );
}

/** held · old + (1 − held) · fresh: broadcasting where the mask has no chains. */
function kept3(held: Tensor, old: Tensor, fresh: Tensor): Tensor {
  return tf.add(tf.mul(held, old), tf.mul(tf.sub(1, held), fresh));
}
