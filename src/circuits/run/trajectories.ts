// Noise on registers that are too large for density matrices: states in which every channel has picked one of its Kraus
// operators at random, averaged. The random numbers have addresses: of a sample, a trajectory and a channel.

import * as tf from "@tensorflow/tfjs";
import { circuitExpectation, circuitState, pauliWord } from "../../../kernels/circuit/index.js";
import { checkInteger } from "../../checks.js";
import { mapParts, matMul, type Complex } from "../../complex/index.js";
import { MAX_EVENT, stream, uniformArray } from "../../random.js";
import { adjoint, multiply, type MatrixData } from "../matrix.js";
import { krausOperators } from "../noise/channels.js";
import { compile } from "../program/compile.js";
import { tables } from "../program/tables.js";
import { wiresInFront, wiresInPlace } from "./density-readout.js";
import { combined, readTerms, weighted, type ExpectationOptions, type Weighted } from "./expectation.js"; // prettier-ignore
import { flatten, inputsOf, withSamples, type Flat } from "./flat.js";
import { canonical, type Canonical } from "./inputs.js";
import { checkBytes, checkWiresOfRun, DEFAULT_MAX_BYTES } from "./path.js";
import { stretches } from "./pauli-maps.js";
import { withOperations } from "./prefix.js";
import type { CircuitData } from "../circuit.js";
import type { Operation } from "../operation.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Options of {@link trajectories}. */
export type TrajectoryOptions = Omit<ExpectationOptions, "path"> & {
  /** Trajectories of each sample. */
  readonly trajectories: number;
  /** Seed of the streams; replica p draws from `seed + p`. */
  readonly seed: number;
  /** Which use of the seed. Default 0. */
  readonly event?: number;
};

/** What {@link trajectories} returns. */
export type TrajectoryEstimate = {
  /** `[P?, ...batch, m]` */
  readonly mean: Tensor;
  /** Standard error of the mean, from the spread of the trajectories. */
  readonly standardError: Tensor;
};

/** States are run in portions of about so many bytes. */
const PORTION = 2 ** 27;
/** Copies of the states that a channel makes. */
const COPIES = 8;
/** Probabilities below this are rounding. */
const LEAST = 1e-12;

/** Random numbers of all samples, trajectories and channels of each replica; channel c of a row is word 4⌈C/4⌉ row + c. */
type Draws = {
  readonly numbers: readonly Float32Array[];
  readonly stride: number;
  readonly trajectories: number;
};

function draws({ P, B }: Flat, channels: number, options: TrajectoryOptions): Draws {
  const { trajectories, seed, event = 0 } = options;
  const stride = 4 * Math.ceil(channels / 4);
  const numbers = Array.from({ length: P }, (_, p) =>
    uniformArray(stream(seed + p, "trajectories", event), B * trajectories * stride),
  );
  return { numbers, stride, trajectories };
}

/** The numbers of a channel for trajectories `first … first + count − 1` of all samples, `[P B count, 1]`. */
function drawn(from: Draws, { B }: Flat, channel: number, first: number, count: number): Tensor {
  const { numbers, stride, trajectories } = from;
  const own = new Float32Array(numbers.length * B * count);
  let at = 0;
  for (const replica of numbers)
    for (let b = 0; b < B; b++)
      for (let t = first; t < first + count; t++)
        own[at++] = replica[(b * trajectories + t) * stride + channel]!;
  return tf.tensor2d(own, [own.length, 1]);
}

const flatMatrix = ({ re, im }: MatrixData): readonly [number[], number[]] => [re.flat(), im.flat()]; // prettier-ignore

/** Probabilities of the operators in states whose own wires are in front, `[R, J]`. */
function operatorProbabilities(front: Complex, operators: readonly MatrixData[]): Tensor {
  const sigma = matMul(front, front, { adjointB: true });
  const [R, size] = sigma.re.shape as [number, number];
  // tr(G σ) with Hermitian G = K†K: Σ conj(G_ab) σ_ab.
  const weights = operators.map((K) => flatMatrix(multiply(adjoint(K), K)));
  const matrix = (part: 0 | 1): Tensor =>
    tf.transpose(tf.tensor2d(weights.map((own) => own[part])));
  const flat = mapParts(sigma, (part) => tf.reshape(part, [R, size * size]));
  return tf.add(tf.matMul(flat.re, matrix(0)), tf.matMul(flat.im, matrix(1)));
}

/** One operator for each row by its probability: 1 in its column, `[R, J]`. */
function picked(p: Tensor, u: Tensor): Tensor {
  const [R, J] = p.shape as [number, number];
  const upper = tf.tensor2d(Array.from({ length: J }, (_, i) => Array.from({ length: J }, (__, j) => (i <= j ? 1 : 0)))); // prettier-ignore
  const cumulative = tf.matMul(p, upper);
  const total = tf.slice(cumulative, [0, J - 1], [R, 1]);
  const below = tf.cast(tf.less(tf.mul(u, total), cumulative), "float32");
  // The last one counts as 1 whatever its rounding.
  const whole = tf.concat([tf.slice(below, [0, 0], [R, J - 1]), tf.ones([R, 1])], 1);
  return tf.sub(whole, tf.concat([tf.zeros([R, 1]), tf.slice(whole, [0, 0], [R, J - 1])], 1));
}

/** States `[R, N]` behind a channel, each row with the operator that its number picks. */
function jumped(
  psi: Complex,
  wires: readonly number[],
  operators: readonly MatrixData[],
  n: number,
  u: Tensor,
): Complex {
  const front = mapParts(psi, (part) => wiresInFront(part, wires, n, 2));
  const p = operatorProbabilities(front, operators);
  const which = picked(p, u);
  const chance = tf.sum(tf.mul(which, p), 1, true);
  const scaled = tf.div(which, tf.sqrt(tf.maximum(chance, LEAST)));
  const entries = operators.map(flatMatrix);
  const size = 2 ** wires.length;
  const matrix = (part: 0 | 1): Tensor =>
    tf.reshape(tf.matMul(scaled, tf.tensor2d(entries.map((own) => own[part]))), [-1, size, size]);
  const turned = matMul({ re: matrix(0), im: matrix(1) }, front);
  return mapParts(turned, (part) => wiresInPlace(part, wires, n, 2));
}

/** `|0…0⟩`, `[1, 1, N]`. */
function vacuum(n: number): Complex {
  const re = tf.reshape(tf.oneHot(0, 2 ** n), [1, 1, 2 ** n]);
  return { re: tf.cast(re, "float32"), im: tf.zeros([1, 1, 2 ** n]) };
}

/** States behind a stretch of gates, `[P, rows, N]`. */
function evolved(
  circuit: CircuitData,
  operations: readonly Operation[],
  { symbols }: Canonical,
  initial: Complex | undefined,
): Complex {
  const { program, ...extra } = compile(withOperations(circuit, operations), {
    globalPhase: false,
  });
  return circuitState({ ...tables(extra, symbols), initial }, program, "fused");
}

/** States as `[P, rows, N]`, whatever they share. */
function spread({ re, im }: Complex, P: number, rows: number): Complex {
  const all = (part: Tensor): Tensor => {
    const [own, samples] = part.shape as [number, number, number];
    if (own === P && samples === rows) return tf.clone(part);
    return tf.tile(part, [P / own, rows / samples, 1]);
  };
  return { re: all(re), im: all(im) };
}

/** Values of the observables in some trajectories, `[P, B count, m]`. */
function portion(
  flat: Flat,
  from: Draws,
  first: number,
  count: number,
  { words, weights }: Weighted,
): Tensor {
  const many = withSamples(flat, count);
  const { circuit, P } = many;
  const n = circuit.wires;
  const inputs = canonical("trajectories", circuit, inputsOf(many));
  let psi = inputs.initial;
  let channel = 0;
  for (const own of stretches(circuit.operations)) {
    const operation = own[0]!;
    const before = psi;
    if (operation.kind !== "channel") {
      psi = tf.tidy(() => evolved(circuit, own, inputs, before));
      if (before !== undefined) tf.dispose([before.re, before.im]);
      continue;
    }
    const all = spread(before ?? vacuum(n), P, many.B);
    const u = drawn(from, flat, channel++, first, count);
    psi = tf.tidy(() => {
      const rows = mapParts(all, (part) => tf.reshape(part, [-1, 2 ** n]));
      const next = jumped(rows, operation.wires, krausOperators(operation), n, u);
      return mapParts(next, (part) => tf.reshape(part, [P, many.B, 2 ** n]));
    });
    tf.dispose([all.re, all.im, u, ...(before === undefined ? [] : [before.re, before.im])]);
  }
  const { program } = compile(withOperations(circuit, []), { globalPhase: false });
  const given = { shared: inputs.symbols.parameters, sample: inputs.symbols.features };
  const initial = spread(psi ?? vacuum(n), P, many.B);
  const values = circuitExpectation({ ...given, initial }, program, words.map(pauliWord), "fused");
  return combined(values, weights);
}

/** Adds values `[rows, count, m]` to sums and sums of squares `[rows, m]`. */
function accumulated(
  values: ArrayLike<number>,
  count: number,
  m: number,
  sums: Float64Array,
  squares: Float64Array,
): void {
  // prettier-ignore
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(i / (count * m)) * m + (i % m);
    sums[at]! += values[i]!;
    squares[at]! += values[i]! ** 2;
  }
}

/**
 * Expectation values of a circuit with channels as means over trajectories: states instead of density matrices, for
 * up to 20 wires. Errors fall with the square root of the number of trajectories; there are no derivatives but those
 * of shifted runs.
 *
 * @throws ShapeError, ArgumentError
 */
export async function trajectories(
  circuit: CircuitData,
  options: TrajectoryOptions,
): Promise<TrajectoryEstimate> {
  const where = "trajectories";
  const { trajectories: T, seed, event = 0, observables, readout } = options;
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  checkInteger(where, "trajectories", T, 1, 2 ** 26);
  checkInteger(where, "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  checkInteger(where, "event", event, 0, MAX_EVENT);
  checkWiresOfRun(where, circuit.wires);
  const sums = weighted(observables.map((own) => readTerms(where, own, circuit.wires, readout)));
  const flat = tf.tidy(() => flatten(where, circuit, options) as never) as Flat;
  try {
    const { P, B, lead } = flat;
    const m = observables.length;
    const bytes = P * B * 8 * 2 ** circuit.wires * COPIES;
    checkBytes(where, "fused", bytes, maxBytes);
    const most = Math.max(1, Math.floor(Math.min(PORTION, maxBytes) / Math.max(1, bytes)));
    const channels = circuit.operations.filter(({ kind }) => kind === "channel").length;
    const from = draws(flat, channels, options);
    const [total, squares] = [new Float64Array(P * B * m), new Float64Array(P * B * m)];
    for (let first = 0; first < T && P * B > 0; first += most) {
      const count = Math.min(most, T - first);
      const values = tf.tidy(() => portion(flat, from, first, count, sums));
      accumulated(await values.data(), count, m, total, squares);
      values.dispose();
    }
    const mean = total.map((x) => x / T);
    const error = squares.map((x, i) => Math.sqrt(Math.max(0, x / T - mean[i]! ** 2) / Math.max(1, T - 1))); // prettier-ignore
    const tensor = (values: Float64Array): Tensor =>
      tf.tensor(Float32Array.from(values), [...lead, m]);
    return { mean: tensor(mean), standardError: tensor(error) };
  } finally {
    tf.dispose(flat as never);
  }
}
