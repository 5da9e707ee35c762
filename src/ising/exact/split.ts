// All states of up to 36 spins in two parts, for graphs that are too wide to sum spins out one by one, such as complete
// graphs: by the kernel where float64 holds the products of weights, here in logarithms where couplings are too strong.

import { fitsSplit, splitLogZ, splitMoments } from "../../../kernels/ising-split/index.js";
import { ArgumentError } from "../../errors.js";
import { signedSums } from "./marginals.js";
import type { HostModel } from "../model.js";
import type { Marginals } from "./marginals.js";

/** Most inner spins: their tables stay in the nearest caches. */
const INNER = 12;

/** Processor time of a state in logarithms, seconds. */
const SECONDS_PER_STATE = 1e-7;

/** logZ and moments of one replica. */
export type SplitSums = Marginals & { readonly logZ: number };

/** Exponents, β times fields and couplings: spins 0 … inner − 1 are inner. */
type Exponents = {
  readonly n: number;
  readonly inner: number;
  readonly biases: Float64Array;
  /** `[n, n]`, symmetric. */
  readonly couplings: Float64Array;
};

/** Sums of weights in units of `exp(logScale)`. */
type Sums = {
  logScale: number;
  /** Weight of each inner state. */
  readonly states: Float64Array;
  /** Signed sums: of outer spins, and of each outer spin with every spin. */
  readonly first: Float64Array;
  readonly second: Float64Array;
};

/** Weights of all inner states for one outer state, in units of `exp(logScale)`. */
type Row = { readonly weights: Float64Array; logScale: number };

/**
 * The sums of one replica.
 *
 * @param maxSeconds - what the sums in logarithms may take; the kernel's are some hundred times faster
 * @throws ArgumentError if they would take longer
 * @remarks Cost: O(2^n).
 */
export function split(where: string, of: HostModel, beta: number, maxSeconds: number): SplitSums {
  const exponents = exponentsOf(of, beta);
  const shift = beta * of.offset[0]!;
  if (fitsSplit(exponents)) {
    const { logZ, spins, pairs } = splitMoments(exponents);
    const correlations = pairsOfEdges(of, pairs);
    return { logZ: logZ - shift, magnetisations: spins, correlations };
  }
  const moments = slowly(where, of, exponents, beta, maxSeconds);
  return { ...moments, logZ: moments.logZ - shift };
}

/** logZ alone, where the kernel serves in a third of the time. */
export function splitLog(where: string, of: HostModel, beta: number, maxSeconds: number): number {
  const exponents = exponentsOf(of, beta);
  const shift = beta * of.offset[0]!;
  if (fitsSplit(exponents)) return splitLogZ(exponents) - shift;
  return slowly(where, of, exponents, beta, maxSeconds).logZ - shift;
}

function pairsOfEdges({ graph: { n, edges } }: HostModel, pairs: Float64Array): Float64Array {
  return Float64Array.from(
    { length: edges.length / 2 },
    (_, e) => pairs[edges[2 * e]! * n + edges[2 * e + 1]!]!,
  );
}

/** Row after row in logarithms. Outer states follow one another in Gray code, one flip at a time. */
function slowly(
  where: string,
  of: HostModel,
  exponents: Exponents,
  beta: number,
  maxSeconds: number,
): SplitSums {
  const { n, inner } = exponents;
  const seconds = SECONDS_PER_STATE * 2 ** n;
  if (seconds > maxSeconds) {
    throw new ArgumentError(
      `${where}: argument \`beta\` must leave couplings weaker, or \`maxSeconds\` be ${Math.ceil(seconds)}: at β = ${beta} the weights of ${of.graph.name} are out of range of float64, and sums of logarithms are slow. Use groundStates for low temperatures.`,
    );
  }
  const sums: Sums = {
    logScale: -Infinity,
    states: new Float64Array(2 ** inner),
    first: new Float64Array(n - inner),
    second: new Float64Array((n - inner) * n),
  };
  sumStates(exponents, sums);
  return momentsOf(of, exponents, sums);
}

function exponentsOf({ graph, biases, couplings }: HostModel, beta: number): Exponents {
  const { n, edges } = graph;
  const matrix = new Float64Array(n * n);
  couplings.forEach((J, e) => {
    const [u, v] = [edges[2 * e]!, edges[2 * e + 1]!];
    matrix[u * n + v] = matrix[v * n + u] = beta * J;
  });
  const scaled = biases.map((b) => beta * b);
  return { n, inner: Math.min(INNER, n), biases: scaled, couplings: matrix };
}

/** Outer states in Gray code. Fields and exponent are found anew now and then, so that rounding does not add up. */
function sumStates(exponents: Exponents, sums: Sums): void {
  const { n, inner, couplings } = exponents;
  const spins = new Int8Array(n - inner).fill(-1);
  const fill = rowFiller(exponents);
  const row: Row = { weights: new Float64Array(2 ** inner), logScale: 0 };
  let { fields, exponent } = outerPart(exponents, spins);
  for (let step = 1; ; step++) {
    fill(row, fields, exponent);
    addRow(sums, row, spins, n);
    const flip = 31 - Math.clz32(step & -step);
    if (flip >= spins.length) return;
    spins[flip] = -spins[flip]!;
    if (step % 1024 === 0) {
      ({ fields, exponent } = outerPart(exponents, spins));
      continue;
    }
    const change = 2 * spins[flip];
    exponent += change * fields[inner + flip]!;
    for (let i = 0; i < n; i++) fields[i]! += change * couplings[(inner + flip) * n + i]!;
  }
}

/** Fields of all spins due to biases and outer spins, and the exponent of the outer spins alone. */
function outerPart(
  { n, inner, biases, couplings }: Exponents,
  spins: Int8Array,
): { fields: Float64Array; exponent: number } {
  const fields = biases.slice();
  spins.forEach((s, u) => {
    for (let i = 0; i < n; i++) fields[i]! += s * couplings[(inner + u) * n + i]!;
  });
  // Each pair of outer spins stands in two fields.
  const exponent = spins.reduce(
    (sum, s, u) => sum + (s * (fields[inner + u]! + biases[inner + u]!)) / 2,
    0,
  );
  return { fields, exponent };
}

/** Exponents of the inner states without fields, by doubling. */
function innerExponents({ n, inner, couplings }: Exponents): Float64Array {
  const table = new Float64Array(2 ** inner);
  for (let k = 0; k < inner; k++) {
    const half = 2 ** k;
    const field = new Float64Array(half);
    for (let i = 0; i < k; i++) field[0]! -= couplings[k * n + i]!;
    for (let i = 0; i < k; i++) {
      const size = 2 ** i;
      for (let x = 0; x < size; x++) field[size + x] = field[x]! + 2 * couplings[k * n + i]!;
    }
    for (let x = 0; x < half; x++) {
      const own = table[x]!;
      table[x] = own - field[x]!;
      table[half + x] = own + field[x]!;
    }
  }
  return table;
}

type RowFiller = (row: Row, fields: Float64Array, exponent: number) => void;

/** Weights as exponentials relative to the row's largest. */
function rowFiller(exponents: Exponents): RowFiller {
  const { inner } = exponents;
  const table = innerExponents(exponents);
  return (row, fields, exponent) => {
    const { weights } = row;
    weights[0] = exponent;
    for (let k = 0; k < inner; k++) {
      const half = 2 ** k;
      for (let x = 0; x < half; x++) {
        weights[half + x] = weights[x]! + fields[k]!;
        weights[x]! -= fields[k]!;
      }
    }
    let top = -Infinity;
    for (let x = 0; x < weights.length; x++) top = Math.max(top, (weights[x]! += table[x]!));
    for (let x = 0; x < weights.length; x++) weights[x] = Math.exp(weights[x]! - top);
    row.logScale = top;
  };
}

function rescale(sums: Sums, logScale: number): void {
  const factor = Math.exp(sums.logScale - logScale);
  for (const part of [sums.states, sums.first, sums.second]) {
    for (let x = 0; x < part.length; x++) part[x]! *= factor;
  }
  sums.logScale = logScale;
}

/** Adds a row; its weights are used up. */
function addRow(sums: Sums, row: Row, spins: Int8Array, n: number): void {
  const { weights } = row;
  if (row.logScale > sums.logScale) rescale(sums, row.logScale);
  const factor = Math.exp(row.logScale - sums.logScale);
  const { states, first, second } = sums;
  for (let x = 0; x < weights.length; x++) states[x]! += weights[x]! *= factor;
  if (spins.length === 0) return;
  const signed = signedSums(weights);
  const inner = n - spins.length;
  for (let u = 0; u < spins.length; u++) {
    const s = spins[u]!;
    first[u]! += s * signed[0]!;
    for (let i = 0; i < inner; i++) second[u * n + i]! += s * signed[i + 1]!;
    for (let v = 0; v < u; v++) second[u * n + inner + v]! += s * spins[v]! * signed[0]!;
  }
}

/** Averages from sums. The moments of inner spins among themselves come from the weights of the inner states. */
function momentsOf({ graph }: HostModel, { inner, n }: Exponents, sums: Sums): SplitSums {
  const { states, first, second } = sums;
  const total = states.reduce((a, b) => a + b, 0);
  const magnetisations = new Float64Array(n);
  const inside = new Float64Array(inner * inner);
  for (let i = 0; i < inner; i++) {
    const signed = states.map((weight, x) => ((x >>> i) & 1 ? weight : -weight));
    const sumsOfBits = signedSums(signed);
    magnetisations[i] = sumsOfBits[0]! / total;
    inside.set(sumsOfBits.subarray(1), i * inner);
  }
  magnetisations.set(
    first.map((sum) => sum / total),
    inner,
  );
  const correlations = new Float64Array(graph.edges.length / 2);
  correlations.forEach((_, e) => {
    const [u, v] = [graph.edges[2 * e]!, graph.edges[2 * e + 1]!];
    const sum = v < inner ? inside[v * inner + u]! : second[(v - inner) * n + u]!;
    correlations[e] = sum / total;
  });
  return { logZ: sums.logScale + Math.log(total), magnetisations, correlations };
}
