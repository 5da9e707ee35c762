// How circuits run on the backend `webgpu`: angles, then all gates of a sample by a team of invocations, and back; then what
// the gates' angles give to the tables, summed over what shares an entry.

import { sumPasses } from "../runtime/gpu/sums.js";
import { sizesOf } from "./contract.js";
import { angles, columnBars, gradients, PARTS, stateBars, values } from "./gates.wgsl.js";
import { gpuPlanOf } from "./gpu-plan.js";
import type { GpuCall, GpuForm } from "../runtime/gpu/define.js";
import type { GpuPass, GpuWork } from "../runtime/gpu/passes.js";
import type { CircuitAttrs, CircuitGradAttrs, CircuitSizes } from "./contract.js";
import type { CircuitForm } from "./gates.wgsl.js";
import type { GpuPlan } from "./gpu-plan.js";

/** Invocations of a workgroup, more where a sample has more pairs of amplitudes. */
const WORKGROUP = { few: 64, many: 256, manyFrom: 1024 } as const;

type Call = Pick<GpuCall<CircuitAttrs>, "device" | "inputs" | "attrs">;

/** Where the states of a call are, and who works on them. */
type Layout = CircuitForm & {
  /** Invocations of a sample, and samples of a workgroup. */
  readonly team: number;
  readonly samples: number;
  /** Amplitudes of a sample in the buffer `work`, where its spare state begins there, and the cotangent at the end. */
  readonly stride: number;
  readonly spareAt: number;
  readonly lambdaAt: number;
};

const isGiven = ({ inputs }: Call): boolean => inputs["re"]!.length > 1;

/** States stay in workgroup memory where it holds them. */
function layoutOf(call: Call, plan: GpuPlan, states: 1 | 2): Layout {
  const N = 2 ** call.attrs.program.wires;
  const workgroup = N < WORKGROUP.manyFrom ? WORKGROUP.few : WORKGROUP.many;
  const team = Math.min(workgroup, N / 2);
  const samples = workgroup / team;
  const amplitudes = samples * N * states;
  const fits = 8 * amplitudes + 4 * PARTS <= call.device.limits.maxComputeWorkgroupStorageSize;
  const [local, spareAt, lambdaAt] = fits ? [amplitudes, 0, 0] : [null, states * N, N];
  const spare = plan.dense || (isGiven(call) && states === 2) ? N : 0;
  const stride = (fits ? 0 : states * N) + spare;
  return { ...{ workgroup, team, samples, local, spareAt, lambdaAt }, stride };
}

/** Words of `work`: also for what a last workgroup does beside the last sample. */
function workWords({ P, B }: CircuitSizes, { samples, stride }: Layout): number {
  return 2 * stride * samples * Math.ceil((P * B) / samples);
}

/** The angles of all gates. */
function anglePass({ inputs, attrs }: Call, { gates }: GpuPlan, { P, B }: CircuitSizes): GpuPass {
  const { shared, sample } = attrs.program;
  const sampleRow = inputs["sample"]![0]! > 1 ? B * sample : 0;
  const numbers = { B, gates, sharedColumns: shared, sampleColumns: sample, sampleRow };
  return { program: angles, items: P * B * gates, numbers };
}

/** All gates of all samples. */
function statePass(
  call: Call,
  plan: GpuPlan,
  { P, B, N }: CircuitSizes,
  layout: Layout,
  withValue: boolean,
): Omit<GpuPass, "program"> {
  const { team, samples, stride, spareAt, lambdaAt } = layout;
  const [rows = 1, each = 1] = call.inputs["re"]!;
  const numbers = {
    ...{ N, B, total: P * B, gates: plan.gates, team, samples, stride, spareAt, lambdaAt },
    ...{ observed: plan.observed.count, observedAt: plan.observed.at },
    given: Number(isGiven(call)),
    stateRow: rows > 1 ? each * N : 0,
    stateSample: each > 1 ? N : 0,
    withValue: Number(withValue),
  };
  return { items: Math.ceil((P * B) / samples), numbers };
}

function valueWork(call: Call): GpuWork {
  const plan = gpuPlanOf(call.attrs);
  const sizes = sizesOf(call.inputs, call.attrs);
  const { P, B } = sizes;
  const layout = layoutOf(call, plan, 1);
  return {
    outputs: ["value"],
    renamed: RENAMED,
    scratch: { plan: plan.words, trig: 2 * P * B * plan.gates, work: workWords(sizes, layout) },
    passes: [
      anglePass(call, plan, sizes),
      { program: values(layout), ...statePass(call, plan, sizes, layout, true) },
    ],
  };
}

/** Sums that end in the buffer `to`, of what the buffer `from` must hold. */
type Sums = {
  readonly from: string;
  readonly passes: readonly GpuPass[];
  readonly scratch: Readonly<Record<string, number>>;
};

/** `[P, B, width]` to the shape of an input: sums over the axes that it has only once. */
function sumsTo(shape: readonly number[], { P, B }: CircuitSizes, to: string): Sums {
  const [rows, each, width] = shape as [number, number, number];
  const [overB, overP] = [each !== B, rows !== P];
  if (!overB && !overP) return { from: to, passes: [], scratch: {} };
  const [all, row] = [`${to}All`, `${to}Row`];
  const inB = { from: all, to: overP ? row : to, outer: P, terms: B, inner: width };
  const inP = { from: overB ? row : all, to, outer: 1, terms: P, inner: each * width };
  const sums = [...(overB ? [sumPasses(inB)] : []), ...(overP ? [sumPasses(inP)] : [])];
  return {
    from: all,
    passes: sums.flatMap(({ passes }) => passes),
    scratch: Object.assign(
      { [all]: P * B * width, [row]: P * width },
      ...sums.map(({ scratch }) => scratch),
    ) as Record<string, number>,
  };
}

type Part = Pick<Sums, "passes" | "scratch">;

/** The gradient by a table, to the buffer of this name. */
function tablePart(
  { inputs, attrs }: Call,
  { columns: lists, gates }: GpuPlan,
  sizes: CircuitSizes,
  table: "shared" | "sample",
): Part {
  const columns = attrs.program[table];
  const shape = table === "shared" ? [sizes.P, 1, columns] : inputs["sample"]!;
  const { from, passes, scratch } = sumsTo(shape, sizes, `${table}Bar`);
  const first = {
    ...{ program: columnBars(from), items: sizes.P * sizes.B * columns },
    numbers: { columns, listAt: lists[table], gates },
  };
  return { passes: [first, ...passes], scratch };
}

/** The gradients by the states to start from. */
function statePart(call: Call, sizes: CircuitSizes, { stride, lambdaAt }: Layout): Part {
  if (!isGiven(call)) return { passes: [], scratch: {} };
  const { P, B, N } = sizes;
  const [re, im] = ["reBar", "imBar"].map((to) => sumsTo(call.inputs["re"]!, sizes, to)) as [
    Sums,
    Sums,
  ];
  const first = {
    ...{ program: stateBars(re.from, im.from), items: P * B * N },
    numbers: { N, stride, lambdaAt },
  };
  return {
    passes: [first, ...re.passes, ...im.passes],
    scratch: { ...re.scratch, ...im.scratch },
  };
}

/** `shared` is a word of WGSL. */
const RENAMED = { everyone: "shared" } as const;

function gradientWork(call: GpuCall<CircuitGradAttrs>): GpuWork {
  const { attrs } = call;
  const plan = gpuPlanOf(attrs);
  const sizes = sizesOf(call.inputs, attrs);
  const { P, B } = sizes;
  const layout = layoutOf(call, plan, 2);
  const parts = [
    tablePart(call, plan, sizes, "shared"),
    tablePart(call, plan, sizes, "sample"),
    statePart(call, sizes, layout),
  ];
  return {
    outputs: ["sharedBar", "sampleBar", "reBar", "imBar", "value"],
    renamed: RENAMED,
    scratch: {
      ...{ plan: plan.words, trig: 2 * P * B * plan.gates, bars: P * B * plan.gates },
      work: workWords(sizes, layout),
      ...Object.fromEntries(parts.flatMap(({ scratch }) => Object.entries(scratch))),
    },
    passes: [
      anglePass(call, plan, sizes),
      { program: gradients(layout), ...statePass(call, plan, sizes, layout, attrs.withValue) },
      ...parts.flatMap(({ passes }) => passes),
    ],
  };
}

/** Form of `ZenoCircuit`. */
export const circuitGpu: GpuForm<CircuitAttrs> = { by: "wgsl", work: valueWork };

/** Form of `ZenoCircuitGrad`. */
export const circuitGradGpu: GpuForm<CircuitGradAttrs> = { by: "wgsl", work: gradientWork };
