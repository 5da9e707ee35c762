// Tests of the gate set: matrices, lowering, frequencies, structure and action of every gate, and its inverse.

import { expect } from "chai";
import * as qc from "../../src/circuits/index.js";
import { circuitState as referenceState } from "../../kernels/circuit/reference.js";
import { lowered, type Primitive } from "../../src/circuits/lowering.js";
import { inverseOperation } from "../../src/circuits/transform.js";
import { compile } from "../../src/circuits/program/compile.js";
import { gateInfo, isNamedGate } from "../../src/circuits/gates/table.js";
import { closeTo } from "../support/close-to.js";
import { casesOf, operation, type GateCase, type Lowered } from "./golden.js";

const exact = { atol: 1e-12 };

/** A primitive of this library as the file writes it. */
function written(primitive: Primitive): Lowered {
  const closed = (controls: readonly qc.Control[]): number[] => controls.map(({ wire }) => wire);
  const angle = (value: qc.Angle): Lowered["angle"] => ({ param: null, a: 0, b: value as number });
  switch (primitive.op) {
    case "ROT":
      return { op: "ROT", word: primitive.word, wires: primitive.wires, controls: closed(primitive.controls), angle: angle(primitive.angle)! }; // prettier-ignore
    case "PHASE":
      return { op: "PHASE", wires: closed(primitive.controls), angle: angle(primitive.angle)! };
    case "MCX":
      return { op: "MCX", controls: closed(primitive.controls), target: primitive.target };
    case "SCALE":
      return { op: "SCALE", angle: angle(primitive.angle)! };
    default:
      throw new Error(primitive.op);
  }
}

/** The lowering of the file with the parameters put in. */
function valued(step: Lowered, params: readonly number[]): Lowered {
  if (step.angle === undefined) return step;
  const { param, a, b } = step.angle;
  const value = param === null ? b : a * params[param]! + b;
  return { ...step, angle: { param: null, a: 0, b: value } };
}

function sameStep(actual: Lowered, wanted: Lowered): void {
  closeTo(actual.angle?.b ?? 0, wanted.angle?.b ?? 0, exact);
  const { angle: _a, ...rest } = actual;
  const { angle: _b, ...want } = wanted;
  expect(rest).to.deep.equal(want);
}

function matrixOf({ op }: GateCase): qc.MatrixData {
  const { gate, params = [], wires, word } = op;
  if (!isNamedGate(gate)) throw new Error(gate);
  return qc.gateMatrix(gate, params, word ?? "Z".repeat(wires.length));
}

describe("the gate set", () => {
  for (const own of casesOf("gate")) {
    const { name, op, n, matrix, input, output } = own;
    const circuit = qc.circuit(n).append(operation(op));

    it(`${name} has the golden matrix`, () => {
      closeTo(matrixOf(own).re, matrix.re, exact);
      closeTo(matrixOf(own).im, matrix.im, exact);
    });

    it(`${name} has the golden structure and frequencies`, () => {
      const { structure, frequencies } = gateInfo(op.gate as qc.NamedGate);
      expect(structure).to.equal(own.structure);
      expect(frequencies).to.deep.equal(own.frequencies);
    });

    it(`${name} is lowered to the golden primitives`, () => {
      const steps = lowered(operation(op)).map(written);
      expect(steps).to.have.length(own.lowering.length);
      own.lowering.forEach((step, i) => {
        sameStep(steps[i]!, valued(step, op.params ?? []));
      });
    });

    it(`${name} takes the golden state to the golden state, by its matrix and by its program`, () => {
      const byMatrix = qc.simulate(circuit, { initialState: input });
      closeTo(byMatrix.re, output.re, exact);
      closeTo(byMatrix.im, output.im, exact);
      const { program } = compile(circuit, { globalPhase: true });
      const byProgram = referenceState(program, { shared: [], sample: [], initial: input });
      closeTo(byProgram.re, output.re, exact);
      closeTo(byProgram.im, output.im, exact);
    });

    it(`${name} is undone by its inverse, alone and under control`, () => {
      const once = operation(op);
      const free = [0, 1, 2, 3].find((wire) => !op.wires.includes(wire));
      const forms = free === undefined || op.gate === "GlobalPhase" ? [once] : [once, qc.controlled(once, free)]; // prettier-ignore
      for (const form of forms) {
        const there = qc.circuit(n).append(form).append(inverseOperation(form));
        const back = qc.simulate(there, { initialState: input });
        closeTo(back.re, input.re, exact);
        closeTo(back.im, input.im, exact);
      }
    });
  }
});
