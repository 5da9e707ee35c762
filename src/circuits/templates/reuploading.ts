// Data re-uploading: embedding and trainable layers in turn.

import { checkInteger } from "../../checks.js";
import { mulAngles } from "../angle.js";
import { angleEmbedding, type Axis } from "./embeddings.js";
import { checkLayer, LAYERS, type LayerName } from "./layers.js";
import { part, range, type Template } from "./template.js";

/** Options of {@link dataReuploading}. */
export type ReuploadingOptions = {
  readonly layers: number;
  /** The trainable layer. Default `stronglyEntangling`. */
  readonly ansatz?: LayerName;
  /** Axis of the embedding. Default X. */
  readonly rotation?: Axis;
  /** Whether the features are scaled by an input `scale [L, n]` between features and weights. Default true. */
  readonly scale?: boolean;
};

type Reuploading = ((options: ReuploadingOptions) => Template) & {
  readonly shape: (layers: number, wires: number, ansatz?: LayerName) => number[];
  readonly scaleShape: (layers: number, wires: number) => number[];
};

function shape(layers: number, wires: number, name: LayerName = "stronglyEntangling"): number[] {
  return [layers, ...LAYERS[name].shape(wires)];
}

const scaleShape = (layers: number, wires: number): number[] => [layers, wires];

/**
 * L times an angle embedding of scale · x and a trainable layer. Inputs: features, scale if asked for, weights.
 */
export const dataReuploading: Reuploading = Object.assign(
  (options: ReuploadingOptions): Template => {
    const { layers, ansatz = "stronglyEntangling", rotation = "X", scale = true } = options;
    checkInteger("dataReuploading", "layers", layers, 1, 2 ** 20);
    checkLayer("dataReuploading", ansatz);
    const embedding = angleEmbedding(rotation);
    return {
      name: "dataReuploading",
      inputs: (wires) => [
        { name: "features", shape: [wires] },
        ...(scale ? [{ name: "scale", shape: scaleShape(layers, wires) }] : []),
        { name: "weights", shape: shape(layers, wires, ansatz) },
      ],
      build: (wires, inputs) => {
        const [x, weights] = [inputs[0]!, inputs.at(-1)!];
        return range(layers).flatMap((l) => {
          const scaled = scale
            ? x.map((angle, i) => mulAngles(inputs[1]![l * wires + i]!, angle))
            : x;
          return [
            ...embedding.build(wires, [scaled]),
            ...LAYERS[ansatz].build(l, wires, part(weights, l, layers)),
          ];
        });
      },
    };
  },
  { shape, scaleShape },
);
