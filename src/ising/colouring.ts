// Colourings of graphs: the check that every one has to pass, and the fallback where no closed form is known.

import { ArgumentError, ShapeError } from "../errors.js";

/** Neighbour lists in compressed rows. */
type Neighbours = { readonly rowPtr: Int32Array; readonly col: Int32Array };

/**
 * Throws unless no edge joins two nodes of one colour.
 *
 * @returns the number of colours, largest + 1
 * @throws ArgumentError that names the edge; ShapeError if there is not one colour for each node
 */
export function checkColouring(
  where: string,
  edges: Int32Array,
  colour: ArrayLike<number>,
  n: number,
): number {
  if (colour.length !== n) {
    throw new ShapeError(
      `${where}: argument \`colouring\` must have ${n} entries, but has ${colour.length}.`,
    );
  }
  let colours = 0;
  for (let i = 0; i < n; i++) {
    const c = colour[i]!;
    if (!Number.isInteger(c) || c < 0 || c >= n) {
      throw new ArgumentError(
        `${where}: argument \`colouring[${i}]\` must be an integer from 0 to ${n - 1}, but is ${c}.`,
      );
    }
    colours = Math.max(colours, c + 1);
  }
  for (let e = 0; e < edges.length; e += 2) {
    const [u, v] = [edges[e]!, edges[e + 1]!];
    if (colour[u] !== colour[v]) continue;
    throw new ArgumentError(
      `${where}: argument \`colouring\` must give neighbours different colours, but nodes ${u} and ${v} share an edge and colour ${colour[u]!}. Leave it out for one that is found.`,
    );
  }
  return colours;
}

/**
 * Brélaz' colouring: next is the node with most colours around it, then with most neighbours, then with the lowest
 * index; it takes the smallest free colour. Optimal on bipartite graphs.
 *
 * @returns a colour for each node
 * @remarks Cost: O((n + E) log n) for few colours.
 * @see D. Brélaz, New methods to color the vertices of a graph, CACM 22 (1979)
 */
export function dsatur({ rowPtr, col }: Neighbours): Int32Array {
  const n = rowPtr.length - 1;
  const colour = new Int32Array(n).fill(-1);
  const seen: number[][] = Array.from({ length: n }, () => []);
  const rank = (i: number): number =>
    (seen[i]!.length * n + rowPtr[i + 1]! - rowPtr[i]!) * n + (n - 1 - i);
  const heap: number[] = [];
  for (let i = 0; i < n; i++) pushKey(heap, rank(i));
  for (let left = n; left > 0;) {
    const i = n - 1 - (popKey(heap) % n);
    if (colour[i] !== -1) continue; // an entry from before its saturation rose
    const c = smallestFree(seen[i]!);
    colour[i] = c;
    left--;
    for (let slot = rowPtr[i]!; slot < rowPtr[i + 1]!; slot++) {
      const j = col[slot]!;
      if (colour[j] !== -1 || seen[j]!.includes(c)) continue;
      seen[j]!.push(c);
      pushKey(heap, rank(j));
    }
  }
  return colour;
}

function smallestFree(taken: readonly number[]): number {
  const used = new Uint8Array(taken.length + 1);
  for (const c of taken) if (c < used.length) used[c] = 1;
  return used.indexOf(0);
}

/** Adds a key to a binary heap, the largest first. */
function pushKey(keys: number[], key: number): void {
  let at = keys.push(key) - 1;
  for (let up = (at - 1) >> 1; at > 0 && keys[up]! < key; up = (at - 1) >> 1) {
    keys[at] = keys[up]!;
    at = up;
  }
  keys[at] = key;
}

/** Takes the largest key. */
function popKey(keys: number[]): number {
  const top = keys[0]!;
  const last = keys.pop()!;
  if (keys.length === 0) return top;
  let at = 0;
  for (let child = 1; child < keys.length; child = 2 * at + 1) {
    if (child + 1 < keys.length && keys[child + 1]! > keys[child]!) child++;
    if (keys[child]! <= last) break;
    keys[at] = keys[child]!;
    at = child;
  }
  keys[at] = last;
  return top;
}
