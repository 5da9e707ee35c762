// Elementary functions of the webgpu backend: WGSL's own may be off by 2⁻¹¹ (sin, cos), or by all of their digits near 0
// (log1p, expm1, tanh, and what is made of these).

import { COS_SIN, EXP, LN, QUADRANT } from "../../gpu/functions.js";
import { runOnDevice } from "../../gpu/passes.js";
import { PHILOX } from "../../gpu/philox.js";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebgpuBackend } from "../../gpu/access.js";
import type { GpuProgram } from "../../gpu/pipelines.js";

type Call = { inputs: { x: TensorInfo }; backend: WebgpuBackend };

/** A kernel of one input. */
export type UnaryKernel = (call: Call) => TensorInfo;

const ANGLES = `${PHILOX} ${QUADRANT} ${COS_SIN}`;

const LOG = `
${LN}
fn logarithm(x : f32) -> f32 {
  let bits = bitcast<u32>(x);
  if (bits >= 0x00800000u && bits < 0x7f800000u) { return ln(x); }
  if (bits == 0x7f800000u) { return x; }
  // Of 0, and of what devices may take for it.
  if ((bits & 0x7fffffffu) < 0x00800000u) { return -call.infinity; }
  return call.nan;
}`;

const LOG1P = `
${LOG}
fn log1p(x : f32) -> f32 { if (x >= -0.2928 && x <= 0.4142) { return lnNearOne(x); } return logarithm(1.0 + x); }`;

const EXPM1 = `
${EXP}
fn expm1(x : f32) -> f32 { if (abs(x) <= 0.3465) { return expm1Small(x); } return exponential(x) - 1.0; }`;

const TANH = `
${EXP}
fn tangent(x : f32) -> f32 {
  let size = abs(x);
  if (size < 0.625) {
    let z = x * x;
    return ((((-5.70498872745e-3 * z + 2.06390887954e-2) * z - 5.37397155531e-2) * z + 1.33314422036e-1) * z - 3.33332819422e-1) * z * x + x;
  }
  if (size > 10.0) { return sign(x); }
  return sign(x) * (1.0 - 2.0 / (exponential(2.0 * size) + 1.0));
}`;

const SINH = `
${EXP}
fn hyperbolic(x : f32) -> f32 {
  let size = abs(x);
  if (size < 1.0) { let z = x * x; return ((2.03721912945e-4 * z + 8.33028376239e-3) * z + 1.66667160211e-1) * z * x + x; }
  let root = exponential(0.5 * size);
  return sign(x) * (0.5 * root * root - 0.5 / root / root);
}`;

/** Functions, and the value at x, by kernel name. */
const FUNCTIONS: Readonly<Record<string, readonly [functions: string, value: string]>> = {
  Sin: [ANGLES, "cosSin(x).y"],
  Cos: [ANGLES, "cosSin(x).x"],
  Tan: [`${ANGLES} fn quotient(p : vec2<f32>) -> f32 { return p.y / p.x; }`, "quotient(cosSin(x))"],
  Exp: [EXP, "exponential(x)"],
  Expm1: [EXPM1, "expm1(x)"],
  Log: [LOG, "logarithm(x)"],
  Log1p: [LOG1P, "log1p(x)"],
  Tanh: [TANH, "tangent(x)"],
  Sinh: [SINH, "hyperbolic(x)"],
  Sigmoid: [EXP, "1.0 / (1.0 + exponential(-x))"],
  Softplus: [
    `${LOG1P} ${EXP} fn softplus(x : f32) -> f32 { return max(x, 0.0) + log1p(exponential(-abs(x))); }`,
    "softplus(x)",
  ],
  Elu: [
    `${EXPM1} fn elu(x : f32) -> f32 { if (x >= 0.0) { return x; } return expm1(x); }`,
    "elu(x)",
  ],
  Selu: [
    `${EXPM1} fn selu(x : f32) -> f32 { if (x >= 0.0) { return 1.0507009873554805 * x; } return 1.7580993408473766 * expm1(x); }`,
    "selu(x)",
  ],
};

function programOf(name: string, [functions, value]: readonly [string, string]): GpuProgram {
  return {
    name,
    reads: { xs: "f32" },
    writes: { ys: "f32" },
    numbers: {},
    code: `
${functions}
fn item(index : u32) { let x = xs[index]; ys[index] = ${value}; }`,
  };
}

function kernelOf(name: string, functions: readonly [string, string]): UnaryKernel {
  const program = programOf(name, functions);
  return ({ inputs: { x }, backend }) => {
    const items = x.shape.reduce((a, b) => a * b, 1);
    const work = { outputs: ["ys"], passes: [{ program, items, numbers: {} }] };
    return runOnDevice(backend, name, { xs: x }, work, [x.shape])[0]!;
  };
}

/** The kernels by name; of float32 tensors. */
export const unaryKernels: Readonly<Record<string, UnaryKernel>> = Object.fromEntries(
  Object.entries(FUNCTIONS).map(([name, functions]) => [name, kernelOf(name, functions)]),
);
