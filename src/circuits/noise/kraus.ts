// The channels as a table: their numbers, what these must be, and their Kraus operators in float64.

import { matrix, matrixOf, multiply, type MatrixData } from "../matrix.js";
import { pauliMatrix } from "../pauli.js";

/** Name of a channel. */
// prettier-ignore
export type ChannelName =
  | "bitFlip" | "phaseFlip" | "bitPhaseFlip" | "pauliChannel" | "depolarizing" | "amplitudeDamping"
  | "generalizedAmplitudeDamping" | "phaseDamping" | "reset" | "thermalRelaxation" | "kraus";

/** One channel. */
export type ChannelInfo = {
  /** Number of wires; null for any number up to `mostWires`. */
  readonly wires: number | null;
  readonly mostWires: number;
  /** Names of its numbers. */
  readonly parameters: readonly string[];
  /** What the numbers must be, if they are not. */
  readonly fault: (values: readonly number[]) => string | null;
  readonly kraus: (values: readonly number[], wires: number) => readonly MatrixData[];
  /** Its sign in drawings. */
  readonly short: string;
};

function probabilities(values: readonly number[]): string | null {
  if (!values.every((p) => p >= 0 && p <= 1)) return "probabilities from 0 to 1";
  return values.reduce((a, b) => a + b, 0) <= 1 + 1e-12 ? null : "probabilities that sum to at most 1"; // prettier-ignore
}

const eachProbability = (values: readonly number[]): string | null =>
  values.every((p) => p >= 0 && p <= 1) ? null : "probabilities from 0 to 1";

function times(factor: number, { re, im }: MatrixData): MatrixData {
  const all = (part: MatrixData["re"]): number[][] => part.map((row) => row.map((x) => factor * x));
  return { re: all(re), im: all(im) };
}

/** All words on some wires, the identity first. */
export function allWords(wires: number): readonly string[] {
  if (wires === 0) return [""];
  const shorter = allWords(wires - 1);
  return ["I", "X", "Y", "Z"].flatMap((letter) => shorter.map((rest) => letter + rest));
}

/** `√p P` for words with their probabilities, those that do not happen left out. */
function mixture(words: readonly (readonly [word: string, p: number])[]): readonly MatrixData[] {
  return words.flatMap(([word, p]) => (p > 0 ? [times(Math.sqrt(p), pauliMatrix(word))] : []));
}

function flip(word: string): ChannelInfo["kraus"] {
  return ([p]) => mixture([["I", 1 - p!], [word, p!]]); // prettier-ignore
}

/** Decay of a wire with probability g: to |0⟩, or to |1⟩. */
function decay(g: number, to: 0 | 1): readonly MatrixData[] {
  const keep = Math.sqrt(1 - g);
  const jump = Math.sqrt(g);
  if (to === 0) return [matrix([[1, 0], [0, keep]]), matrix([[0, jump], [0, 0]])]; // prettier-ignore
  return [matrix([[keep, 0], [0, 1]]), matrix([[0, 0], [jump, 0]])]; // prettier-ignore
}

function thermal(g: number, excited: number): readonly MatrixData[] {
  const branch = (to: 0 | 1, p: number): readonly MatrixData[] =>
    p > 0 ? decay(g, to).map((own) => times(Math.sqrt(p), own)) : [];
  return [...branch(0, 1 - excited), ...branch(1, excited)];
}

function dephasing(g: number): readonly MatrixData[] {
  return [matrix([[1, 0], [0, Math.sqrt(1 - g)]]), matrix([[0, 0], [0, Math.sqrt(g)]])]; // prettier-ignore
}

/** `√p |to⟩⟨j|` for both j. */
function resetTo(to: 0 | 1, p: number): readonly MatrixData[] {
  if (p === 0) return [];
  return [0, 1].map((from) => matrixOf(2, (i, j) => [i === to && j === from ? Math.sqrt(p) : 0, 0])); // prettier-ignore
}

function relaxationFault([pe, T1, T2, t]: readonly number[]): string | null {
  if (!(pe! >= 0 && pe! <= 1)) return "an excited population from 0 to 1";
  if (!(T1! > 0 && T2! > 0 && t! >= 0)) return "times T1 > 0, T2 > 0 and t ≥ 0";
  return T2! <= 2 * T1! ? null : "times with T2 ≤ 2 T1";
}

/** Exact for all T2 ≤ 2 T1: decay towards the thermal populations, then the dephasing beyond it. */
function relaxation([pe, T1, T2, t]: readonly number[]): readonly MatrixData[] {
  const damped = thermal(1 - Math.exp(-t! / T1!), pe!);
  const dephased = dephasing(Math.max(0, 1 - Math.exp(t! / T1! - (2 * t!) / T2!)));
  return dephased.flatMap((after) => damped.map((before) => multiply(after, before)));
}

function oneWire(
  parameters: readonly string[],
  short: string,
  kraus: ChannelInfo["kraus"],
  fault: ChannelInfo["fault"] = probabilities,
): ChannelInfo {
  return { wires: 1, mostWires: 1, parameters, fault, kraus, short };
}

/** The channels by name. */
export const CHANNELS: Readonly<Record<ChannelName, ChannelInfo>> = {
  bitFlip: oneWire(["p"], "BF", flip("X")),
  phaseFlip: oneWire(["p"], "PF", flip("Z")),
  bitPhaseFlip: oneWire(["p"], "BPF", flip("Y")),
  pauliChannel: oneWire(["px", "py", "pz"], "Pauli", ([px, py, pz]) =>
    mixture([["I", 1 - px! - py! - pz!], ["X", px!], ["Y", py!], ["Z", pz!]])), // prettier-ignore
  depolarizing: {
    wires: null,
    mostWires: 3,
    parameters: ["p"],
    fault: probabilities,
    kraus: ([p], wires) => {
      const [identity, ...others] = allWords(wires);
      const each = p! / others.length;
      return mixture([[identity!, 1 - p!], ...others.map((word) => [word, each] as const)]);
    },
    short: "Dep",
  },
  amplitudeDamping: oneWire(["g"], "AD", ([g]) => decay(g!, 0)),
  generalizedAmplitudeDamping: oneWire(
    ["g", "p"],
    "GAD",
    ([g, p]) => thermal(g!, p!),
    eachProbability,
  ),
  phaseDamping: oneWire(["g"], "PD", ([g]) => dephasing(g!)),
  reset: oneWire(["p0", "p1"], "Reset", ([p0, p1]) => [
    ...mixture([["I", 1 - p0! - p1!]]),
    ...resetTo(0, p0!),
    ...resetTo(1, p1!),
  ]),
  thermalRelaxation: oneWire(["pe", "T1", "T2", "t"], "T1T2", relaxation, relaxationFault),
  // The operators of this one come with the operation.
  kraus: {
    wires: null,
    mostWires: 3,
    parameters: [],
    fault: () => null,
    kraus: () => [],
    short: "K",
  },
};

/** Whether this is the name of a channel. */
export function isChannel(name: string): name is ChannelName {
  return Object.hasOwn(CHANNELS, name);
}
