// Circuits made of a whole circuit: its inverse, the circuit under control, on other wires, with numbers for symbols.

import { ArgumentError, ShapeError } from "../errors.js";
import { checkWires } from "./checks.js";
import { mapSymbols, type Angle } from "./angle.js";
import { parameterCount, withAppend, type Circuit, type CircuitData } from "./circuit.js";
import { controlled, type Operation } from "./operation.js";
import { inverseOperation, remapped } from "./transform.js";

/** Whether a circuit has channels: then its states are mixed. */
export function hasChannels({ operations }: CircuitData): boolean {
  return operations.some(({ kind }) => kind === "channel");
}

function checkNoChannels(where: string, circuit: CircuitData): void {
  if (!hasChannels(circuit)) return;
  throw new ArgumentError(
    `${where}: argument \`circuit\` must have gates only, but has channels, which nothing undoes or controls.`,
  );
}

function checkGatesOnly(where: string, { preparation }: CircuitData): void {
  if (preparation === undefined) return;
  throw new ArgumentError(
    `${where}: argument \`circuit\` must consist of gates, but prepares amplitudes, which no gate undoes.`,
  );
}

/**
 * The circuit that undoes this one: the inverse of every operation in reverse order, with the same parameters and
 * features.
 *
 * @throws ArgumentError if the circuit prepares amplitudes
 */
export function inverse(circuit: CircuitData): Circuit {
  checkGatesOnly("inverse", circuit);
  checkNoChannels("inverse", circuit);
  const operations = [...circuit.operations].reverse().map(inverseOperation);
  return withAppend({ ...circuit, operations });
}

/**
 * One circuit after another with the same parameters: parameter i of both is one. `append` gives the second its own.
 *
 * @throws ArgumentError if their registers or blocks of parameters differ
 */
export function compose(first: CircuitData, second: CircuitData): Circuit {
  checkGatesOnly("compose", second);
  const [shorter, longer] = [first, second].sort((a, b) => a.parameters.length - b.parameters.length) as [CircuitData, CircuitData]; // prettier-ignore
  const shared = shorter.parameters.every(
    ({ shape }, i) => shape.join() === longer.parameters[i]!.shape.join(),
  );
  if (first.wires !== second.wires || !shared) {
    throw new ArgumentError(
      "compose: both circuits must have the same wires and blocks of parameters. Use `append` for parameters of its own.",
    );
  }
  return withAppend({
    ...first,
    operations: [...first.operations, ...second.operations],
    parameters: longer.parameters,
    features: Math.max(first.features, second.features),
  });
}

/**
 * The circuit on some wires of a larger register.
 *
 * @param wires - where each wire of the circuit goes, in order
 * @param total - size of the register
 * @throws ArgumentError
 */
export function onWires(circuit: CircuitData, wires: readonly number[], total: number): Circuit {
  checkGatesOnly("onWires", circuit);
  if (wires.length !== circuit.wires) {
    throw new ShapeError(
      `onWires: argument \`wires\` must name ${circuit.wires} wires, but names ${wires.length}.`,
    );
  }
  checkWires("onWires", "the circuit", wires, total);
  const operations = circuit.operations.map((operation) =>
    remapped(
      operation,
      (angle) => angle,
      (wire) => wires[wire]!,
    ),
  );
  return withAppend({ ...circuit, wires: total, operations });
}

/**
 * The circuit where the control wires have these values; global phases become phases of the controls.
 *
 * @param controls - wires of the same register that the circuit does not use
 * @param values - 0 or 1 for each, by default 1
 * @throws ArgumentError
 */
export function controlledCircuit(
  circuit: CircuitData,
  controls: number | readonly number[],
  values?: readonly number[],
): Circuit {
  checkGatesOnly("controlledCircuit", circuit);
  checkNoChannels("controlledCircuit", circuit);
  const operations = circuit.operations.map((operation) =>
    operation.kind === "gate" ? controlled(operation, controls, values) : operation,
  );
  const empty = withAppend({ ...circuit, operations: [] });
  return empty.append(operations);
}

/** Numbers for symbols; what is left out stays. */
export type Binding = {
  /** All trainable parameters, block after block. */
  readonly parameters?: readonly number[];
  readonly features?: readonly number[];
};

/**
 * The circuit with numbers in place of parameters or features, for drawing, export and device runs.
 *
 * @throws ShapeError if a list has another length than the circuit needs
 */
export function bind(circuit: CircuitData, binding: Binding): Circuit {
  const { parameters, features } = binding;
  checkLength("parameters", parameters, parameterCount(circuit));
  checkLength("features", features, circuit.features);
  const put = (angle: Angle): Angle =>
    mapSymbols(angle, (symbol) => {
      if ("parameter" in symbol) return parameters?.[symbol.parameter] ?? symbol;
      return features?.[symbol.feature] ?? symbol;
    });
  const operations: readonly Operation[] = circuit.operations.map((own) => remapped(own, put));
  const { preparation } = circuit;
  return withAppend({
    ...circuit,
    ...(preparation && {
      preparation: {
        ...preparation,
        re: preparation.re.map(put),
        ...(preparation.im && { im: preparation.im.map(put) }),
      },
    }),
    operations,
    parameters: parameters === undefined ? circuit.parameters : [],
    features: features === undefined ? circuit.features : 0,
  });
}

function checkLength(name: string, list: readonly number[] | undefined, length: number): void {
  if (list === undefined || list.length === length) return;
  throw new ShapeError(
    `bind: argument \`${name}\` must have ${length} numbers, but has ${list.length}.`,
  );
}
