// How long a network takes to its steady state: the slowest rate of the full equation, from which integration times are
// chosen. In float64, by squaring the propagator until nothing moves.

import { generator } from "../../kernels/exact-steady-state/reference.js";
import { rates } from "../../kernels/exact-steady-state/superoperators.js";
import type { Network } from "./problems.js";

/** A matrix by its rows. */
export type Rows = Float64Array[];

function product(A: Rows, B: Rows): Rows {
  return A.map((row) => {
    const sum = new Float64Array(B.length);
    for (const [k, a] of row.entries()) {
      if (a === 0) continue;
      const other = B[k]!;
      for (let j = 0; j < sum.length; j++) sum[j]! += a * other[j]!;
    }
    return sum;
  });
}

const norm = (A: Rows): number =>
  Math.max(...A.map((row) => row.reduce((sum, x) => sum + Math.abs(x), 0)));

/** e^A for ‖A‖ ≤ 1/2: Taylor's series, whose 14th term is below rounding. */
function exponential(A: Rows): Rows {
  const identity = A.map((_, i) => Float64Array.from(A, (_row, j) => (i === j ? 1 : 0)));
  let sum = identity;
  for (let k = 14; k > 0; k--) {
    const next = product(A, sum);
    sum = identity.map((row, i) => row.map((x, j) => x + next[i]![j]! / k));
  }
  return sum;
}

/** e^(G t) by scaling and squaring. */
export function propagator(G: Rows, t: number): Rows {
  const squarings = Math.max(0, Math.ceil(Math.log2(2 * norm(G) * t)));
  let P = exponential(G.map((row) => row.map((x) => (x * t) / 2 ** squarings)));
  for (let k = 0; k < squarings; k++) P = product(P, P);
  return P;
}

/** What is left to relax when the rate is read off: far from the start, and far from rounding. */
const SETTLED = 1e-6;

/** Slowest relaxation rate of the full equation, in units of the couplings; 0 where it does not relax. */
export function relaxationRate({ theta, J }: Network, gamma: number, z: number): number {
  const K = generator({ theta, J, gamma, polarization: z });
  const D = rates(theta.length);
  const G = K.map((row, i) => row.map((x, j) => x - (i === j ? gamma * D[i]! : 0)));
  let time = 0.5 / norm(G);
  let P = exponential(G.map((row) => row.map((x) => x * time)));
  for (let k = 0; k < 60; k++) {
    const squared = product(P, P);
    const moved = norm(P.map((row, i) => row.map((x, j) => x - squared[i]![j]!)));
    if (moved < SETTLED) return -Math.log(moved) / time;
    P = squared;
    time *= 2;
  }
  return 0;
}
