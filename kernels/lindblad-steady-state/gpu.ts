// How steady states of Lindblad equations run on the backend `webgpu`: in double words, since float32 loses digits with the
// condition number, and in parts of the batch that fit the memory. Where one matrix does not, the composed form runs.

import { OPAQUE } from "../runtime/gpu/double-words.js";
import { lindbladForm, lindbladGradForm } from "./composed.js";
import { sizesOf } from "./contract.js";
import { factors, generators, liouvillians, refinements, WORKGROUP } from "./factors.wgsl.js";
import { INFO, SOLUTION } from "./matrices.wgsl.js";
import { hamiltonianBars, jumpBars, reports, residuals, states } from "./states.wgsl.js";
import type { GpuCall, GpuForm } from "../runtime/gpu/define.js";
import type { GpuPass, GpuWork } from "../runtime/gpu/passes.js";
import type { LindbladAttrs } from "./contract.js";

/** Most rows of the matrix that a team of 16 works on; four of them make a workgroup. */
const FEW = 16;

type Numbers = Readonly<Record<string, number>>;

/** Row, column and kind of each coordinate: a diagonal, or the real or the imaginary part of a pair. */
function pairsOf(n: number): Uint32Array {
  const words = Array.from({ length: n }, (_, i) => i | (i << 10));
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const pair = i | (j << 10);
      words.push(pair, pair | (1 << 20));
    }
  return Uint32Array.from(words);
}

/** Solves from 0: the first leaves a residual that grows with the condition number, the others do away with it. */
const SOLVES = 3;

/** Of the state, or with side 1 of the adjoint. */
function solving(count: number, d: number, numbers: Numbers): GpuPass[] {
  return Array.from({ length: SOLVES }, () => [
    { program: residuals, items: count * d, numbers },
    { program: refinements, items: count, numbers },
  ]).flat();
}

/** Bytes of a buffer that the parts of a batch share; more would keep more workgroups busy than there are. */
const PART = 64 * 2 ** 20;

type Call = Pick<GpuCall<LindbladAttrs>, "device" | "inputs">;

/** How a batch is parted, or null where not even one sample fits a buffer. */
function layoutOf({ device, inputs }: Call) {
  const { B, n, K } = sizesOf(inputs);
  const d = n * n;
  const team = d <= FEW ? FEW : WORKGROUP;
  const samples = WORKGROUP / team;
  const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  // Of the matrix, and of the vectors of all invocations.
  const bytes = 8 * samples * d * Math.max(d, SOLUTION + team);
  if (bytes > most) return null;
  const groups = Math.floor(Math.min(PART, most) / bytes) || 1;
  return { B, n, K, d, team, samples, groups: Math.min(groups, Math.ceil(B / samples)) };
}

type Layout = NonNullable<ReturnType<typeof layoutOf>>;

/** The passes of one part: everything up to the coordinates of state and, for a gradient, adjoint. */
function solvedPart(
  { d, team, samples, groups }: Layout,
  count: number,
  numbers: Numbers,
  withGradient: boolean,
): GpuPass[] {
  const teams = { ...numbers, samples, team, count, slots: groups * samples };
  return [
    { program: generators, items: count * d, numbers },
    { program: liouvillians, items: count * d * d, numbers },
    { program: factors, items: Math.ceil(count / samples), numbers: teams },
    ...solving(count, d, { ...numbers, side: 0 }),
    ...(withGradient ? solving(count, d, { ...numbers, side: 1 }) : []),
  ];
}

/** Part after part, each solved and then given to `rest`; and the buffers that one part needs. */
function partsOf(
  layout: Layout,
  withGradient: boolean,
  rest: (count: number, numbers: Numbers) => readonly GpuPass[],
): Required<Pick<GpuWork, "scratch" | "passes">> {
  const { B, n, K, d, team, samples, groups } = layout;
  const slots = groups * samples;
  const passes: GpuPass[] = [];
  for (let first = 0; first < B; first += slots) {
    const count = Math.min(slots, B - first);
    const numbers = { n, K, first, ...OPAQUE.values };
    passes.push(...solvedPart(layout, count, numbers, withGradient), ...rest(count, numbers));
  }
  return {
    scratch: {
      ...{ pairs: pairsOf(n), generator: 4 * slots * d, matrix: 2 * slots * d * d },
      ...{ pivots: 2 * slots * d, solution: 2 * (SOLUTION + team) * slots * d },
      ...{ info: INFO * slots, left: 2 * slots * d },
    },
    passes,
  };
}

/** Form of `ZenoLindbladSteadyState`. */
export const lindbladGpu: GpuForm<LindbladAttrs> = {
  by: "wgsl",
  work: (call) => {
    const layout = layoutOf(call);
    if (layout === null) return null;
    const { scratch, passes } = partsOf(layout, false, (count, numbers) => [
      { program: residuals, items: count * layout.d, numbers: { ...numbers, side: 0 } },
      { program: states, items: count * layout.d, numbers },
      { program: reports, items: count, numbers },
    ]);
    // Nobody reads a cotangent.
    return { outputs: ["rho", "report"], scratch: { ...scratch, drho: 1 }, passes };
  },
  otherwise: lindbladForm,
};

/** Form of `ZenoLindbladSteadyStateGrad`. */
export const lindbladGradGpu: GpuForm<LindbladAttrs> = {
  by: "wgsl",
  work: (call) => {
    const layout = layoutOf(call);
    if (layout === null) return null;
    const { d, K } = layout;
    const parts = partsOf(layout, true, (count, numbers) => [
      { program: hamiltonianBars, items: count * d, numbers },
      { program: jumpBars, items: count * K * d, numbers },
    ]);
    return { outputs: ["HBar", "jumpsBar"], ...parts };
  },
  otherwise: lindbladGradForm,
};
