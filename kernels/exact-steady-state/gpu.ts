// The exact steady state on the backend `webgpu`: a team of invocations solves for one output of one sample, in parts of the
// batch that fit the memory. Then each gradient, summed over what shares its input.

import { sizesOf } from "../effective-steady-state/contract.js";
import { inputGradients, networkForm, networkNumbers } from "../effective-steady-state/index.js";
import { OPAQUE } from "../runtime/gpu/double-words.js";
import { gpuTables } from "./gpu-tables.js";
import { adjoint, BARS_REST } from "./adjoint.wgsl.js";
import { inverse, systems } from "./preparation.wgsl.js";
import { state } from "./state.wgsl.js";
import { OUTPUT_ROWS, RESULT, SYSTEM_REST } from "./system.wgsl.js";
import type { GpuCall, GpuForm } from "../runtime/gpu/define.js";
import type { GpuPass, GpuWork } from "../runtime/gpu/passes.js";
import type { ExactAttrs, ExactGradAttrs } from "./contract.js";

/** Invocations of a workgroup, and of the team of one output of one sample, by the number of inputs. */
const TEAMS = [
  { workgroup: 64, team: 16 },
  { workgroup: 64, team: 32 },
  { workgroup: 128, team: 128 },
  { workgroup: 128, team: 128 },
] as const;

/** Bytes of a buffer that the parts of a batch share; more would keep more workgroups busy than there are. */
const PART = 64 * 2 ** 20;

type Call = Pick<GpuCall<ExactAttrs>, "device" | "inputs" | "attrs">;

/** Who works on what, and the words that one sample needs in each buffer of a part. */
function layoutOf({ device, inputs }: Call) {
  const { P, B, N, M } = sizesOf(inputs);
  const { workgroup, team } = TEAMS[N - 1]!;
  const { words, numbers } = gpuTables(N);
  const { components, kept } = numbers;
  const each = {
    inverse: kept * (kept + 1),
    work: 2 * (8 * components + OUTPUT_ROWS),
    residual: 4 * kept,
    result: 2 * RESULT,
  };
  const limits = [device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize, PART];
  const most = Math.floor(Math.min(...limits) / (4 * Math.max(...Object.values(each))));
  const samples = workgroup / team;
  const total = P * B * M;
  // Whole workgroups, so that the memory of teams beyond the end is counted.
  const groups = Math.max(1, Math.min(Math.floor(most / samples), Math.ceil(total / samples)));
  return { N, total, workgroup, team, samples, groups, words, numbers, each };
}

type Layout = ReturnType<typeof layoutOf>;

/** All passes of a team's programs, part by part. */
function partsOf(
  { N, total, workgroup, team, samples, groups, numbers }: Layout,
  observe: number,
  withGradient: boolean,
): GpuPass[] {
  const passes: GpuPass[] = [];
  for (let first = 0; first < total; first += groups * samples) {
    const count = Math.min(groups * samples, total - first);
    const items = Math.ceil(count / samples);
    const given = { ...numbers, ...OPAQUE.values, N, first, count, team, samples };
    const sides = withGradient ? 2 : 1;
    passes.push(
      { program: inverse(workgroup), items, numbers: given },
      { program: state(workgroup), items, numbers: { ...given, observe, sides } },
    );
    if (withGradient) passes.push({ program: adjoint(workgroup), items, numbers: given });
  }
  return passes;
}

function solutionOf(
  call: Call,
  withGradient: boolean,
): Required<Pick<GpuWork, "scratch" | "passes">> {
  const layout = layoutOf(call);
  const { N, total, samples, groups, words, each } = layout;
  const numbers = networkNumbers(call);
  const shared = Object.entries(each).map(([name, size]) => [name, groups * samples * size]);
  const given = { ...numbers, ...OPAQUE.values };
  return {
    scratch: {
      ...{ table: words, system: 2 * total * (9 * N + SYSTEM_REST) },
      ...(Object.fromEntries(shared) as Record<string, number>),
    },
    passes: [
      { program: systems(networkForm(call)), items: total, numbers: given },
      ...partsOf(layout, numbers["observe"]!, withGradient),
    ],
  };
}

const gradients = inputGradients({
  name: "exact steady state",
  code: `
struct InputBars { x : Input, a : vec3<f32>, b : vec3<f32>, d : vec3<f32>, inverse : f32 }
fn three(at : u32) -> vec3<f32> { return vec3<f32>(bars[at], bars[at + 1u], bars[at + 2u]); }
fn inputBars(p : u32, b : u32, m : u32, n : u32) -> InputBars {
  let couplings = 9u * call.N; let at = (couplings + ${String(BARS_REST)}u) * ((p * call.B + b) * call.M + m);
  var bar : InputBars;
  bar.inverse = bars[at + couplings + 2u];
  bar.x = inputAt(p, b, m, n, bar.inverse);
  // Of the rows 2 a, -2 b and 2 d.
  bar.a = 2.0 * three(at + 9u * n); bar.b = -2.0 * three(at + 9u * n + 3u); bar.d = 2.0 * three(at + 9u * n + 6u);
  return bar;
}`,
  stride: (N) => 9 * N + BARS_REST,
  gammaAt: (N) => 9 * N,
  zAt: (N) => 9 * N + 1,
});

/** Form of `ZenoExactSteadyState`. */
export const exactGpu: GpuForm<ExactAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { scratch, passes } = solutionOf(call, false);
    // Nobody reads the cotangent of r.
    return { outputs: ["r"], scratch: { ...scratch, dr: 1 }, passes };
  },
};

/** Form of `ZenoExactSteadyStateGrad`. */
export const exactGradGpu: GpuForm<ExactGradAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { P, B, N, M } = sizesOf(call.inputs);
    const { scratch, passes } = solutionOf(call, true);
    const rest = gradients(call);
    const outputs = ["thetaBar", "phiBar", "JBar", "gammaBar", "zBar"];
    const { withValue } = call.attrs;
    return {
      outputs: [...outputs, withValue ? "r" : "value"],
      scratch: {
        ...{ ...scratch, bars: P * B * M * (9 * N + BARS_REST), ...rest.scratch },
        // The value is written where the output is, in place of a buffer that nobody reads.
        ...(!withValue && { r: 3 * P * B * M }),
      },
      passes: [...passes, ...rest.passes],
    };
  },
};
