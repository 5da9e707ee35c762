// The transient of a dissipative network of one input, golden: the full equation, and the effective one, which is itself a
// Lindblad equation of the output.

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { openSystems as os } from "../../src/index.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read } from "../support/tensors.js";

type Case = {
  readonly kind: string;
  readonly J: readonly number[][][];
  readonly theta: readonly number[];
  readonly z: number;
  readonly gamma: number;
  readonly times: readonly number[];
  readonly r_full: readonly number[][];
  readonly r_effective: readonly number[][];
};

const text = readFileSync(new URL("../golden/evolution.json", import.meta.url), "utf8");
const { cases } = JSON.parse(text) as { readonly cases: readonly Case[] };
const golden = cases.find(({ kind }) => kind === "networkEvolve")!;
const { z, gamma } = golden;
const [theta, J] = [golden.theta[0]!, golden.J[0]!];

/** Float32 of the generator, over a time of 20. */
const BOUND = 3e-6;

/** `Σ_k f(σ_k, k)`. */
const overPaulis = (f: (sigma: os.Complex, k: number) => os.Complex): os.Complex =>
  os.sum(f(os.sigmaX(), 0), f(os.sigmaY(), 1), f(os.sigmaZ(), 2));
/** `c·σ`. */
const along = (c: readonly number[]): os.Complex =>
  overPaulis((sigma, k) => os.scale(sigma, c[k]!));

onEachBackend("evolve() of a network", () => {
  it("has the golden transient of the full equation", async () => {
    const r = await read(() => {
      const [c, s] = [Math.cos(theta / 2), Math.sin(theta / 2)];
      const ket = (a: number, b: number): os.Complex => os.fromArrays([[a], [b]], [[0], [0]]);
      const [up, down] = [ket(c, s), ket(s, -c)];
      const jump = os.matMul(up, os.adjoint(down));
      const jumpOps = [
        os.scale(jump, Math.sqrt((gamma * (1 + z)) / 2)),
        os.scale(os.adjoint(jump), Math.sqrt((gamma * (1 - z)) / 2)),
      ].map((L) => os.embed(L, 0, [2, 2]));
      const H = overPaulis((sigma, k) => os.tensor(sigma, along(J[k]!)));
      const input = os.sum(
        os.scale(os.densityMatrix(up), (1 + z) / 2),
        os.scale(os.densityMatrix(down), (1 - z) / 2),
      );
      const start = os.tensor(input, os.projector(2, 0));
      const { states } = os.evolve(H, jumpOps, start, golden.times);
      return os.blochVector(os.partialTrace(states!, [2, 2], [1]));
    });
    closeTo(r, golden.r_full.flat(), { atol: BOUND });
  });

  it("has the golden transient of the effective equation", async () => {
    const r = await read(() => {
      const [ct, st] = [Math.cos(theta), Math.sin(theta)];
      const image = (v: readonly number[]): number[] =>
        [0, 1, 2].map((l) => v.reduce((sum, x, k) => sum + x * J[k]![l]!, 0));
      const d = along(image([st, 0, ct]));
      const [a, b] = [along(image([-ct, 0, st])), along(image([0, 1, 0]))];
      // g = a·σ - i b·σ
      const g = { re: tf.add(a.re, b.im), im: tf.sub(a.im, b.re) };
      const jumpOps = [
        os.scale(g, Math.sqrt((2 * (1 + z)) / gamma)),
        os.scale(os.adjoint(g), Math.sqrt((2 * (1 - z)) / gamma)),
        os.scale(d, Math.sqrt((2 * (1 - z * z)) / gamma)),
      ];
      const { states } = os.evolve(os.scale(d, z), jumpOps, os.basis(2, 0), golden.times);
      return os.blochVector(states!);
    });
    closeTo(r, golden.r_effective.flat(), { atol: BOUND });
  });
});
