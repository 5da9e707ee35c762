// Layers and losses of the QAAAN: written derivatives against the tape and against differences; one step of both networks
// against the same step taken apart.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { random, useBackend } from "../../src/index.js";
import { adamVectorState, adamVectorStep } from "../../src/learning/adam-vector.js";
import { packTensors, unpackArray, unpackTensors } from "../../src/learning/packed.js";
import { qaaanConfig } from "../../src/models/index.js";
import { latentBatch } from "../../src/models/qaaan/latent.js";
import {
  batchNormLayer,
  convolutionLayer,
  denseLayer,
  imageLayer,
  rectifierLayer,
  tanhLayer,
  transposedLayer,
  type Layer,
} from "../../src/models/qaaan/layers.js";
import { crossEntropy } from "../../src/models/qaaan/losses.js";
import {
  backward,
  forward,
  infer,
  initialParameters,
  parametersOf,
  statisticsOf,
  type Network,
} from "../../src/models/qaaan/networks.js";
import { initialState } from "../../src/models/qaaan/state.js";
import { pairStep, type Game } from "../../src/models/qaaan/step.js";
import { gameOf } from "../../src/models/qaaan/train.js";
import { closeTo } from "../support/close-to.js";
import { tiny } from "./qaaan-runs.js";
import type { Tensor } from "@tensorflow/tfjs";

const normal = (shape: number[], event: number): Tensor =>
  random.normal(random.stream(3, "problemGenerators", event), shape);

async function values(tensor: Tensor): Promise<Float32Array> {
  return (await tensor.data<"float32">()).slice();
}

/** `Σ c y` of a layer by tape. */
function byTape(layer: Layer, parameters: Tensor[], x: Tensor, c: Tensor): Tensor[] {
  const f = (...all: Tensor[]): Tensor => tf.sum(tf.mul(c, layer.forward(all.slice(1), all[0]!).y));
  return tf.grads(f)([x, ...parameters]);
}

const CASES: readonly (readonly [Layer, number[]])[] = [
  [denseLayer("dense", 5, 3, true), [4, 5]],
  [denseLayer("dense of an image", 12, 3, false), [4, 2, 3, 2]],
  [convolutionLayer("convolution", 2, 3), [2, 8, 6, 2]],
  [transposedLayer("transposed convolution", 3, 2, true), [2, 4, 3, 3]],
  [transposedLayer("transposed convolution without bias", 3, 2, false), [2, 2, 2, 3]],
  [batchNormLayer("batch norm of rows", 4), [7, 4]],
  [batchNormLayer("batch norm of images", 3), [2, 4, 2, 3]],
  [rectifierLayer("ReLU", 0), [5, 4]],
  [rectifierLayer("leaky ReLU", 0.2), [2, 3, 2, 4]],
  [tanhLayer("tanh"), [5, 4]],
  [imageLayer("image", [2, 3, 2]), [3, 12]],
];

describe("layers", () => {
  before(() => useBackend("wasm"));

  for (const [layer, shape] of CASES) {
    it(`have the derivatives of the tape: ${layer.name}`, async () => {
      const x = normal(shape, 0);
      const parameters = layer.parameters.map((spec, i) => normal([...spec.shape], i + 1));
      const passed = layer.forward(parameters, x);
      const c = normal(passed.y.shape, 9);
      const { dx, parameters: slopes } = layer.backward(parameters, passed.saved, c, {
        input: true,
        parameters: true,
      });
      const expected = byTape(layer, parameters, x, c);
      for (const [i, own] of [dx!, ...slopes].entries()) {
        expect(own.shape).to.deep.equal(expected[i]!.shape);
        closeTo(await values(own), await values(expected[i]!), { rtol: 1e-4, atol: 1e-5 });
      }
      expect(slopes).to.have.length(parameters.length);
    });
  }
});

/** The networks of a tiny configuration and their first parameters. */
function fixture(): { game: Game; generator: Tensor[]; discriminator: Tensor[] } {
  const game = gameOf(qaaanConfig(tiny()), undefined);
  const from = (network: Network, event: number): Tensor[] =>
    initialParameters(network, random.stream(5, "initialParameters", event));
  return {
    game,
    generator: from(game.generator, 0),
    discriminator: from(game.discriminator.layers, 1),
  };
}

describe("losses", () => {
  before(() => useBackend("wasm"));

  it("are the printed cross entropies, with their slopes", async () => {
    const s = tf.tensor2d([-2, -0.5, 0, 3], [4, 1]);
    const y = [0.9, 1, 0, 0.2];
    const { value, slope } = crossEntropy(s, tf.tensor2d(y, [4, 1]), 2);
    const S = (x: number): number => 1 / (1 + Math.exp(-x));
    const logits = [-2, -0.5, 0, 3];
    const printed = logits.map(
      (x, i) => -y[i]! * Math.log(S(x)) - (1 - y[i]!) * Math.log(1 - S(x)),
    );
    closeTo(await values(value), [printed.reduce((a, b) => a + b, 0) / 2], { rtol: 1e-6 });
    closeTo(
      await values(slope),
      logits.map((x, i) => (S(x) - y[i]!) / 2),
      { rtol: 1e-5 },
    );
  });

  it("have gradients that agree with the tape, and with differences along random directions", async () => {
    const { game, generator, discriminator } = fixture();
    const { layers } = game.discriminator;
    const z = normal([6, 12], 0);
    const lossOf = (g: Tensor[], d: Tensor[]): Tensor =>
      crossEntropy(forward(layers, d, forward(game.generator, g, z).output).output, 1, 6).value;
    const fake = forward(game.generator, generator, z);
    const judged = forward(layers, discriminator, fake.output);
    const { slope } = crossEntropy(judged.output, 1, 6);
    const all = { input: true, parameters: true };
    const atD = backward(layers, discriminator, judged, slope, all);
    const atG = backward(game.generator, generator, fake, atD.input!, all);
    const parts = [
      [discriminator, atD.parameters, (...d: Tensor[]) => lossOf(generator, d)],
      [generator, atG.parameters, (...g: Tensor[]) => lossOf(g, discriminator)],
    ] as const;
    const h = 2 ** -12;
    for (const [parameters, own, f] of parts) {
      const tape = tf.grads(f)(parameters);
      for (const [i, x] of parameters.entries()) {
        closeTo(await values(own[i]!), await values(tape[i]!), { rtol: 1e-3, atol: 1e-6 });
        const direction = normal(x.shape, 500 + i);
        const at = async (t: number): Promise<number> => {
          const moved = parameters.map((y, j) => (j === i ? tf.add(y, tf.mul(direction, t)) : y));
          return (await values(f(...moved)))[0]!;
        };
        const difference = ((await at(h)) - (await at(-h))) / (2 * h);
        // Rounding of the losses over h is 2e-4; rectifiers have kinks that a step of h crosses.
        const exact = await values(tf.sum(tf.mul(own[i]!, direction)));
        closeTo([difference], exact, { rtol: 0.01, atol: 5e-4 });
      }
    }
  });
});

describe("infer()", () => {
  before(() => useBackend("wasm"));

  it("with the statistics of a batch is the pass over this batch, and rows do not depend on one another", async () => {
    const { game, generator } = fixture();
    const z = normal([6, 12], 1);
    const pass = forward(game.generator, generator, z);
    const statistics = statisticsOf(game.generator, pass);
    const whole = await values(infer(game.generator, generator, statistics, z));
    closeTo(whole, await values(pass.output), { atol: 1e-5 });
    const part = await values(
      infer(game.generator, generator, statistics, tf.slice(z, [2, 0], [2, 12])),
    );
    closeTo(part, whole.subarray(2 * 64, 4 * 64), { atol: 1e-6 });
  });
});

describe("adamVectorStep()", () => {
  before(() => useBackend("wasm"));

  it("is Adam as printed", async () => {
    const options = { rate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 };
    let [x, m, v] = [1, 0, 0];
    let vector = tf.tensor1d([1]);
    let state = adamVectorState(1);
    for (const [i, g] of [0.3, -0.2, 0.5, 0.01].entries()) {
      const t = i + 1;
      m = 0.5 * m + 0.5 * g;
      v = 0.9 * v + 0.1 * g * g;
      x -= (0.1 * (m / (1 - 0.5 ** t))) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-3);
      ({ x: vector, state } = adamVectorStep(vector, tf.tensor1d([g]), state, options, t));
      closeTo(await values(vector), [x], { rtol: 1e-5 });
    }
  });
});

describe("unpackTensors()", () => {
  before(() => useBackend("wasm"));

  it("gives back what was packed, and leaves no other tensors", async () => {
    const shapes = [[2, 3], [], [5], [1, 2, 2]];
    const tensors = shapes.map((shape, i) => normal(shape, i));
    const before = tf.memory().numTensors;
    const vector = packTensors(tensors);
    expect(vector.shape).to.deep.equal([16]);
    const parts = unpackTensors(vector, shapes);
    expect(tf.memory().numTensors).to.equal(before + 1 + shapes.length);
    const onHost = unpackArray(await values(vector), shapes);
    for (const [i, x] of tensors.entries()) {
      expect(parts[i]!.shape).to.deep.equal(shapes[i]);
      closeTo(await values(parts[i]!), await values(x), { atol: 0 });
      closeTo(onHost[i]!, await values(x), { atol: 0 });
    }
    tf.dispose([...tensors, ...parts, vector]);
  });
});

describe("pairStep()", () => {
  before(() => useBackend("wasm"));

  it("moves the discriminator on the old generator's images, then the generator through the new discriminator", async () => {
    // With large epsilon the first step of Adam is plain descent: −η (1 − β₁)/(1 − β₁) g/ε nearly.
    const epsilon = 1e3;
    const options = tiny({ train: { epsilon, discriminatorRate: 300, generatorRate: 300 } });
    const game = gameOf(qaaanConfig(options), undefined);
    const [state] = initialState(game);
    const { pair, prior } = state!;
    const turn = { seed: 1, t: 0 };
    const step = pairStep(game, pair, prior!.spins, turn);
    const { model, train } = game.config;
    const streams = {
      rows: random.stream(1, "latent", 0),
      noise: random.stream(1, "reparameterisation", 0),
    };
    const z = tf.tensor2d(latentBatch(model, prior!.spins, 6, streams), [6, 12]);
    const real = game.source.batch(random.stream(1, "data", 0), 6);
    const u = await values(random.uniform(random.stream(1, "perturbations", 0), [12]));
    const labels = tf.tensor2d(
      Array.from(u, (x, i) => (i < 6 ? 0.8 + 0.2 * x : 0)),
      [12, 1],
    );
    const { layers } = game.discriminator;
    const output = (g: Tensor[]): Tensor => forward(game.generator, g, z).output;
    const fake = output(pair.generator.parameters);
    const lossD = (...d: Tensor[]): Tensor =>
      crossEntropy(forward(layers, d, tf.concat([real, fake])).output, labels, 6).value;
    const lossG = (...g: Tensor[]): Tensor =>
      crossEntropy(forward(layers, step.pair.discriminator.parameters, output(g)).output, 1, 6)
        .value;
    const compare = async (
      f: (...x: Tensor[]) => Tensor,
      before: Tensor[],
      after: Tensor[],
    ): Promise<void> => {
      const gradients = tf.grads(f)(before);
      for (const [i, x] of before.entries()) {
        const moved = await values(tf.sub(after[i]!, x));
        const wanted = await values(tf.mul(gradients[i]!, -300 / epsilon));
        const largest = Math.max(...wanted.map(Math.abs));
        closeTo(moved, wanted, { rtol: 2e-3, atol: 2e-3 * largest + 1e-7 });
      }
    };
    await compare(lossD, pair.discriminator.parameters, step.pair.discriminator.parameters);
    await compare(lossG, pair.generator.parameters, step.pair.generator.parameters);
    const losses = [await values(lossD(...pair.discriminator.parameters)), await values(lossG(...pair.generator.parameters))]; // prettier-ignore
    closeTo(await values(step.losses), [losses[0]![0]!, losses[1]![0]!], { rtol: 1e-5 });
    // The prior is given what the discriminator had for the real images before it moved.
    const features = forward(layers.slice(0, -1), pair.discriminator.parameters, real).output;
    closeTo(await values(step.features), await values(features), { atol: 1e-6 });
    expect(train.realLabels).to.deep.equal([0.8, 1]);
  });
});

describe("the networks of a configuration", () => {
  before(() => useBackend("wasm"));

  it("have the sizes of the robust and of the printed ones", () => {
    const shapes = (preset: string): number[][] => {
      const { data: _, ...config } = qaaanConfig({ preset });
      const game = gameOf({ ...config, data: qaaanConfig().data }, undefined);
      return [game.generator, game.discriminator.layers].map((network) =>
        parametersOf(network).flatMap(({ path, shape }) =>
          path.endsWith("weights") ? [...shape] : [],
        ),
      );
    };
    expect(shapes("small")).to.deep.equal([
      [100, 256, 256, 3136, 4, 4, 32, 64, 4, 4, 1, 32],
      [4, 4, 1, 32, 4, 4, 32, 64, 3136, 256, 256, 100, 100, 1],
    ]);
    expect(shapes("paper")).to.deep.equal([
      [100, 1024, 1024, 6272, 4, 4, 64, 128, 4, 4, 1, 64],
      [4, 4, 1, 64, 4, 4, 64, 128, 6272, 1024, 1024, 100, 100, 1],
    ]);
  });

  it("draw images of the size of the data, dense and with more blocks too", () => {
    const cases = [
      tiny({ model: { network: "dense" } }),
      tiny({
        data: { source: "rooms", side: 32 },
        model: { discriminator: { channels: [2, 3, 4] }, generator: { channels: [4, 3, 2] } },
      }),
    ];
    for (const options of cases) {
      const game = gameOf(qaaanConfig(options), undefined);
      const { height, width, channels } = game.source;
      const g = initialParameters(game.generator, random.stream(1, "initialParameters"));
      const d = initialParameters(game.discriminator.layers, random.stream(1, "initialParameters"));
      const images = forward(game.generator, g, normal([3, 12], 0)).output;
      expect(images.shape).to.deep.equal([3, height, width, channels]);
      const pass = forward(game.discriminator.layers, d, images);
      expect(pass.output.shape).to.deep.equal([3, 1]);
      expect(pass.layers[game.discriminator.features]!.y.shape).to.deep.equal([3, 12]);
    }
  });
});
