// How sweeps whose spins are wanted as a tensor run on the backend `webgpu`: all sweeps of a call in one submission, a chain
// to a workgroup where its colours are large, else a chain to an invocation.

import { composedSweeps } from "./composed.js";
import { clampedOf, coefficientsOf, placedSpins, wordsOf } from "./gpu-inputs.js";
import { prepareSweeps } from "./prepare.js";
import { turnCode } from "./turn.wgsl.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { GpuWork } from "../runtime/gpu/passes.js";
import type { ElementType, GpuProgram } from "../runtime/gpu/pipelines.js";
import type { SweepAttrs } from "./contract.js";
import type { PreparedModel } from "./prepare.js";
import type { TurnForm } from "./turn.wgsl.js";

/** Turns of one invocation in one pass: a device that is busy for seconds is taken for hung. */
const TURNS = 2 ** 20;

/** Blocks of four positions in a colour, on average, from which on a workgroup of so many invocations takes a chain. */
const TEAMS: readonly (readonly [blocks: number, team: number])[] = [
  [256, 256],
  [64, 64],
  [8, 32],
];

type Types = Readonly<Record<string, ElementType>>;

// prettier-ignore
const NUMBERS: Types = {
  n: "u32", chains: "u32", byRow: "u32", byPosition: "u32", links: "u32", low: "u32", high: "u32",
  bySweep: "u32", byModel: "u32", byChain: "u32", clampedByRow: "u32", clampedByPosition: "u32",
  colours: "u32", colourAt: "u32", orderAt: "u32", keys: "u32", first: "u32", last: "u32", done: "u32",
};

/** `words`: bounds of the links, starts of the colours, nodes by position, keys of the sweeps. */
const READS: Types = {
  ...{ words: "u32", links: "u32", biases: "u32", entries: "u32", table: "u32", clamped: "u32" },
};

const BUFFERS = { reads: READS, writes: { state: "f32", out: "f32" }, numbers: NUMBERS } as const;

/** The spins by node, after the last sweep. */
const RESULT = `out[row * call.n + words[call.orderAt + position]] = state[placeOf(row, position)];`;

function byInvocation(form: TurnForm): GpuProgram {
  return {
    ...BUFFERS,
    name: `ising sweeps, ${form.mode}, ${form.rule}`,
    code: `
${turnCode(form)}
fn item(row : u32) {
  for (var sweep = call.first; sweep < call.last; sweep++) {
    for (var block = 0u; 4u * block < call.n; block++) { turns(row, sweep, block, 0u, call.n); }
  }
  if (call.done == 0u) { return; }
  for (var position = 0u; position < call.n; position++) { ${RESULT} }
}`,
  };
}

function byWorkgroup(form: TurnForm, team: number): GpuProgram {
  return {
    ...BUFFERS,
    name: `ising sweeps, ${form.mode}, ${form.rule}, ${String(team)} a chain`,
    together: true,
    workgroup: team,
    code: `
${turnCode(form)}
fn group(row : u32, local : u32) {
  for (var sweep = call.first; sweep < call.last; sweep++) {
    for (var colour = 0u; colour < call.colours; colour++) {
      let first = words[call.colourAt + colour]; let last = words[call.colourAt + colour + 1u];
      for (var block = first / 4u + local; 4u * block < last; block += ${String(team)}u) { turns(row, sweep, block, first, last); }
      storageBarrier();
    }
  }
  if (call.done == 0u) { return; }
  for (var position = local; position < call.n; position += ${String(team)}u) { ${RESULT} }
}`,
  };
}

const programs = new Map<string, GpuProgram>();

function programOf(form: TurnForm, team: number): GpuProgram {
  const key = `${form.mode} ${form.rule} ${String(team)}`;
  const program = programs.get(key) ?? (team > 1 ? byWorkgroup(form, team) : byInvocation(form));
  programs.set(key, program);
  return program;
}

/** First positions of the colours, and n. */
function coloursOf({ model, layout }: PreparedModel): number[] {
  const { n, colour } = model.graph;
  const starts: number[] = [];
  for (let at = 0; at < n; at++)
    if (at === 0 || colour[layout.order[at]!] !== colour[layout.order[at - 1]!]) starts.push(at);
  return [...starts, n];
}

/** Invocations of a chain. */
function teamOf({ model }: PreparedModel, colours: number, device: GPUDevice): number {
  const blocks = model.graph.n / 4 / colours;
  const most = device.limits.maxComputeInvocationsPerWorkgroup;
  return TEAMS.find(([least, team]) => blocks >= least && team <= most)?.[1] ?? 1;
}

/** The sweeps of each pass, first … last − 1, where a sweep is so many turns of an invocation. */
export function slicesOf(sweeps: number, turns: number): readonly (readonly [number, number])[] {
  const each = Math.max(1, Math.floor(TURNS / turns));
  const count = Math.max(1, Math.ceil(sweeps / each));
  return Array.from({ length: count }, (_, i) => [i * each, Math.min(sweeps, (i + 1) * each)]);
}

function workOf(device: GPUDevice, { model, mode, call }: SweepAttrs): GpuWork | null {
  const prepared = prepareSweeps(model, mode);
  const coefficients = coefficientsOf(prepared, call);
  if (coefficients === null) return null;
  const { n } = model.graph;
  const { sweeps, chains, chainOffset = 0 } = call;
  const rows = chains * model.population;
  const colours = coloursOf(prepared);
  const team = teamOf(prepared, colours.length - 1, device);
  const place = team > 1 ? { byRow: n, byPosition: 1 } : { byRow: 1, byPosition: rows };
  const { words, places } = wordsOf(prepared, call, colours);
  const held = clampedOf(prepared, call);
  const { links, biases } = prepared.float;
  const address = chainOffset * Math.ceil(n / 4);
  const numbers = {
    ...{ n, chains, links: links.length / model.population, colours: colours.length - 1 },
    ...{ low: address >>> 0, high: Math.floor(address / 2 ** 32) },
    ...{ ...place, ...places, ...coefficients.numbers, ...held.numbers },
  };
  const program = programOf({ mode: prepared.mode, rule: call.rule ?? "gibbs" }, team);
  return {
    outputs: ["out"],
    scratch: {
      ...{ words, links, biases, clamped: held.clamped },
      ...{ entries: coefficients.entries, table: coefficients.table },
      state: placedSpins(prepared, call, place),
    },
    passes: slicesOf(sweeps, n / team).map(([first, last]) => ({
      ...{ program, items: rows },
      numbers: { ...numbers, first, last, done: Number(last === sweeps) },
    })),
  };
}

/** Form of `ZenoIsingSweeps`. */
export const sweepsGpu: GpuForm<SweepAttrs> = {
  by: "wgsl",
  work: ({ device, attrs }) => workOf(device, attrs),
  otherwise: (_, { model, mode, call }) => [composedSweeps(prepareSweeps(model, mode), call)],
};
