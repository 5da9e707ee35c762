// Which couplings stand where in the half system (README.md, "Half of the state"), as words that host code can read:
// the structure of the generator without data, worked out once for each number of inputs.

import { forEachPair, pauliMaps } from "./superoperators.js";

/** An entry of the generator: its row, its column, and which value it has. */
export type Entry = { readonly to: number; readonly from: number; readonly value: number };

/** The half system of N inputs. */
export type HalfSystem = {
  /** Components kept, those of the output alone not counted. */
  readonly kept: number;
  /** Values that entries have: ± each coupling and ± Γz. */
  readonly values: number;
  /** The words that half-system.as.ts reads. */
  readonly words: Uint32Array;
};

const VECTOR = 16;
const RAISED = [0, 3] as const;

/** Number of letters that are not 0 in the string of a component. */
export function weight(component: number): number {
  let count = 0;
  for (let rest = component; rest > 0; rest >>= 2) if ((rest & 3) !== 0) count++;
  return count;
}

/**
 * The entries of `K + Γ z Σ_n |3)(0|_n` in the basis of Pauli strings, which all change the parity of the weight. Value
 * 2 (9n + 3k + l) is the coupling at row k, column l of input n in system.as.ts, 2 · 9N is Γz; the odd ones are minus those.
 */
export function entriesOf(N: number): Entry[] {
  const { C, A } = pauliMaps(0);
  const entries: Entry[] = [];
  for (let n = 0; n < N; n++)
    forEachPair(N, 4 ** (N - n), (to, from, i, i2, o, o2) => {
      if (i === RAISED[1] && i2 === RAISED[0] && o === o2)
        entries.push({ to, from, value: 2 * 9 * N });
      for (let k = 0; k < 3; k++)
        for (let l = 0; l < 3; l++) {
          const twice = C[k]![i]![i2]! * A[l]![o]![o2]! + A[k]![i]![i2]! * C[l]![o]![o2]!;
          if (twice !== 0)
            entries.push({ to, from, value: 2 * (9 * n + 3 * k + l) + (twice < 0 ? 1 : 0) });
        }
    });
  return entries;
}

/**
 * Words: the number of components kept, of components eliminated, and of entries that couple none of these; the
 * components kept; for each of those entries its place in the matrix and its value; for each component eliminated itself,
 * the numbers of entries in its column and in its row, and these: place in the matrix, component, value. Places and
 * values are in bytes, of vectors.
 */
function wordsOf(N: number): HalfSystem {
  const size = 4 ** (N + 1);
  const all = Array.from({ length: size - 4 }, (_, i) => i + 4);
  // The smaller half: 3, 27, 117 components for one, two, three inputs.
  const parity = N % 2;
  const kept = all.filter((component) => weight(component) % 2 === parity);
  const eliminated = all.filter((component) => weight(component) % 2 !== parity);
  // The constant is the last column, and no row.
  const order = [...kept, 1, 2, 3, 0];
  const place = new Map(order.map((component, i) => [component, VECTOR * i]));
  const entries = entriesOf(N).filter(({ to }) => to !== 0);
  const [columns, rows] = [entriesBy(entries, "from"), entriesBy(entries, "to")];
  const direct = entries.filter(({ to, from }) => place.has(to) && place.has(from));
  const rowAt = (component: number): number => place.get(component)! * order.length;
  return {
    kept: kept.length,
    values: 2 * (9 * N + 1),
    words: Uint32Array.from([
      kept.length,
      eliminated.length,
      direct.length,
      ...kept,
      ...direct.flatMap(({ to, from, value }) => [rowAt(to) + place.get(from)!, VECTOR * value]),
      ...eliminated.flatMap((component) => {
        const [column, row] = [columns.get(component) ?? [], rows.get(component) ?? []];
        return [
          ...[component, column.length, row.length],
          ...column.flatMap(({ to, value }) => [rowAt(to), to, VECTOR * value]),
          ...row.flatMap(({ from, value }) => [place.get(from)!, from, VECTOR * value]),
        ];
      }),
    ]),
  };
}

function entriesBy(entries: readonly Entry[], by: "to" | "from"): Map<number, Entry[]> {
  const groups = new Map<number, Entry[]>();
  for (const entry of entries) groups.set(entry[by], [...(groups.get(entry[by]) ?? []), entry]);
  return groups;
}

const known = new Map<number, HalfSystem>();

/** The half system of N inputs. */
export function halfSystem(N: number): HalfSystem {
  const system = known.get(N) ?? wordsOf(N);
  known.set(N, system);
  return system;
}
