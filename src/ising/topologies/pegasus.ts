// Pegasus: D-Wave's lattice of crossing segments, each with internal, odd and external couplers.

import { checkInteger } from "../../checks.js";
import { graph } from "../graph.js";
import type { IsingGraph } from "../graph.js";

/** A qubit: orientation (0 vertical), perpendicular offset w < m, segment k < 12, parallel offset z < m − 1. */
export type PegasusPlace = {
  readonly u: number;
  readonly w: number;
  readonly k: number;
  readonly z: number;
};

/** Where along its line a segment of number k starts: vertical ones, then horizontal ones. */
export const PEGASUS_SHIFTS: readonly (readonly number[])[] = [
  [2, 2, 2, 2, 10, 10, 10, 10, 6, 6, 6, 6],
  [6, 6, 6, 6, 2, 2, 2, 2, 10, 10, 10, 10],
];

/** Options of {@link pegasus}. */
export type PegasusOptions = {
  /** Leave out qubits that cross no other; labels keep the hardware's numbers. Default true. */
  readonly fabricOnly?: boolean;
};

/** `((u m + w) 12 + k)(m − 1) + z`. */
export function pegasusIndex({ u, w, k, z }: PegasusPlace, m: number): number {
  return ((u * m + w) * 12 + k) * (m - 1) + z;
}

/** The place of a hardware index. */
export function pegasusPlace(index: number, m: number): PegasusPlace {
  const segment = Math.floor(index / (m - 1));
  const line = Math.floor(segment / 12);
  return { u: Math.floor(line / m), w: line % m, k: segment % 12, z: index % (m - 1) };
}

/**
 * The Pegasus lattice.
 *
 * @param m - size, at least 2; P16 is the one of the Advantage machines
 * @returns 8(m − 1)(3m − 1) nodes with hardware labels, 180m² − 360m + 164 edges, four colours; without `fabricOnly`
 * 24m(m − 1) nodes and 180m² − 348m + 144 edges
 * @throws ArgumentError
 * @see K. Boothby et al., Next-generation topology of D-Wave quantum processors, arXiv 2003.00133
 */
export function pegasus(m: number, options: PegasusOptions = {}): IsingGraph {
  const { fabricOnly = true } = options;
  checkInteger("pegasus", "m", m, 2, 128);
  const { edges, crosses } = wiring(m);
  const all = Array.from({ length: crosses.length }, (_, label) => label);
  const labels = fabricOnly ? all.filter((label) => crosses[label] === 1) : all;
  const index = new Int32Array(crosses.length).fill(-1);
  labels.forEach((label, i) => (index[label] = i));
  const colouring = labels.map((label) => {
    const { u, k, z } = pegasusPlace(label, m);
    return 2 * u + ((k + z) & 1);
  });
  // A qubit that crosses no other may still have neighbours along its line.
  const kept = edges.filter((label, at) => index[label] !== -1 && index[edges[at ^ 1]!] !== -1);
  const name = `pegasus(${m})${fabricOnly ? "" : " with all qubits"}`;
  return graph(
    labels.length,
    Int32Array.from(kept, (label) => index[label]!),
    { name, colouring, lattice: { kind: "pegasus", m }, ...(fabricOnly && { labels }) },
  );
}

/** All edges by hardware index, and which qubits cross another. */
function wiring(m: number): { edges: number[]; crosses: Uint8Array } {
  const edges: number[] = [];
  const crosses = new Uint8Array(24 * m * (m - 1));
  for (let label = 0; label < crosses.length; label++) {
    const place = pegasusPlace(label, m);
    const { u, k, z } = place;
    if (z + 1 < m - 1) edges.push(label, label + 1);
    if (k % 2 === 0) edges.push(label, pegasusIndex({ ...place, k: k + 1 }, m));
    if (u === 1) continue;
    for (const other of crossings(place, m)) {
      edges.push(label, other);
      crosses[label] = crosses[other] = 1;
    }
  }
  return { edges, crosses };
}

/** The horizontal qubits that a vertical one crosses: each covers the line of the other. */
function crossings({ w, k, z }: PegasusPlace, m: number): number[] {
  const found: number[] = [];
  const x = 12 * w + k;
  const start = 12 * z + PEGASUS_SHIFTS[0]![k]!;
  for (let y = start; y < start + 12 && y < 12 * m; y++) {
    const along = Math.floor((x - PEGASUS_SHIFTS[1]![y % 12]!) / 12);
    if (along < 0 || along >= m - 1) continue;
    found.push(pegasusIndex({ u: 1, w: Math.floor(y / 12), k: y % 12, z: along }, m));
  }
  return found;
}
