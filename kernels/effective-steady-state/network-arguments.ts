// How the host kernels of the dissipative network take their arguments and give their gradients: addresses, flags,
// and the sums over what an input is shared by.

import { sizeOf } from "../runtime/define.js";
import { COMPONENTS, sizesOf } from "./contract.js";
import type { HostCall, HostInput } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { EffectiveAttrs, EffectiveSizes } from "./contract.js";

/** Bits of the argument `flags`, as in the *.as.ts files. */
export const FLAGS = {
  limit: 1,
  jPerSample: 2,
  gammaRows: 4,
  gammaSamples: 8,
  zRows: 16,
  zSamples: 32,
} as const;
const OBSERVE_SHIFT = 8;

/** Position of the address of r in the arguments. */
export const R_ARGUMENT = 5;

/** What the kernels of the network have in common. */
export type NetworkCall = HostCall<Omit<EffectiveAttrs, "limit">>;

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

/**
 * The arguments that value and gradient share, memory for r included.
 *
 * @param r - shape of the steady state
 * @param flags - bits of {@link FLAGS} that only the caller knows
 */
export function networkArguments(
  { pool, inputs, attrs }: NetworkCall,
  { N, M, B, perSample }: EffectiveSizes,
  r: readonly number[],
  flags = 0,
): number[] {
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
  const observe = attrs.observe === null ? 0 : 1 + COMPONENTS.indexOf(attrs.observe);
  const shared = (perSample ? FLAGS.jPerSample : 0) | gammaFlags | zFlags;
  return [
    inputs["theta"]!.load(),
    isGiven(inputs["phi"]!) ? inputs["phi"]!.load() : 0,
    inputs["J"]!.load(),
    gamma,
    z,
    pool.alloc(4 * sizeOf(r)),
    N,
    M,
    B,
    flags | shared | (observe << OBSERVE_SHIFT),
  ];
}

/** The further arguments of a gradient, and how its results are read afterwards. */
export type GradientArguments = {
  readonly args: readonly number[];
  /** Gradients in the order of the inputs; empty for those not given. */
  read(): Float32Array[];
};

/** Memory for the gradients, where the kernel sums those of J over blocks of `block` samples. */
export function gradientArguments(
  { pool, inputs }: NetworkCall,
  { P, B, N, M, perSample }: EffectiveSizes,
  block: number,
): GradientArguments {
  const blocks = Math.ceil(B / block);
  const outputFor = (name: string, size: number): number =>
    isGiven(inputs[name]!) ? pool.alloc(4 * size) : 0;
  const cotangent = inputs["dr"]!.load();
  const theta = pool.alloc(4 * P * B * N);
  const phi = outputFor("phi", P * B * N);
  const J = pool.alloc(perSample ? 36 * P * B * M * N : 72 * P * blocks * M * N);
  const [gamma, z] = [outputFor("gamma", P * B), outputFor("polarization", P * B)];
  const rateBar = (name: string, at: number): Float32Array => {
    const { shape } = inputs[name]!;
    return at === 0 ? NOT_GIVEN : sumSamples(pool.f32(at, P * B), shape as [number, number], B);
  };
  return {
    args: [cotangent, theta, phi, J, gamma, z],
    read: () => [
      pool.f32(theta, P * B * N),
      phi === 0 ? NOT_GIVEN : pool.f32(phi, P * B * N),
      perSample
        ? pool.f32(J, 9 * P * B * M * N)
        : sumBlocks(pool.f64(J, 9 * P * blocks * M * N), [P, blocks, 9 * M * N]),
      rateBar("gamma", gamma),
      rateBar("polarization", z),
    ],
  };
}

/** In place of an output that is not wanted. */
export const NOT_GIVEN: Float32Array = new Float32Array(0);

function isGiven({ shape }: HostInput): boolean {
  return shape.length > 1;
}

/** Sizes of a call. */
export function callSizes({ inputs }: NetworkCall): EffectiveSizes {
  const shapes = Object.entries(inputs).map(([name, { shape }]) => [name, shape]);
  return sizesOf(Object.fromEntries(shapes) as Record<string, readonly number[]>);
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
