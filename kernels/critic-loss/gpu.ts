// How the losses of a critic run on the backend `webgpu`: a pass a layer, forward, back, and for the gradient along tangents
// and over the rows that share a weight; replicas, rows and units side by side.

import { sumPasses } from "../runtime/gpu/sums.js";
import { KINDS, parameterCount } from "./contract.js";
import { backward, BLOCK, ends, forward, tangent, weightBars } from "./layers.wgsl.js";
import type { GpuCall, GpuForm } from "../runtime/gpu/define.js";
import type { GpuPass, GpuWork } from "../runtime/gpu/passes.js";
import type { CriticLossAttrs, CriticLossGradAttrs, Penalty } from "./contract.js";

/** The numbers of a layer, as layers.wgsl.ts reads them. */
type Layer = {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightsAt: number;
  readonly below: number;
  readonly own: number;
  readonly first: number;
  readonly last: number;
};

/** A call in numbers. */
type Network = {
  readonly P: number;
  readonly B: number;
  readonly d: number;
  readonly K: number;
  readonly layers: readonly Layer[];
  /** Words of all activations, or all slopes. */
  readonly units: number;
};

function networkOf({ inputs }: GpuCall<CriticLossAttrs>, hidden: readonly number[]): Network {
  const [P, , B, d] = inputs["points"] as [number, number, number, number];
  const rows = P * KINDS * B;
  const widths = [d, ...hidden, 1];
  let [weightsAt, own] = [0, 0];
  const layers = widths.slice(1).map((outputs, l) => {
    const size = widths[l]!;
    const layer = {
      ...{ inputs: size, outputs, weightsAt, own },
      below: l === 0 ? 0 : own - rows * size,
      ...{ first: Number(l === 0), last: Number(l === hidden.length) },
    };
    weightsAt += (size + 1) * outputs;
    own += rows * outputs;
    return layer;
  });
  const units = rows * hidden.reduce((sum, width) => sum + width, 0);
  return { ...{ P, B, d, layers, units }, K: parameterCount(d, hidden) };
}

/** Activations of all rows; slopes of all of them to the first layer if `all`, to the points if `byPoints`, else of those between. */
function networkPasses({ P, B, K, layers }: Network, all: boolean, byPoints: boolean): GpuPass[] {
  const rows = KINDS * B;
  const up = layers.slice(0, -1).map((layer) => ({
    ...{ program: forward, items: P * rows * layer.outputs },
    numbers: { ...layer, B, K },
  }));
  const down = [...layers].reverse().map((layer) => {
    const skip = all && (byPoints || layer.first === 0) ? 0 : 2 * B;
    const items = P * (rows - skip) * layer.inputs;
    return { program: backward, items, numbers: { ...layer, B, K, skip } };
  });
  return [...up, ...down];
}

const endPrograms = { oneSided: ends("oneSided"), twoSided: ends("twoSided") } as const;

/** Values of all rows, tangents where they are wanted, and the means. */
function valueWork({ P, B, d, K, layers }: Network, penalty: Penalty, tangents: boolean) {
  const sums = sumPasses({
    ...{ from: "each", to: "values", outer: P * KINDS, terms: B, inner: 1 },
    scale: 1 / B,
  });
  const numbers = { ...layers.at(-1)!, B, K, d, tangents: Number(tangents) };
  const program = endPrograms[penalty];
  return {
    passes: [{ program, items: P * KINDS * B, numbers }, ...sums.passes] as readonly GpuPass[],
    scratch: { each: P * KINDS * B, t: P * B * d, ...sums.scratch },
  };
}

/** Form of `ZenoCriticLoss`. */
export const criticLossGpu: GpuForm<CriticLossAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { hidden, penalty } = call.attrs;
    const network = networkOf(call, hidden);
    const { P, B, d, units } = network;
    const values = valueWork(network, penalty, false);
    return {
      outputs: ["values"],
      // No cotangent is read: only slopes go back.
      scratch: { h: units, v: units, g: P * KINDS * B * d, dy: P * KINDS, ...values.scratch },
      passes: [...networkPasses(network, false, false), ...values.passes],
    };
  },
};

const bars = { list: weightBars("list"), listPart: weightBars("listPart") } as const;

/** The gradient by the parameters: sums over blocks of rows, then over blocks. */
function weightWork({ P, B, K, layers }: Network): Pick<GpuWork, "passes" | "scratch"> {
  const blocks = Math.ceil((KINDS * B) / BLOCK);
  const program = bars[blocks === 1 ? "list" : "listPart"];
  const passes = layers.map((layer) => ({
    ...{ program, items: P * blocks * (layer.inputs + 1) * layer.outputs },
    numbers: { ...layer, B, K, blocks },
  }));
  if (blocks === 1) return { passes, scratch: {} };
  const sum = sumPasses({ from: "listPart", to: "list", outer: P, terms: blocks, inner: K });
  return {
    passes: [...passes, ...sum.passes],
    scratch: { listPart: P * blocks * K, ...sum.scratch },
  };
}

/** Form of `ZenoCriticLossGrad`. */
export const criticLossGradGpu: GpuForm<CriticLossGradAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { hidden, penalty, byPoints } = call.attrs;
    const network = networkOf(call, hidden);
    const { P, B, d, K, layers, units } = network;
    const values = valueWork(network, penalty, true);
    const weights = weightWork(network);
    const tangents = layers.slice(0, -1).map((layer) => ({
      ...{ program: tangent, items: P * B * layer.outputs },
      numbers: { ...layer, B, K },
    }));
    return {
      outputs: ["list", byPoints ? "g" : "none", "values"],
      scratch: {
        ...{ h: units, v: units, ...values.scratch, ...weights.scratch },
        ...(!byPoints && { g: P * KINDS * B * d }),
      },
      passes: [
        ...networkPasses(network, true, byPoints),
        ...[...values.passes, ...tangents, ...weights.passes],
      ],
    };
  },
};
