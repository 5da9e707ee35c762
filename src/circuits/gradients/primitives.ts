// A circuit as gates of one angle each, whose states have derivatives that are states again: Pauli rotations and phases
// under control.

import { addAngles, mulAngles, parameter, symbolsOf, type Angle } from "../angle.js";
import { parameterCount, type CircuitData } from "../circuit.js";
import { lowered, type Primitive } from "../lowering.js";
import { controlled, gate, pauliRot, unitary, type Control, type GateOperation } from "../operation.js"; // prettier-ignore
import type { Occurrence, Occurrences } from "./occurrences.js";

/** `∂ψ` is `(ψ(t + π) − ψ(t − π))/4` for a rotation, `i(ψ(t) − ψ(t + π))/2` for a phase. */
export type TurnKind = "rotation" | "phase";

/** The places of trainable angles, and what is turned there. */
export type Turns = Occurrences & { readonly kinds: readonly TurnKind[] };

function under(controls: readonly Control[], operation: GateOperation): GateOperation {
  const wires = controls.map(({ wire }) => wire);
  return controlled(operation, wires, controls.map(({ value }) => value)); // prettier-ignore
}

/** A primitive with one angle as a gate; a global phase has the opposite sign. */
function turned(primitive: Extract<Primitive, { angle: Angle }>, angle: Angle): GateOperation {
  if (primitive.op === "ROT") {
    return under(primitive.controls, pauliRot(primitive.word, primitive.wires, angle));
  }
  const controls = primitive.op === "PHASE" ? primitive.controls : [];
  const sign = primitive.op === "PHASE" ? -1 : 1;
  return under(controls, gate("GlobalPhase", [], mulAngles(sign, angle)));
}

function fixed(primitive: Exclude<Primitive, { angle: Angle }>): GateOperation {
  if (primitive.op === "MCX") return under(primitive.controls, gate("X", primitive.target));
  if (primitive.op === "MATRIX") return under(primitive.controls, unitary(primitive.matrix, primitive.wires)); // prettier-ignore
  const { matrix, wires, controls } = primitive;
  return { kind: "gate", gate: "DiagonalUnitary", wires, angles: [], matrix, controls };
}

const isTrainable = (angle: Angle): boolean =>
  symbolsOf(angle).some((symbol) => "parameter" in symbol);

/** Every trainable angle of the circuit's primitives with a parameter of its own added. */
export function turns(circuit: CircuitData): Turns {
  const start = parameterCount(circuit);
  const list: Occurrence[] = [];
  const kinds: TurnKind[] = [];
  const operations = circuit.operations.flatMap((operation): readonly GateOperation[] => {
    if (operation.kind !== "gate") return [];
    if (!operation.angles.some(isTrainable)) return [operation];
    return lowered(operation).map((primitive) => {
      if (!("angle" in primitive)) return fixed(primitive);
      const { angle } = primitive;
      // A global phase moves no state: it stays as it is.
      if (!isTrainable(angle) || primitive.op === "SCALE") return turned(primitive, angle);
      const place = list.push({ angle, frequencies: [1] }) - 1;
      kinds.push(primitive.op === "ROT" ? "rotation" : "phase");
      return turned(primitive, addAngles(angle, parameter(start + place)));
    });
  });
  const shift = { name: "shift", shape: [list.length] };
  return {
    list,
    kinds,
    circuit: { ...circuit, operations, parameters: [...circuit.parameters, shift] },
  };
}
