// The same sums state by state, in plain float64 loops: the oracle.

import type { SplitModel, SplitMoments } from "./contract.js";

/** Spin i of state x. */
function spin(x: number, i: number): number {
  return (x >>> i) & 1 ? 1 : -1;
}

/** `Σ b_i s_i + Σ_{i<j} J_ij s_i s_j` of state x. */
function exponentOf({ n, biases, couplings }: SplitModel, x: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += biases[i]! * spin(x, i);
    for (let j = 0; j < i; j++) sum += couplings[i * n + j]! * spin(x, i) * spin(x, j);
  }
  return sum;
}

/** Sums over all 2^n states; n up to some 18. */
export function referenceSplit(model: SplitModel): SplitMoments {
  const { n } = model;
  const exponents = Float64Array.from({ length: 2 ** n }, (_, x) => exponentOf(model, x));
  const top = exponents.reduce((a, b) => Math.max(a, b));
  const weights = exponents.map((exponent) => Math.exp(exponent - top));
  const Z = weights.reduce((a, b) => a + b);
  const spins = new Float64Array(n);
  const pairs = new Float64Array(n * n);
  weights.forEach((weight, x) => {
    for (let i = 0; i < n; i++) {
      spins[i]! += (weight / Z) * spin(x, i);
      for (let j = 0; j < i; j++) pairs[i * n + j]! += (weight / Z) * spin(x, i) * spin(x, j);
    }
  });
  for (let i = 0; i < n; i++) {
    pairs[i * n + i] = 1;
    for (let j = 0; j < i; j++) pairs[j * n + i] = pairs[i * n + j]!;
  }
  return { logZ: top + Math.log(Z), spins, pairs };
}
