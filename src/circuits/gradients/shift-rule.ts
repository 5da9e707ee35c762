// Parameter-shift rules: derivatives of functions with known frequencies as sums of shifted values, exactly.
// Source: arXiv:2107.12390.

import { ArgumentError } from "../../errors.js";
import { checkInteger } from "../../checks.js";

/** `f^(order)(x) = Σ coefficient · f(x + shift)`. */
export type ShiftTerm = readonly [coefficient: number, shift: number];

/** Options of {@link shiftRule}. */
export type ShiftRuleOptions = {
  /** Of the derivative. Default 1. */
  readonly order?: number;
  /** As many positive shifts as there are frequencies. Default: equidistant. */
  readonly shifts?: readonly number[];
};

/** Beyond this condition of the system a rule is noise. */
const WORST_CONDITION = 1e8;
const SMALLEST = 1e-12;

/** d with Ω_m = m d, or null. */
function equidistant(frequencies: readonly number[]): number | null {
  const d = frequencies[0]!;
  return frequencies.every((own, i) => Math.abs(own - (i + 1) * d) < 1e-12 * own) ? d : null;
}

/** The largest d of which all frequencies are multiples, or null. */
function unitOf(frequencies: readonly number[]): number | null {
  const first = frequencies[0]!;
  for (let parts = 1; parts <= 64; parts++) {
    const d = first / parts;
    const multiple = (own: number): boolean => Math.abs(own / d - Math.round(own / d)) < 1e-9;
    if (frequencies.every(multiple)) return d;
  }
  return null;
}

/** Closed form for Ω_m = m d at the shifts (2m − 1)π/(2 R d). */
function equidistantHalf(R: number, d: number): readonly ShiftTerm[] {
  return Array.from({ length: R }, (_, i) => {
    const s = ((2 * i + 1) * Math.PI) / (2 * R * d);
    const sign = i % 2 === 0 ? 1 : -1;
    return [(sign * d) / (4 * R * Math.sin((d * s) / 2) ** 2), s];
  });
}

/** Solves A x = b by elimination with pivots, and gives an estimate of the condition by the inverse, in norm ∞. */
function solved(
  A: readonly (readonly number[])[],
  b: readonly number[],
): { readonly x: readonly number[]; readonly condition: number } {
  const n = b.length;
  const rows = A.map((row, i) => [...row, b[i]!, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    const size = (i: number): number => Math.abs(rows[i]![column]!);
    let pivot = column;
    for (let i = column + 1; i < n; i++) if (size(i) > size(pivot)) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!.map((value) => value / rows[column]![column]!);
    rows[column] = top;
    rows.forEach((row, i) => {
      if (i === column) return;
      const factor = row[column]!;
      rows[i] = row.map((value, j) => value - factor * top[j]!);
    });
  }
  const norm = (matrix: readonly (readonly number[])[]): number =>
    Math.max(...matrix.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
  const condition = norm(A) * norm(rows.map((row) => row.slice(n + 1)));
  return { x: rows.map((row) => row[n]!), condition };
}

/** The rule by solving Σ_m 2 c_m sin(Ω_k s_m) = Ω_k. */
function generalHalf(
  frequencies: readonly number[],
  shifts: readonly number[],
): readonly ShiftTerm[] {
  const A = frequencies.map((own) => shifts.map((s) => 2 * Math.sin(own * s)));
  const { x, condition } = solved(A, frequencies);
  if (!(condition <= WORST_CONDITION)) {
    throw new ArgumentError(
      `shiftRule: arguments \`frequencies\` and \`shifts\` must give a system of condition below 1e8, but it is ${condition.toExponential(1)}. Choose other \`shifts\`.`,
    );
  }
  return x.map((c, i) => [c, shifts[i]!]);
}

function checkFrequencies(frequencies: readonly number[], shifts?: readonly number[]): void {
  const rising = frequencies.every((own, i) => own > (frequencies[i - 1] ?? 0));
  if (frequencies.length === 0 || !rising || !frequencies.every(Number.isFinite)) {
    throw new ArgumentError(
      `shiftRule: argument \`frequencies\` must be positive and rising, but is [${frequencies.join(", ")}].`,
    );
  }
  if (shifts === undefined || shifts.length === frequencies.length) return;
  throw new ArgumentError(
    `shiftRule: argument \`shifts\` must have ${frequencies.length} numbers, but has ${shifts.length}.`,
  );
}

/** Into [−period/2, period/2). */
function wrapped(shift: number, period: number | null): number {
  if (period === null) return shift;
  const turns = Math.floor(shift / period + 0.5 + 1e-9);
  return shift - turns * period;
}

/** Terms of one shift as one; those that cancel are left out. */
export function merged(terms: readonly ShiftTerm[], period: number | null): readonly ShiftTerm[] {
  const sums: [number, number][] = [];
  for (const [c, shift] of terms) {
    const s = wrapped(shift, period);
    const known = sums.find(([, other]) => Math.abs(other - s) < 1e-9);
    if (known === undefined) sums.push([c, s]);
    else known[0] += c;
  }
  return sums
    .filter(([c]) => Math.abs(c) > SMALLEST)
    .map(([c, s]): ShiftTerm => [c, Math.abs(s) < SMALLEST ? 0 : s])
    .sort(([, a], [, b]) => Math.abs(a) - Math.abs(b) || b - a);
}

/**
 * The rule for functions `a_0 + Σ_k a_k cos(Ω_k x) + b_k sin(Ω_k x)`.
 *
 * @param frequencies - Ω, positive and rising; those of a gate are in `gateInfo`
 * @returns terms in order of their shifts; of frequency 1, `[[1/2, π/2], [−1/2, −π/2]]`
 * @throws ArgumentError if the frequencies are none, or the shifts make a singular system
 */
export function shiftRule(
  frequencies: readonly number[],
  options: ShiftRuleOptions = {},
): readonly ShiftTerm[] {
  const { order = 1, shifts } = options;
  checkInteger("shiftRule", "order", order, 1, 16);
  checkFrequencies(frequencies, shifts);
  const R = frequencies.length;
  const d = shifts === undefined ? equidistant(frequencies) : null;
  const standard = Array.from({ length: R }, (_, i) => ((2 * i + 1) * Math.PI) / (2 * R * frequencies[0]!)); // prettier-ignore
  const half = d === null ? generalHalf(frequencies, shifts ?? standard) : equidistantHalf(R, d);
  const first = half.flatMap(([c, s]): ShiftTerm[] => [[c, s], [-c, -s]]); // prettier-ignore
  const unit = unitOf(frequencies);
  const period = unit === null ? null : (2 * Math.PI) / unit;
  let rule: readonly ShiftTerm[] = [[1, 0]];
  for (let p = 0; p < order; p++) {
    const composed = rule.flatMap(([a, s]) => first.map(([c, t]): ShiftTerm => [a * c, s + t]));
    rule = merged(composed, period);
  }
  return rule;
}
