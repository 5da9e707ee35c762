// Checks of operations against a register, with errors that name the operation by its place and its gate.

import { ArgumentError } from "../errors.js";
import { gateInfo, isNamedGate } from "./gates/table.js";
import { nameOf, wiresOf, type GateOperation, type Operation } from "./operation.js";
import { symbolsOf } from "./angle.js";
import { checkChannelWires } from "./noise/channels.js";

/** Throws unless wires are in the register and no two are the same. */
export function checkWires(
  where: string,
  name: string,
  wires: readonly number[],
  total: number,
): void {
  for (const wire of wires) {
    if (Number.isInteger(wire) && wire >= 0 && wire < total) continue;
    throw new ArgumentError(
      `${where}: ${name} must have wires from 0 to ${total - 1}, but has wire ${wire}.`,
    );
  }
  if (new Set(wires).size === wires.length) return;
  throw new ArgumentError(
    `${where}: ${name} must have wires that differ, but has [${wires.join(", ")}].`,
  );
}

/** Throws unless the operation fits a register of this many wires. */
export function checkOperation(
  where: string,
  operation: Operation,
  index: number,
  total: number,
): void {
  const name = `operation ${index} (${nameOf(operation)})`;
  checkWires(where, name, wiresOf(operation), total);
  if (operation.kind === "gate") checkGate(where, name, operation);
  if (operation.kind === "channel") checkChannelWires(where, name, operation);
}

function checkGate(where: string, name: string, operation: GateOperation): void {
  const { gate, wires, angles, word } = operation;
  if (!isNamedGate(gate)) return;
  const info = gateInfo(gate);
  if (info.wires === null ? wires.length === 0 : wires.length !== info.wires) {
    throw new ArgumentError(
      `${where}: ${name} must have ${info.wires ?? "at least one"} wires, but has ${wires.length}.`,
    );
  }
  if (angles.length !== info.parameters.length) {
    throw new ArgumentError(
      `${where}: ${name} must have ${info.parameters.length} parameters, but has ${angles.length}.`,
    );
  }
  for (const angle of angles) checkAngle(where, name, angle);
  if (gate === "PauliRot") checkWord(where, name, word ?? "", wires.length);
}

function checkAngle(where: string, name: string, angle: GateOperation["angles"][number]): void {
  const finite = typeof angle !== "number" || Number.isFinite(angle);
  const indexed = symbolsOf(angle).every((symbol) => {
    const index = "parameter" in symbol ? symbol.parameter : symbol.feature;
    return Number.isInteger(index) && index >= 0;
  });
  if (finite && indexed) return;
  throw new ArgumentError(
    `${where}: ${name} must have finite angles and indices from 0, but has ${JSON.stringify(angle)}.`,
  );
}

/** Throws unless the word has a letter I, X, Y, Z for each wire. */
export function checkWord(where: string, name: string, word: string, wires: number): void {
  if (/^[IXYZ]*$/u.test(word) && word.length === wires) return;
  throw new ArgumentError(
    `${where}: ${name} must have a word of ${wires} letters I, X, Y or Z, but has "${word}".`,
  );
}
