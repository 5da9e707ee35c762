// From gates to the four primitives on the wires of the register. Golden lists: one for every gate. What a kernel is
// given is made of these in program/.

import { gateInfo, isNamedGate, type GateInfo } from "./gates/table.js";
import { addAngles, mulAngles, negateAngle, type Angle } from "./angle.js";
import type { Control, GateOperation } from "./operation.js";
import type { MatrixData } from "./matrix.js";
import type { Step, StepAngle } from "./gates/steps.js";

/** A primitive on the register, where all controls have their values. */
export type Primitive =
  | {
      readonly op: "ROT";
      readonly word: string;
      readonly wires: readonly number[];
      readonly controls: readonly Control[];
      readonly angle: Angle;
    }
  /** `exp(i angle)` where all wires have their values: wires of PHASE are controls. */
  | { readonly op: "PHASE"; readonly controls: readonly Control[]; readonly angle: Angle }
  | { readonly op: "MCX"; readonly controls: readonly Control[]; readonly target: number }
  | { readonly op: "SCALE"; readonly angle: Angle }
  | {
      readonly op: "MATRIX";
      readonly wires: readonly number[];
      readonly controls: readonly Control[];
      readonly matrix: MatrixData;
    }
  | {
      readonly op: "DIAGONAL";
      readonly wires: readonly number[];
      readonly controls: readonly Control[];
      readonly matrix: MatrixData;
    };

const closed = (wire: number): Control => ({ wire, value: 1 });

/** The primitives of a gate in time order. */
export function lowered(operation: GateOperation): readonly Primitive[] {
  const { gate, wires, angles, controls = [], word = "", matrix } = operation;
  if (!isNamedGate(gate)) {
    const op = gate === "Unitary" ? "MATRIX" : "DIAGONAL";
    return [{ op, wires, controls, matrix: matrix! }];
  }
  const info = gateInfo(gate);
  if (info.lowering !== undefined) {
    return info.lowering.map((step) => placed(step, wires, controls, angles));
  }
  const own = [...controls, ...wires.slice(0, info.controls).map(closed)];
  const targets = wires.slice(info.controls);
  return stepsOf(info, word, targets.length).map((step) => placed(step, targets, own, angles));
}

function stepsOf({ base, baseName }: GateInfo, word: string, wires: number): readonly Step[] {
  return base.lowering(baseName === "MultiRZ" ? "Z".repeat(wires) : word);
}

function angleOf({ param, a, b }: StepAngle, angles: readonly Angle[]): Angle {
  return param === null ? b : addAngles(mulAngles(a, angles[param]!), b);
}

function placed(
  step: Step,
  wires: readonly number[],
  controls: readonly Control[],
  angles: readonly Angle[],
): Primitive {
  const on = (own: readonly number[]): readonly number[] => own.map((wire) => wires[wire]!);
  switch (step.op) {
    case "ROT":
      return { op: "ROT", word: step.word, wires: on(step.wires), controls, angle: angleOf(step.angle, angles) }; // prettier-ignore
    case "PHASE":
      return {
        op: "PHASE",
        controls: [...controls, ...on(step.wires).map(closed)],
        angle: angleOf(step.angle, angles),
      };
    case "MCX": {
      const all = [...(step.bare ? [] : controls), ...on(step.controls).map(closed)];
      return { op: "MCX", controls: all, target: wires[step.target]! };
    }
    case "SCALE": {
      const angle = angleOf(step.angle, angles);
      if (controls.length === 0) return { op: "SCALE", angle };
      return { op: "PHASE", controls, angle: negateAngle(angle) };
    }
  }
}
