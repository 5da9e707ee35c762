// What must hold for every dissipative network: batch = loop, symmetries, bounds.

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { network, useBackend } from "../../src/index.js";
import { closeTo } from "../support/close-to.js";
import { read } from "../support/tensors.js";
import { normalArray, stream, uniformArray } from "../../src/random.js";

type Case = {
  readonly seed: number;
  readonly P: number;
  readonly B: number;
  readonly N: number;
  readonly M: number;
  readonly gamma: number;
  readonly z: number;
};

const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  P: fc.integer({ min: 1, max: 3 }),
  B: fc.integer({ min: 1, max: 9 }),
  N: fc.integer({ min: 1, max: 4 }),
  M: fc.integer({ min: 1, max: 3 }),
  // Γ from 1 to 1e5, evenly in its logarithm.
  gamma: fc.double({ min: 0, max: 5, noNaN: true }).map((x) => 10 ** x),
  z: fc.oneof(
    fc.constant(1),
    fc.double({ min: 0.05, max: 1, noNaN: true }),
    fc.double({ min: -1, max: -0.05, noNaN: true }),
  ),
});

const holds = (check: (given: Case) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(cases, check), { seed: 1, numRuns: 40 });

const thetaOf = ({ seed, P, B, N }: Case): Float32Array =>
  uniformArray(stream(seed, "data"), P * B * N).map((u) => Math.PI * u);
const couplingsOf = ({ seed, P, M, N }: Case): Float32Array =>
  normalArray(stream(seed, "latent"), P * M * N * 9);

type Change = {
  readonly J?: Float32Array;
  readonly gamma?: number;
  readonly z?: number;
  readonly path?: "limit";
};

/** Bloch vectors `[P, B, M, 3]` of a case with changes. */
function steady(given: Case, change: Change = {}): Promise<Float32Array> {
  const { P, B, N, M } = given;
  const { J = couplingsOf(given), gamma = given.gamma, z = given.z, path = "effective" } = change;
  return read(() =>
    network.steadyState(
      {
        theta: tf.tensor(thetaOf(given), [P, B, N]),
        J: tf.tensor(J.slice(), [P, M, N, 3, 3]),
        gamma,
        polarization: z,
      },
      { path },
    ),
  );
}

const lengths = (r: Float32Array): number[] =>
  Array.from({ length: r.length / 3 }, (_, i) => Math.hypot(...r.subarray(3 * i, 3 * i + 3)));

/** Rotation by `angle` about an axis (Rodrigues). */
function rotation(seed: number): number[][] {
  const from = normalArray(stream(seed, "evaluation"), 4);
  const norm = Math.hypot(from[0]!, from[1]!, from[2]!);
  const [x, y, z] = [from[0]! / norm, from[1]! / norm, from[2]! / norm];
  const [c, s] = [Math.cos(from[3]!), Math.sin(from[3]!)];
  const d = 1 - c;
  return [
    [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
    [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
    [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
  ];
}

/** Every row of three numbers times Rᵀ. */
function rotated(rows: Float32Array, R: readonly (readonly number[])[]): Float32Array {
  return rows.map((_, i) => {
    const row = rows.subarray(i - (i % 3), i - (i % 3) + 3);
    return R[i % 3]!.reduce((sum, x, l) => sum + x * row[l]!, 0);
  });
}

/** Every matrix times the rotation about z: its columns x and y mix. */
function turnedAboutZ(J: Float32Array, angle: number): Float32Array {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return J.map((value, i) => {
    const [l, of] = [i % 3, i - (i % 3)];
    if (l === 0) return c * value + s * J[of + 1]!;
    return l === 1 ? c * value - s * J[of]! : value;
  });
}

describe("every dissipative network", () => {
  before(() => useBackend("wasm"));

  it("has in a batch what it has sample by sample", () =>
    holds(async (given) => {
      const { P, B, N, M } = given;
      const [theta, J] = [thetaOf(given), couplingsOf(given)];
      const whole = await steady(given);
      const size = M * N * 9;
      for (let p = 0; p < P; p++) {
        for (let b = 0; b < B; b++) {
          const row = p * B + b;
          const alone = await read(() =>
            network.steadyState({
              theta: tf.tensor(theta.slice(row * N, (row + 1) * N)),
              J: tf.tensor(J.slice(p * size, (p + 1) * size), [M, N, 3, 3]),
              gamma: given.gamma,
              polarization: given.z,
            }),
          );
          closeTo(whole.subarray(row * M * 3, (row + 1) * M * 3), alone, { atol: 2e-6 });
        }
      }
    }));

  it("has Bloch vectors of length 1 at most", () =>
    holds(async (given) => {
      for (const r of [await steady(given), await steady(given, { path: "limit" })])
        for (const length of lengths(r)) closeTo(Math.max(length - 1, 0), 0, { atol: 2e-6 });
    }));

  it("in the limit does not know the scale and the sign of its couplings", () =>
    holds(async (given) => {
      const J = couplingsOf(given);
      const r = await steady(given, { path: "limit" });
      for (const s of [-1, 3, -0.25, 1e4])
        closeTo(await steady(given, { J: J.map((x) => s * x), path: "limit" }), r, { atol: 1e-6 });
    }));

  it("depends on J/Γ alone", () =>
    holds(async (given) => {
      const J = couplingsOf(given);
      const r = await steady(given);
      for (const s of [4, 0.125, 10])
        closeTo(await steady(given, { J: J.map((x) => s * x), gamma: s * given.gamma }), r, {
          atol: 4e-6,
        });
    }));

  it("turns with the output: J Rᵀ gives R r", () =>
    holds(async (given) => {
      const R = rotation(given.seed);
      const J = rotated(couplingsOf(given), R);
      for (const path of [{}, { path: "limit" }] as const)
        closeTo(await steady(given, { J, ...path }), rotated(await steady(given, path), R), {
          atol: 4e-6,
        });
    }));

  it("keeps ⟨σ_z⟩ when the output turns about z", () =>
    holds(async (given) => {
      const z = (r: Float32Array): Float32Array => r.filter((_, i) => i % 3 === 2);
      const J = turnedAboutZ(couplingsOf(given), 0.7);
      for (const path of [{}, { path: "limit" }] as const)
        closeTo(z(await steady(given, { J, ...path })), z(await steady(given, path)), {
          atol: 4e-6,
        });
    }));

  it("in the limit is odd in the polarization", () =>
    holds(async (given) => {
      const r = await steady(given, { path: "limit" });
      const odd = await steady(given, { z: -given.z, path: "limit" });
      closeTo(
        odd,
        r.map((x) => -x),
        { atol: 1e-6 },
      );
    }));

  it("becomes fully mixed as the polarization vanishes", () =>
    holds(async (given) => {
      const at = async (z: number): Promise<number> =>
        Math.max(...lengths(await steady(given, { z })));
      // r is smooth in z, at most of slope 1/u of the sample: small in proportion.
      const [small, smaller] = [await at(1e-7), await at(1e-8)];
      closeTo(smaller, small / 10, { rtol: 1e-3, atol: 1e-12 });
      closeTo(await at(0), 0, {});
    }));

  it("goes to the limit as Γ grows", () =>
    holds(async (given) => {
      const limit = await steady(given, { path: "limit" });
      const at = async (gamma: number): Promise<number> => {
        const r = await steady(given, { gamma });
        return Math.max(...r.map((x, i) => Math.abs(x - limit[i]!)));
      };
      const [far, near] = [await at(1e5), await at(1e7)];
      closeTo(Math.max(near - (far / 50 + 4e-6), 0), 0, {});
    }));
});
