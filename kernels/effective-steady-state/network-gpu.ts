// What the kernels of the network share on the backend `webgpu`: how programs see a call, and the gradients by its inputs
// from the cotangents of what each input couples an output to, summed over what shares it.

import { COS_SIN, QUADRANT } from "../runtime/gpu/functions.js";
import { PHILOX } from "../runtime/gpu/philox.js";
import { sumPasses } from "../runtime/gpu/sums.js";
import { COMPONENTS, sizesOf } from "./contract.js";
import { inputCode, SYMMETRIC } from "./network.wgsl.js";
import type { GpuCall } from "../runtime/gpu/define.js";
import type { GpuPass } from "../runtime/gpu/passes.js";
import type { ElementType, GpuProgram } from "../runtime/gpu/pipelines.js";
import type { EffectiveAttrs, EffectiveSizes } from "./contract.js";
import type { NetworkForm } from "./network.wgsl.js";

/** Cosines and sines, the product of a symmetric matrix, and the couplings of an input: `inputAt`. */
export function networkCode(form: NetworkForm): string {
  return `${PHILOX} ${QUADRANT} ${COS_SIN} ${SYMMETRIC} ${inputCode(form)}`;
}

type Types = Readonly<Record<string, ElementType>>;

/** The numbers of a call that `networkCode` and the programs here read. */
// prettier-ignore
export const NETWORK_NUMBERS: Types = {
  P: "u32", B: "u32", N: "u32", M: "u32", observe: "u32", blocks: "u32",
  gammaRow: "u32", gammaSample: "u32", zRow: "u32", zSample: "u32", gammaValue: "f32", zValue: "f32",
};

const OTHERS: Types = { theta: "f32", phi: "f32", J: "f32", polarization: "f32" };

/** The inputs of a call. */
export const NETWORK_INPUTS: Types = { ...OTHERS, gamma: "f32" };

/** Samples whose gradients by shared couplings are added one after another. */
const BLOCK = 64;

/** A call of a kernel of the network; without `limit` there is none. */
export type NetworkCall = Pick<
  GpuCall<Omit<EffectiveAttrs, "limit"> & { readonly limit?: boolean }>,
  "inputs" | "attrs"
>;

type Rate = { readonly row: number; readonly sample: number };

/** Steps in a rate `[P or 1, B or 1]` from one row, one sample to the next. */
function rateSteps(shape: readonly number[]): Rate {
  const [rows = 1, samples = 1] = shape;
  return { row: rows > 1 ? samples : 0, sample: samples > 1 ? 1 : 0 };
}

const isGiven = (shape: readonly number[]): boolean => shape.length > 1;

/** What of a call decides about the code of its programs. */
export function networkForm({ inputs, attrs }: NetworkCall): NetworkForm {
  return {
    phi: isGiven(inputs["phi"]!),
    gamma: isGiven(inputs["gamma"]!),
    polarization: isGiven(inputs["polarization"]!),
    perSample: inputs["J"]!.length === 6,
    limit: attrs.limit === true,
  };
}

/** {@link NETWORK_NUMBERS} of a call. */
export function networkNumbers({
  inputs,
  attrs,
}: NetworkCall): Record<string, number> & { blocks: number } {
  const { P, B, N, M } = sizesOf(inputs);
  const [gamma, z] = [rateSteps(inputs["gamma"]!), rateSteps(inputs["polarization"]!)];
  return {
    ...{ P, B, N, M, blocks: Math.ceil(B / BLOCK) },
    observe: attrs.observe === null ? 3 : COMPONENTS.indexOf(attrs.observe),
    ...{ gammaRow: gamma.row, gammaSample: gamma.sample, zRow: z.row, zSample: z.sample },
    ...{ gammaValue: attrs.gamma ?? 1, zValue: attrs.polarization ?? 1 },
  };
}

/** Output, sample and row of an item. */
export const NETWORK_INDEX: string = `let m = index % call.M; let b = (index / call.M) % call.B; let p = index / (call.M * call.B);`;

/** One program for each form of a call. */
export function perForm(
  make: (form: NetworkForm) => GpuProgram,
): (form: NetworkForm) => GpuProgram {
  const known = new Map<string, GpuProgram>();
  return (form) => {
    const key = JSON.stringify(form);
    const program = known.get(key) ?? make(form);
    known.set(key, program);
    return program;
  };
}

/** Where a kernel keeps the cotangents of its equations: in the buffer `bars`, for each output of each sample. */
export type BarsLayout = {
  /** Of the kernel, for messages. */
  readonly name: string;
  /**
   * `fn inputBars(p, b, m, n) -> InputBars` with the members `x`, the input, `a`, `b`, `d`, the cotangents of its vectors,
   * and `inverse`, what J was multiplied by.
   */
  readonly code: string;
  /** Numbers for each output of each sample. */
  stride(N: number): number;
  /** Which of them are the gradients by Γ and by the polarization. */
  gammaAt(N: number): number;
  zAt(N: number): number;
};

const angleBars = ({ name, code }: BarsLayout, form: NetworkForm): GpuProgram => ({
  name: `${name}, angles`,
  reads: { ...OTHERS, bars: "f32" },
  writes: { thetaBar: "f32", phiBar: "f32" },
  numbers: NETWORK_NUMBERS,
  code: `
${networkCode(form)} ${code}
fn item(index : u32) {
  let n = index % call.N; let b = (index / call.N) % call.B; let p = index / (call.N * call.B);
  var byTheta = 0.0; var byPhi = 0.0;
  for (var m = 0u; m < call.M; m++) {
    let bar = inputBars(p, b, m, n); let x = bar.x;
    byTheta += dot(bar.a, x.d) - dot(bar.d, x.a);
    byPhi += dot(x.s * bar.d - x.c * bar.a, x.b) - dot(bar.b, x.e);
  }
  thetaBar[index] = byTheta;
  ${form.phi ? "phiBar[index] = byPhi;" : ""}
}`,
});

/** Sums over all samples at once, to JBar, or over blocks of them, to JPart. */
const couplingBars = (
  { name, code }: BarsLayout,
  form: NetworkForm,
  to: "JBar" | "JPart",
): GpuProgram => ({
  name: `${name}, couplings`,
  reads: { ...OTHERS, bars: "f32" },
  writes: { [to]: "f32" },
  numbers: NETWORK_NUMBERS,
  code: `
${networkCode(form)} ${code}
fn item(index : u32) {
  let n = index % call.N; let m = (index / call.N) % call.M; let rest = index / (call.N * call.M);
  ${
    form.perSample
      ? "let p = rest / call.B; let first = rest % call.B; let last = first + 1u;"
      : `let p = rest / call.blocks; let first = (rest % call.blocks) * ${BLOCK}u; let last = min(call.B, first + ${BLOCK}u);`
  }
  var row1 = vec3<f32>(0.0); var row2 = vec3<f32>(0.0); var row3 = vec3<f32>(0.0);
  for (var b = first; b < last; b++) {
    let bar = inputBars(p, b, m, n); let x = bar.x;
    let e = (x.s * bar.d - x.c * bar.a) * bar.inverse; let f = bar.b * bar.inverse;
    row1 += x.cp * e - x.sp * f;
    row2 += x.sp * e + x.cp * f;
    row3 += (x.c * bar.d + x.s * bar.a) * bar.inverse;
  }
  let at = 9u * index;
  for (var l = 0u; l < 3u; l++) { ${to}[at + l] = row1[l]; ${to}[at + 3u + l] = row2[l]; ${to}[at + 6u + l] = row3[l]; }
}`,
});

/** Of each sample the sum over its outputs of number `which` of the cotangents, to a buffer of this name. */
const rateBars = (to: string): GpuProgram => ({
  name: "gradient by a rate",
  reads: { bars: "f32" },
  writes: { [to]: "f32" },
  numbers: { M: "u32", which: "u32", stride: "u32" },
  code: `
fn item(index : u32) {
  var sum = 0.0;
  for (var m = 0u; m < call.M; m++) { sum += bars[call.stride * (index * call.M + m) + call.which]; }
  ${to}[index] = sum;
}`,
});

/** Passes, and the buffers they need between them. */
export type PartialWork = {
  readonly passes: readonly GpuPass[];
  readonly scratch: Readonly<Record<string, number>>;
};

/** The gradient by a rate of this shape, summed over the axes that it does not have. */
function rateWork(
  shape: readonly number[],
  { which, stride, to }: { readonly which: number; readonly stride: number; readonly to: string },
  { P, B, M }: EffectiveSizes,
): PartialWork {
  if (!isGiven(shape)) return { passes: [], scratch: {} };
  const [rows, samples] = shape as [number, number];
  const named = `${to}Sample`;
  const first = { program: rateBars(named), items: P * B, numbers: { M, which, stride } };
  const byRow = samples === B ? null : sumPasses({ from: named, to: `${to}Row`, outer: P, terms: B, inner: 1 }); // prettier-ignore
  const inner = byRow === null ? B : 1;
  const last = sumPasses({
    ...{ from: byRow === null ? named : `${to}Row`, to, inner },
    ...(rows === P ? { outer: P, terms: 1 } : { outer: 1, terms: P }),
  });
  return {
    passes: [first, ...(byRow?.passes ?? []), ...last.passes],
    scratch: { [named]: P * B, [`${to}Row`]: P, ...byRow?.scratch, ...last.scratch },
  };
}

function couplingWork(
  call: NetworkCall,
  programs: Readonly<Record<"JBar" | "JPart", (form: NetworkForm) => GpuProgram>>,
): PartialWork {
  const { P, B, N, M, perSample } = sizesOf(call.inputs);
  const numbers = networkNumbers(call);
  const { blocks } = numbers;
  const parts = perSample ? B : blocks;
  const whole = perSample || blocks === 1;
  const program = programs[whole ? "JBar" : "JPart"](networkForm(call));
  const first = { program, items: P * parts * M * N, numbers };
  if (whole) return { passes: [first], scratch: {} };
  const inner = 9 * M * N;
  const sum = sumPasses({ from: "JPart", to: "JBar", outer: P, terms: blocks, inner });
  return {
    passes: [first, ...sum.passes],
    scratch: { JPart: P * blocks * inner, ...sum.scratch },
  };
}

/** For a kernel what leads from `bars` to thetaBar, phiBar, JBar, gammaBar and zBar, as far as their inputs are given. */
export function inputGradients(layout: BarsLayout): (call: NetworkCall) => PartialWork {
  const angles = perForm((form) => angleBars(layout, form));
  const couplings = {
    JBar: perForm((form) => couplingBars(layout, form, "JBar")),
    JPart: perForm((form) => couplingBars(layout, form, "JPart")),
  };
  return (call) => {
    const sizes = sizesOf(call.inputs);
    const { P, B, N } = sizes;
    const rate = (name: string, which: number, to: string): PartialWork =>
      rateWork(call.inputs[name]!, { which, stride: layout.stride(N), to }, sizes);
    const program = angles(networkForm(call));
    const byAngles = { program, items: P * B * N, numbers: networkNumbers(call) };
    const byJ = couplingWork(call, couplings);
    const gamma = rate("gamma", layout.gammaAt(N), "gammaBar");
    const z = rate("polarization", layout.zAt(N), "zBar");
    return {
      passes: [byAngles, ...byJ.passes, ...gamma.passes, ...z.passes],
      scratch: { ...byJ.scratch, ...gamma.scratch, ...z.scratch },
    };
  };
}
