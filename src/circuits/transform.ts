// Circuits made from circuits: inverses, controlled circuits, other wires.

import { BASE_GATES } from "./gates/base.js";
import { controlledName, gateInfo, isNamedGate } from "./gates/table.js";
import { adjoint } from "./matrix.js";
import { addAngles, mulAngles, type Angle } from "./angle.js";
import { type GateOperation, type Operation } from "./operation.js";

/** The operation with another function of its angles, or on other wires. */
export function remapped(
  operation: Operation,
  angle: (angle: Angle) => Angle,
  wire: (wire: number) => number = (own) => own,
): Operation {
  const wires = operation.wires.map(wire);
  if (operation.kind !== "gate") return { ...operation, wires };
  const { controls } = operation;
  return {
    ...operation,
    wires,
    angles: operation.angles.map(angle),
    ...(controls && { controls: controls.map((own) => ({ ...own, wire: wire(own.wire) })) }),
  };
}

function inverseMatrix(operation: GateOperation): GateOperation {
  const { re, im } = operation.matrix!;
  if (operation.gate === "Unitary") return { ...operation, matrix: adjoint({ re, im }) };
  return { ...operation, matrix: { re, im: im.map((row) => row.map((x) => 0 - x)) } };
}

/** The inverse of an operation: one operation again. */
export function inverseOperation(operation: Operation): Operation {
  if (operation.kind !== "gate") return operation;
  if (!isNamedGate(operation.gate)) return inverseMatrix(operation);
  const { baseName, controls } = gateInfo(operation.gate);
  const { gate: inverse, angles: rules } = BASE_GATES[baseName].inverse;
  const angles = rules.map(({ param, a, b }) =>
    param === null ? b : addAngles(mulAngles(a, operation.angles[param]!), b),
  );
  const gate = controlledName(inverse, controls);
  if (gate !== null) return { ...operation, gate, angles };
  // The inverse has no controlled form with a name: its controls stand beside it.
  const own = operation.wires.slice(0, controls).map((wire) => ({ wire, value: 1 as const }));
  return {
    ...operation,
    gate: inverse,
    wires: operation.wires.slice(controls),
    angles,
    controls: [...own, ...(operation.controls ?? [])],
  };
}
