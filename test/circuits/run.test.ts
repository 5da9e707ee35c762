// Tests of runs: populations, batches, paths, gradients through features and scales, shots, and what is refused.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import * as qc from "../../src/circuits/index.js";
import { useBackend } from "../../src/backend.js";
import { split } from "../../src/circuits/run/prefix.js";
import { basisImages } from "../../src/circuits/run/states.js";
import { wordMatrix } from "../../src/circuits/run/dense.js";
import { wordCoefficients } from "../../src/circuits/run/heisenberg.js";
import { adjoint, matMul, transpose } from "../../src/complex/index.js";
import { closeTo, type Numbers } from "../support/close-to.js";
import { caseOf, casesOf } from "./golden.js";

const single = { atol: 2e-5 };
const PATHS = ["auto", "fused", "composed", "heisenberg", "dense"] as const;

async function numbers(tensor: tf.Tensor): Promise<Numbers> {
  return await tensor.array();
}

const Z = ["ZII", "IZI", "IIZ"];
const embedded = qc
  .circuit(3)
  .append(qc.angleEmbedding("X"), qc.features(0, 3))
  .append(qc.stronglyEntangling({ layers: 2 }), qc.parameters());

describe("expectation()", () => {
  before(() => useBackend("wasm"));

  const golden = caseOf("population");

  for (const path of PATHS) {
    it(`takes a population and a batch at once on path ${path}`, async () => {
      const parameters = tf.tensor(golden.weights);
      const features = tf.tensor(golden.features);
      const options = { observables: Z, path };
      const all = qc.expectation(embedded, { parameters, features, ...options });
      expect(all.shape).to.deep.equal([2, 3, 3]);
      closeTo(await numbers(all), golden.expval, single);
      // One replica and one sample at a time, and features with a population of their own.
      for (const p of [0, 1]) {
        const own = tf.tensor(golden.weights[p]!);
        closeTo(await numbers(qc.expectation(embedded, { parameters: own, features, ...options })), golden.expval[p]!, single); // prettier-ignore
        const x = tf.tensor1d(golden.features[1]!);
        closeTo(await numbers(qc.expectation(embedded, { parameters: own, features: x, ...options })), golden.expval[p]![1]!, single); // prettier-ignore
      }
      const each = tf.tensor([golden.features, [...golden.features].reverse()]);
      const mixed = qc.expectation(embedded, { parameters, features: each, ...options });
      closeTo(await numbers(mixed), [golden.expval[0]!, [...golden.expval[1]!].reverse()], single);
    });

    it(`has the same gradients by all inputs on path ${path} as tf operations`, async () => {
      const [w, x] = [tf.tensor(golden.weights), tf.tensor(golden.features)];
      const weights = tf.tensor([[0.3, -1.2, 0.7]]);
      const f =
        (own: qc.Path) =>
        (parameters: tf.Tensor, features: tf.Tensor): tf.Tensor =>
          tf.sum(tf.mul(weights, qc.expectation(embedded, { parameters, features, observables: Z, path: own }))); // prettier-ignore
      const [a, b] = tf.grads(f(path))([w, x]);
      const [c, d] = tf.grads(f("composed"))([w, x]);
      closeTo(await numbers(a!), await numbers(c!), single);
      closeTo(await numbers(b!), await numbers(d!), single);
    });
  }

  it("takes parameters of several blocks by name and flat, and any number of batch axes", async () => {
    const [reuploading] = casesOf("chain").filter(({ name }) => name.includes("dataReuploading"));
    const { inputs, expval, gradient } = reuploading!;
    const circuit = qc
      .circuit(3)
      .append(qc.dataReuploading({ layers: 2 }), qc.features(0, 3), qc.parameters("scale"), qc.parameters("w")); // prettier-ignore
    const f = (x: tf.Tensor, scale: tf.Tensor, w: tf.Tensor): tf.Tensor =>
      qc.expectation(circuit, { parameters: { scale, w }, features: x, observables: ["ZII"] });
    const [x, scale, w] = [inputs["x"]!, inputs["scale"]!, inputs["w"]!].map((own) => tf.tensor(own)) as [tf.Tensor, tf.Tensor, tf.Tensor]; // prettier-ignore
    closeTo(await numbers(f(x, scale, w)), [expval], single);
    const slopes = tf.grads((...own) => tf.sum(f(...(own as [tf.Tensor, tf.Tensor, tf.Tensor]))))([x, scale, w]); // prettier-ignore
    closeTo(await numbers(slopes[0]!), gradient["x"]!, single);
    closeTo(await numbers(slopes[1]!), gradient["scale"]!, single);
    closeTo(await numbers(slopes[2]!), gradient["w"]!, single);
    const flat = tf.concat([tf.reshape(scale, [-1]), tf.reshape(w, [-1])]);
    const many = qc.expectation(circuit, { parameters: flat, features: tf.tile(tf.reshape(x, [1, 1, 3]), [2, 4, 1]), observables: ["ZII"] }); // prettier-ignore
    expect(many.shape).to.deep.equal([2, 4, 1]);
    closeTo(await numbers(tf.reshape(many, [8])), new Array<number>(8).fill(expval), single);
  });

  it("goes through the products of features of an IQP embedding", async () => {
    const [iqp] = casesOf("chain").filter(({ name }) => name.includes("iqp"));
    const circuit = qc.circuit(3).append(qc.iqpEmbedding(2), qc.features(0, 3));
    const f = (features: tf.Tensor): tf.Tensor =>
      tf.sum(qc.expectation(circuit, { features, observables: ["ZII"] }));
    const x = tf.tensor(iqp!.inputs["x"]!);
    closeTo(await numbers(f(x)), iqp!.expval, single);
    closeTo(await numbers(tf.grad(f)(x)), iqp!.gradient["x"]!, single);
  });

  it("is the closed form of the generator of the paper, with value, gradient and Hessian", async () => {
    const circuit = qc
      .circuit(2)
      .append(qc.angleEmbedding("X"), qc.features(0, 2))
      .append([qc.gate("RY", 0, Math.PI / 4), qc.gate("RX", 1, Math.PI / 2)])
      .append(qc.gate("CNOT", [0, 1]))
      .append([qc.gate("RY", 1, Math.PI / 4), qc.gate("RX", 0, Math.PI / 2)])
      .append(qc.gate("CNOT", [1, 0]));
    const { points, resources } = caseOf("hybridGenerator");
    const { trainable: _t, features: _f, ...counted } = qc.resources(circuit);
    expect(counted).to.deep.equal(resources);
    const f = (features: tf.Tensor): tf.Tensor =>
      tf.sum(qc.expectation(circuit, { features, observables: ["ZI"] }));
    for (const { a, b, value, gradient, hessian } of points) {
      const at = tf.tensor1d([a, b]);
      closeTo(await numbers(f(at)), value, single);
      closeTo(await numbers(tf.grad(f)(at)), gradient, single);
      for (const i of [0, 1]) {
        const line = tf.grad((x: tf.Tensor) => tf.sum(tf.slice(tf.grad(f)(x), [i], [1])))(at);
        closeTo(await numbers(line), hessian[i]!, single);
      }
    }
  });

  it("carries observables back to the golden Pauli coefficients", async () => {
    const { features, weights, words, coefficients, expval } = caseOf("heisenberg");
    const rest = { ...embedded, operations: split(embedded).rest };
    const U = transpose(basisImages(rest, tf.reshape(tf.tensor(weights), [1, 18]), "composed"));
    const { re, im } = wordMatrix("ZII");
    const P = { re: tf.reshape(re, [1, 8, 8]), im: tf.reshape(im, [1, 8, 8]) };
    const all = (await numbers(wordCoefficients(matMul(adjoint(U), matMul(P, U)), 3))) as number[][]; // prettier-ignore
    const place = (word: string): number => [...word].reduce((at, letter) => 4 * at + "IXYZ".indexOf(letter), 0); // prettier-ignore
    closeTo(words.map((word) => all[0]![place(word)]!), coefficients, single); // prettier-ignore
    const value = qc.expectation(embedded, { parameters: tf.tensor(weights), features: tf.tensor1d(features), observables: ["ZII"], path: "heisenberg" }); // prettier-ignore
    closeTo(await numbers(value), [expval], single);
  });

  it("gives probabilities as expectation values of projectors", async () => {
    const circuit = qc
      .circuit(2)
      .append(qc.gate("RY", 0, 0.7))
      .append(qc.gate("CNOT", [0, 1]));
    const p = Math.sin(0.35) ** 2;
    const observables = [qc.projector([1, 1], [0, 1]), qc.projector([1], [1]), qc.pauli("Z", 1)];
    closeTo(await numbers(qc.expectation(circuit, { observables })), [p, p, 1 - 2 * p], single);
  });

  it("is 0 for observables that are 0: no terms, terms that cancel, a matrix of zeros", async () => {
    const pure = qc.circuit(2).append(qc.gate("RX", 0, qc.parameter(0)));
    const observables = [qc.pauliSum([]), qc.pauliSum([[1, "ZI"], [-1, "ZI"]]), qc.hermitian({ re: [[0, 0], [0, 0]] }, 1)]; // prettier-ignore
    const given = { parameters: tf.tensor1d([0.4]), readout: { p1given0: 0.1, p0given1: 0.2 } };
    for (const circuit of [pure, pure.append(qc.bitFlip(0.1, 0))]) {
      for (const own of observables) {
        closeTo(await numbers(qc.expectation(circuit, { ...given, observables: [own] })), [0], {});
        closeTo(await numbers(qc.variance(circuit, { ...given, observables: [own] })), [0], {});
        const { mean } = await qc.estimate(circuit, { ...given, observable: own, shots: 3, seed: 1 }); // prettier-ignore
        closeTo(await numbers(mean), 0, {});
      }
    }
  });

  it("leaves no tensors behind", () => {
    const [parameters, features] = [tf.tensor(golden.weights), tf.tensor(golden.features)];
    const run = (): void => {
      tf.dispose(qc.expectation(embedded, { parameters, features, observables: Z }));
      tf.dispose(tf.grad((w: tf.Tensor) => tf.sum(qc.expectation(embedded, { parameters: w, features, observables: Z })))(parameters)); // prettier-ignore
    };
    run();
    const before = tf.memory().numTensors;
    for (let step = 0; step < 100; step++) run();
    expect(tf.memory().numTensors).to.equal(before);
  });

  it("starts from any states", async () => {
    const circuit = qc.circuit(1).append(qc.gate("RX", 0, 0.3));
    const initialState = { re: tf.tensor2d([[1, 0], [0, 1], [0.6, 0.8]]), im: tf.zeros([3, 2]) }; // prettier-ignore
    const z = qc.expectation(circuit, { initialState, observables: ["Z"] });
    const c = Math.cos(0.3);
    // Of (0.6, 0.8) ⟨Z⟩ = −0.28 and ⟨Y⟩ = 0.
    closeTo(await numbers(z), [[c], [-c], [-0.28 * c]], single);
  });

  it("answers NaN for amplitudes without a norm, and checkAmplitudes() says which", async () => {
    const make = (normalize: boolean): qc.Circuit =>
      qc.circuit(1).append(qc.amplitudeEmbedding({ normalize }), qc.features(0, 2));
    const features = tf.tensor2d([[0.6, 0.8], [0, 0], [3, 4]]); // prettier-ignore
    const values = async (normalize: boolean): Promise<number[]> => [
      ...(await qc.expectation(make(normalize), { features, observables: ["Z"] }).data()),
    ];
    const [loose, strict] = [await values(true), await values(false)];
    closeTo([loose[0]!, loose[2]!, strict[0]!], [-0.28, -0.28, -0.28], single);
    expect([loose[1], strict[1], strict[2]].every((x) => Number.isNaN(x))).to.equal(true);
    const faults = await Promise.allSettled([true, false].map((own) => qc.checkAmplitudes(make(own), { features }))); // prettier-ignore
    expect(faults.map((own) => own.status === "rejected" && String(own.reason)).join()).to.match(/sample 1 .*sample 1 /u); // prettier-ignore
  });
});

describe("variance()", () => {
  before(() => useBackend("wasm"));

  it("does not see a constant: of c + Z behind RY(t) it is sin² t for any c, and 0 for c alone", async () => {
    const circuit = qc.circuit(1).append(qc.gate("RY", 0, 0.3));
    const observables = [0, 30, 1000].map((c) => qc.pauliSum([[c, "I"], [1, "Z"]])); // prettier-ignore
    const found = await numbers(qc.variance(circuit, { observables: [...observables, "I"] }));
    closeTo(found, [...observables.map(() => Math.sin(0.3) ** 2), 0], single);
  });
});

describe("explain()", () => {
  before(() => useBackend("wasm"));

  it("says the path, the reason, the program and the memory beforehand", () => {
    const inputs = { parameters: tf.zeros([2, 2, 3, 3]), features: tf.zeros([5, 3]) };
    const own = qc.explain(embedded, { ...inputs, observables: Z });
    expect(own).to.include({ path: "fused", population: 2, samples: 5, words: 3, wires: 3 });
    expect(own.why).to.be.a("string");
    expect(own.bytes).to.be.below(qc.explain(embedded, { ...inputs, observables: Z, path: "composed" }).bytes); // prettier-ignore
  });

  it("is obeyed: a run that does not fit throws before it starts", () => {
    const inputs = { parameters: tf.zeros([2, 3, 3]), features: tf.zeros([50, 3]) };
    expect(() => qc.expectation(embedded, { ...inputs, observables: Z, path: "composed", maxBytes: 1000 })).to.throw("Split the batch"); // prettier-ignore
    expect(() => qc.state(embedded, { ...inputs, maxBytes: 1000 })).to.throw("Split the batch");
  });
});

describe("samples(), counts() and estimate()", () => {
  before(() => useBackend("wasm"));

  const bell = qc.circuit(2).append(qc.gate("RY", 0, qc.feature(0))).append(qc.gate("CNOT", [0, 1])); // prettier-ignore
  const features = tf.tensor2d([[0.7], [2.1]]);
  const shots = 20000;

  it("draw the exact probabilities within 5 standard errors, and the same for one seed", async () => {
    const options = { features, shots, seed: 3 };
    const drawn = await qc.samples(bell, options);
    expect(drawn.shape).to.deep.equal([2, shots, 2]);
    const seen = await qc.counts(bell, options);
    for (const [row, theta] of [0.7, 2.1].entries()) {
      const p = Math.sin(theta / 2) ** 2;
      const ones = seen[row]!["11"]!;
      expect(Object.keys(seen[row]!).sort()).to.deep.equal(["00", "11"]);
      expect(Math.abs(ones - shots * p)).to.be.below(5 * Math.sqrt(shots * p * (1 - p)));
    }
    expect(await numbers(await qc.samples(bell, options))).to.deep.equal(await numbers(drawn));
    expect(await qc.counts(bell, { ...options, seed: 4 })).not.to.deep.equal(seen);
    expect(await qc.counts(bell, { ...options, event: 1 })).not.to.deep.equal(seen);
  });

  it("draw a replica of a population as it would draw alone with seed + p", async () => {
    const circuit = qc.circuit(1).append(qc.gate("RX", 0, qc.parameter(0)));
    const both = await qc.counts(circuit, { parameters: tf.tensor2d([[0.4], [1.9]]), shots: 100, seed: 7 }); // prettier-ignore
    const alone = await qc.counts(circuit, { parameters: tf.tensor1d([1.9]), shots: 100, seed: 8 });
    expect(both[1]).to.deep.equal(alone[0]);
  });

  it("estimate sums of words from one setting for each commuting group", async () => {
    const observable = qc.pauliSum([[0.5, "ZZ"], [-1, "XX"], [0.25, "YY"], [2, "ZI"]]); // prettier-ignore
    const exact = await qc.expectation(bell, { features, observables: [observable] }).data();
    const { mean, standardError, settings } = await qc.estimate(bell, { features, observable, shots, seed: 1 }); // prettier-ignore
    expect(settings).to.have.members(["ZZ", "XX", "YY"]);
    const [m, e] = [await mean.data(), await standardError.data()];
    for (const row of [0, 1]) expect(Math.abs(m[row]! - exact[row]!)).to.be.below(5 * e[row]!);
  });

  it("refuse no shots and no seed", async () => {
    const fails = async (options: qc.ShotOptions): Promise<string> =>
      qc.counts(bell, { features, ...options }).then(() => "", String);
    expect(await fails({ shots: 0, seed: 1 })).to.match(/`shots` must be an integer from 1/u);
    expect(await fails({ shots: 1, seed: NaN })).to.match(/`seed` must be an integer/u);
  });
});

describe("runs refuse", () => {
  before(() => useBackend("wasm"));

  const good = { parameters: tf.zeros([2, 3, 3]), features: tf.zeros([4, 3]), observables: Z };
  const run = (change: object) => () => qc.expectation(embedded, { ...good, ...change });
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    ["parameters of another shape", run({ parameters: tf.zeros([3, 3]) }), "must have shape [2, 3, 3] or [P, 2, 3, 3], but has shape [3, 3]"],
    ["a block without a name", run({ parameters: { w: tf.zeros([2, 3, 3]) } }), 'must have the block "weights"'],
    ["missing parameters", () => qc.expectation(embedded, { features: good.features, observables: Z }), "the circuit has 18"],
    ["missing features", () => qc.expectation(embedded, { parameters: good.parameters, observables: Z }), "the circuit has 3"],
    ["features of another width", run({ features: tf.zeros([4, 2]) }), "[...batch, 3], but has shape [4, 2]"],
    ["integers", run({ features: tf.zeros([4, 3], "int32") }), "float32"],
    ["a word of another length", run({ observables: ["ZZ"] }), "a word of 3 letters"],
    ["no observables", run({ observables: [] }), "at least one"],
    ["an unknown path", run({ path: "quick" }), '"quick"'],
    ["replicas that are not there", run({ replicated: true }), "`replicated`"],
    ["the Heisenberg path behind entangled data", () => qc.expectation(qc.circuit(2).append(qc.gate("CRX", [0, 1], qc.feature(0))), { features: tf.zeros([1]), observables: ["ZI"], path: "heisenberg" }), "single wires only"],
    ["a register beyond a path", () => qc.expectation(qc.circuit(11).append(qc.gate("H", 0)), { observables: ["Z" + "I".repeat(10)], path: "dense" }), "beyond 10 wires"],
    ["a register beyond all", () => qc.state(qc.circuit(21)), "16.0 MiB"],
  ]; // prettier-ignore
  for (const [what, refused, message] of cases) {
    it(what, () => {
      expect(refused).to.throw(message);
    });
  }
});
