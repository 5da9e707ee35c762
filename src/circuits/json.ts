// Circuits read from JSON. They are written by `JSON.stringify`: a circuit is data.

import { checkChoice, checkInteger } from "../checks.js";
import { ArgumentError, DataError } from "../errors.js";
import { circuit as empty, withAppend, type Circuit, type CircuitData } from "./circuit.js";
import { checkOperation } from "./checks.js";
import { isNamedGate } from "./gates/table.js";
import { checkChannel } from "./noise/channels.js";
import { diagonalUnitary, unitary, type Operation } from "./operation.js";
import { parameterCount } from "./circuit.js";
import { symbolsOf, type Angle } from "./angle.js";

/**
 * The circuit of a text that `JSON.stringify` wrote, or of the object in it.
 *
 * @throws DataError if it is no circuit, with what is wrong in it
 */
export function fromJson(text: string | CircuitData): Circuit {
  const data = typeof text === "string" ? parsed(text) : text;
  try {
    return checked(data);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(`fromJson: argument \`text\` must be a circuit, but is not: ${why}`, {
      cause: error,
    });
  }
}

function parsed(text: string): CircuitData {
  try {
    return JSON.parse(text) as CircuitData;
  } catch (error) {
    throw new DataError("fromJson: argument `text` must be JSON, but cannot be read as such.", {
      cause: error,
    });
  }
}

function checked(data: CircuitData): Circuit {
  const { wires, operations, parameters, features, preparation } = data;
  empty(wires);
  checkInteger("fromJson", "features", features, 0, 2 ** 31 - 1);
  operations.forEach((operation, i) => {
    checkKind(operation, i);
    checkOperation("fromJson", operation, i, wires);
  });
  const angles = [
    ...operations.flatMap((own) => (own.kind === "gate" ? own.angles : [])),
    ...(preparation?.re ?? []),
    ...(preparation?.im ?? []),
  ];
  checkSymbols(angles, parameterCount(data), features);
  return withAppend({
    wires,
    operations,
    parameters,
    features,
    ...(preparation && { preparation }),
  });
}

function checkKind(operation: Operation, index: number): void {
  if (operation.kind === "channel") checkChannel(`operation ${index}`, operation);
  checkChoice("fromJson", `operations[${index}].kind`, operation.kind, [
    "gate",
    "channel",
    "barrier",
  ]);
  if (operation.kind !== "gate" || isNamedGate(operation.gate)) return;
  if (operation.gate === "Unitary") unitary(operation.matrix!, operation.wires);
  else if ((operation.gate as string) === "DiagonalUnitary") {
    diagonalUnitary(
      { re: operation.matrix!.re[0]!, im: operation.matrix!.im[0]! },
      operation.wires,
    );
  } else {
    throw new ArgumentError(
      `operation ${index} must be a known gate, but is "${operation.gate as string}".`,
    );
  }
}

function checkSymbols(angles: readonly Angle[], parameters: number, features: number): void {
  for (const symbol of angles.flatMap(symbolsOf)) {
    const inside =
      "parameter" in symbol ? symbol.parameter < parameters : symbol.feature < features;
    if (inside) continue;
    throw new ArgumentError(
      `angles must use the ${parameters} parameters and ${features} features, but one is ${JSON.stringify(symbol)}.`,
    );
  }
}
