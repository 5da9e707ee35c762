// The fused forms for host memory.

import { sizeOf } from "../runtime/define.js";
import { sizesOf } from "./contract.js";
import { stepPolynomial } from "./polynomials.js";
import type { HostCall, HostForm } from "../runtime/define.js";
import type { EvolutionAttrs, EvolutionSizes } from "./contract.js";

type Call = HostCall<EvolutionAttrs>;

/** Floating-point operations above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 150_000;

/** Bytes of a pair of float64 numbers. */
const PAIR = 16;

/** Steps whose states the gradient holds at once; it takes longer intervals again for each such part. */
const WINDOW = 64;

/** Largest dimension for which a propagator may be made: its matrices take 100 n⁴ bytes of each thread. */
const MAX_PROPAGATED = 16;

/** Tolerances of a step of `expm`: an error of this size, and how much of the largest term is rounding. */
const EXPM = { atol: 1e-10, rtol: 0, rounding: 2e-16 };

/** Sizes of the regions of the scratch memory, in the order of layout.as.ts. */
function regions({ n, K, M }: EvolutionSizes, T: number, m: number, gradient: boolean): number[] {
  const d = n * n;
  const [vector, matrix] = [PAIR * d, 2 * PAIR * d];
  const sparse = [4 * (d + 1), 4 * d * d, PAIR * d * d];
  const powers = Math.max(m + 1, 2 * K) * vector;
  const forward = [(K + 1) * matrix, matrix, matrix, 4 * (K + 1) * n * (n + 1), ...sparse];
  const steps = [vector, powers, vector, vector, M * vector, PAIR * 14];
  if (!gradient) {
    const dense = n <= MAX_PROPAGATED ? 6 * d * vector : 0;
    return [...forward, 0, 0, 0, ...steps, ...new Array<number>(8).fill(0), dense];
  }
  const checkpoints = T * (vector + 2 * PAIR);
  const window = WINDOW * (vector + PAIR);
  const adjoint = [vector, powers, d * vector, checkpoints, window, 4 * T, M * vector, matrix];
  return [...forward, ...sparse, ...steps, ...adjoint];
}

/** Addresses from sizes, each a multiple of 16; the last is the end. */
function addresses(sizes: readonly number[]): number[] {
  const starts = [0];
  for (const size of sizes) starts.push(Math.ceil((starts.at(-1)! + size) / 16) * 16);
  return starts;
}

function tableF64({ pool }: Call, values: readonly number[]): number {
  const at = pool.alloc(8 * values.length);
  pool.f64(at, values.length).set(values);
  return at;
}

function sizes({ inputs }: Call): EvolutionSizes {
  return sizesOf(Object.fromEntries(Object.entries(inputs).map(([k, { shape }]) => [k, shape])));
}

/** Address, or 0 for an empty input: it has no values to copy. */
function loaded({ inputs }: Call, name: string): number {
  const input = inputs[name]!;
  return sizeOf(input.shape) === 0 ? 0 : input.load();
}

function loadInputs(call: Call, names: readonly string[]): number[] {
  return names.map((name) => loaded(call, name));
}

/** Runs a kernel on pairs of systems; `outputs` and `cotangents` are addresses in the order of layout.as.ts. */
function runPairs(
  call: Call,
  kernel: string,
  outputs: readonly number[],
  cotangents: readonly number[] = [],
): void {
  const { pool, attrs } = call;
  const size = sizes(call);
  const { B, n, K, M } = size;
  const { times, scheme, store, step, maxSteps } = attrs;
  const { g, e, order } = stepPolynomial(scheme);
  const [T, m] = [times.length, g.length - 1];
  const tolerances = scheme === "expm" ? EXPM : { ...attrs, rounding: 0 };
  const layout = addresses(regions(size, T, m, cotangents.length > 0));
  const table = pool.alloc(4 * layout.length);
  pool.u32(table, layout.length).set(layout);
  const settings = [tolerances.atol, tolerances.rtol, step, order, tolerances.rounding];
  const exponential = scheme === "expm";
  const propagator = exponential && cotangents.length === 0 && n <= MAX_PROPAGATED;
  const flags = (scheme === "rk4" ? 0 : 1) + 2 * Number(store) + 4 * Number(exponential);
  // The gradient of an exponential takes steps where the value may have had a propagator.
  const limit = exponential && cotangents.length > 0 ? 2 ** 31 - 1 : maxSteps;
  const args = [
    ...loadInputs(call, ["H", "jumps", "rho0", "observables"]),
    ...outputs,
    table,
    ...[tableF64(call, times), tableF64(call, [...g, ...e]), tableF64(call, settings)],
    ...[n, K, B, M, T, m, flags + 8 * Number(propagator), limit, WINDOW],
    ...cotangents,
  ];
  const items = Math.ceil(B / 2);
  // At least the assembly and one step for each interval.
  const alone = B * (n ** 4 * 4 + T * m * n ** 3) < SPLIT_ABOVE;
  pool.run(kernel, args, items, {
    scratch: layout.at(-1)!,
    chunk: alone ? items : 1,
  });
}

/** Host form of `ZenoLindbladEvolution`. */
export const evolutionHost: HostForm<EvolutionAttrs> = (call) => {
  const { pool, shapes } = call;
  const outputs = shapes.map((shape) => pool.alloc(4 * sizeOf(shape)));
  runPairs(call, "lindbladEvolution", outputs);
  return shapes.map((shape, i) => pool.f32(outputs[i]!, sizeOf(shape)));
};

/** Host form of `ZenoLindbladEvolutionGrad`. */
export const evolutionGradHost: HostForm<EvolutionAttrs> = (call) => {
  const { pool, shapes } = call;
  const given = loadInputs(call, ["dstates", "dexpectations"]);
  const bars = shapes.map((shape) => pool.alloc(4 * sizeOf(shape)));
  runPairs(call, "lindbladEvolutionGradient", [0, 0, 0], [...given, ...bars]);
  return shapes.map((shape, i) => pool.f32(bars[i]!, sizeOf(shape)));
};
