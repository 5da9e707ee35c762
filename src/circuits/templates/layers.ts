// Trainable layers. The order of operations is part of their definition; weights are read row by row.

import { checkChoice, checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { gate, type Operation } from "../operation.js";
import { checkAxis, type Axis } from "./embeddings.js";
import { part, range, type Ansatz, type Template } from "./template.js";
import type { Angle } from "../angle.js";

/** One layer of an ansatz: layer `l`, its angles in order. */
export type Layer = {
  readonly shape: (wires: number) => number[];
  readonly build: (l: number, wires: number, angles: readonly Angle[]) => readonly Operation[];
};

function cnotRing(wires: number, step: number): readonly Operation[] {
  return range(wires).map((i) => gate("CNOT", [i, (i + step) % wires]));
}

function chain(name: "CNOT" | "CZ", wires: number): readonly Operation[] {
  return range(wires - 1).map((i) => gate(name, [i, i + 1]));
}

/** The layer of {@link basicEntangler}. */
export function basicEntanglerLayer(rotation: Axis): Layer {
  return {
    shape: (wires) => [wires],
    build: (_l, wires, w) => [
      ...w.map((angle, i) => gate(`R${rotation}`, i, angle)),
      // On two wires the ring would be two CNOTs: it is one, and none on one wire.
      ...(wires > 2 ? cnotRing(wires, 1) : chain("CNOT", wires)),
    ],
  };
}

/** The layer of {@link stronglyEntangling}; layer l has the range `ranges[l]`, by default `l mod (n − 1) + 1`. */
export function stronglyEntanglingLayer(ranges?: readonly number[]): Layer {
  return {
    shape: (wires) => [wires, 3],
    build: (l, wires, w) => [
      ...range(wires).map((i) => gate("Rot", i, part(w, i, wires))),
      ...(wires > 1 ? cnotRing(wires, ranges?.[l] ?? (l % (wires - 1)) + 1) : []),
    ],
  };
}

/** The layer of {@link hardwareEfficient}. */
export const HARDWARE_EFFICIENT_LAYER: Layer = {
  shape: (wires) => [wires, 2],
  build: (_l, wires, w) => [
    ...range(wires).flatMap((i) => [gate("RY", i, w[2 * i]), gate("RZ", i, w[2 * i + 1])]),
    ...chain("CZ", wires),
  ],
};

/** The layer of {@link rotationsAndRing}. */
export const ROTATIONS_AND_RING_LAYER: Layer = {
  shape: (wires) => [wires, 2],
  build: (_l, wires, w) => [
    ...range(wires).flatMap((i) => [gate("RY", i, w[2 * i]), gate("RX", i, w[2 * i + 1])]),
    ...(wires > 2 ? cnotRing(wires, 1) : chain("CNOT", wires)),
  ],
};

function ansatz<Options extends { readonly layers: number }>(
  name: string,
  layerOf: (options: Options) => Layer,
  check: (options: Options, wires: number) => void = () => undefined,
): Ansatz<Options> {
  const shape = (layers: number, wires: number): number[] => [
    layers,
    ...layerOf({ layers } as Options).shape(wires),
  ];
  const template = (options: Options): Template => {
    const { layers } = options;
    checkInteger(name, "layers", layers, 1, 2 ** 20);
    const layer = layerOf(options);
    return {
      name,
      inputs: (wires) => [{ name: "weights", shape: shape(layers, wires) }],
      build: (wires, [w]) => {
        check(options, wires);
        return range(layers).flatMap((l) => layer.build(l, wires, part(w!, l, layers)));
      },
    };
  };
  return Object.assign(template, { shape });
}

/** Options of {@link basicEntangler}. */
export type BasicEntanglerOptions = { readonly layers: number; readonly rotation?: Axis };

/**
 * Rotations about one axis (default X), then a ring of CNOT(i, i + 1 mod n): one CNOT on two wires, none on one.
 * Weights `[L, n]`.
 */
export const basicEntangler: Ansatz<BasicEntanglerOptions> = ansatz(
  "basicEntangler",
  ({ rotation = "X" }) => {
    checkAxis("basicEntangler", rotation);
    return basicEntanglerLayer(rotation);
  },
);

/** Options of {@link stronglyEntangling}. */
export type StronglyEntanglingOptions = {
  readonly layers: number;
  /** Distance of control and target in each layer, 1 … n − 1. Default `l mod (n − 1) + 1`. */
  readonly ranges?: readonly number[];
};

/**
 * Rot on every wire, then CNOT(i, i + r mod n) for all i. On two wires these are two CNOTs. Weights `[L, n, 3]`.
 */
export const stronglyEntangling: Ansatz<StronglyEntanglingOptions> = ansatz(
  "stronglyEntangling",
  ({ ranges }) => stronglyEntanglingLayer(ranges),
  ({ layers, ranges }, wires) => {
    if (ranges === undefined) return;
    const inside = (r: number): boolean => Number.isInteger(r) && r >= 1 && r < wires;
    if (ranges.length === layers && ranges.every(inside)) return;
    throw new ArgumentError(
      `stronglyEntangling: argument \`ranges\` must have ${layers} integers from 1 to ${wires - 1}, but is [${ranges.join(", ")}].`,
    );
  },
);

/** Options of an ansatz that has nothing but layers. */
export type LayersOptions = { readonly layers: number };

/** RY and RZ on every wire, then a chain of CZ(i, i + 1). Weights `[L, n, 2]`. */
export const hardwareEfficient: Ansatz<LayersOptions> = ansatz(
  "hardwareEfficient",
  () => HARDWARE_EFFICIENT_LAYER,
);

/** RY and RX on every wire, then the ring of {@link basicEntangler}. Weights `[L, n, 2]`. */
export const rotationsAndRing: Ansatz<LayersOptions> = ansatz(
  "rotationsAndRing",
  () => ROTATIONS_AND_RING_LAYER,
);

/**
 * A layer of RY, then L times a chain of CNOT(i, i + 1) with increasing i and a layer of RY. Weights `[L + 1, n]`. The
 * default chain of Qiskit decreases.
 */
export const realAmplitudes: Ansatz<LayersOptions> = Object.assign(
  ({ layers }: LayersOptions): Template => {
    checkInteger("realAmplitudes", "layers", layers, 0, 2 ** 20);
    const row = (w: readonly Angle[]): readonly Operation[] => w.map((t, i) => gate("RY", i, t));
    return {
      name: "realAmplitudes",
      inputs: (wires) => [{ name: "weights", shape: [layers + 1, wires] }],
      build: (wires, [w]) =>
        range(layers + 1).flatMap((l) => [
          ...(l === 0 ? [] : chain("CNOT", wires)),
          ...row(part(w!, l, layers + 1)),
        ]),
    };
  },
  { shape: (layers: number, wires: number): number[] => [layers + 1, wires] },
);

/** Name of a layer in `LAYERS`. */
export type LayerName =
  "basicEntangler" | "stronglyEntangling" | "hardwareEfficient" | "rotationsAndRing";

/** Layers that data can be uploaded between. */
export const LAYERS: Readonly<Record<LayerName, Layer>> = {
  basicEntangler: basicEntanglerLayer("X"),
  stronglyEntangling: stronglyEntanglingLayer(),
  hardwareEfficient: HARDWARE_EFFICIENT_LAYER,
  rotationsAndRing: ROTATIONS_AND_RING_LAYER,
};

/** Throws unless the layer exists. */
export function checkLayer(where: string, name: string): void {
  checkChoice(where, "ansatz", name, Object.keys(LAYERS));
}
