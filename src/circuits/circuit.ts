// Circuits as immutable data: made, checked and grown here. What is done with them stands in other files.

import { ArgumentError } from "../errors.js";
import { checkInteger } from "../checks.js";
import { checkOperation } from "./checks.js";
import { mapSymbols, symbolsOf, type Angle } from "./angle.js";
import { freeName, resolve, sizeOf, type ParameterGroup, type Source } from "./source.js";
import type { Operation } from "./operation.js";
import { remapped } from "./transform.js";
import type { Preparation, Template } from "./templates/template.js";

/** The largest register that a circuit may have: masks are 32-bit words. */
export const MAX_WIRES = 30;

/** What a circuit is: `JSON.stringify` writes it, `fromJson` reads it. */
export type CircuitData = {
  /** Number of wires; wire 0 is the most significant bit of an amplitude's index. */
  readonly wires: number;
  /** The state that the first gate meets, where it is not |0…0⟩. */
  readonly preparation?: Preparation;
  readonly operations: readonly Operation[];
  /** Blocks of trainable parameters, one after the other in the list of all. */
  readonly parameters: readonly ParameterGroup[];
  /** Number of features: length of the last axis of `features`. */
  readonly features: number;
};

/** What {@link Circuit.append} takes before the sources of a template. */
export type Appendable = Operation | Template | CircuitData | readonly Operation[];

/** A circuit. */
export type Circuit = CircuitData & {
  /**
   * The circuit with more behind it: an operation or several, a template with the sources of its angles, or another
   * circuit, whose parameters come after the own ones and whose features are the same.
   *
   * @throws ArgumentError, ShapeError that name the operation and what it must be
   */
  readonly append: (what: Appendable, ...sources: readonly Source[]) => Circuit;
};

/**
 * A circuit without gates.
 *
 * @param wires - size of the register, up to 30
 * @throws ArgumentError
 * @example
 * const ansatz = circuit(4)
 *   .append(angleEmbedding("X"), features(0, 4))
 *   .append(hardwareEfficient({ layers: 4 }), parameters());
 */
export function circuit(wires: number): Circuit {
  checkInteger("circuit", "wires", wires, 1, MAX_WIRES);
  return withAppend({ wires, operations: [], parameters: [], features: 0 });
}

/** The circuit with its `append`. */
export function withAppend(data: CircuitData): Circuit {
  const frozen = deepFreeze({ ...data });
  return { ...frozen, append: (what, ...sources) => append(frozen, what, sources) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

/** The number of all trainable parameters. */
export function parameterCount({ parameters }: CircuitData): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

function append(data: CircuitData, what: Appendable, sources: readonly Source[]): Circuit {
  if (isTemplate(what)) return appendTemplate(data, what, sources);
  if (sources.length > 0) {
    throw new ArgumentError(
      "append: sources of angles must come with a template, but there is none.",
    );
  }
  if (isCircuit(what)) return appendCircuit(data, what);
  return appendOperations(data, isOperation(what) ? [what] : what);
}

const isTemplate = (what: Appendable): what is Template => "inputs" in what;
const isCircuit = (what: Appendable): what is CircuitData => "operations" in what;
const isOperation = (what: Operation | readonly Operation[]): what is Operation => "kind" in what;

/** Checks new operations, and counts the parameters and features that they bring. */
function appendOperations(data: CircuitData, added: readonly Operation[]): Circuit {
  const whole = added.map((operation) =>
    operation.kind === "barrier" && operation.wires.length === 0
      ? { ...operation, wires: Array.from({ length: data.wires }, (_, i) => i) }
      : operation,
  );
  whole.forEach((operation, i) => {
    checkOperation("append", operation, data.operations.length + i, data.wires);
  });
  const angles = whole.flatMap((operation) => (operation.kind === "gate" ? operation.angles : []));
  return withAppend({
    ...data,
    operations: [...data.operations, ...whole],
    parameters: withLoose(data, highest(angles, "parameter") + 1),
    features: Math.max(data.features, highest(angles, "feature") + 1),
  });
}

function highest(angles: readonly Angle[], kind: "parameter" | "feature"): number {
  const indices = angles.flatMap(symbolsOf).map((symbol) => {
    const index: unknown = (symbol as Partial<Record<typeof kind, number>>)[kind];
    return typeof index === "number" ? index : -1;
  });
  return indices.reduce((a, b) => Math.max(a, b), -1);
}

/** The blocks, with one of rank 1 at the end for parameters that gates name by their index. */
function withLoose(data: CircuitData, needed: number): readonly ParameterGroup[] {
  const missing = needed - parameterCount(data);
  if (missing <= 0) return data.parameters;
  const last = data.parameters.at(-1);
  if (last?.name.startsWith("angles") === true && last.shape.length === 1) {
    return [...data.parameters.slice(0, -1), { ...last, shape: [last.shape[0]! + missing] }];
  }
  return [...data.parameters, { name: freeName("angles", data.parameters), shape: [missing] }];
}

function appendTemplate(
  data: CircuitData,
  template: Template,
  sources: readonly Source[],
): Circuit {
  const inputs = template.inputs(data.wires);
  if (inputs.length !== sources.length) {
    const wanted = inputs.map(({ name }) => name).join(", ");
    throw new ArgumentError(
      `append: ${template.name} must get a source for each of its inputs (${wanted || "none"}), but got ${sources.length}. Use parameters(), features(start, end) or values(…).`,
    );
  }
  const groups = [...data.parameters];
  const angles = inputs.map((input, i) => {
    const found = resolve(`append: ${template.name}: ${input.name}`, sources[i]!, input, groups);
    if (found.group !== undefined) groups.push(found.group);
    return found.angles;
  });
  const source = { ...data, parameters: groups };
  if (template.prepare !== undefined) return prepared(source, template.prepare(data.wires, angles));
  return appendOperations(source, template.build(data.wires, angles));
}

function prepared(data: CircuitData, preparation: Preparation): Circuit {
  if (data.operations.length > 0 || data.preparation !== undefined) {
    throw new ArgumentError(
      `append: amplitudeEmbedding must come first in a circuit, but is operation ${data.operations.length}.`,
    );
  }
  const seen = highest([...preparation.re, ...(preparation.im ?? [])], "feature") + 1;
  return withAppend({ ...data, preparation, features: Math.max(data.features, seen) });
}

function appendCircuit(data: CircuitData, other: CircuitData): Circuit {
  if (other.wires > data.wires) {
    throw new ArgumentError(
      `append: a circuit on ${other.wires} wires must not be appended to one on ${data.wires}. Use \`onWires\`.`,
    );
  }
  if (other.preparation !== undefined) {
    throw new ArgumentError("append: a circuit that prepares amplitudes must come first.");
  }
  const offset = parameterCount(data);
  const groups = [...data.parameters];
  for (const group of other.parameters) {
    groups.push({ ...group, name: freeName(group.name, groups) });
  }
  const shifted = other.operations.map((operation) =>
    remapped(operation, (angle) =>
      mapSymbols(angle, (symbol) =>
        "parameter" in symbol ? { parameter: symbol.parameter + offset } : symbol,
      ),
    ),
  );
  const features = Math.max(data.features, other.features);
  return appendOperations({ ...data, parameters: groups, features }, shifted);
}
