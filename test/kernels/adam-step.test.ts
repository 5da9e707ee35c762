// What the conformance suite does not ask of a step of Adam: the bits of its forms, shapes, errors.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { normals, uniforms } from "../../benchmarks/cases/plain.js";
import { adamStep, type AdamRates, type AdamStepMethod } from "../../kernels/adam-step/index.js";
import { useBackend } from "../../src/backend.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { sameBits } from "../support/same-bits.js";
import { read, tensorOf } from "../support/tensors.js";

/** The rates of Adam in step t. */
const ratesAt = (beta1: number, beta2: number, rate: number, t: number): AdamRates => ({
  ...{ decay1: beta1, weight1: 1 - beta1, unbias1: 1 / (1 - beta1 ** t) },
  ...{ decay2: beta2, weight2: 1 - beta2, unbias2: 1 / (1 - beta2 ** t) },
  ...{ epsilon: 1e-8, rate },
});

/** The rates of means without corrections, which TensorFlow's own operation has. */
const PLAIN: AdamRates = { ...ratesAt(0.5, 0.99, -0.02, 7), unbias1: 1, unbias2: 1 };

const OWN = [ratesAt(0.5, 0.9, 1e-3, 1), ratesAt(0.9, 0.999, -0.02, 7), ratesAt(0, 0.99, 0.3, 400)];

/** Parameters and both means after two steps, one after the other; replicas are longer than a block. */
function twoSteps(rates: readonly AdamRates[], method?: AdamStepMethod): Promise<Float32Array> {
  const shape = [3, 9, 457];
  return read(() => {
    const before = {
      parameters: tensorOf(normals([31, 1], shape)),
      m: tensorOf(normals([31, 2], shape)),
      v: tensorOf(uniforms([31, 3], shape, (u) => u)),
    };
    const gradients = [4, 5].map((input) => tensorOf(normals([31, input], shape)));
    const first = adamStep({ ...before, gradient: gradients[0]! }, rates, method);
    const { parameters, m, v } = adamStep({ ...first, gradient: gradients[1]! }, rates, method);
    expect([parameters.shape, m.shape, v.shape]).to.deep.equal([shape, shape, shape]);
    return tf.stack([parameters, m, v]);
  });
}

function libraryTests(): void {
  it("gives the composed form's numbers, and leaves its inputs and nothing else", async () => {
    const handles = (): number =>
      (
        tf.backend() as unknown as { binding: { getNumOfTensors(): number } }
      ).binding.getNumOfTensors();
    const wanted = await twoSteps([PLAIN], "composed");
    await twoSteps([PLAIN], "library");
    const before = handles();
    closeTo(await twoSteps([PLAIN], "library"), wanted, { rtol: 1e-6, atol: 1e-7 });
    expect(handles()).to.equal(before);
    const x = tf.ones([5]);
    const kept = { parameters: x, gradient: x, m: x, v: x };
    tf.dispose(adamStep(kept, [PLAIN]));
    expect(Array.from(await x.data())).to.deep.equal([1, 1, 1, 1, 1]);
    x.dispose();
  });

  it("has the gradient of the composed form", async () => {
    const slope = (method?: AdamStepMethod): Promise<Float32Array> =>
      read(() => {
        const [g, x] = [tensorOf(normals([32, 1], [9])), tf.ones([9])];
        return tf.grad((gradient) =>
          tf.sum(adamStep({ parameters: x, gradient, m: x, v: x }, [PLAIN], method).parameters),
        )(g);
      });
    closeTo(await slope("library"), await slope("composed"), { rtol: 1e-6 });
  });

  it("is what runs where the rates allow it", async () => {
    sameBits(await twoSteps([PLAIN]), await twoSteps([PLAIN], "library"), "a step");
    const fault = await twoSteps(OWN, "library").catch((error: unknown) => error);
    expect((fault as Error).message).to.match(/argument `rates` must be one set/u);
  });
}

onEachBackend("adamStep()", (backend) => {
  // A device may round as it likes; on webgpu both are the composed form.
  if (backend === "webgpu") return;

  it("has the same bits fused and composed, whoever has which rates", async () => {
    for (const rates of [OWN, OWN.slice(1, 2)])
      sameBits(await twoSteps(rates, "fused"), await twoSteps(rates, "composed"), "a step");
  });

  if (backend === "tensorflow") libraryTests();
});

describe("adamStep()", () => {
  before(() => useBackend("wasm"));

  it("keeps what is not a number", async () => {
    const values = await read(() => {
      const x = tf.tensor2d([[1, NaN, 3, 4, 5]]);
      const zeros = tf.zerosLike(x);
      const given = { parameters: zeros, gradient: x, m: zeros, v: zeros };
      return adamStep(given, [ratesAt(0.5, 0.9, 1, 1)]).parameters;
    });
    expect(Array.from(values, Number.isNaN)).to.deep.equal([false, true, false, false, false]);
  });

  it("says which argument does not fit", () => {
    const x = tf.zeros([2, 3]);
    const given = { parameters: x, gradient: x, m: x, v: x };
    expect(() => adamStep({ ...given, m: tf.zeros([3, 2]) }, OWN.slice(0, 1))).to.throw(
      "adamStep: argument `m` must have the shape of the parameters, [2,3], but has [3,2].",
    );
    expect(() => adamStep(given, OWN)).to.throw(
      "adamStep: argument `rates` must have one entry, or one for each of the 2 replicas, but has 3.",
    );
    x.dispose();
  });
});
