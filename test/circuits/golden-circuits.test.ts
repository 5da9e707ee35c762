// Tests of whole circuits against the golden file: states, expectation values, variances, probabilities, reduced
// states, gradients and Hessians, by the oracle in float64 and by the kernels in float32.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import * as qc from "../../src/circuits/index.js";
import { termsOf } from "../../src/circuits/observables.js";
import { wordExpectation } from "../../src/circuits/oracle.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo, type Numbers } from "../support/close-to.js";
import {
  caseOf,
  casesOf,
  constantCircuit,
  observable,
  scaleOf,
  trainableCircuit,
  type CircuitCase,
} from "./golden.js";

const exact = { atol: 1e-11 };
const single = { atol: 2e-5 };

async function numbers(tensor: tf.Tensor): Promise<Numbers> {
  const values = (await tensor.array()) as Numbers;
  tensor.dispose();
  return values;
}

/** The parameters of a circuit with a parameter for each angle, as a tensor. */
function weights(values: readonly number[]): tf.Tensor {
  return tf.tensor1d([...values]);
}

function oracleValue(circuit: qc.Circuit, own: qc.Observable): number {
  const psi = qc.simulate(circuit);
  return termsOf("test", own, circuit.wires).reduce(
    (sum, { coefficient, word }) => sum + coefficient * wordExpectation(psi, word),
    0,
  );
}

describe("simulate()", () => {
  for (const { name, n, ops, state, observables, expval } of casesOf("circuit")) {
    it(`gives the golden state and expectation values of ${name}`, () => {
      const circuit = constantCircuit(n, ops);
      if (state !== undefined) {
        const psi = qc.simulate(circuit);
        closeTo(psi.re, state.re, exact);
        closeTo(psi.im, state.im, exact);
      }
      closeTo(observables.map((terms) => oracleValue(circuit, observable(terms))), expval, exact); // prettier-ignore
    });
  }

  it("measures Hermitian matrices by their Pauli words", () => {
    const { n, ops, hermitian, expval } = caseOf("hermitian");
    const circuit = constantCircuit(n, ops);
    closeTo(oracleValue(circuit, qc.hermitian(hermitian, hermitian.wires)), expval, exact);
  });
});

describe("resources()", () => {
  for (const own of casesOf("circuit").filter(({ resources }) => resources !== undefined)) {
    it(`counts ${own.name}`, () => {
      const { trainable: _t, features: _f, ...counted } = qc.resources(constantCircuit(own.n, own.ops)); // prettier-ignore
      expect(counted).to.deep.equal(own.resources);
    });
  }
});

for (const path of ["fused", "composed"] as const) {
  onEachBackend(`circuits by path ${path}`, () => {
    for (const own of casesOf("circuit")) {
      it(`give the golden numbers of ${own.name}`, async () => {
        await checkCase(own, path);
      });
    }

    it("give the golden value, variance and gradient of a Hermitian matrix", async () => {
      const { n, ops, hermitian, expval, variance, gradient } = caseOf("hermitian");
      const { circuit, values } = trainableCircuit(n, ops);
      const observables = [qc.hermitian(hermitian, hermitian.wires)];
      const f = (parameters: tf.Tensor): tf.Tensor =>
        qc.expectation(circuit, { parameters, observables, path });
      const at = weights(values);
      // Coefficients of up to 4 and sixteen words.
      closeTo(await numbers(f(at)), [expval], { atol: 2e-5 * 10 });
      closeTo(await numbers(qc.variance(circuit, { parameters: at, observables, path })), [variance], { atol: 2e-5 * 100 }); // prettier-ignore
      const slope = tf.grad((x: tf.Tensor) => tf.sum(f(x)))(at);
      closeTo(await numbers(slope), gradient.flat(), { atol: 2e-5 * 10 });
    });

    it("start from amplitudes", async () => {
      const { features, padWith, state, expval } = caseOf("amplitude");
      const circuit = qc
        .circuit(3)
        .append(qc.amplitudeEmbedding({ normalize: true, padWith }), qc.features(0, 6));
      const inputs = { features: tf.tensor1d(features), path };
      const psi = qc.state(circuit, inputs);
      closeTo(await numbers(psi.re), state.re, single);
      closeTo(await numbers(psi.im), state.im, single);
      closeTo(await numbers(qc.expectation(circuit, { ...inputs, observables: ["ZII"] })), expval, single); // prettier-ignore
    });
  });
}

async function checkCase(own: CircuitCase, path: "fused" | "composed"): Promise<void> {
  const { circuit, values } = trainableCircuit(own.n, own.ops);
  const parameters = weights(values);
  const observables = own.observables.map(observable);
  const options = { ...(values.length > 0 && { parameters }), path };
  const scale = Math.max(...own.observables.map(scaleOf));
  const close = (actual: Numbers, wanted: Numbers, times = 1): void => {
    closeTo(actual, wanted, { atol: 2e-5 * times });
  };
  close(await numbers(qc.expectation(circuit, { ...options, observables })), own.expval, scale);
  if (own.variance !== undefined) {
    close(await numbers(qc.variance(circuit, { ...options, observables })), own.variance, scale ** 2); // prettier-ignore
  }
  if (own.state !== undefined) {
    const psi = qc.state(circuit, options);
    close(await numbers(psi.re), own.state.re);
    close(await numbers(psi.im), own.state.im);
  }
  if (own.probs !== undefined) {
    const wires = own.probsWires!;
    close(await numbers(qc.probabilities(circuit, { ...options, wires })), own.probs);
    const rho = qc.reduced(circuit, { ...options, wires });
    close(await numbers(rho.re), own.reducedState!.re);
    close(await numbers(rho.im), own.reducedState!.im);
    close(await numbers(qc.purity(circuit, { ...options, wires })), own.purity!);
    close(await numbers(qc.entropy(circuit, { ...options, wires })), own.entropyNats!, 5);
  }
  if (own.gradient !== undefined && values.length > 0) {
    const f = (x: tf.Tensor): tf.Tensor =>
      tf.sum(qc.expectation(circuit, { parameters: x, observables: [observables[own.gradientOf!]!], path })); // prettier-ignore
    close(await numbers(tf.grad(f)(parameters)), own.gradient.flat(), scale);
  }
  parameters.dispose();
}

onEachBackend("second derivatives", () => {
  const { x, value, first, second } = caseOf("secondOrderGuard");
  const circuit = qc.circuit(1).append(qc.gate("RX", 0, qc.feature(0)));
  const f =
    (path: qc.Path) =>
    (t: tf.Tensor): tf.Tensor => {
      const features = tf.reshape(tf.tanh(tf.add(tf.mul(1.7, t), 0.2)), [1]);
      return tf.sum(qc.expectation(circuit, { features, observables: ["Z"], path }));
    };

  for (const path of ["auto", "composed", "heisenberg", "dense"] as const) {
    it(`are right through classical preprocessing on path ${path}`, async () => {
      const at = tf.scalar(x);
      closeTo(await numbers(f(path)(at)), value, single);
      closeTo(await numbers(tf.grad(f(path))(at)), first, single);
      closeTo(await numbers(tf.grad(tf.grad(f(path)))(at)), second, single);
    });
  }

  it("throw on path fused, and name the way out", () => {
    const at = tf.scalar(x);
    expect(() => tf.grad(tf.grad(f("fused")))(at)).to.throw("composed");
  });

  for (const path of ["auto", "composed", "dense"] as const) {
    it(`of all parameters are the golden Hessian on path ${path}`, async () => {
      const { n, ops, slots, hessian } = caseOf("hessian");
      const { circuit: own, values } = trainableCircuit(n, ops);
      const g = (t: tf.Tensor): tf.Tensor =>
        tf.sum(qc.expectation(own, { parameters: t, observables: ["ZII"], path }));
      const at = weights(values);
      // Parameters in the order of the gates; the file names the gate, and each has one parameter.
      const column = slots.map(([op]) => ops.slice(0, op).flatMap(({ params = [] }) => params).length); // prettier-ignore
      for (const [i, row] of hessian.entries()) {
        const pick = tf.oneHot(column[i]!, values.length);
        const slope = (t: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.grad(g)(t), pick));
        const line = (await tf.grad(slope)(at).array()) as number[];
        closeTo(column.map((j) => line[j]!), row, single); // prettier-ignore
      }
    });
  }
});
