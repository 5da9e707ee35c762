// The generator: the notebook's circuit against its closed form, the layouts of the trained numbers, gradients.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { parameterCount, resources } from "../../src/circuits/index.js";
import { circuitOf } from "../../src/models/hybrid-qgan/circuit.js";
import {
  drawLatent,
  generate,
  generatorOf,
  initialGenerator,
} from "../../src/models/hybrid-qgan/generator.js";
import { hybridConfig } from "../../src/models/index.js";
import { stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { onEachBackend } from "../support/backends.js";
import { read } from "../support/tensors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { HybridOptions } from "../../src/models/index.js";

type Model = NonNullable<HybridOptions["model"]>;

const modelOf = (model: Model): ReturnType<typeof hybridConfig>["model"] =>
  hybridConfig({ model }).model;
const streams = [1, 2].map((seed) => stream(seed, "initialParameters"));

/** Angles and values of the closed form, f(0.3, -0.7) and f(0.5, 1.2) as the reference states them. */
const NOTEBOOK = [
  [0.3, -0.7, -0.15637648286],
  [0.5, 1.2, 0.180005626174],
] as const;

onEachBackend("the notebook's circuit", () => {
  const bare = generatorOf(modelOf({ latentMap: "none" }), 2);
  const none = (): Tensor => tf.zeros([1, 0]);

  it("is sin(a)/√2 − cos(a) cos(b)/2 on the first qubit, −cos(a) sin(b)/2 on the second", async () => {
    const angles = tf.tensor3d([NOTEBOOK.map(([a, b]) => [a, b])]);
    const values = await read(() => generate(bare, none(), angles));
    const expected = NOTEBOOK.map(([a, b, f]) => [f, (-Math.cos(a) * Math.sin(b)) / 2]);
    closeTo(values, expected.flat(), { atol: 3e-7 });
  });

  it("has the gradient of the closed form through the linear map", async () => {
    // Map 1, biases (a, b), latent 0: the gradient by the biases is ∇f(0.3, -0.7).
    const linear = generatorOf(modelOf({}), 1);
    const parameters = tf.tensor2d([[1, 0, 0, 1, 0.3, -0.7]]);
    const f = (w: Tensor): Tensor => tf.sum(generate(linear, w, tf.zeros([1, 1, 2])));
    const gradient = await read(() => tf.grad(f)(parameters));
    closeTo(gradient.slice(4), [0.7885380704, -0.307722331779], { atol: 1e-6 });
  });

  it("has 8 gates of depth 5 and nothing to train", () => {
    const circuit = circuitOf(modelOf({}));
    const { gates, depth } = resources(circuit);
    expect([gates, depth, parameterCount(circuit)]).to.deep.equal([8, 5, 0]);
  });
});

onEachBackend("generators", () => {
  const ANSATZE: readonly (readonly [Model, number])[] = [
    // Map 2 n, biases n, then the trained angles.
    [{ ansatz: "notebook" }, 6],
    [{ ansatz: "rotations", qubits: 3, layers: 2 }, 9 + 2 * 3 * 2],
    [{ ansatz: "stronglyEntangling", qubits: 3, layers: 2 }, 9 + 2 * 3 * 3],
    [{ ansatz: "hardwareEfficient", qubits: 2, layers: 3 }, 6 + 3 * 2 * 2],
    [{ ansatz: "reuploading", qubits: 2, layers: 2 }, 6 + 2 * 2 + 2 * 2 * 3],
    [{ ansatz: "rotations", qubits: 1, layers: 1, output: "trained" }, 3 + 2 + 2],
    [{ ansatz: "rotations", latentMap: "none", outputScale: 2 }, 2 * 2 * 2],
  ];
  for (const [model, count] of ANSATZE) {
    it(`train ${String(count)} numbers: ${JSON.stringify(model)}`, () => {
      expect(generatorOf(modelOf(model), 1).count).to.equal(count);
    });

    it(`have the gradient of finite differences: ${JSON.stringify(model)}`, async () => {
      const generator = generatorOf(modelOf(model), 1);
      const latent = (): Tensor => drawLatent(streams, 3, generator.model);
      const f = (w: Tensor): Tensor => tf.sum(generate(generator, w, latent()));
      const start = await read(() => initialGenerator(generator, streams));
      const at = (values: Float32Array): Tensor => tf.tensor2d(values, [2, count]);
      const gradient = await read(() => tf.grad(f)(at(start)));
      for (const i of [0, count - 1, count, 2 * count - 1]) {
        const h = 1e-2;
        const moved = (sign: number): Promise<Float32Array> => {
          const values = start.slice();
          values[i]! += sign * h;
          return read(() => f(at(values)));
        };
        const [above, below] = [await moved(1), await moved(-1)];
        // Errors: h²/6 times the third derivative, at most about 3 sums of 1, and 1e-6/h of rounding.
        expect(gradient[i]).to.be.closeTo((above[0]! - below[0]!) / (2 * h), 6e-4);
      }
    });
  }

  it("give each replica what it gives alone", async () => {
    const generator = generatorOf(modelOf({ ansatz: "reuploading", output: "trained" }), 2);
    const both = await read(() =>
      generate(
        generator,
        initialGenerator(generator, streams),
        drawLatent(streams, 5, generator.model),
      ),
    );
    for (const [p, own] of streams.entries()) {
      const alone = await read(() =>
        generate(
          generator,
          initialGenerator(generator, [own]),
          drawLatent([own], 5, generator.model),
        ),
      );
      expect([...alone]).to.deep.equal([...both.slice(10 * p, 10 * (p + 1))]);
    }
  });
});
