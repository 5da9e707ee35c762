// What a step of each scheme is for a constant generator: a polynomial of hA, y' = Σ g_k (hA)^k y / k!, with an error
// Σ e_k (hA)^k y / k!. That of a Runge-Kutta method follows from its tableau.

import type { EvolutionScheme } from "./contract.js";

/** Weights g and e, lowest power first, and the power of h in the error. */
export type StepPolynomial = {
  readonly g: readonly number[];
  readonly e: readonly number[];
  readonly order: number;
};

/** Rows of the coefficients, weights, and weights of the error. */
export type Tableau = {
  readonly rows: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly error: readonly number[];
};

/** J. R. Dormand, P. J. Prince, J. Comput. Appl. Math. 6 (1980) 19. */
export const DORMAND_PRINCE: Tableau = {
  rows: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  error: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
};

/** Degree of the exponential's polynomial: θ^40/40! is 1e-10 at θ = 9, where rounding is still below it. */
const DEGREE = 40;

const zeros = (n: number): number[] => new Array<number>(n).fill(0);

function factorial(k: number): number {
  return k < 2 ? 1 : k * factorial(k - 1);
}

/** `Σ weights_i z P_i(z)` with `P_i = 1 + z Σ a_ij P_j` the derivative of stage i, as weights of z^k / k!. */
function polynomialOf({ rows }: Tableau, weights: readonly number[]): number[] {
  const size = rows.length + 1;
  const stages: number[][] = [];
  const shifted = (sum: number[]): number[] => [0, ...sum.slice(0, -1)];
  const combined = (row: readonly number[]): number[] =>
    zeros(size).map((_, k) => row.reduce((sum, a, j) => sum + a * stages[j]![k]!, 0));
  for (const row of rows) {
    const inner = shifted(combined(row));
    stages.push(inner.map((x, k) => (k === 0 ? 1 : x)));
  }
  return shifted(combined(weights)).map((x, k) => x * factorial(k));
}

function explicit(tableau: Tableau, order: number): StepPolynomial {
  const g = polynomialOf(tableau, tableau.b);
  return { g: [1, ...g.slice(1)], e: polynomialOf(tableau, tableau.error), order };
}

/** The polynomial of a scheme. */
export function stepPolynomial(scheme: EvolutionScheme): StepPolynomial {
  if (scheme === "dopri5") return explicit(DORMAND_PRINCE, 5);
  // A method of order 4 with four stages is Taylor's polynomial.
  const degree = scheme === "rk4" ? 4 : DEGREE;
  const e = zeros(degree + 1);
  if (scheme === "expm") e.fill(1, degree - 1);
  return { g: zeros(degree + 1).fill(1), e, order: degree - 1 };
}
