// The losses of a critic in plain float64: the oracle of the other forms.

import type { CriticLossAttrs } from "./contract.js";

/** Added to the squared slope, so that its root has a derivative everywhere. */
export const SLOPE_FLOOR = 1e-12;

type Layer = { readonly weights: readonly number[][]; readonly biases: readonly number[] };

/** The layers that a list of parameters holds; the last one has one output. */
function layersOf(
  parameters: readonly number[],
  inputs: number,
  hidden: readonly number[],
): Layer[] {
  let at = 0;
  const next = (count: number): number[] => parameters.slice(at, (at += count));
  return [...hidden, 1].map((width, l) => ({
    weights: Array.from({ length: [inputs, ...hidden][l]! }, () => next(width)),
    biases: next(width),
  }));
}

/** `z = h W + b` of a layer. */
function affine({ weights, biases }: Layer, h: readonly number[]): number[] {
  return biases.map((b, j) => h.reduce((sum, x, i) => sum + x * weights[i]![j]!, b));
}

/** D(x), and its gradient by x: the product of the weights with the masks of the units that are on. */
function criticAt(
  layers: readonly Layer[],
  x: readonly number[],
): { readonly value: number; readonly slope: readonly number[] } {
  const masks: boolean[][] = [];
  let h = x;
  for (const layer of layers.slice(0, -1)) {
    const z = affine(layer, h);
    masks.push(z.map((value) => value > 0));
    h = z.map((value) => Math.max(value, 0));
  }
  const last = layers.at(-1)!;
  let v = last.weights.map((row) => row[0]!);
  for (let l = masks.length - 1; l >= 0; l--) {
    const masked = v.map((value, j) => (masks[l]![j]! ? value : 0));
    v = layers[l]!.weights.map((row) => row.reduce((sum, w, j) => sum + w * masked[j]!, 0));
  }
  return { value: affine(last, h)[0]!, slope: v };
}

function penaltyOf(slope: readonly number[], penalty: CriticLossAttrs["penalty"]): number {
  const norm = Math.sqrt(slope.reduce((sum, g) => sum + g * g, SLOPE_FLOOR));
  return (penalty === "oneSided" ? Math.max(norm - 1, 0) : norm - 1) ** 2;
}

/**
 * Mean of D over real points, over generated ones, and mean penalty at the points between, of one critic.
 *
 * @param points - real, generated and between: three lists of points
 */
export function criticLossReference(
  parameters: readonly number[],
  points: readonly (readonly (readonly number[])[])[],
  { hidden, penalty }: CriticLossAttrs,
): [real: number, generated: number, penalty: number] {
  const inputs = points[0]![0]!.length;
  const layers = layersOf(parameters, inputs, hidden);
  const mean = (of: readonly (readonly number[])[], f: (x: readonly number[]) => number): number =>
    of.reduce((sum, x) => sum + f(x), 0) / of.length;
  const value = (x: readonly number[]): number => criticAt(layers, x).value;
  return [
    mean(points[0]!, value),
    mean(points[1]!, value),
    mean(points[2]!, (x) => penaltyOf(criticAt(layers, x).slope, penalty)),
  ];
}
