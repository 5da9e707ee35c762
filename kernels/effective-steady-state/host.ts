// The fused forms for host memory: arguments of the module's kernels, and the sums over blocks.

import { sizeOf } from "../runtime/define.js";
import { COMPONENTS, effectiveContract, sizesOf } from "./contract.js";
import type { HostCall, HostForm, HostInput } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { EffectiveAttrs, EffectiveGradAttrs, EffectiveSizes } from "./contract.js";

/** Samples of one work item, as in host.as.ts. */
const BLOCK = 256;
const FLAGS = { limit: 1, jPerSample: 2, gammaRows: 4, gammaSamples: 8, zRows: 16, zSamples: 32 };
const OBSERVE_SHIFT = 8;

/** Nanoseconds of one sample, output and input, for the decision to wake the other threads. */
const COST = { value: 4, gradient: 8 };
const WAKE_ABOVE = 50_000;

type Call = HostCall<EffectiveAttrs>;

/** A rate as an address and the flags that say how it is shared. */
function rate(
  pool: HostPool,
  input: HostInput,
  value: number | null,
  rows: number,
  samples: number,
): [number, number] {
  if (!isGiven(input)) {
    const at = pool.alloc(4);
    pool.f32(at, 1)[0] = value ?? 1;
    return [at, 0];
  }
  const [P, B] = input.shape as [number, number];
  return [input.load(), (P > 1 ? rows : 0) | (B > 1 ? samples : 0)];
}

/** The arguments that value and gradient share, the output r included. */
function commonArgs(call: Call, sizes: EffectiveSizes): number[] {
  const { pool, inputs, attrs } = call;
  const { N, M, B, perSample } = sizes;
  const [r] = effectiveContract.outputShapes(shapesOf(call), attrs) as [readonly number[]];
  const [gamma, gammaFlags] = rate(
    pool,
    inputs["gamma"]!,
    attrs.gamma,
    FLAGS.gammaRows,
    FLAGS.gammaSamples,
  );
  const [z, zFlags] = rate(
    pool,
    inputs["polarization"]!,
    attrs.polarization,
    FLAGS.zRows,
    FLAGS.zSamples,
  );
  const flags =
    (attrs.limit ? FLAGS.limit : 0) | (perSample ? FLAGS.jPerSample : 0) | gammaFlags | zFlags;
  const observe = attrs.observe === null ? 0 : 1 + COMPONENTS.indexOf(attrs.observe);
  const phi = isGiven(inputs["phi"]!) ? inputs["phi"]!.load() : 0;
  return [
    inputs["theta"]!.load(),
    phi,
    inputs["J"]!.load(),
    gamma,
    z,
    pool.alloc(4 * sizeOf(r)),
    N,
    M,
    B,
    flags | (observe << OBSERVE_SHIFT),
  ];
}

function runBlocks(
  pool: HostPool,
  kernel: string,
  args: readonly number[],
  sizes: EffectiveSizes,
  cost: number,
): number {
  const { P, B, N, M } = sizes;
  const items = P * Math.ceil(B / BLOCK);
  const scratch = 64 * N * 96 + 64 * 64 + N * (22 + 9) * 16 + 96;
  const alone = P * B * M * (N + 1) * cost < WAKE_ABOVE;
  pool.run(kernel, args, items, { scratch, ...(alone && { chunk: items }) });
  return items;
}

/** Host form of `ZenoEffectiveSteadyState`. */
export const effectiveHost: HostForm<EffectiveAttrs> = (call) => {
  const sizes = sizesOf(shapesOf(call));
  const args = commonArgs(call, sizes);
  runBlocks(call.pool, "effectiveForward", args, sizes, COST.value);
  return [call.pool.f32(args[5]!, sizeOf(call.shapes[0]!))];
};

/** Host form of `ZenoEffectiveSteadyStateGrad`. */
export const effectiveGradHost: HostForm<EffectiveGradAttrs> = (call) => {
  const { pool, inputs } = call;
  const sizes = sizesOf(shapesOf(call));
  const { P, B, N, M, perSample } = sizes;
  const blocks = Math.ceil(B / BLOCK);
  const common = commonArgs(call, sizes);
  const outputFor = (name: string, size: number): number =>
    isGiven(inputs[name]!) ? pool.alloc(4 * size) : 0;
  const cotangent = inputs["dr"]!.load();
  const theta = pool.alloc(4 * P * B * N);
  const phi = outputFor("phi", P * B * N);
  const J = pool.alloc(perSample ? 36 * P * B * M * N : 72 * P * blocks * M * N);
  const gamma = outputFor("gamma", P * B);
  const z = outputFor("polarization", P * B);
  runBlocks(
    pool,
    "effectiveGradient",
    [...common, cotangent, theta, phi, J, gamma, z],
    sizes,
    COST.gradient,
  );
  const JBar = perSample
    ? pool.f32(J, 9 * P * B * M * N)
    : sumBlocks(pool.f64(J, 9 * P * blocks * M * N), [P, blocks, 9 * M * N]);
  const rateBar = (name: string, at: number): Float32Array => {
    const { shape } = inputs[name]!;
    return at === 0 ? NOT_GIVEN : sumSamples(pool.f32(at, P * B), shape as [number, number], B);
  };
  return [
    pool.f32(theta, P * B * N),
    phi === 0 ? NOT_GIVEN : pool.f32(phi, P * B * N),
    JBar,
    rateBar("gamma", gamma),
    rateBar("polarization", z),
    call.attrs.withValue ? pool.f32(common[5]!, sizeOf(inputs["dr"]!.shape)) : NOT_GIVEN,
  ];
};

const NOT_GIVEN = new Float32Array(0);

function isGiven({ shape }: HostInput): boolean {
  return shape.length > 1;
}

function shapesOf({ inputs }: Call): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
}

/** Adds the float64 partial sums `[P, blocks, size]` over the blocks, in order. */
function sumBlocks(parts: Float64Array, [P, blocks, size]: [number, number, number]): Float32Array {
  const total = new Float64Array(P * size);
  for (let p = 0; p < P; p++) {
    for (let block = 0; block < blocks; block++) {
      const from = (p * blocks + block) * size;
      for (let i = 0; i < size; i++) total[p * size + i]! += parts[from + i]!;
    }
  }
  return new Float32Array(total);
}

/** Adds `[P, B]` over the axes that the rate of shape `[rows, samples]` does not have. */
function sumSamples(
  values: Float32Array,
  [rows, samples]: [number, number],
  B: number,
): Float32Array {
  if (samples === B && rows * samples === values.length) return values;
  const total = new Float64Array(rows * samples);
  values.forEach((value, i) => {
    const row = rows === 1 ? 0 : Math.floor(i / B);
    total[row * samples + (samples === 1 ? 0 : i % B)]! += value;
  });
  return new Float32Array(total);
}
