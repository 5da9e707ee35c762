// Graphs without a lattice: complete and bipartite.

import { checkInteger } from "../../checks.js";
import { graph } from "../graph.js";
import type { IsingGraph } from "../graph.js";

/**
 * Every node joined with every other.
 *
 * @param n - number of nodes
 * @returns n nodes, n(n − 1)/2 edges, n colours
 * @throws ArgumentError
 */
export function complete(n: number): IsingGraph {
  checkInteger("complete", "n", n, 1, 2 ** 15);
  const edges = new Int32Array(n * (n - 1));
  let at = 0;
  for (let u = 0; u < n; u++) {
    for (let v = u + 1; v < n; v++) {
      edges[at++] = u;
      edges[at++] = v;
    }
  }
  const colouring = Int32Array.from({ length: n }, (_, i) => i);
  return graph(n, edges, { name: `complete(${n})`, colouring, lattice: { kind: "complete", n } });
}

/**
 * Every node of the left side joined with every node of the right one.
 *
 * @param left - number of nodes on the left: 0 … left − 1
 * @param right - number of nodes on the right: left … left + right − 1
 * @returns left + right nodes, left · right edges, a colour a side
 * @throws ArgumentError
 */
export function bipartite(left: number, right: number): IsingGraph {
  checkInteger("bipartite", "left", left, 1, 2 ** 20);
  checkInteger("bipartite", "right", right, 1, 2 ** 20);
  const edges = new Int32Array(2 * left * right);
  for (let e = 0; e < left * right; e++) {
    edges[2 * e] = Math.floor(e / right);
    edges[2 * e + 1] = left + (e % right);
  }
  const colouring = Int32Array.from({ length: left + right }, (_, i) => (i < left ? 0 : 1));
  return graph(left + right, edges, {
    ...{ name: `bipartite(${left}, ${right})`, colouring },
    lattice: { kind: "bipartite", left, right },
  });
}
