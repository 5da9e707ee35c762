// Tests of OpenQASM: golden imports, phases, inputs, round trips of every gate and of arbitrary matrices, errors.

import { expect } from "chai";
import * as qc from "../../src/circuits/index.js";
import { DataError } from "../../src/errors.js";
import { gateMatrix } from "../../src/circuits/gates/table.js";
import { controlledMatrix, multiply } from "../../src/circuits/matrix.js";
import { closeTo } from "../support/close-to.js";
import { casesOf, constantCircuit } from "./golden.js";

const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
const exact = { atol: 1e-11 };

function sameState(actual: qc.Circuit, wanted: qc.Circuit, features: readonly number[] = []): void {
  // From a state without symmetry, so that every amplitude is met.
  const N = 2 ** wanted.wires;
  const start = (k: number): number => Math.cos(1 + k) / Math.sqrt(N);
  const initialState = { re: Array.from({ length: N }, (_, k) => start(k)), im: Array.from({ length: N }, (_, k) => start(k + 0.5)) }; // prettier-ignore
  const [a, b] = [actual, wanted].map((own) => qc.simulate(own, { initialState, features }));
  closeTo(a!.re, b!.re, exact);
  closeTo(a!.im, b!.im, exact);
}

describe("fromQasm()", () => {
  for (const { name, text, n, ops, state } of casesOf("qasm")) {
    it(`reads ${name}`, () => {
      const circuit = qc.fromQasm(text);
      const psi = qc.simulate(circuit);
      closeTo(psi.re, state.re, exact);
      closeTo(psi.im, state.im, exact);
      sameState(circuit, constantCircuit(n, ops));
    });
  }

  it("reads the controlled built-in U as CU with the phase of version 3", () => {
    const circuit = qc.fromQasm(`${HEAD}qubit[2] q;\nctrl @ U(0.7, 0.2, -0.4) q[0], q[1];`);
    expect(circuit.operations).to.deep.equal([qc.gate("CU", [0, 1], [0.7, 0.2, -0.4, 0.35])]);
  });

  it("reads version 2.0, where u3 has no phase and cu3 is CU with none", () => {
    const circuit = qc.fromQasm(
      'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nu3(0.1,0.2,0.3) q[0];\nCX q[0],q[1];\ncu3(0.1,0.2,0.3) q[0],q[1];\nmeasure q -> c;\n',
    );
    expect(circuit.operations).to.deep.equal([
      qc.gate("U3", 0, [0.1, 0.2, 0.3]),
      qc.gate("CNOT", [0, 1]),
      qc.gate("CU", [0, 1], [0.1, 0.2, 0.3, 0]),
    ]);
  });

  // Entries of the matrices of Qiskit 2.6 (`qasm2.loads` with its legacy instructions) where they are not the identity's;
  // the first qubit is the most significant.
  type Entry = readonly [row: number, column: number, re: number, im: number];
  const root = (at: number): Entry[] => [[at, at, 0.5, 0.5], [at, at + 1, 0.5, -0.5], [at + 1, at, 0.5, -0.5], [at + 1, at + 1, 0.5, 0.5]]; // prettier-ignore
  const swap = (at: number): Entry[] => [[at, at, 0, 0], [at, at + 1, 1, 0], [at + 1, at, 1, 0], [at + 1, at + 1, 0, 0]]; // prettier-ignore
  const zero = (...at: readonly number[]): Entry[] => at.map((k) => [k, k, 0, 0]);
  const ofQelib1: readonly (readonly [name: string, qubits: number, entries: readonly Entry[]])[] =
    [
      ["csx", 2, root(2)],
      ["c3sqrtx", 4, root(14)],
      ["c3x", 4, swap(14)],
      ["c4x", 5, swap(30)],
      ["rccx", 3, [[5, 5, -1, 0], ...zero(6, 7), [6, 7, 0, -1], [7, 6, 0, 1]]],
      ["rc3x", 4, [[12, 12, 0, 1], [13, 13, 0, -1], ...zero(14, 15), [14, 15, 1, 0], [15, 14, -1, 0]]],
    ]; // prettier-ignore
  for (const [name, n, entries] of ofQelib1) {
    it(`reads ${name} of qelib1.inc with the matrix of Qiskit`, () => {
      const N = 2 ** n;
      const re = Array.from({ length: N }, (_, i) => Array.from({ length: N }, (__, j) => Number(i === j))); // prettier-ignore
      const im = re.map((row) => row.map(() => 0));
      for (const [i, j, x, y] of entries) [re[i]![j], im[i]![j]] = [x, y];
      const qubits = Array.from({ length: n }, (_, q) => `q[${q}]`).join(",");
      const text = `OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[${n}];\n${name} ${qubits};\n`;
      const wires = Array.from({ length: n }, (_, q) => q);
      sameState(qc.fromQasm(text), qc.circuit(n).append(qc.unitary({ re, im }, wires)));
    });
  }

  it("makes features of inputs, in expressions too", () => {
    const circuit = qc.fromQasm(
      `${HEAD}input float[64] a;\ninput angle[32] b;\nqubit q;\nrx(2*a + pi/2) q;\nry(sin(a) * b ** 2) q;\n`,
    );
    expect(circuit.features).to.equal(2);
    const [a, b] = [0.3, -0.7];
    const wanted = qc
      .circuit(1)
      .append(qc.gate("RX", 0, 2 * a + Math.PI / 2))
      .append(qc.gate("RY", 0, Math.sin(a) * b ** 2));
    sameState(qc.bind(circuit, { features: [a, b] }), wanted);
  });

  it("reads negative controls, negative powers and phases under control", () => {
    const circuit = qc.fromQasm(
      `${HEAD}qubit[3] q;\nnegctrl @ ctrl @ x q[0], q[1], q[2];\npow(-2) @ t q[0];\nctrl @ gphase(0.3) q[1];\nnegctrl @ gphase(0.4) q[2];\ngphase(0.5);\n`,
    );
    const wanted = qc
      .circuit(3)
      .append(qc.multiControlledX([0, 1, 2], [0, 1]))
      .append(qc.gate("Sdg", 0))
      .append(qc.gate("PhaseShift", 1, 0.3))
      .append(qc.gate("X", 2))
      .append(qc.gate("PhaseShift", 2, 0.4))
      .append(qc.gate("X", 2))
      .append(qc.gate("GlobalPhase", [], -0.5));
    sameState(circuit, wanted);
  });

  const faults: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ["an unknown gate", "qubit q;\nfoo q;", /line 4, column 1: "foo"/u],
    ["a conditional", "qubit q;\nbit c;\nif (c == 1) x q;", /line 5, column 1: "if"/u],
    ["a reset", "qubit q;\n  reset q;", /line 4, column 3: "reset"/u],
    ["a qubit that does not exist", "qubit[2] q;\nx q[2];", /line 4, column 5: "q" must have a qubit 2/u],
    ["a wrong number of angles", "qubit q;\nrx q;", /line 4, column 1: "rx" must have 1 angles/u],
    ["registers of two sizes", "qubit[2] a;\nqubit[3] b;\ncx a, b;", /line 5, column 1: registers/u],
    ["a gate after a measurement", "qubit q;\nbit c;\nc = measure q;\nx q;", /line 6, column 1: .*measurement/u],
    ["a broken gate body", "gate g a { rx a; }\nqubit q;", /line 3, column 12: "rx"/u],
    ["an unexpected character", "qubit q;\nx q?", /line 4, column 4: unexpected character/u],
    ["a missing semicolon", "qubit q;\nx q", /line 4, column 4: expected ";"/u],
    ["a name declared twice", "qubit q;\nqubit q;", /line 4, column 7: "q" is declared twice/u],
    ["no qubits", "", /must be qubits/u],
  ]; // prettier-ignore
  for (const [what, text, message] of faults) {
    it(`names line and column of ${what}`, () => {
      expect(() => qc.fromQasm(HEAD + text)).to.throw(DataError, message);
    });
  }
});

describe("toQasm()", () => {
  for (const { name, op, n } of casesOf("gate")) {
    it(`writes ${name} so that it is read as the same, phase included, alone and under control`, () => {
      const own = constantCircuit(n, [op]);
      sameState(qc.fromQasm(qc.toQasm(own)), own);
      const wide = qc.controlledCircuit(qc.onWires(own, [1, 2, 3, 4], 6), [0, 5], [0, 1]);
      sameState(qc.fromQasm(qc.toQasm(wide)), wide);
    });
  }

  for (const { name, n, ops } of casesOf("circuit").slice(0, 5)) {
    it(`writes ${name} so that it is read as the same`, () => {
      const own = constantCircuit(n, ops);
      sameState(qc.fromQasm(qc.toQasm(own)), own);
    });
  }

  it("writes matrices on one, two and three wires, diagonals and controlled matrices", () => {
    const one = gateMatrix("U", [0.3, 1.1, -0.4, 0.9]);
    const two = multiply(gateMatrix("SISWAP"), controlledMatrix(one, [1]));
    const three = multiply(controlledMatrix(two, [0]), gateMatrix("Toffoli"));
    const own = qc
      .circuit(3)
      .append(qc.unitary(one, 2))
      .append(qc.unitary(two, [2, 0]))
      .append(qc.unitary(three, [1, 0, 2]))
      .append(qc.controlledUnitary(one, [0, 1], 2, [1, 0]))
      .append(qc.diagonalUnitary({ re: [1, 0, 0, -1], im: [0, 1, -1, 0] }, [0, 2]));
    sameState(qc.fromQasm(qc.toQasm(own)), own);
  });

  it("writes features as inputs", () => {
    const own = qc.circuit(2).append(qc.iqpEmbedding(), qc.features(0, 2));
    sameState(qc.fromQasm(qc.toQasm(own)), own, [0.3, -0.7]);
  });

  it("refuses circuits that prepare amplitudes", () => {
    const own = qc.circuit(1).append(qc.amplitudeEmbedding(), qc.features(0, 2));
    expect(() => qc.toQasm(own)).to.throw("toQasm: argument `circuit`");
  });
});
