// Channels as operations of a circuit: how they are written and checked. Their Kraus operators stand in kraus.ts, how
// they act in the paths of run/.

import { ArgumentError } from "../../errors.js";
import { adjoint, identityMatrix, largestDifference, matrix as matrixData, multiply, type MatrixData } from "../matrix.js"; // prettier-ignore
import { checkSquare } from "../unitary.js";
import { CHANNELS, isChannel, type ChannelName } from "./kraus.js";

/** A channel on wires. */
export type ChannelOperation = {
  readonly kind: "channel";
  readonly channel: ChannelName;
  /** Its wires; none in a noise model, which says where it acts. */
  readonly wires: readonly number[];
  /** Its numbers, in the order of its function's arguments. */
  readonly values: readonly number[];
  /** The operators of `kraus`. */
  readonly operators?: readonly MatrixData[];
};

/** Wires of a channel: one, several, or none for a noise model to say. */
export type ChannelWires = number | readonly number[];

const TOLERANCE = 1e-6;

const listOf = (wires: ChannelWires): readonly number[] =>
  typeof wires === "number" ? [wires] : wires;

/** Throws unless the channel is one, and its numbers are what they must be. */
export function checkChannel(where: string, operation: ChannelOperation): void {
  const { channel, values, operators } = operation;
  if (!isChannel(channel)) {
    throw new ArgumentError(`${where}: an operation must be a known channel, but is "${String(channel)}".`); // prettier-ignore
  }
  const { parameters, fault } = CHANNELS[channel];
  const finite = values.length === parameters.length && values.every(Number.isFinite);
  const wrong = finite ? fault(values) : `${parameters.length} finite numbers`;
  if (wrong !== null) {
    throw new ArgumentError(
      `${where}: ${channel} must have ${wrong} for ${parameters.join(", ")}, but has ${values.join(", ")}.`,
    );
  }
  if (channel === "kraus") checkOperators(where, operators ?? []);
}

/** Throws unless `Σ K†K = 1` to 1e-6. */
function checkOperators(where: string, operators: readonly MatrixData[]): void {
  const size = operators[0]?.re.length ?? 0;
  const wires = Math.log2(size);
  if (!Number.isInteger(wires) || wires < 1 || wires > CHANNELS.kraus.mostWires) {
    throw new ArgumentError(
      `${where}: kraus must have operators on 1 to ${CHANNELS.kraus.mostWires} wires, but the first has ${size} rows.`,
    );
  }
  operators.forEach((own) => {
    checkSquare(`${where}: kraus`, own, wires);
  });
  const total = operators.map((own) => multiply(adjoint(own), own)).reduce(plus);
  const off = largestDifference(total, identityMatrix(size));
  if (off <= TOLERANCE) return;
  throw new ArgumentError(
    `${where}: kraus must have operators with Σ K†K = 1, but the sum is off by ${off.toExponential(1)}.`,
  );
}

function plus(a: MatrixData, b: MatrixData): MatrixData {
  const add = (x: MatrixData["re"], y: MatrixData["re"]): number[][] =>
    x.map((row, i) => row.map((value, j) => value + y[i]![j]!));
  return { re: add(a.re, b.re), im: add(a.im, b.im) };
}

/** Throws unless the channel has as many wires as it acts on. */
export function checkChannelWires(where: string, name: string, operation: ChannelOperation): void {
  const { channel, wires, operators } = operation;
  const info = CHANNELS[channel];
  const wanted = operators === undefined ? info.wires : Math.log2(operators[0]!.re.length);
  const fits =
    wanted === null ? wires.length >= 1 && wires.length <= info.mostWires : wires.length === wanted;
  if (fits) return;
  throw new ArgumentError(
    `${where}: ${name} must have ${wanted ?? `1 to ${info.mostWires}`} wires, but has ${wires.length}.`,
  );
}

function channel(
  name: ChannelName,
  wires: ChannelWires,
  values: readonly number[],
  operators?: readonly MatrixData[],
): ChannelOperation {
  const made: ChannelOperation = {
    kind: "channel",
    channel: name,
    wires: listOf(wires),
    values,
    ...(operators && { operators }),
  };
  checkChannel(name, made);
  return made;
}

/** X with probability p. All channels: without wires only for noise models. */
export function bitFlip(p: number, wires: ChannelWires = []): ChannelOperation {
  return channel("bitFlip", wires, [p]);
}

/** Z with probability p. */
export function phaseFlip(p: number, wires: ChannelWires = []): ChannelOperation {
  return channel("phaseFlip", wires, [p]);
}

/** Y with probability p. */
export function bitPhaseFlip(p: number, wires: ChannelWires = []): ChannelOperation {
  return channel("bitPhaseFlip", wires, [p]);
}

/** X, Y, Z with these probabilities. */
export function pauliChannel(
  px: number,
  py: number,
  pz: number,
  wires: ChannelWires = [],
): ChannelOperation {
  return channel("pauliChannel", wires, [px, py, pz]);
}

/** Any word but the identity, all alike, with probability p; on one wire fully mixed at 3/4. Up to three wires. */
export function depolarizing(p: number, wires: ChannelWires = []): ChannelOperation {
  return channel("depolarizing", wires, [p]);
}

/**
 * {@link depolarizing} by the weight λ of the fully mixed state, as other packages write it: `(1 − λ) ρ + λ/2^k`,
 * p = λ (4^k − 1)/4^k.
 *
 * @param wires - number of wires of the channel: their places, or how many for a noise model
 */
export function depolarizingTo(
  lambda: number,
  wires: ChannelWires | { readonly count: number },
): ChannelOperation {
  const counted = typeof wires === "object" && "count" in wires;
  const on = counted ? [] : listOf(wires);
  const words = 4 ** (counted ? wires.count : on.length);
  return channel("depolarizing", on, [(lambda * (words - 1)) / words]);
}

/** Decay of |1⟩ to |0⟩ with probability g. */
export function amplitudeDamping(g: number, wires: ChannelWires = []): ChannelOperation {
  return channel("amplitudeDamping", wires, [g]);
}

/** Decay with probability g towards populations 1 − p of |0⟩ and **p of |1⟩**. */
export function generalizedAmplitudeDamping(
  g: number,
  p: number,
  wires: ChannelWires = [],
): ChannelOperation {
  return channel("generalizedAmplitudeDamping", wires, [g, p]);
}

/** Loss of coherence: off-diagonal elements times √(1 − g). */
export function phaseDamping(g: number, wires: ChannelWires = []): ChannelOperation {
  return channel("phaseDamping", wires, [g]);
}

/** Set to |0⟩ with probability p0, to |1⟩ with probability p1. */
export function reset(p0: number, p1: number, wires: ChannelWires = []): ChannelOperation {
  return channel("reset", wires, [p0, p1]);
}

/** What a time t does: decay with T1 towards a population pe of |1⟩, coherences with T2 ≤ 2 T1. */
export function thermalRelaxation(
  pe: number,
  T1: number,
  T2: number,
  t: number,
  wires: ChannelWires = [],
): ChannelOperation {
  return channel("thermalRelaxation", wires, [pe, T1, T2, t]);
}

/**
 * Any channel by its Kraus operators, on up to three wires.
 *
 * @param operators - 2^k × 2^k each, the first listed wire the most significant
 * @throws ArgumentError unless `Σ K†K = 1` to 1e-6
 */
export function kraus(
  operators: readonly { readonly re: MatrixData["re"]; readonly im?: MatrixData["im"] }[],
  wires: ChannelWires = [],
): ChannelOperation {
  return channel("kraus", wires, [], operators.map(({ re, im }) => matrixData(re, im))); // prettier-ignore
}

/** The Kraus operators of a channel, those that are zero left out. */
export function krausOperators(operation: ChannelOperation): readonly MatrixData[] {
  const { channel: name, values, wires, operators } = operation;
  return operators ?? CHANNELS[name].kraus(values, Math.max(1, wires.length));
}
