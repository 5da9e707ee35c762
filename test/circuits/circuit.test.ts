// Tests of circuits as data: templates, composition, inverses, JSON, drawings, and what is refused.

import { expect } from "chai";
import * as qc from "../../src/circuits/index.js";
import { ArgumentError, DataError, ShapeError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import { casesOf, constantCircuit } from "./golden.js";

const exact = { atol: 1e-12 };
const PI = Math.PI;

/** The circuit of a template whose angles are numbers. */
function filled(n: number, template: qc.Template, ...inputs: (readonly unknown[])[]): qc.Circuit {
  return qc.circuit(n).append(template, ...inputs.map((own) => qc.values(own as number[])));
}

/** Inputs of a template in the file. */
type TemplateInputs = {
  readonly features: readonly number[];
  readonly weights: readonly number[];
  readonly scale: readonly number[];
  readonly ranges?: readonly number[];
  readonly repeats?: number;
};
type Make = (inputs: TemplateInputs, n: number) => qc.Circuit;
const layersOf = (weights: readonly unknown[]): number => weights.length;

/** Templates of the golden file by the start of the name of their case. */
const TEMPLATES: readonly (readonly [string, Make])[] = [
  ["template angle", ({ features }, n) =>
      filled(n, qc.angleEmbedding(), features).append(qc.gate("X", 0)).append(qc.angleEmbedding(), qc.values(features))],
  ["template basicEntangler all pi", ({ weights }, n) => filled(n, qc.basicEntangler({ layers: layersOf(weights) }), weights)],
  ["template basicEntangler RY", ({ weights }, n) => filled(n, qc.basicEntangler({ layers: layersOf(weights), rotation: "Y" }), weights)],
  ["template stronglyEntangling", ({ weights, ranges }, n) =>
      filled(n, qc.stronglyEntangling({ layers: layersOf(weights), ...(ranges && { ranges }) }), weights)],
  ["template angle X + basicEntangler", ({ features, weights }, n) =>
      filled(n, qc.angleEmbedding(), features).append(qc.basicEntangler({ layers: layersOf(weights) }), qc.values(weights))],
  ["template iqp", ({ features, repeats }, n) => filled(n, qc.iqpEmbedding(repeats), features)],
  ["template hardwareEfficient", ({ weights }, n) => filled(n, qc.hardwareEfficient({ layers: layersOf(weights) }), weights)],
  ["template realAmplitudes", ({ weights }, n) => filled(n, qc.realAmplitudes({ layers: layersOf(weights) - 1 }), weights)],
  ["template dataReuploading", ({ features, scale, weights }, n) =>
      filled(n, qc.dataReuploading({ layers: layersOf(weights) }), features, scale, weights)],
  ["trainable generator", ({ features, weights }, n) =>
      filled(n, qc.angleEmbedding(), features).append(qc.rotationsAndRing({ layers: layersOf(weights) }), qc.values(weights))],
]; // prettier-ignore

function makerOf(name: string): Make {
  const fits = TEMPLATES.filter(([start]) => name.startsWith(start));
  return fits.sort((a, b) => b[0].length - a[0].length)[0]![1];
}

describe("templates", () => {
  for (const { name, n, ops, inputs } of casesOf("circuit").filter((own) => own.inputs)) {
    it(`write the golden operations of ${name}`, () => {
      const made = makerOf(name)(inputs as unknown as TemplateInputs, n);
      const wanted = constantCircuit(n, ops);
      expect(made.operations.map((own) => own.kind === "gate" && [own.gate, own.wires])).to.deep.equal(
        wanted.operations.map((own) => own.kind === "gate" && [own.gate, own.wires]),
      ); // prettier-ignore
      const angles = ({ operations }: qc.Circuit): number[] =>
        operations.flatMap((own) => (own.kind === "gate" ? (own.angles as number[]) : []));
      closeTo(angles(made), angles(wanted), exact);
    });
  }

  it("say the shape of their weights", () => {
    expect(qc.basicEntangler.shape(2, 5)).to.deep.equal([2, 5]);
    expect(qc.stronglyEntangling.shape(2, 5)).to.deep.equal([2, 5, 3]);
    expect(qc.hardwareEfficient.shape(2, 5)).to.deep.equal([2, 5, 2]);
    expect(qc.realAmplitudes.shape(2, 5)).to.deep.equal([3, 5]);
    expect(qc.dataReuploading.shape(2, 5)).to.deep.equal([2, 5, 3]);
    expect(qc.dataReuploading.scaleShape(2, 5)).to.deep.equal([2, 5]);
  });

  it("set the bits of a basis state", () => {
    const psi = qc.simulate(qc.circuit(3).append(qc.basisEmbedding([1, 0, 1])));
    expect(psi.re.indexOf(1)).to.equal(0b101);
  });
});

const small = qc
  .circuit(3)
  .append(qc.angleEmbedding("X"), qc.features(0, 3))
  .append(qc.stronglyEntangling({ layers: 1 }), qc.parameters())
  .append(qc.gate("ISWAP", [2, 0]))
  .append(qc.controlled(qc.gate("U2", 1, [0.3, qc.parameter(9)]), [0, 2], [0, 1]))
  .append(qc.gate("PSWAP", [0, 1], 0.4));

describe("circuit()", () => {
  it("grows by append and never changes", () => {
    const one = qc.circuit(2);
    const two = one.append(qc.gate("H", 0));
    expect(one.operations).to.have.length(0);
    expect(two.operations).to.have.length(1);
    expect(() => {
      (two.operations as qc.Operation[]).push(qc.gate("X", 0));
    }).to.throw(TypeError);
  });

  it("names the blocks of its parameters, and takes parameters by index", () => {
    expect(small.parameters).to.deep.equal([
      { name: "weights", shape: [1, 3, 3] },
      { name: "angles", shape: [1] },
    ]);
    expect(qc.parameterCount(small)).to.equal(10);
    expect(small.features).to.equal(3);
  });

  it("keeps the parameters of an appended circuit apart and shares the features", () => {
    const both = small.append(small);
    expect(both.parameters.map(({ name }) => name)).to.deep.equal([
      "weights",
      "angles",
      "weights2",
      "angles2",
    ]);
    expect(both.features).to.equal(3);
  });

  it("followed by its inverse is the identity", () => {
    const psi = qc.simulate(qc.compose(small, qc.inverse(small)), {
      parameters: Array.from({ length: 10 }, (_, i) => 0.1 + 0.2 * i),
      features: [0.3, -0.7, 1.1],
    });
    closeTo(psi.re, [1, 0, 0, 0, 0, 0, 0, 0], exact);
    closeTo(psi.im, [0, 0, 0, 0, 0, 0, 0, 0], exact);
  });

  it("turns back after 4π where a rotation is controlled, and after 2π with a sign", () => {
    const turned = (name: string, on: number[], t: number): number =>
      qc.simulate(
        qc
          .circuit(2)
          .append(qc.gate("X", 0))
          .append(qc.gate(name, on, t)),
      ).re[0b10]!;
    closeTo([turned("CRX", [0, 1], 4 * PI), turned("CRX", [0, 1], 2 * PI), turned("RX", [1], 2 * PI)], [1, -1, -1], exact); // prettier-ignore
  });

  it("under control keeps its phases", () => {
    const phase = qc.circuit(2).append(qc.gate("GlobalPhase", [], 0.7));
    const plus = qc.circuit(2).append(qc.gate("H", 0));
    const psi = qc.simulate(plus.append(qc.controlledCircuit(phase, 0)));
    closeTo(Math.atan2(psi.im[2]!, psi.re[2]!), -0.7, exact);
    const open = qc.simulate(plus.append(qc.controlledCircuit(phase, 0, [0])));
    closeTo(Math.atan2(open.im[0]!, open.re[0]!), -0.7, exact);
    closeTo(Math.atan2(open.im[2]!, open.re[2]!), 0, exact);
  });

  it("takes numbers for symbols by bind()", () => {
    const parameters = Array.from({ length: 10 }, (_, i) => i / 7);
    const features = [0.3, -0.7, 1.1];
    const bound = qc.bind(small, { parameters, features });
    expect(qc.parameterCount(bound) + bound.features).to.equal(0);
    closeTo(qc.simulate(bound).re, qc.simulate(small, { parameters, features }).re, exact);
  });
});

describe("fromJson()", () => {
  it("reads what JSON.stringify wrote", () => {
    const whole = small
      .append(qc.unitary(qc.gateMatrix("ECR"), [0, 2]))
      .append(qc.diagonalUnitary({ re: [1, 0], im: [0, 1] }, 1))
      .append(qc.pauliRot("XYZ", [0, 1, 2], qc.feature(1)))
      .append(qc.barrier());
    const text = JSON.stringify(whole);
    expect(JSON.stringify(qc.fromJson(text))).to.equal(text);
    const embedded = qc
      .circuit(2)
      .append(qc.amplitudeEmbedding({ normalize: true, complex: true }), qc.features(0, 8))
      .append(qc.gate("H", 0));
    expect(JSON.stringify(qc.fromJson(JSON.stringify(embedded)))).to.equal(
      JSON.stringify(embedded),
    );
  });

  it("refuses what is no circuit", () => {
    expect(() => qc.fromJson("{")).to.throw(DataError, "must be JSON");
    expect(() => qc.fromJson('{"wires":2}')).to.throw(DataError);
    const broken = { ...JSON.parse(JSON.stringify(small)), features: 1 } as qc.CircuitData;
    expect(() => qc.fromJson(broken)).to.throw(DataError, "1 features");
    const unknown = '{"wires":1,"operations":[{"kind":"gate","gate":"Q","wires":[0],"angles":[]}],"parameters":[],"features":0}'; // prettier-ignore
    expect(() => qc.fromJson(unknown)).to.throw(DataError, 'is "Q"');
  });
});

describe("draw()", () => {
  it("writes one line for each wire, in both character sets", () => {
    const own = qc.circuit(2).append(qc.gate("RX", 0, qc.feature(0))).append(qc.gate("CNOT", [0, 1])); // prettier-ignore
    expect(qc.draw(own, { charset: "ascii", observables: ["ZI"] })).to.equal(
      "0: -RX(x0)-o- <Z>\n1: --------X-",
    );
    expect(qc.draw(own)).to.equal("0: ─RX(x0)─●─\n1: ────────⊕─");
  });

  it("goes on below when a line is full, and never beyond its width", () => {
    const text = qc.draw(small, { width: 40 });
    expect(text.split("\n\n").length).to.be.above(1);
    for (const row of text.split("\n")) expect([...row].length).to.be.at.most(40);
  });
});

describe("drawSvg()", () => {
  const svg = qc.drawSvg(small, { title: 'a <b> & "c"', observables: ["ZII"] });

  it("is a picture with an escaped title and no scripts or links", () => {
    expect(svg).to.match(
      /^<svg [^>]*role="img">\n<title>a &lt;b&gt; &amp; &quot;c&quot;<\/title>/u,
    );
    expect(svg).not.to.match(/<script|href|@import|url\(/u);
  });

  it("has a box for each gate that is one and a swap of two crosses", () => {
    const swap = qc.drawSvg(qc.circuit(2).append(qc.gate("SWAP", [0, 1])));
    // Two wires, one link, four strokes.
    expect(swap.match(/<line/gu)).to.have.length(7);
    expect(svg.match(/rx="5"/gu)).to.have.length(3 + 3 + 2 + 1 + 2);
  });
});

describe("observables", () => {
  it("are grouped by words that commute wire by wire", () => {
    const sum = qc.pauliSum([[1, "ZZI"], [0.5, "ZIZ"], [0.25, "XXI"], [0.125, "IXX"], [2, "YII"]]); // prettier-ignore
    const groups = qc.measurementGroups(sum, 3);
    expect(groups.map(({ basis }) => basis)).to.deep.equal(["YXX", "ZZZ", "XXI"]);
    expect(groups.flatMap(({ terms }) => terms)).to.have.length(5);
  });
});

describe("circuits refuse", () => {
  const one = qc.circuit(2);
  const bad = { re: [[1, 1], [0, 1]] }; // prettier-ignore
  const cases: readonly (readonly [string, () => unknown, typeof ArgumentError | typeof ShapeError, string])[] = [
    ["a wire out of range", () => one.append(qc.gate("H", 0)).append(qc.gate("X", 2)), ArgumentError, "operation 1 (X) must have wires from 0 to 1, but has wire 2"],
    ["a repeated wire", () => one.append(qc.gate("CNOT", [1, 1])), ArgumentError, "must have wires that differ"],
    ["a wrong number of parameters", () => one.append(qc.gate("Rot", 0, 0.3)), ArgumentError, "must have 3 parameters, but has 1"],
    ["a wrong number of wires", () => one.append(qc.gate("CNOT", 0)), ArgumentError, "must have 2 wires"],
    ["an unknown gate", () => qc.gate("RXX", 0), ArgumentError, '"RXX"'],
    ["a word of another length", () => one.append(qc.pauliRot("XYZ", [0, 1], 0.1)), ArgumentError, "a word of 2 letters"],
    ["an infinite angle", () => one.append(qc.gate("RX", 0, Infinity)), ArgumentError, "finite"],
    ["more features than wires", () => one.append(qc.angleEmbedding(), qc.features(0, 3)), ShapeError, "at most 2 angles"],
    ["weights of another shape", () => one.append(qc.basicEntangler({ layers: 1 }), qc.values([1, 2, 3])), ShapeError, "takes 2 angles"],
    ["a template without a source", () => one.append(qc.angleEmbedding()), ArgumentError, "a source for each"],
    ["a matrix that is not unitary", () => qc.unitary(bad, 0), ArgumentError, "must be unitary"],
    ["a matrix of another size", () => qc.unitary(bad, [0, 1]), ShapeError, "4 × 4"],
    ["a diagonal of other moduli", () => qc.diagonalUnitary({ re: [1, 2] }, 0), ArgumentError, "modulus 1"],
    ["a matrix that is not Hermitian", () => qc.hermitian(bad, 0), ArgumentError, "must be Hermitian"],
    ["ranges that do not exist", () => one.append(qc.stronglyEntangling({ layers: 1, ranges: [2] }), qc.parameters()), ArgumentError, "from 1 to 1"],
    ["amplitudes behind gates", () => one.append(qc.gate("H", 0)).append(qc.amplitudeEmbedding(), qc.features(0, 4)), ArgumentError, "must come first"],
    ["inverses of amplitudes", () => qc.inverse(one.append(qc.amplitudeEmbedding(), qc.features(0, 4))), ArgumentError, "prepares amplitudes"],
    ["bits that are none", () => qc.basisEmbedding([2]), ArgumentError, "zeros and ones"],
    ["two blocks of one name", () => one.append(qc.basicEntangler({ layers: 1 }), qc.parameters("w")).append(qc.basicEntangler({ layers: 1 }), qc.parameters("w")), ArgumentError, '"w"'],
    ["a register of no wires", () => qc.circuit(0), ArgumentError, "from 1 to 30"],
  ]; // prettier-ignore
  for (const [what, run, Own, message] of cases) {
    it(what, () => {
      expect(run).to.throw(Own, message);
    });
  }
});
