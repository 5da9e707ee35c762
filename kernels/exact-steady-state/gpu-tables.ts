// The structure of the generator for WGSL: which couplings stand in which row and column, worked out once for each number
// of inputs. The same entries as in half-system.ts, which lays them out for host code.

import { entriesOf, weight } from "./half-system.js";
import type { Entry } from "./half-system.js";

/** The tables of N inputs. */
export type GpuTables = {
  readonly words: Uint32Array;
  /**
   * Components of the state, those kept in the half system, and where lists begin in `words`: the first entry of each row,
   * column and coupling (with the end of the last), the place of each component among those kept, and those kept before
   * those eliminated.
   */
  readonly numbers: Readonly<
    Record<
      "components" | "kept" | "rowsAt" | "columnsAt" | "couplingsAt" | "placesAt" | "orderAt",
      number
    >
  >;
};

/** Bits of a component. */
const COMPONENT = 10;

/** One list after another, each with what stands for its entries. */
function lists(
  count: number,
  entries: readonly Entry[],
  keyOf: (entry: Entry) => number,
  wordOf: (entry: Entry) => number,
): { readonly counts: readonly number[]; readonly words: readonly number[] } {
  const groups = Array.from({ length: count }, (): number[] => []);
  for (const entry of entries) groups[keyOf(entry)]!.push(wordOf(entry));
  return { counts: groups.map(({ length }) => length), words: groups.flat() };
}

/** Where lists of these lengths begin, the first at `start`, and where the last ends. */
function starts(counts: readonly number[], start: number): number[] {
  const at = [start];
  for (const count of counts) at.push(at.at(-1)! + count);
  return at;
}

/**
 * Entries of rows and columns: the other component, and from bit 10 on the value as half-system.ts numbers it. Entries of a
 * coupling: row, from bit 10 on column, in bit 20 the sign.
 */
function tablesOf(N: number): GpuTables {
  const components = 4 ** (N + 1);
  const all = Array.from({ length: components - 4 }, (_, i) => i + 4);
  const kept = all.filter((component) => weight(component) % 2 === N % 2);
  const order = [...kept, ...all.filter((component) => weight(component) % 2 !== N % 2)];
  const places = new Array<number>(components).fill(0);
  order.forEach((component, place) => (places[component] = place));
  const entries = entriesOf(N).filter(({ to }) => to !== 0);
  const value = ({ value }: Entry): number => value << COMPONENT;
  const rows = lists(components, entries, ({ to }) => to, (entry) => entry.from | value(entry)); // prettier-ignore
  const columns = lists(components, entries, ({ from }) => from, (entry) => entry.to | value(entry)); // prettier-ignore
  const couplings = lists(
    9 * N,
    entries.filter(({ value }) => value < 18 * N),
    ({ value }) => value >> 1,
    ({ to, from, value }) => to | (from << COMPONENT) | ((value & 1) << (2 * COMPONENT)),
  );
  const [rowsAt, columnsAt] = [0, components + 1];
  const couplingsAt = columnsAt + components + 1;
  const placesAt = couplingsAt + 9 * N + 1;
  const orderAt = placesAt + components;
  const firstOfRow = starts(rows.counts, orderAt + order.length);
  const firstOfColumn = starts(columns.counts, firstOfRow.at(-1)!);
  const firstOfCoupling = starts(couplings.counts, firstOfColumn.at(-1)!);
  return {
    words: Uint32Array.from([
      ...[firstOfRow, firstOfColumn, firstOfCoupling, places, order].flat(),
      ...[rows, columns, couplings].flatMap(({ words }) => words),
    ]),
    numbers: { components, kept: kept.length, rowsAt, columnsAt, couplingsAt, placesAt, orderAt },
  };
}

const known = new Map<number, GpuTables>();

/** The tables of N inputs. */
export function gpuTables(N: number): GpuTables {
  const tables = known.get(N) ?? tablesOf(N);
  known.set(N, tables);
  return tables;
}
