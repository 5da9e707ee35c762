// The sums in float64: against the sum state by state, at sizes that are not the case's, and at the edge of the range.

import { expect } from "chai";
import { fitsSplit, splitLogZ, splitMoments } from "../../kernels/ising-split/index.js";
import { referenceSplit } from "../../kernels/ising-split/reference.js";
import { philoxNormals } from "../../kernels/philox/reference.js";
import { closeTo } from "../support/close-to.js";
import type { SplitModel } from "../../kernels/ising-split/contract.js";

/** Normal couplings and biases of one strength. */
function glass(n: number, strength: number, seed = 3): SplitModel {
  const couplings = new Float64Array(n * n);
  philoxNormals(seed, 1, n * n).forEach((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (j < i) couplings[at] = couplings[j * n + i] = strength * x;
  });
  return { n, couplings, biases: philoxNormals(seed, 2, n).map((x) => strength * x) };
}

describe("splitMoments()", () => {
  for (const [n, strength] of [
    [1, 1],
    [11, 0.4],
    [14, 5],
    [15, 0.01],
    [17, 0.5],
  ] as const)
    it(`of ${n} spins of strength ${strength} are those of the sum state by state, to 1e-12`, () => {
      const model = glass(n, strength);
      const want = referenceSplit(model);
      const { logZ, spins, pairs } = splitMoments(model);
      expect(logZ / want.logZ - 1).to.be.within(-1e-14, 1e-14);
      expect(splitLogZ(model)).to.equal(logZ);
      closeTo(spins, want.spins, { atol: 1e-12 });
      closeTo(pairs, want.pairs, { atol: 1e-12 });
    });

  it("of a ferromagnet of 24 spins are those of the sum over its magnetisation", () => {
    // Σ_M (24 choose k) exp(J (M² − 24) / 2 + b M), M = 2 k − 24.
    const [n, J, b] = [24, 0.04, 0.02];
    const couplings = new Float64Array(n * n).map((_, at) => (at % (n + 1) === 0 ? 0 : J));
    let [binomial, Z, first, second] = [1, 0, 0, 0];
    for (let k = 0; k <= n; k++) {
      const M = 2 * k - n;
      const weight = binomial * Math.exp((J * (M * M - n)) / 2 + b * M);
      [Z, first, second] = [Z + weight, first + weight * M, second + weight * M * M];
      binomial = (binomial * (n - k)) / (k + 1);
    }
    const { logZ, spins, pairs } = splitMoments({
      n,
      couplings,
      biases: new Float64Array(n).fill(b),
    });
    expect(logZ).to.be.closeTo(Math.log(Z), 1e-12);
    const pair = (second / Z - n) / (n * (n - 1));
    for (const i of [0, 5, 6, 11, 12, 23]) {
      expect(spins[i]).to.be.closeTo(first / Z / n, 1e-13);
      for (const j of [3, 8, 15]) if (i !== j) expect(pairs[i * n + j]).to.be.closeTo(pair, 1e-13);
    }
  });

  it("holds up to the edge of its range, where a single weight counts and most vanish", () => {
    // All twelve inner spins couple to one another with 4.5: exponents between them differ by 594.
    const n = 16;
    const model = glass(n, 2);
    for (let i = 0; i < 12; i++)
      for (let j = 0; j < i; j++)
        model.couplings[i * n + j] = model.couplings[j * n + i] = i % 3 === j % 3 ? 4.5 : -4.5;
    expect(fitsSplit(model)).to.equal(true);
    const want = referenceSplit(model);
    const { logZ, spins, pairs } = splitMoments(model);
    expect(logZ).to.be.closeTo(want.logZ, 1e-11);
    closeTo(spins, want.spins, { atol: 1e-12 });
    closeTo(pairs, want.pairs, { atol: 1e-12 });
    expect(fitsSplit(glass(16, 8))).to.equal(false);
  });
});
