// Rectangular lattices of any number of dimensions, open (grid) and periodic (torus).

import { ArgumentError } from "../../errors.js";
import { graph } from "../graph.js";
import type { IsingGraph } from "../graph.js";

const MAX_NODES = 2 ** 24;

/**
 * An open rectangular lattice.
 *
 * @param dims - lengths, the last one fastest; `grid(n)` is an open chain
 * @returns ∏L nodes in row-major order, two colours (one without edges)
 * @throws ArgumentError
 */
export function grid(...dims: readonly number[]): IsingGraph {
  checkDims("grid", dims, 1);
  return rectangular("grid", dims);
}

/**
 * A periodic rectangular lattice.
 *
 * @param dims - lengths of at least 3, the last one fastest; `torus(n)` is a ring
 * @returns ∏L nodes in row-major order, dims · ∏L edges; two colours, three if a length is odd
 * @throws ArgumentError
 */
export function torus(...dims: readonly number[]): IsingGraph {
  checkDims("torus", dims, 3);
  return rectangular("torus", dims);
}

function checkDims(where: string, dims: readonly number[], least: number): void {
  const size = dims.reduce((a, b) => a * b, 1);
  const fits = dims.every((length) => Number.isInteger(length) && length >= least);
  if (dims.length > 0 && fits && size <= MAX_NODES) return;
  const why = least === 3 ? " Around a length of 2 the same two nodes would be joined twice." : "";
  throw new ArgumentError(
    `${where}: argument \`dims\` must be integers of at least ${least} with a product of at most ${MAX_NODES}, but is [${String(dims)}].${why}`,
  );
}

function rectangular(kind: "grid" | "torus", dims: readonly number[]): IsingGraph {
  const size = dims.reduce((a, b) => a * b, 1);
  const strides = dims.map((_, d) => dims.slice(d + 1).reduce((a, b) => a * b, 1));
  const edges = new Int32Array(2 * edgesOf(kind, dims, size));
  const colouring = new Uint8Array(size);
  const threeColours = kind === "torus" && dims.some((length) => length % 2 === 1);
  let at = 0;
  for (let node = 0; node < size; node++) {
    let colour = 0;
    dims.forEach((length, d) => {
      const x = Math.floor(node / strides[d]!) % length;
      colour += threeColours && length % 2 === 1 && x === length - 1 ? 2 : x & 1;
      if (x + 1 === length && kind === "grid") return;
      const next = x + 1 === length ? node - x * strides[d]! : node + strides[d]!;
      edges[at++] = node;
      edges[at++] = next;
    });
    colouring[node] = colour % (threeColours ? 3 : 2);
  }
  const name = `${kind}(${dims.join(", ")})`;
  return graph(size, edges, { name, colouring, lattice: { kind, dims: [...dims] } });
}

function edgesOf(kind: "grid" | "torus", dims: readonly number[], size: number): number {
  if (kind === "torus") return dims.length * size;
  return dims.reduce((sum, length) => sum + (size / length) * (length - 1), 0);
}
