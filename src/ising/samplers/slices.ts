// The classical model that stands for a quantum one: S copies of the spins along imaginary time, each spin bound to itself in
// the next slice. No sampling.

import { graph, type IsingGraph } from "../graph.js";
import { model, type HostModel } from "../model.js";

/** A model of S n spins; spin i of slice k is node k n + i. */
export type SlicedModel = {
  /** Exponents: it is sampled at β = 1. Couplings between slices are 1, to be multiplied by `K⊥` of {@link bondBetweenSlices}. */
  readonly model: HostModel;
  /** `[edges]`, 1 for couplings between slices. */
  readonly scaled: Uint8Array;
};

/** Below this βΓ/S slices are as good as frozen together, and `K⊥` would be infinite. */
const LEAST_TUNNELLING = 1e-6;

/** `a = β Γ / S`, but at least 10⁻⁶. */
export function tunnelling(beta: number, gamma: number, slices: number): number {
  return Math.max((beta * gamma) / slices, LEAST_TUNNELLING);
}

/** `K⊥ = ½ ln coth a`. */
export function bondBetweenSlices(a: number): number {
  return -0.5 * Math.log(Math.tanh(a));
}

/**
 * The Suzuki-Trotter model of `H = −Σ b σᶻ − Σ J σᶻσᶻ − Γ Σ σˣ` at inverse temperature β.
 *
 * @param of - biases and couplings
 * @param slices - S: 1, or an even number, for which slices can be coloured in turn. With 2 both bonds of a spin join the same
 * two nodes
 */
export function slicedModel(of: HostModel, beta: number, slices: number): SlicedModel {
  const on = slicedGraph(of.graph, slices);
  const { n } = of.graph;
  const scaled = Uint8Array.from({ length: on.edges.length / 2 }, (_, e) =>
    sliceOf(on, e, 0, n) === sliceOf(on, e, 1, n) ? 0 : 1,
  );
  const edges = of.couplings.length / of.population;
  const bond = slices === 2 ? 2 : 1;
  const replicas = Array.from({ length: of.population }, (_, p) => p);
  const couplings = replicas.map((p) => {
    // Inside a slice sorted edges follow one another as those of the model do.
    const next = new Int32Array(slices);
    return Float64Array.from(scaled, (between, e) => {
      if (between === 1) return bond;
      const own = next[sliceOf(on, e, 0, n)]!++;
      return (beta * of.couplings[p * edges + own]!) / slices;
    });
  });
  const biases = replicas.map((p) =>
    Float64Array.from(
      { length: slices * n },
      (_, node) => (beta * of.biases[p * n + (node % n)]!) / slices,
    ),
  );
  return { model: model(on, { biases, couplings }), scaled };
}

function sliceOf({ edges }: IsingGraph, edge: number, end: 0 | 1, n: number): number {
  return Math.floor(edges[2 * edge + end]! / n);
}

/** Odd slices have the colours of the even ones, moved by one: with an even number of slices that holds around the ring. */
function slicedGraph({ n, edges, colour, colours, name }: IsingGraph, slices: number): IsingGraph {
  const joined: number[] = [];
  for (let k = 0; k < slices; k++) {
    for (const node of edges) joined.push(k * n + node);
    const bonds = k + 1 < slices ? true : slices > 2;
    for (let i = 0; i < n && bonds; i++) joined.push(k * n + i, ((k + 1) % slices) * n + i);
  }
  const classes = slices === 1 ? colours : Math.max(colours, 2);
  const colouring = Int32Array.from(
    { length: slices * n },
    (_, node) => (colour[node % n]! + (Math.floor(node / n) & 1)) % classes,
  );
  return graph(slices * n, Int32Array.from(joined), {
    name: `${slices} slices of ${name}`,
    colouring,
  });
}
