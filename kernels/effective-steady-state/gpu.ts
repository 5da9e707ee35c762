// The effective steady state on the backend `webgpu`: an invocation solves for one output of one sample. The gradient takes
// passes: cotangents of the equations, then each gradient, summed over what shares its input.

import { COS_SIN, QUADRANT } from "../runtime/gpu/functions.js";
import { PHILOX } from "../runtime/gpu/philox.js";
import { sumPasses } from "../runtime/gpu/sums.js";
import { COMPONENTS, sizesOf } from "./contract.js";
import { cotangentCode, equationCode, inputCode, SYMMETRIC } from "./network.wgsl.js";
import type { GpuCall, GpuForm } from "../runtime/gpu/define.js";
import type { GpuPass, GpuWork } from "../runtime/gpu/passes.js";
import type { ElementType, GpuProgram } from "../runtime/gpu/pipelines.js";
import type { EffectiveAttrs, EffectiveGradAttrs, EffectiveSizes } from "./contract.js";
import type { NetworkForm } from "./network.wgsl.js";

const ANGLES = `${PHILOX} ${QUADRANT} ${COS_SIN}`;

type Types = Readonly<Record<string, ElementType>>;

// prettier-ignore
const NUMBERS: Types = {
  P: "u32", B: "u32", N: "u32", M: "u32", observe: "u32", blocks: "u32",
  gammaRow: "u32", gammaSample: "u32", zRow: "u32", zSample: "u32", gammaValue: "f32", zValue: "f32",
};

const OTHERS: Types = { theta: "f32", phi: "f32", J: "f32", polarization: "f32" };
const INPUTS: Types = { ...OTHERS, gamma: "f32" };

/** Numbers of the cotangents of one equation: β̄ 3, T 6, h̄ 3, 1/s, and what it gives to Γ̄ and z̄. */
const BARS = 15;

/** Samples whose gradients by shared couplings are added one after another. */
const BLOCK = 64;

type Call = Pick<GpuCall<EffectiveAttrs>, "inputs" | "attrs">;

type Rate = { readonly row: number; readonly sample: number };

/** Steps in a rate `[P or 1, B or 1]` from one row, one sample to the next. */
function rateSteps(shape: readonly number[]): Rate {
  const [rows = 1, samples = 1] = shape;
  return { row: rows > 1 ? samples : 0, sample: samples > 1 ? 1 : 0 };
}

const isGiven = (shape: readonly number[]): boolean => shape.length > 1;

function formOf({ inputs, attrs }: Call): NetworkForm {
  return {
    phi: isGiven(inputs["phi"]!),
    gamma: isGiven(inputs["gamma"]!),
    polarization: isGiven(inputs["polarization"]!),
    perSample: inputs["J"]!.length === 6,
    limit: attrs.limit,
  };
}

function numbersOf({ inputs, attrs }: Call): Record<string, number> & { blocks: number } {
  const { P, B, N, M } = sizesOf(inputs);
  const [gamma, z] = [rateSteps(inputs["gamma"]!), rateSteps(inputs["polarization"]!)];
  return {
    ...{ P, B, N, M, blocks: Math.ceil(B / BLOCK) },
    observe: attrs.observe === null ? 3 : COMPONENTS.indexOf(attrs.observe),
    ...{ gammaRow: gamma.row, gammaSample: gamma.sample, zRow: z.row, zSample: z.sample },
    ...{ gammaValue: attrs.gamma ?? 1, zValue: attrs.polarization ?? 1 },
  };
}

const INDEX = `let m = index % call.M; let b = (index / call.M) % call.B; let p = index / (call.M * call.B);`;

const WRITE_R = `
  if (call.observe < 3u) { r[index] = y.r[call.observe]; }
  else { r[3u * index] = y.r.x; r[3u * index + 1u] = y.r.y; r[3u * index + 2u] = y.r.z; }`;

/** One program for each form of a call. */
function remembered(make: (form: NetworkForm) => GpuProgram): (form: NetworkForm) => GpuProgram {
  const known = new Map<string, GpuProgram>();
  return (form) => {
    const key = JSON.stringify(form);
    const program = known.get(key) ?? make(form);
    known.set(key, program);
    return program;
  };
}

const value = remembered((form) => ({
  name: "effective steady state",
  reads: INPUTS,
  writes: { r: "f32" },
  numbers: NUMBERS,
  code: `
${ANGLES} ${SYMMETRIC} ${inputCode(form)} ${equationCode(form)}
fn item(index : u32) {
  ${INDEX}
  let y = solve(equationAt(p, b, m));
  ${WRITE_R}
}`,
}));

const bars = remembered((form) => ({
  name: "effective steady state, cotangents",
  reads: { ...INPUTS, dr: "f32" },
  writes: { bars: "f32", r: "f32" },
  numbers: NUMBERS,
  code: `
${ANGLES} ${SYMMETRIC} ${inputCode(form)} ${equationCode(form)} ${cotangentCode(form)}
fn item(index : u32) {
  ${INDEX}
  let q = equationAt(p, b, m);
  let y = solve(q);
  ${WRITE_R}
  var c = vec3<f32>(0.0);
  if (call.observe < 3u) { c[call.observe] = dr[index]; } else { c = vec3<f32>(dr[3u * index], dr[3u * index + 1u], dr[3u * index + 2u]); }
  let bar = cotangents(q, y, c);
  var zBar = 0.0;
  for (var n = 0u; n < call.N; n++) {
    let x = inputAt(p, b, m, n, q.inverse);
    zBar += dot(bar.h, x.d) + q.z * dot(x.d, applied(bar.TD, bar.TO, x.d)) - 2.0 * dot(bar.beta, cross(x.a, x.b));
  }
  let at = ${BARS}u * index;
  let list = array<f32, ${BARS}>(bar.beta.x, bar.beta.y, bar.beta.z, bar.TD.x, bar.TD.y, bar.TD.z, bar.TO.x, bar.TO.y, bar.TO.z, bar.h.x, bar.h.y, bar.h.z, q.inverse, bar.gamma, zBar);
  for (var i = 0u; i < ${BARS}u; i++) { bars[at + i] = list[i]; }
}`,
}));

/** `fn inputBars(p, b, m, n) -> InputBars`: the cotangents of a, b and d of an input, J scaled. */
const INPUT_BARS = `
struct InputBars { x : Input, a : vec3<f32>, b : vec3<f32>, d : vec3<f32>, inverse : f32 }
fn three(at : u32) -> vec3<f32> { return vec3<f32>(bars[at], bars[at + 1u], bars[at + 2u]); }
fn inputBars(p : u32, b : u32, m : u32, n : u32) -> InputBars {
  let at = ${BARS}u * ((p * call.B + b) * call.M + m); let z = zAt(p, b);
  let beta = three(at); let TD = three(at + 3u); let TO = three(at + 6u); let h = three(at + 9u);
  var bar : InputBars;
  bar.inverse = bars[at + 12u];
  let x = inputAt(p, b, m, n, bar.inverse);
  bar.x = x;
  bar.a = -2.0 * applied(TD, TO, x.a) - 2.0 * z * cross(x.b, beta);
  bar.b = -2.0 * applied(TD, TO, x.b) - 2.0 * z * cross(beta, x.a);
  bar.d = z * h - (1.0 - z * z) * applied(TD, TO, x.d);
  return bar;
}`;

const angleBars = remembered((form) => ({
  name: "effective steady state, angles",
  reads: { ...OTHERS, bars: "f32" },
  writes: { thetaBar: "f32", phiBar: "f32" },
  numbers: NUMBERS,
  code: `
${ANGLES} ${SYMMETRIC} ${inputCode(form)} ${INPUT_BARS}
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
}));

const couplingBars = (form: NetworkForm, to: string): GpuProgram => ({
  name: "effective steady state, couplings",
  reads: { ...OTHERS, bars: "f32" },
  writes: { [to]: "f32" },
  numbers: NUMBERS,
  code: `
${ANGLES} ${SYMMETRIC} ${inputCode(form)} ${INPUT_BARS}
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

/** Sums over all samples at once, or over blocks of them. */
const couplings = {
  JBar: remembered((form) => couplingBars(form, "JBar")),
  JPart: remembered((form) => couplingBars(form, "JPart")),
};

/** Of each sample the sum over its outputs of number `which` of the cotangents, to a buffer of this name. */
const rateBars = (to: string): GpuProgram => ({
  name: "effective steady state, rates",
  reads: { bars: "f32" },
  writes: { [to]: "f32" },
  numbers: { M: "u32", which: "u32" },
  code: `
fn item(index : u32) {
  var sum = 0.0;
  for (var m = 0u; m < call.M; m++) { sum += bars[${BARS}u * (index * call.M + m) + call.which]; }
  ${to}[index] = sum;
}`,
});

type Work = {
  readonly passes: readonly GpuPass[];
  readonly scratch: Readonly<Record<string, number>>;
};

/** The gradient by a rate of this shape, summed over the axes that it does not have. */
function rateWork(
  shape: readonly number[],
  which: number,
  to: string,
  { P, B, M }: EffectiveSizes,
): Work {
  if (!isGiven(shape)) return { passes: [], scratch: {} };
  const [rows, samples] = shape as [number, number];
  const named = `${to}Sample`;
  const first = { program: rateBars(named), items: P * B, numbers: { M, which } };
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

function couplingWork(call: Call, { P, B, N, M, perSample }: EffectiveSizes): Work {
  const [form, numbers] = [formOf(call), numbersOf(call)];
  const { blocks } = numbers;
  const parts = perSample ? B : blocks;
  const whole = perSample || blocks === 1;
  const program = couplings[whole ? "JBar" : "JPart"](form);
  const first = { program, items: P * parts * M * N, numbers };
  if (whole) return { passes: [first], scratch: {} };
  const inner = 9 * M * N;
  const sum = sumPasses({ from: "JPart", to: "JBar", outer: P, terms: blocks, inner });
  return {
    passes: [first, ...sum.passes],
    scratch: { JPart: P * blocks * inner, ...sum.scratch },
  };
}

function gradientWork(call: Call): GpuWork {
  const { inputs } = call;
  const sizes = sizesOf(inputs);
  const { P, B, N, M } = sizes;
  const [form, numbers] = [formOf(call), numbersOf(call)];
  const byJ = couplingWork(call, sizes);
  const gamma = rateWork(inputs["gamma"]!, 13, "gammaBar", sizes);
  const z = rateWork(inputs["polarization"]!, 14, "zBar", sizes);
  return {
    outputs: ["thetaBar", "phiBar", "JBar", "gammaBar", "zBar", "value"],
    scratch: {
      ...{ bars: BARS * P * B * M, r: 3 * P * B * M },
      ...{ ...byJ.scratch, ...gamma.scratch, ...z.scratch },
    },
    passes: [
      { program: bars(form), items: P * B * M, numbers },
      { program: angleBars(form), items: P * B * N, numbers },
      ...[...byJ.passes, ...gamma.passes, ...z.passes],
    ],
  };
}

/** Form of `ZenoEffectiveSteadyState`. */
export const effectiveGpu: GpuForm<EffectiveAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { P, B, M } = sizesOf(call.inputs);
    const program = value(formOf(call));
    return {
      outputs: ["r"],
      passes: [{ program, items: P * B * M, numbers: numbersOf(call) }],
    };
  },
};

/** Form of `ZenoEffectiveSteadyStateGrad`. */
export const effectiveGradGpu: GpuForm<EffectiveGradAttrs> = {
  by: "wgsl",
  work: (call) => {
    const { scratch, ...work } = gradientWork(call);
    if (!call.attrs.withValue) return { ...work, scratch: scratch! };
    // The value is written where the output is, in place of a buffer that nobody reads.
    const { r: _r, ...rest } = scratch!;
    return { ...work, outputs: [...work.outputs.slice(0, -1), "r"], scratch: rest };
  },
};
