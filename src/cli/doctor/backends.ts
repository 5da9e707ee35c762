// Checks of the backends: each one loads and solves a known steady state, multiplies in full float32, or is absent.

import type { ChooseBackend } from "../io.js";
import type { Check } from "./check.js";
import { BackendError } from "../../errors.js";

/** A network of two inputs and one output. */
export const KNOWN_PROBLEM = {
  theta: [1.1, 0.7],
  J: [
    [
      [0.3, -1.1, 0.5],
      [0.8, 0.2, -0.4],
      [-0.6, 0.9, 1.2],
    ],
    [
      [1.0, 0.4, -0.7],
      [-0.2, 0.6, 1.1],
      [0.5, -0.9, 0.3],
    ],
  ],
  gamma: 50,
  polarization: 0.9,
} as const;

/** Its steady Bloch vector, by the float64 reference of kernels/effective-steady-state. */
export const KNOWN_STATE: readonly number[] = [
  0.4700268602177577, -0.4580073358526398, 0.4172971125195508,
];

const TOLERANCE = 1e-6;

/** Largest error of the known steady state on the active backend. */
async function steadyStateError(method: "fused" | "composed"): Promise<number> {
  const tf = await import("@tensorflow/tfjs");
  const { steadyState } = await import("../../open-systems/network/index.js");
  const { theta, J, gamma, polarization } = KNOWN_PROBLEM;
  const r = tf.tidy(() =>
    steadyState(
      { theta: tf.tensor1d([...theta]), J: tf.tensor([J] as never), gamma, polarization },
      { method },
    ),
  );
  const values = await r.data();
  r.dispose();
  return Math.max(...KNOWN_STATE.map((x, i) => Math.abs(x - (values[i] ?? Number.NaN))));
}

function accuracy(name: string, what: string, error: number): Check {
  const detail = `${what}, error ${error.toExponential(1)} against float64`;
  if (error < TOLERANCE) return { name, status: "ok", detail };
  const hint = "the numbers of this backend are not to be trusted: please report this machine";
  return { name, status: "fail", detail, hint };
}

/** Loads a backend and solves the known steady state with tf operations. */
export async function backendCheck(name: string, chooseBackend: ChooseBackend): Promise<Check> {
  const info = await chooseBackend(name, {});
  const error = await steadyStateError("composed");
  return accuracy(`backend ${name}`, `${info.device}, two-input steady state`, error);
}

/** The backend `tensorflow`: where its kernels are native, those too. */
async function tensorflowCheck(chooseBackend: ChooseBackend): Promise<Check> {
  const name = "backend tensorflow";
  const found = await backendCheck("tensorflow", chooseBackend);
  const { nativeUse } = await import("../../../kernels/runtime/tensorflow/define.js");
  const use = nativeUse();
  if (use === "host" || found.status !== "ok") return found;
  const native = accuracy(name, "native kernels", await steadyStateError("fused"));
  const both = { ...native, detail: `${found.detail}\n${native.detail}` };
  if (use === "gpu" || native.status !== "ok") return both;
  const hint = "kernels of the host are faster here: unset ZENOFLOW_TENSORFLOW_NATIVE";
  return { ...both, status: "warn", hint };
}

const GIB = 2 ** 30;

/** What a device allows at most, as far as batches meet it. */
function limitsText(limits: Readonly<Record<string, number>>): string {
  const buffer = ((limits["maxStorageBufferBindingSize"] ?? 0) / GIB).toPrecision(3);
  const shared = (limits["maxComputeWorkgroupStorageSize"] ?? 0) / 1024;
  const buffers = limits["maxStorageBuffersPerShaderStage"] ?? 0;
  return `buffers up to ${buffer} GiB, ${buffers.toString()} a program, ${shared.toString()} KiB a workgroup`;
}

/** The backend `webgpu`: its device, what that allows, what compiling programs costs, its own kernels. */
async function gpuCheck(chooseBackend: ChooseBackend): Promise<Check> {
  const name = "backend webgpu";
  const info = await chooseBackend("webgpu", {});
  const { compilations } = await import("../../../kernels/runtime/gpu/pipelines.js");
  const [before, start] = [compilations(), performance.now()];
  const error = await steadyStateError("fused");
  const [after, first] = [compilations(), performance.now() - start];
  await steadyStateError("fused");
  const second = performance.now() - start - first;
  const compiled = after.programs - before.programs;
  const found = accuracy(name, `${info.device}, two-input steady state`, error);
  const lines = [
    found.detail,
    ...(info.limits === undefined ? [] : [limitsText(info.limits)]),
    `first call ${first.toFixed(0)} ms with ${compiled.toString()} of our programs compiled, the next ${second.toFixed(0)} ms`,
  ];
  const detail = lines.join("\n");
  if (found.status !== "ok" || info.software !== true) return { ...found, detail };
  const hint = "this device is emulated on the processor, for tests: compute with --backend wasm";
  return { name, status: "warn", detail, hint };
}

/** The fused host kernels, on the active backend. */
export async function hostKernelCheck(threads: number): Promise<Check> {
  const error = await steadyStateError("fused");
  const what = `WebAssembly SIMD on ${threads.toString()} thread${threads === 1 ? "" : "s"}, two-input steady state`;
  return accuracy("host kernels", what, error);
}

/** Σ₁⁶⁴ (1 + 2⁻¹²)·1 as a matrix product: 64.015625 in float32, 64 where TF32 cuts the operands. */
export async function precisionCheck(): Promise<Check> {
  const tf = await import("@tensorflow/tfjs");
  const product = tf.tidy(() => tf.matMul(tf.fill([1, 64], 1 + 2 ** -12), tf.fill([64, 1], 1)));
  const [value = Number.NaN] = await product.data();
  product.dispose();
  const name = "float32";
  if (value === 64.015625) return { name, status: "ok", detail: "matrix products in full float32" };
  const detail = `matrix products lose digits: ${value.toString()} instead of 64.015625`;
  return { name, status: "fail", detail, hint: "NVIDIA_TF32_OVERRIDE=0" };
}

/** A backend that need not be there: tried like the others, or absent with the reason that useBackend gives. */
export async function optionalBackendCheck(
  name: "tensorflow" | "webgpu",
  chooseBackend: ChooseBackend,
): Promise<Check> {
  try {
    return await (name === "webgpu" ? gpuCheck : tensorflowCheck)(chooseBackend);
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const [detail = "", ...hint] = error.message.replace(/^.*?`\S+` /, "").split(". ");
    return { name: `backend ${name}`, status: "absent", detail, hint: hint.join(". ") };
  }
}
