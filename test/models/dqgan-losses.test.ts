// The losses of both algorithms: golden values, equilibria, gradients, and that heads and samples are averaged.

import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../src/index.js";
import { lossesOf } from "../../src/models/dqgan/losses.js";
import { normalArray, stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import { losses as golden } from "./golden.js";
import type { Losses } from "../../src/models/dqgan/losses.js";

const CASES = [
  { name: "alg1", losses: lossesOf(1, 1), algorithm: 1, k: 1 },
  { name: "alg2_k1", losses: lossesOf(2, 1), algorithm: 2, k: 1 },
  { name: "alg2_k4", losses: lossesOf(2, 4), algorithm: 2, k: 4 },
] as const;

/** ⟨σ_z⟩ in (-1, 1), `[P, S, heads]`. */
function outputs(shape: [number, number, number], event: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    normalArray(stream(5, "problemGenerators", event), size).map((x) => Math.tanh(x)),
    shape,
  );
}

const one = (s: readonly number[]): tf.Tensor => tf.tensor(Array.from(s), [1, s.length, 1]);
const logSigmoid = (y: number): number => -Math.log1p(Math.exp(-y));
const meanOf = (s: ArrayLike<number>, f: (x: number) => number): number =>
  Array.from(s).reduce((sum, x) => sum + f(x), 0) / s.length;

/** Both losses of one replica in float64. */
function expected(
  { algorithm, k }: { algorithm: 1 | 2; k: number },
  real: ArrayLike<number>,
  fake: ArrayLike<number>,
): { readonly LD: number; readonly LG: number } {
  if (algorithm === 1) {
    const p = (s: ArrayLike<number>): number => meanOf(s, (x) => (1 + x) / 2);
    return { LD: p(real) + 1 - p(fake), LG: p(fake) };
  }
  const positive = (s: ArrayLike<number>, sign: number): number =>
    meanOf(s, (x) => logSigmoid(sign * k * x));
  return { LD: positive(real, 1) + positive(fake, -1), LG: positive(fake, 1) };
}

describe("lossesOf()", () => {
  before(() => useBackend("wasm"));

  for (const { name, losses, algorithm, k } of CASES) {
    it(`reproduces the golden values of ${name}`, async () => {
      const LD = await read(() =>
        losses.discriminator(one(golden.sigmaZReal), one(golden.sigmaZFakeDStep)),
      );
      const LG = await read(() => losses.generator(one(golden.sigmaZFakeGStep)));
      const want = golden.expected[name];
      closeTo([...LD, ...LG], [want.LD, want.LG], { rtol: 1e-6 });
    });

    it(`averages samples and heads of each replica alone (${name})`, async () => {
      const shape: [number, number, number] = [3, 5, 2];
      const [real, fake] = await readAll(() => [outputs(shape, 0), outputs(shape, 1)]);
      const [LD, LG] = await readAll(() => [
        losses.discriminator(outputs(shape, 0), outputs(shape, 1)),
        losses.generator(outputs(shape, 1)),
      ]);
      const want = [0, 1, 2].map((p) =>
        expected(
          { algorithm, k },
          real!.subarray(10 * p, 10 * p + 10),
          fake!.subarray(10 * p, 10 * p + 10),
        ),
      );
      closeTo(
        LD!,
        want.map((w) => w.LD),
        { rtol: 2e-6 },
        "L_D",
      );
      closeTo(
        LG!,
        want.map((w) => w.LG),
        { rtol: 2e-6 },
        "L_G",
      );
    });

    it(`has the gradients of its formula (${name})`, async () => {
      const shape: [number, number, number] = [2, 3, 2];
      const [real, fake] = await readAll(() => [outputs(shape, 0), outputs(shape, 1)]);
      const [dReal, dFake, dFakeG] = await readAll(() => gradients(losses, shape));
      const n = 6;
      const sigmoid = (y: number): number => 1 / (1 + Math.exp(-y));
      const up = (s: ArrayLike<number>, sign: 1 | -1): number[] =>
        Array.from(s, (x) =>
          algorithm === 1 ? sign / (2 * n) : (sign * k * sigmoid(-sign * k * x)) / n,
        );
      closeTo(dReal!, up(real!, 1), { rtol: 2e-6 }, "dL_D/ds_r");
      closeTo(dFake!, up(fake!, -1), { rtol: 2e-6 }, "dL_D/ds_f");
      closeTo(dFakeG!, up(fake!, 1), { rtol: 2e-6 }, "dL_G/ds_f");
    });
  }

  it("has the stated equilibria where the discriminator answers 0", async () => {
    const zero = (): tf.Tensor => tf.zeros([1, 4, 3]);
    for (const { losses, algorithm } of CASES) {
      const [LD] = await read(() => losses.discriminator(zero(), zero()));
      const [LG] = await read(() => losses.generator(zero()));
      const want = algorithm === 1 ? [1, 0.5] : [-2 * Math.LN2, -Math.LN2];
      closeTo([LD!, LG!], want, { rtol: 1e-6 });
    }
  });

  it("stays finite for any slope", async () => {
    const values = await read(() => lossesOf(2, 1e4).generator(one([-1, -1])));
    closeTo(values, [-1e4], { rtol: 1e-6 });
  });
});

function gradients(losses: Losses, shape: [number, number, number]): tf.Tensor[] {
  const [real, fake] = [outputs(shape, 0), outputs(shape, 1)];
  const ofD = tf.grads((r: tf.Tensor, f: tf.Tensor) => losses.discriminator(r, f))([real, fake]);
  return [...ofD, tf.grad((f: tf.Tensor) => losses.generator(f))(fake)];
}
