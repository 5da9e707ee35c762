// The generator and the discriminator of a configuration as lists of layers, and passes through such lists.

import * as tf from "@tensorflow/tfjs";
import { uniform, type Stream } from "../../random.js";
import {
  batchNormLayer,
  convolutionLayer,
  denseLayer,
  imageLayer,
  rectifierLayer,
  tanhLayer,
  transposedLayer,
  type ChannelStatistics,
  type Layer,
  type ParameterSpec,
  type Passed,
  type Wanted,
} from "./layers.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ModelConfig } from "./config.js";

/** Height, width and channels of an image. */
export type ImageShape = {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
};

/** A network: its layers, one after the other. Parameters of all of them are one list, in this order. */
export type Network = readonly Layer[];

/** A discriminator, and the place of its feature layer. */
export type Discriminator = { readonly layers: Network; readonly features: number };

/** Slope of the discriminator's rectifiers below 0. */
const LEAK = 0.2;

/** Stride-2 blocks of each network halve the image so often. */
export function blocksOf({ network, discriminator }: ModelConfig): number {
  return network === "dense" ? 0 : discriminator.channels.length;
}

/** `conv … conv – dense – dense tanh (features) – dense`, or dense throughout. */
export function discriminatorOf(config: ModelConfig, image: ImageShape): Discriminator {
  const { discriminator, features } = config;
  const pixels = image.height * image.width * image.channels;
  const dense = config.network === "dense";
  const halved = 4 ** discriminator.channels.length;
  const flat = dense ? pixels : (pixels / image.channels / halved) * discriminator.channels.at(-1)!;
  const widths = dense ? discriminator.widths : [discriminator.dense];
  const trunk = [
    ...(dense ? [] : convolutions(discriminator.channels, image.channels)),
    ...hiddenLayers(widths, flat),
    denseLayer("features", widths.at(-1)!, features, true),
    tanhLayer("tanh"),
  ];
  return {
    layers: [...trunk, denseLayer("logit", features, 1, true)],
    features: trunk.length - 1,
  };
}

function convolutions(channels: readonly number[], inputs: number): Layer[] {
  return channels.flatMap((outputs, i) => [
    convolutionLayer(`convolution${i}`, channels[i - 1] ?? inputs, outputs),
    rectifierLayer(`rectifier${i}`, LEAK),
  ]);
}

function hiddenLayers(widths: readonly number[], inputs: number): Layer[] {
  return widths.flatMap((outputs, i) => [
    denseLayer(`dense${i}`, widths[i - 1] ?? inputs, outputs, true),
    rectifierLayer(`denseRectifier${i}`, LEAK),
  ]);
}

/** `dense – dense – deconv … deconv tanh`, batch norm and ReLU between them, or dense throughout. */
export function generatorOf(config: ModelConfig, image: ImageShape): Network {
  const { generator, features } = config;
  const { height, width, channels } = image;
  if (config.network === "dense") {
    const widths = generator.widths;
    return [
      ...normalised(widths, features),
      denseLayer("pixels", widths.at(-1)!, height * width * channels, true),
      tanhLayer("tanh"),
      imageLayer("image", [height, width, channels]),
    ];
  }
  const blocks = generator.channels.length;
  const [h, w, c] = [height / 2 ** blocks, width / 2 ** blocks, generator.channels[0]!];
  return [
    ...normalised([generator.dense, h * w * c], features),
    imageLayer("base", [h, w, c]),
    ...deconvolutions(generator.channels, channels),
    tanhLayer("tanh"),
  ];
}

function normalised(widths: readonly number[], inputs: number): Layer[] {
  return widths.flatMap((outputs, i) => [
    denseLayer(`dense${i}`, widths[i - 1] ?? inputs, outputs, false),
    batchNormLayer(`denseNorm${i}`, outputs),
    rectifierLayer(`denseRectifier${i}`, 0),
  ]);
}

function deconvolutions(channels: readonly number[], outputs: number): Layer[] {
  return channels.flatMap((inputs, i) => {
    const next = channels[i + 1];
    if (next === undefined) return [transposedLayer(`deconvolution${i}`, inputs, outputs, true)];
    return [
      transposedLayer(`deconvolution${i}`, inputs, next, false),
      batchNormLayer(`norm${i}`, next),
      rectifierLayer(`rectifier${i}`, 0),
    ];
  });
}

/** Names and shapes of all parameters of a network, in order: `dense0.weights`, …. */
export function parametersOf(
  network: Network,
): readonly (ParameterSpec & { readonly path: string })[] {
  return network.flatMap(({ name, parameters }) =>
    parameters.map((spec) => ({ ...spec, path: `${name}.${spec.name}` })),
  );
}

/** Shapes of all parameters of a network, in order. */
export function shapesOf(network: Network): readonly (readonly number[])[] {
  return network.flatMap(({ parameters }) => parameters.map(({ shape }) => shape));
}

/** First parameters, from one stream. */
export function initialParameters(network: Network, from: Stream): Tensor[] {
  let offset = 0;
  return parametersOf(network).map(({ shape, initial }) => {
    if ("value" in initial) return tf.fill([...shape], initial.value);
    const bound = 1 / Math.sqrt(initial.fanIn);
    const draws = uniform(from, shape, { lo: -bound, hi: bound, offset });
    offset += 4 * Math.ceil(tf.util.sizeFromShape([...shape]) / 4);
    return draws;
  });
}

/** A pass through a network, kept. */
export type Pass = {
  readonly output: Tensor;
  /** Output and saved tensors of each layer. */
  readonly layers: readonly Passed[];
};

/** The parameters of each layer, out of the list of all. */
function perLayer(network: Network, parameters: readonly Tensor[]): (readonly Tensor[])[] {
  let at = 0;
  return network.map((layer) => parameters.slice(at, (at += layer.parameters.length)));
}

/** A pass with batch norm over the batch, as in training. */
export function forward(network: Network, parameters: readonly Tensor[], x: Tensor): Pass {
  const own = perLayer(network, parameters);
  const layers: Passed[] = [];
  let output = x;
  for (const [i, layer] of network.entries()) {
    const passed = layer.forward(own[i]!, output);
    layers.push(passed);
    output = passed.y;
  }
  return { output, layers };
}

/** Derivatives of a pass. */
export type Derivatives = {
  /** By the input; null where not wanted. */
  readonly input: Tensor | null;
  /** By each parameter; empty where not wanted. */
  readonly parameters: Tensor[];
};

/**
 * The derivatives of `Σ dy · output`.
 *
 * @param dy - shape of the output
 */
export function backward(
  network: Network,
  parameters: readonly Tensor[],
  { layers }: Pass,
  dy: Tensor,
  wanted: Wanted,
): Derivatives {
  const own = perLayer(network, parameters);
  const found: (readonly Tensor[])[] = [];
  let slope: Tensor | null = dy;
  for (let i = network.length - 1; i >= 0; i--) {
    const input = i > 0 || wanted.input;
    const { dx, parameters: slopes } = network[i]!.backward(own[i]!, layers[i]!.saved, slope!, {
      ...wanted,
      input,
    });
    found.push(wanted.parameters ? slopes : []);
    slope = dx;
  }
  return { input: wanted.input ? slope : null, parameters: found.reverse().flat() };
}

/** Statistics of the batch norms of a network, in order. */
export function statisticsOf(network: Network, { layers }: Pass): ChannelStatistics[] {
  return network.flatMap(({ norm }, i) => (norm ? [norm.statistics(layers[i]!.saved)] : []));
}

/** The output with given statistics in the place of the batch's: rows do not depend on one another. */
export function infer(
  network: Network,
  parameters: readonly Tensor[],
  statistics: readonly ChannelStatistics[],
  x: Tensor,
): Tensor {
  const own = perLayer(network, parameters);
  let norms = 0;
  return network.reduce(
    (h, layer, i) =>
      layer.norm ? layer.norm.apply(own[i]!, statistics[norms++]!, h) : layer.forward(own[i]!, h).y,
    x,
  );
}
