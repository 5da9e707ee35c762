// Tests of gradients: shift rules against the golden file, and every method against every other, for Jacobians and
// Hessians by parameters and features, with and without channels.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import * as qc from "../../src/circuits/index.js";
import { useBackend } from "../../src/backend.js";
import { ArgumentError } from "../../src/errors.js";
import { occurrences } from "../../src/circuits/gradients/occurrences.js";
import { secondOrder, firstOrder } from "../../src/circuits/gradients/shift-plan.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo, type Numbers } from "../support/close-to.js";
import { caseOf, casesOf, observable, trainableCircuit } from "./golden.js";

const single = { atol: 2e-5 };
const exact = { atol: 1e-11 };
/** The error of a central difference in float32 at the default step. */
const differenced = { atol: 1e-4 };

async function numbers(tensor: tf.Tensor): Promise<Numbers> {
  const values = (await tensor.array()) as Numbers;
  tensor.dispose();
  return values;
}

describe("shiftRule()", () => {
  for (const { name, frequencies, order, shifts, rule, probe } of casesOf("shiftRule")) {
    it(`is the golden ${name}, and differentiates a sum of waves`, () => {
      const found = qc.shiftRule(frequencies, { order, ...(shifts && { shifts }) });
      expect(found.length).to.equal(rule.length);
      for (const [c, s] of rule) {
        const own = found.find(([, other]) => Math.abs(other - s) < 1e-9);
        closeTo(own ?? [], [c, s], exact, `the term at ${s}`);
      }
      const { constant, cosCoefficients, sinCoefficients, x, derivative } = probe;
      const f = (t: number): number =>
        frequencies.reduce(
          (sum, w, k) => sum + cosCoefficients[k]! * Math.cos(w * t) + sinCoefficients[k]! * Math.sin(w * t), // prettier-ignore
          constant,
        );
      closeTo(found.reduce((sum, [c, s]) => sum + c * f(x + s), 0), derivative, exact); // prettier-ignore
    });
  }

  it("refuses a system that is nearly singular, and frequencies that are none", () => {
    const { frequencies } = caseOf("shiftRuleSingular");
    expect(() => qc.shiftRule(frequencies)).to.throw(ArgumentError, "condition below 1e8");
    expect(() => qc.shiftRule([])).to.throw(ArgumentError, "positive and rising");
    expect(() => qc.shiftRule([2, 1])).to.throw(ArgumentError, "positive and rising");
    expect(() => qc.shiftRule([1], { shifts: [1, 2] })).to.throw(ArgumentError, "1 numbers");
  });
});

describe("parameter-shift plans", () => {
  it("take 2M runs for a gradient and 2M² − M + 1 for a Hessian of frequency 1", () => {
    const circuit = qc.circuit(3).append(qc.basicEntangler({ layers: 2 }), qc.parameters());
    const { list } = occurrences(circuit, "parameters");
    expect(firstOrder(list).shifts).to.have.length(12);
    expect(secondOrder(list, false).shifts).to.have.length(2 * 36 - 6 + 1);
  });
});

const METHODS: readonly (readonly [qc.GradientMethod, { readonly atol: number }])[] = [
  ["adjoint", single],
  ["backprop", single],
  ["parameterShift", single],
  ["finiteDifference", differenced],
];

onEachBackend("golden derivatives", () => {
  for (const [method, tolerance] of METHODS) {
    it(`of probabilities are those of method ${method}`, async () => {
      const { n, ops, jacobian } = caseOf("probs");
      const { circuit, values } = trainableCircuit(n, ops);
      const observables = [qc.projector([0], [0]), qc.projector([1], [0])];
      const found = qc.jacobian(circuit, { parameters: tf.tensor1d(values), observables, method });
      closeTo(await numbers(found), jacobian, tolerance);
    });

    it(`of RX on three wires are those of method ${method}`, async () => {
      const [own] = casesOf("circuit").filter(({ jacobian }) => jacobian !== undefined);
      const { circuit, values } = trainableCircuit(own!.n, own!.ops);
      const observables = own!.observables.map(observable);
      const found = qc.jacobian(circuit, { parameters: tf.tensor1d(values), observables, method });
      closeTo(await numbers(found), own!.jacobian!, tolerance);
    });
  }

  for (const method of ["parameterShift", "backprop"] as const) {
    it(`of second order of probabilities are those of method ${method}`, async () => {
      const { n, ops, hessian } = caseOf("probs");
      const { circuit, values } = trainableCircuit(n, ops);
      const observables = [qc.projector([0], [0]), qc.projector([1], [0])];
      const found = qc.hessian(circuit, { parameters: tf.tensor1d(values), observables, method });
      closeTo(await numbers(found), hessian, single);
    });
  }
});

/** Gates of every kind of frequencies, parameters used twice, products and functions of symbols, extra controls. */
const shared = qc.parameter(0);
const mixed = qc
  .circuit(3)
  .append(qc.iqpEmbedding(1), qc.features(0, 3))
  .append([
    qc.gate("RX", 0, shared),
    qc.gate("CRY", [0, 1], shared),
    qc.controlled(qc.gate("RZ", 2, qc.parameter(1)), [0, 1], [1, 0]),
    qc.gate("Rot", 1, [qc.parameter(2), { op: "mul", of: [qc.parameter(1), qc.feature(0)] }, 0.3]),
    qc.gate("IsingXY", [1, 2], qc.parameter(3)),
    qc.gate("CU", [2, 0], [qc.parameter(4), qc.parameter(5), 0.2, qc.parameter(2)]),
    qc.controlled(qc.gate("U2", 0, [qc.parameter(3), 0.1]), 2),
    qc.gate("SingleExcitation", [0, 2], { op: "sin", of: [qc.parameter(5)] }),
    qc.gate("PSWAP", [0, 1], { op: "pow", of: [qc.parameter(4), 2] }),
    qc.controlled(qc.gate("GlobalPhase", [], qc.parameter(1)), [1]),
    qc.gate("H", 1),
    qc.gate("GlobalPhase", [], qc.parameter(0)),
    qc.gate("RY", 2, { op: "div", of: [qc.feature(1), qc.parameter(3)] }),
  ]);
const parameters = tf.tensor2d([[0.4, -1.1, 0.9, 1.2, 0.7, -0.3], [1.4, 0.3, -0.6, 0.8, 0.2, 2.1]]); // prettier-ignore
const features = tf.tensor2d([[0.3, -0.7, 1.1], [1.3, 0.4, -0.9], [0.2, 2.1, 0.5]]); // prettier-ignore
const observables = ["ZII", "XYZ", qc.pauliSum([[0.5, "IZZ"], [-1.5, "XIX"]])]; // prettier-ignore
const noise = qc.noisy(mixed, { rules: [{ channel: qc.amplitudeDamping(0.05), gates: ["RX", "H", "RY"] }, { channel: qc.depolarizing(0.03), gates: ["CRY", "PSWAP"] }] }); // prettier-ignore

describe("jacobian()", () => {
  before(() => useBackend("wasm"));

  for (const by of ["parameters", "features"] as const) {
    for (const of of ["expectation", "variance"] as const) {
      it(`is the same by all methods for the ${of} by ${by}, over a population and a batch`, async () => {
        const given = { parameters, features, observables, by, of };
        const first = await numbers(qc.jacobian(mixed, { ...given, method: "adjoint" }));
        for (const [method] of METHODS.slice(1)) {
          const own = qc.jacobian(mixed, { ...given, method });
          expect(own.shape).to.deep.equal([2, 3, 3, by === "parameters" ? 6 : 3]);
          const atol = (method === "finiteDifference" ? 3e-4 : 1e-5) * (of === "variance" ? 2 : 1);
          closeTo(await numbers(own), first, { atol }, method);
        }
      });
    }

    it(`is the same by all methods with channels by ${by}`, async () => {
      const given = { parameters, features, observables, by };
      const first = await numbers(qc.jacobian(noise, given));
      for (const [method] of METHODS.slice(2)) {
        const atol = method === "finiteDifference" ? 3e-4 : 1e-5;
        closeTo(await numbers(qc.jacobian(noise, { ...given, method })), first, { atol }, method);
      }
    });
  }

  it("is that of each replica and sample alone", async () => {
    for (const method of ["adjoint", "parameterShift"] as const) {
      const all = (await numbers(qc.jacobian(mixed, { parameters, features, observables, method }))) as number[][][][]; // prettier-ignore
      const one = { parameters: tf.slice(parameters, [1, 0], [1, 6]).reshape([6]), features: tf.slice(features, [2, 0], [1, 3]).reshape([3]) }; // prettier-ignore
      closeTo(
        await numbers(qc.jacobian(mixed, { ...one, observables, method })),
        all[1]![2]!,
        single,
      );
    }
  });

  it("is 2 sin t cos t for the variance of Z behind RX, which no shift rule of ⟨Z⟩ gives", async () => {
    const circuit = qc.circuit(1).append(qc.gate("RX", 0, qc.parameter(0)));
    const given = { parameters: tf.tensor1d([0.7]), observables: ["Z"], of: "variance" } as const;
    for (const [method, tolerance] of METHODS) {
      closeTo(
        await numbers(qc.jacobian(circuit, { ...given, method })),
        [[Math.sin(1.4)]],
        tolerance,
      );
    }
  });

  it("is estimated by SPSA without bias: the mean over seeds is the gradient", async () => {
    const circuit = qc.circuit(2).append(qc.hardwareEfficient({ layers: 1 }), qc.parameters());
    const given = { parameters: tf.tensor([[[0.4, -1.1], [0.9, 0.3]]]), observables: ["ZX"] }; // prettier-ignore
    const wanted = ((await numbers(qc.jacobian(circuit, given))) as number[][])[0]!;
    const K = 4000;
    const found = ((await numbers(qc.jacobian(circuit, { ...given, method: "spsa", directions: K, seed: 3 }))) as number[][])[0]!; // prettier-ignore
    // An entry's estimate is its value plus the others with random signs.
    const norm2 = wanted.reduce((sum, g) => sum + g * g, 0);
    wanted.forEach((g, i) => {
      expect(Math.abs(found[i]! - g)).to.be.below(5 * Math.sqrt((norm2 - g * g) / K) + 1e-3);
    });
    const again = qc.jacobian(circuit, { ...given, method: "spsa", directions: K, seed: 3 });
    closeTo(await numbers(again), [found], {});
  });

  it("is that of the variance of an observable with a large constant: 2 sin t cos t behind RY, too", async () => {
    const circuit = qc.circuit(1).append(qc.gate("RY", 0, qc.parameter(0)));
    const parameters = tf.tensor1d([0.3]);
    const observables = [qc.pauliSum([[1000, "I"], [1, "Z"]])]; // prettier-ignore
    for (const method of ["adjoint", "backprop", "parameterShift"] as const) {
      const found = qc.jacobian(circuit, { parameters, observables, of: "variance", method });
      closeTo(await numbers(found), [[2 * Math.sin(0.3) * Math.cos(0.3)]], single);
    }
  });

  it("is 0 where nothing depends on the symbols, and nothing without samples", async () => {
    const circuit = qc.circuit(1).append(qc.gate("RX", 0, qc.feature(0))).append(qc.gate("GlobalPhase", [], qc.parameter(0))); // prettier-ignore
    const given = { parameters: tf.tensor1d([0.3]), features: tf.tensor1d([0.2]), observables: ["Z"] }; // prettier-ignore
    closeTo(await numbers(qc.jacobian(circuit, { ...given, method: "parameterShift" })), [[0]], {});
    const none = qc.jacobian(circuit, { ...given, features: tf.zeros([0, 1]) });
    expect(none.shape).to.deep.equal([0, 1, 1]);
  });

  it("refuses what it cannot do", () => {
    const given = { parameters, features, observables };
    const refused = (change: object, message: string): void => {
      expect(() => qc.jacobian(mixed, { ...given, ...change })).to.throw(ArgumentError, message);
    };
    refused({ method: "spsa" }, "`seed` must be given");
    refused({ method: "guess" }, '"guess"');
    refused({ method: "finiteDifference", step: 0 }, "`step` must be positive");
    expect(() => qc.jacobian(noise, { ...given, method: "adjoint" })).to.throw("no channels");
    const embedded = qc.circuit(1).append(qc.amplitudeEmbedding({ normalize: true }), qc.features(0, 2)); // prettier-ignore
    const own = { features: tf.tensor1d([1, 2]), observables: ["Z"], by: "features" } as const;
    expect(() => qc.jacobian(embedded, { ...own, method: "parameterShift" })).to.throw(
      "amplitudes",
    );
    expect(qc.jacobian(embedded, own).shape).to.deep.equal([1, 2]);
  });

  it("leaves no tensors behind", () => {
    const given = { parameters, features, observables };
    for (const [method] of METHODS) {
      tf.dispose(qc.jacobian(mixed, { ...given, method }));
      const before = tf.memory().numTensors;
      tf.dispose(qc.jacobian(mixed, { ...given, method }));
      expect(tf.memory().numTensors).to.equal(before);
    }
  });
});

describe("hessian()", () => {
  before(() => useBackend("wasm"));

  for (const by of ["parameters", "features"] as const) {
    it(`is the same by shifts and by differentiating twice, by ${by}`, async () => {
      const given = { parameters: tf.slice(parameters, [0, 0], [1, 6]).reshape([6]), features: tf.slice(features, [0, 0], [2, 3]), observables: observables.slice(1), by }; // prettier-ignore
      const shifted = qc.hessian(mixed, given);
      const count = by === "parameters" ? 6 : 3;
      expect(shifted.shape).to.deep.equal([2, 2, count, count]);
      closeTo(await numbers(shifted), await numbers(qc.hessian(mixed, { ...given, method: "backprop" })), single); // prettier-ignore
    });
  }

  it("is −cos t for ⟨Z⟩ behind RX(t), the only parameter, by both methods", async () => {
    const circuit = qc.circuit(1).append(qc.gate("RX", 0, qc.parameter(0)));
    const given = { parameters: tf.tensor1d([0.7]), observables: ["Z"] };
    for (const method of ["parameterShift", "backprop"] as const) {
      closeTo(
        await numbers(qc.hessian(circuit, { ...given, method })),
        [[[-Math.cos(0.7)]]],
        single,
      );
    }
  });

  it("is the same with channels", async () => {
    const circuit = qc.noisy(qc.circuit(2).append(qc.basicEntangler({ layers: 2 }), qc.parameters()), { rules: [{ channel: qc.depolarizing(0.02) }] }); // prettier-ignore
    const given = { parameters: tf.tensor2d([[0.3, -0.5], [1.2, 0.4]]), observables: ["ZZ"] }; // prettier-ignore
    closeTo(await numbers(qc.hessian(circuit, given)), await numbers(qc.hessian(circuit, { ...given, method: "backprop" })), single); // prettier-ignore
  });
});

describe("metricTensor() and quantumFisher()", () => {
  before(() => useBackend("wasm"));

  it("are the golden ones of RX and RY", async () => {
    const { n, ops, metricTensor, quantumFisher } = caseOf("metric");
    const { circuit, values } = trainableCircuit(n, ops);
    const given = { parameters: tf.tensor1d(values) };
    closeTo(await numbers(qc.metricTensor(circuit, given)), metricTensor, single);
    closeTo(await numbers(qc.quantumFisher(circuit, given)), quantumFisher, single);
  });

  it("say how fast fidelities fall, over a population and a batch", async () => {
    // 1 − |⟨ψ(w)|ψ(w + h v)⟩|² = h² vᵀ g v + O(h³), in float64.
    const g = (await numbers(qc.metricTensor(mixed, { parameters, features }))) as number[][][][];
    const [w, x] = [(await parameters.array()), (await features.array())]; // prettier-ignore
    for (const [p, b] of [
      [0, 0],
      [1, 2],
    ] as const) {
      // prettier-ignore
      for (const v of [[1, 0, 0, 0, 0, 0], [0.3, -0.5, 0.4, 1, -0.2, 0.7], [0, 1, 1, 0, 0.5, -1]]) { // prettier-ignore
        const loss = (h: number): number => {
          const [a, c] = [-h, h].map((s) =>
            qc.simulate(mixed, { parameters: w[p]!.map((t, i) => t + (s / 2) * v[i]!), features: x[b]! }),
          ); // prettier-ignore
          const [re, im] = [0, 0].map((_, part) => a!.re.reduce((sum, r, k) => sum + (part === 0 ? r * c!.re[k]! + a!.im[k]! * c!.im[k]! : r * c!.im[k]! - a!.im[k]! * c!.re[k]!), 0)); // prettier-ignore
          return 1 - re! * re! - im! * im!;
        };
        const wanted = v.reduce((sum, vi, i) => sum + v.reduce((s, vj, j) => s + vi * vj * g[p]![b]![i]![j]!, 0), 0); // prettier-ignore
        closeTo(loss(1e-3) / 1e-6, wanted, { atol: 1e-4 });
      }
    }
  });

  it("refuse channels and amplitudes of parameters", () => {
    expect(() => qc.metricTensor(noise, { parameters, features })).to.throw("no channels");
  });
});

describe("naturalGradient()", () => {
  before(() => useBackend("wasm"));

  it("solves with the damped metric", async () => {
    const metric = tf.tensor2d([[0.25, 0.1], [0.1, 0.2]]); // prettier-ignore
    const found = qc.naturalGradient(metric, tf.tensor1d([1, -2]), { damping: 0.05 });
    // [[0.3, 0.1], [0.1, 0.25]]⁻¹ (1, −2) = (0.45, −0.7)/0.065.
    closeTo(await numbers(found), [0.45 / 0.065, -0.7 / 0.065], { rtol: 1e-5 });
  });

  it("refuses shapes that do not go together", () => {
    expect(() => qc.naturalGradient(tf.zeros([2, 3]), tf.zeros([3]))).to.throw("`metric`");
    expect(() => qc.naturalGradient(tf.zeros([3, 3]), tf.zeros([2, 3]))).to.throw("one axis less");
    expect(() => qc.naturalGradient(tf.zeros([3, 3]), tf.zeros([3]), { damping: -1 })).to.throw("`damping`"); // prettier-ignore
  });
});

describe("estimateJacobian()", () => {
  before(() => useBackend("wasm"));

  const circuit = qc
    .circuit(2)
    .append(qc.angleEmbedding("X"), qc.features(0, 2))
    .append([qc.gate("CRY", [0, 1], qc.parameter(0)), qc.gate("RX", 0, qc.parameter(1)), qc.gate("RX", 1, qc.parameter(1))]); // prettier-ignore
  const given = { parameters: tf.tensor2d([[0.4, -1.1], [0.9, 0.3]]), features: tf.tensor2d([[0.3, 0.9], [1.3, -0.4], [0, 2]]), observables: ["ZI", qc.pauliSum([[1, "ZZ"], [0.5, "XI"]])] }; // prettier-ignore

  for (const [method, runs] of [
    ["parameterShift", 8],
    ["finiteDifference", 4],
    ["spsa", 2],
  ] as const) {
    it(`is within 5 standard errors of what ${method} gives without shots`, async () => {
      const options = { ...given, method, step: 0.3, seed: 4 };
      const exactly = await qc.jacobian(circuit, options).data();
      const { mean, standardError, shots } = await qc.estimateJacobian(circuit, { ...options, shots: 2000 }); // prettier-ignore
      expect(mean.shape).to.deep.equal([2, 3, 2, 2]);
      const [m, e] = [await mean.data(), await standardError.data()];
      exactly.forEach((wanted, i) => {
        expect(Math.abs(m[i]! - wanted)).to.be.below(5 * e[i]! + 1e-6);
      });
      // Shifts: 4 for CRY and 2 for each RX; differences: 2 for each parameter; SPSA: 2. ZZ and XI need two settings.
      expect(shots).to.equal(2000 * runs * 6 * 3);
    });
  }

  it("has standard errors of the size of the scatter over seeds", async () => {
    const rows: number[] = [];
    let stated = 0;
    for (let seed = 0; seed < 100; seed++) {
      const one = { parameters: tf.tensor1d([0.4, -1.1]), features: tf.tensor1d([0.3, 0.9]), observables: ["ZI"] }; // prettier-ignore
      const { mean, standardError } = await qc.estimateJacobian(circuit, { ...one, shots: 100, seed: 1000 * seed }); // prettier-ignore
      rows.push((await mean.data())[1]!);
      stated += (await standardError.data())[1]! / 100;
    }
    const m = rows.reduce((a, b) => a + b, 0) / 100;
    const spread = Math.sqrt(rows.reduce((sum, x) => sum + (x - m) ** 2, 0) / 99);
    // The relative error of a standard deviation from 100 numbers is 1/√200.
    expect(Math.abs(spread / stated - 1)).to.be.below(5 / Math.sqrt(200));
  });

  it("leaves no tensors behind but its results", async () => {
    const before = tf.memory().numTensors;
    const { mean, standardError } = await qc.estimateJacobian(circuit, {
      ...given,
      shots: 10,
      seed: 4,
    });
    tf.dispose([mean, standardError]);
    expect(tf.memory().numTensors).to.equal(before);
  });
});

describe("spsa()", () => {
  before(() => useBackend("wasm"));

  const circuit = qc.circuit(2).append(qc.hardwareEfficient({ layers: 2 }), qc.parameters());
  const start = tf.fill([2, 2, 2], 0.5);
  const loss = (w: tf.Tensor): tf.Tensor =>
    tf.tidy(() => tf.squeeze(qc.expectation(circuit, { parameters: w, observables: ["ZZ"] }), [-1])); // prettier-ignore

  it("finds the least value of ⟨ZZ⟩ from values alone, the same for one seed", async () => {
    const options = { steps: 300, seed: 2 };
    const { parameters: best, losses } = await qc.spsa(loss, start, options);
    const [least] = await qc.expectation(circuit, { parameters: best, observables: ["ZZ"] }).data();
    expect(losses).to.have.length(300);
    expect(least).to.be.within(-1 - 1e-5, -0.95);
    const again = await qc.spsa(loss, start, options);
    closeTo(again.losses, losses, {});
  });

  it("takes losses from shots", async () => {
    const shots = async (w: tf.Tensor): Promise<tf.Tensor> => {
      const { mean, standardError } = await qc.estimate(circuit, { parameters: w, observable: "ZZ", shots: 200, seed: 9 }); // prettier-ignore
      standardError.dispose();
      return mean;
    };
    const { losses } = await qc.spsa(shots, start, { steps: 200, seed: 2 });
    expect(losses.slice(-20).reduce((a, b) => a + b, 0) / 20).to.be.below(-0.9);
  });

  it("refuses steps that are none and losses of another shape", async () => {
    const fails = async (run: Promise<unknown>): Promise<string> => run.then(() => "", String);
    expect(await fails(qc.spsa(loss, start, { steps: 0, seed: 1 }))).to.match(/`steps`/u);
    expect(await fails(qc.spsa(() => tf.scalar(1), start, { steps: 1, seed: 1 }))).to.match(/2 values/u); // prettier-ignore
  });
});

describe("gradients of what is read off states", () => {
  before(() => useBackend("wasm"));

  const entangled = qc.circuit(3).append(qc.stronglyEntangling({ layers: 1 }), qc.parameters());
  const at = tf.linspace(-1, 1.7, 9).reshape([1, 3, 3]);
  const noisyOne = qc.noisy(entangled, { rules: [{ channel: qc.amplitudeDamping(0.1), gates: ["CNOT"] }] }); // prettier-ignore
  type Read = (circuit: qc.Circuit, w: tf.Tensor) => tf.Tensor;
  const reads: readonly (readonly [string, Read])[] = [
    ["the entropy of one wire", (c, w) => qc.entropy(c, { parameters: w, wires: [1] })],
    ["the entropy of two wires", (c, w) => qc.entropy(c, { parameters: w, wires: [2, 0] })],
    ["the Rényi entropy", (c, w) => qc.entropy(c, { parameters: w, wires: [0], kind: "renyi2" })],
    ["the purity", (c, w) => qc.purity(c, { parameters: w, wires: [1, 2] })],
    ["a probability", (c, w) => tf.slice(qc.probabilities(c, { parameters: w, wires: [2, 1] }), [1], [1])],
    ["an entry of a reduced state", (c, w) => tf.slice(qc.reduced(c, { parameters: w, wires: [0] }).im, [0, 1], [1, 1])],
  ]; // prettier-ignore

  for (const [what, read] of reads) {
    for (const [kind, circuit] of [
      ["states", entangled],
      ["mixed states", noisyOne],
    ] as const) {
      // prettier-ignore
      // Two wires of a pure state of three have eigenvalues 0, where the slope of −p log p is infinite.
      if (what.includes("two wires") && kind === "states") continue;
      it(`are those of central differences: ${what}, ${kind}`, async () => {
        const f = (w: tf.Tensor): tf.Tensor => tf.sum(read(circuit, w));
        const slope = (await tf.grad(f)(at).data()) as Float32Array;
        const h = 1e-2;
        for (const i of [0, 4, 7]) {
          const step = tf.oneHot(i, 9).reshape([1, 3, 3]);
          const [up, down] = [h, -h].map((s) => f(tf.add(at, tf.mul(s, step))).dataSync()[0]!);
          closeTo(slope[i]!, (up! - down!) / (2 * h), { atol: 3e-4 });
        }
      });
    }
  }
});
