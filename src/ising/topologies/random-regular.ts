// Random graphs in which every node has the same number of neighbours.

import { checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { stream, uniformArray } from "../../random.js";
import { graph } from "../graph.js";
import type { IsingGraph } from "../graph.js";

type Draw = () => number;

/** After this many pairs in a row that cannot be joined, look whether any can. */
const PATIENCE = 64;

/**
 * A random d-regular graph: stubs are joined in random pairs, pairs that cannot be are drawn again, and the construction
 * starts over when none can. Asymptotically uniform for small d.
 *
 * @param n - number of nodes
 * @param d - neighbours of each, below n; nd is even
 * @param seed - a signed 32-bit integer
 * @returns n nodes, nd/2 edges
 * @throws ArgumentError
 * @see A. Steger and N. Wormald, Generating random regular graphs quickly, Combin. Probab. Comput. 8 (1999)
 */
export function randomRegular(n: number, d: number, seed: number): IsingGraph {
  checkInteger("randomRegular", "n", n, 1, 2 ** 20);
  checkInteger("randomRegular", "d", d, 0, n - 1);
  if ((n * d) % 2 !== 0 || n * d > 2 ** 23) {
    throw new ArgumentError(
      `randomRegular: argument \`d\` must make n · d even and at most ${2 ** 23}, but n = ${n} and d = ${d}.`,
    );
  }
  const draw = drawsOf(seed, n * d);
  let edges = joinStubs(n, d, draw);
  while (edges === undefined) edges = joinStubs(n, d, draw);
  return graph(n, Int32Array.from(edges), { name: `randomRegular(${n}, ${d}, seed ${seed})` });
}

/** Successive numbers of the stream of problem generators. */
function drawsOf(seed: number, block: number): Draw {
  const from = stream(seed, "problemGenerators");
  let numbers = uniformArray(from, Math.max(64, 2 * block));
  let at = 0;
  return () => {
    if (at === numbers.length) numbers = uniformArray(from, 2 * numbers.length);
    return numbers[at++]!;
  };
}

function joinStubs(n: number, d: number, draw: Draw): number[] | undefined {
  const stubs = Array.from({ length: n * d }, (_, i) => Math.floor(i / d));
  const joined = new Set<number>();
  const edges: number[] = [];
  const key = (u: number, v: number): number => Math.min(u, v) * n + Math.max(u, v);
  const fits = (u: number, v: number): boolean => u !== v && !joined.has(key(u, v));
  let failures = 0;
  while (stubs.length > 0) {
    const a = takeOut(stubs, draw);
    const b = takeOut(stubs, draw);
    if (fits(a, b)) {
      joined.add(key(a, b));
      edges.push(a, b);
      failures = 0;
      continue;
    }
    stubs.push(a, b);
    if (++failures % PATIENCE === 0 && !anyPair(stubs, fits)) return undefined;
  }
  return edges;
}

function takeOut(stubs: number[], draw: Draw): number {
  const at = Math.floor(draw() * stubs.length);
  const last = stubs.pop()!;
  if (at === stubs.length) return last;
  const taken = stubs[at]!;
  stubs[at] = last;
  return taken;
}

function anyPair(stubs: readonly number[], fits: (u: number, v: number) => boolean): boolean {
  const nodes = [...new Set(stubs)];
  return nodes.some((u, i) => nodes.slice(i + 1).some((v) => fits(u, v)));
}
