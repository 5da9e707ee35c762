// Where symbols stand in a circuit: every angle of a gate that is not constant, with its frequencies, and the circuit
// in which each of them can be moved on its own.

import * as tf from "@tensorflow/tfjs";
import { ArgumentError } from "../../errors.js";
import { addAngles, parameter, symbolsOf, type Angle } from "../angle.js";
import { parameterCount, type CircuitData } from "../circuit.js";
import { gateInfo, isNamedGate } from "../gates/table.js";
import { derivative } from "./derivative.js";
import { evaluate, type Symbols } from "../program/tables.js";
import type { By } from "../run/flat.js";
import type { GateOperation } from "../operation.js";
import type { Tensor } from "@tensorflow/tfjs";

/** One angle of one gate. */
export type Occurrence = { readonly angle: Angle; readonly frequencies: readonly number[] };

/** Derivatives of all occurrences by all symbols: those that are not 0. */
type Entry = { readonly occurrence: number; readonly symbol: number; readonly value: Angle };

/** The occurrences of symbols, and the circuit with a parameter of its own added to each of them. */
export type Occurrences = {
  readonly list: readonly Occurrence[];
  /** Has a block `shift` of one parameter for each occurrence, behind all others. */
  readonly circuit: CircuitData;
};

const HALF = [0.5, 1];

/**
 * The frequencies of a gate's parameter. Controls beyond those of its name add the frequency 1/2 to rotations, and
 * make a phase of a global one.
 */
export function frequenciesOf(operation: GateOperation, index: number): readonly number[] {
  const { gate, controls = [] } = operation;
  if (!isNamedGate(gate)) return [];
  const { frequencies, base } = gateInfo(gate);
  const own = frequencies[index]!;
  if (controls.length === 0) return own;
  const word = operation.word ?? "Z".repeat(operation.wires.length);
  const turns = base.lowering(word).some((step) => step.op === "ROT" && step.angle.param === index);
  return turns ? HALF : [1];
}

const isBy = (by: By, angle: Angle): boolean =>
  symbolsOf(angle).some((symbol) => (by === "parameters" ? "parameter" : "feature") in symbol);

/** The occurrences of parameters or features, in the order of the gates. */
export function occurrences(circuit: CircuitData, by: By): Occurrences {
  const start = parameterCount(circuit);
  const list: Occurrence[] = [];
  const operations = circuit.operations.map((operation) => {
    if (operation.kind !== "gate") return operation;
    const angles = operation.angles.map((angle, i) => {
      if (!isBy(by, angle)) return angle;
      const frequencies = frequenciesOf(operation, i);
      // An angle that no expectation value depends on needs no place of its own.
      if (frequencies.length === 0) return angle;
      const place = list.push({ angle, frequencies }) - 1;
      return addAngles(angle, parameter(start + place));
    });
    return { ...operation, angles };
  });
  const shift = { name: "shift", shape: [list.length] };
  return { list, circuit: { ...circuit, operations, parameters: [...circuit.parameters, shift] } };
}

/** Throws where amplitudes are made of what is differentiated by: these are no angles. */
export function checkAngles(where: string, circuit: CircuitData, by: By): void {
  const { re = [], im = [] } = circuit.preparation ?? {};
  if (![...re, ...im].some((own) => isBy(by, own))) return;
  throw new ArgumentError(
    `${where}: argument \`circuit\` must have ${by} in angles alone for this, but prepares amplitudes from them, which have no shift rule. Use \`jacobian\` with method "backprop".`,
  );
}

/** Number of symbols. */
export function symbolCount(circuit: CircuitData, by: By): number {
  return by === "parameters" ? parameterCount(circuit) : circuit.features;
}

function entriesOf(
  list: readonly Occurrence[],
  by: By,
  of: (angle: Angle, symbol: number) => Angle,
): readonly Entry[] {
  return list.flatMap(({ angle }, occurrence) => {
    const key = by === "parameters" ? "parameter" : "feature";
    const indices = symbolsOf(angle).flatMap((own) => (key in own ? [Object.values(own)[0]!] : []));
    return [...new Set(indices)].flatMap((symbol) => {
      const value = of(angle, symbol);
      return value === 0 ? [] : [{ occurrence, symbol, value }];
    });
  });
}

/** Angles as a table with a row for each sample, `[P or 1, B, angles]`. */
function valuesOf(angles: readonly Angle[], symbols: Symbols): Tensor {
  return evaluate(angles, symbols, "sample");
}

/** `∂ occurrence / ∂ symbol`, `[P or 1, B, occurrences, symbols]`. */
export function angleJacobian(
  { list }: Occurrences,
  by: By,
  count: number,
  symbols: Symbols,
): Tensor {
  const entries = entriesOf(list, by, (angle, symbol) => derivative(angle, by, symbol));
  const place = ({ occurrence, symbol }: Entry): number => occurrence * count + symbol;
  return scattered(entries.map(({ value }) => value), entries.map(place), [list.length, count], symbols); // prettier-ignore
}

/** `Σ_a slope_a ∂² occurrence_a / ∂ symbol ∂ symbol'` is made of these, `[.., B, occurrences, symbols²]`, or null. */
export function angleHessian(
  { list }: Occurrences,
  by: By,
  count: number,
  symbols: Symbols,
): Tensor | null {
  const places: number[] = [];
  const values: Angle[] = [];
  list.forEach(({ angle }, a) => {
    for (let i = 0; i < count; i++) {
      const first = derivative(angle, by, i);
      if (typeof first === "number") continue;
      for (let j = 0; j < count; j++) {
        const second = derivative(first, by, j);
        if (second === 0) continue;
        places.push((a * count + i) * count + j);
        values.push(second);
      }
    }
  });
  return values.length === 0
    ? null
    : scattered(values, places, [list.length, count * count], symbols);
}

/** Values at places of a matrix that is 0 elsewhere: a product with zeros and ones. */
function scattered(
  values: readonly Angle[],
  places: readonly number[],
  [rows, columns]: readonly [number, number],
  symbols: Symbols,
): Tensor {
  const size = rows * columns;
  if (values.length === 0) return tf.zeros([1, symbols.features.shape[1]!, rows, columns]);
  const table = valuesOf(values, symbols);
  const [P, B, entries] = table.shape as [number, number, number];
  const ones = new Float32Array(entries * size);
  places.forEach((place, e) => (ones[e * size + place] = 1));
  const flat = tf.matMul(tf.reshape(table, [P * B, entries]), tf.tensor2d(ones, [entries, size]));
  return tf.reshape(flat, [P, B, rows, columns]);
}
