// Zephyr: D-Wave's lattice after Pegasus, with two odd couplers and more crossings a qubit.

import { checkInteger } from "../../checks.js";
import { graph } from "../graph.js";
import type { IsingGraph } from "../graph.js";

/** A qubit: orientation, perpendicular offset w ≤ 2m, tile k < t, shift j < 2, parallel offset z < m. */
export type ZephyrPlace = {
  readonly u: number;
  readonly w: number;
  readonly k: number;
  readonly j: number;
  readonly z: number;
};

/** `(((u(2m + 1) + w) t + k) 2 + j) m + z`. */
export function zephyrIndex({ u, w, k, j, z }: ZephyrPlace, m: number, t: number): number {
  return (((u * (2 * m + 1) + w) * t + k) * 2 + j) * m + z;
}

/** The place of an index. */
export function zephyrPlace(index: number, m: number, t: number): ZephyrPlace {
  const shifted = Math.floor(index / m);
  const tile = Math.floor(shifted / 2);
  const line = Math.floor(tile / t);
  return {
    ...{ u: Math.floor(line / (2 * m + 1)), w: line % (2 * m + 1) },
    ...{ k: tile % t, j: shifted % 2, z: index % m },
  };
}

/**
 * The Zephyr lattice.
 *
 * @param m - size; Z15 is the one of the Advantage2 machines
 * @param t - tiles on a line
 * @returns 4tm(2m + 1) nodes, 16t(t + 1)m² − 4tm − 6t edges (for m > 1), four colours
 * @throws ArgumentError
 * @see K. Boothby et al., Zephyr topology of D-Wave quantum processors, D-Wave technical report 14-1056A-A (2021)
 */
export function zephyr(m: number, t = 4): IsingGraph {
  checkInteger("zephyr", "m", m, 1, 64);
  checkInteger("zephyr", "t", t, 1, 16);
  const size = 4 * t * m * (2 * m + 1);
  const edges: number[] = [];
  const colouring = new Uint8Array(size);
  for (let index = 0; index < size; index++) {
    const place = zephyrPlace(index, m, t);
    const { u, w, j, z } = place;
    colouring[index] = j + ((w + 2 * (z + u) + j) & 2);
    for (const other of alongLine(place, m)) edges.push(index, zephyrIndex(other, m, t));
    if (u === 0) for (const other of crossings(place, m, t)) edges.push(index, other);
  }
  return graph(size, Int32Array.from(edges), {
    ...{ name: `zephyr(${m}, ${t})`, colouring, lattice: { kind: "zephyr", m, t } },
  });
}

/** External coupler to the next z, odd couplers between the two shifts. */
function alongLine(place: ZephyrPlace, m: number): ZephyrPlace[] {
  const { j, z } = place;
  const next = z + 1 < m ? [{ ...place, z: z + 1 }] : [];
  if (j === 0) return [...next, { ...place, j: 1 }];
  return z + 1 < m ? [...next, { ...place, j: 0, z: z + 1 }] : next;
}

/** The horizontal qubits that a vertical one crosses. */
function crossings({ w, j, z }: ZephyrPlace, m: number, t: number): number[] {
  const found: number[] = [];
  for (const across of [2 * z + j, 2 * z + j + 1]) {
    for (let shift = 0; shift < 2; shift++) {
      // w ∈ {2z' + j', 2z' + j' + 1}
      const along = Math.floor((w - shift) / 2);
      if (along < 0 || along >= m) continue;
      for (let k = 0; k < t; k++) {
        found.push(zephyrIndex({ u: 1, w: across, k, j: shift, z: along }, m, t));
      }
    }
  }
  return found;
}
