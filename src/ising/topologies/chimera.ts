// Chimera: a grid of cells, each of two sides of t qubits, all joined across the sides.

import { checkInteger } from "../../checks.js";
import { graph } from "../graph.js";
import type { IsingGraph } from "../graph.js";

/** A place on Chimera: row and column of the cell, side (0 vertical qubits, 1 horizontal), number on the side. */
export type ChimeraPlace = {
  readonly i: number;
  readonly j: number;
  readonly u: number;
  readonly k: number;
};

/** `((i n + j) 2 + u) t + k`. */
export function chimeraIndex({ i, j, u, k }: ChimeraPlace, n: number, t: number): number {
  return ((i * n + j) * 2 + u) * t + k;
}

/** The place of an index. */
export function chimeraPlace(index: number, n: number, t: number): ChimeraPlace {
  const cell = Math.floor(index / (2 * t));
  const inside = index % (2 * t);
  return { i: Math.floor(cell / n), j: cell % n, u: Math.floor(inside / t), k: inside % t };
}

/**
 * The Chimera lattice. Vertical qubits (u = 0) are joined with the same qubit of the cell below, horizontal ones with
 * that of the cell to the right.
 *
 * @param m - rows of cells
 * @param n - columns of cells
 * @param t - qubits on a side of a cell
 * @returns 2mnt nodes, mnt² + t((m − 1)n + m(n − 1)) edges, two colours
 * @throws ArgumentError
 */
export function chimera(m: number, n: number = m, t = 4): IsingGraph {
  checkInteger("chimera", "m", m, 1, 1024);
  checkInteger("chimera", "n", n, 1, 1024);
  checkInteger("chimera", "t", t, 1, 64);
  const edges: number[] = [];
  const join = (a: ChimeraPlace, b: ChimeraPlace): number =>
    edges.push(chimeraIndex(a, n, t), chimeraIndex(b, n, t));
  const size = 2 * m * n * t;
  const colouring = new Uint8Array(size);
  for (let index = 0; index < size; index++) {
    const place = chimeraPlace(index, n, t);
    const { i, j, u } = place;
    colouring[index] = (i + j + u) & 1;
    if (u === 0) for (let l = 0; l < t; l++) join(place, { i, j, u: 1, k: l });
    if (u === 0 && i + 1 < m) join(place, { ...place, i: i + 1 });
    if (u === 1 && j + 1 < n) join(place, { ...place, j: j + 1 });
  }
  return graph(size, Int32Array.from(edges), {
    ...{ name: `chimera(${m}, ${n}, ${t})`, colouring, lattice: { kind: "chimera", m, n, t } },
  });
}
