// What a live page shows of any number of rows: quantiles over trials, the best so far, the ranking. Batches are read one
// after the other in small pieces of time, so that a page opens at once on a million rows.

import { STATUS_CODES } from "../store/committed.js";
import type { Scan } from "../store/scan.js";
import type { Store } from "../store/store.js";
import type { Metric, Row } from "../types.js";

/** Quantiles of the values in bins of trials; null where a bin has no value. */
export type LiveHistory = {
  /** Middle of each bin. */
  readonly trial: readonly number[];
  /** 5, 25, 50, 75 and 95 %. */
  readonly quantiles: readonly (readonly (number | null)[])[];
  /** The best value up to the end of the bin. */
  readonly best: readonly (number | null)[];
};

/** The rows read so far. */
export type Aggregate = {
  /** Reads new batches for about so many milliseconds; false where there are more. */
  advance(scan: Scan, milliseconds: number): boolean;
  /** Grows with every batch taken in. */
  readonly version: number;
  /** Rows of the batches that were read. */
  readonly rows: number;
  history(): LiveHistory;
  /** Trials of the ranking, best first: the deepest rung before the others. At most ten thousand. */
  ranked(): Int32Array;
  rungOf(trial: number): number;
};

const BINS = 120;
/** Trials of a bin at least: quantiles of fewer say little. */
const LEAST_IN_BIN = 8;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
const MOST_RANKED = 10_000;

function grown<T extends Float64Array | Int32Array>(array: T, length: number): T {
  if (array.length >= length) return array;
  const Larger = array.constructor as new (length: number) => T;
  const larger = new Larger(Math.max(length, 2 * array.length));
  larger.fill(Number.NaN);
  larger.set(array);
  return larger;
}

function quantile(sorted: Float64Array, p: number): number | null {
  if (sorted.length === 0) return null;
  const at = p * (sorted.length - 1);
  const [a, b] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return a + (at - Math.floor(at)) * (b - a);
}

function isResult({ s, v }: Row): boolean {
  return s === STATUS_CODES[0] && v !== null && Number.isFinite(v);
}

/** The best `most` trials of one rung, best first. */
function bestOf(trials: Int32Array, costs: Float64Array, most: number): Int32Array {
  const few =
    trials.length <= most
      ? trials
      : (() => {
          // Sorting numbers is ten times faster than sorting by a rule: first find the worst that is wanted.
          const worst = Float64Array.from(trials, (trial) => costs[trial]!).sort()[most - 1]!;
          return trials.filter((trial) => costs[trial]! <= worst);
        })();
  return few
    .slice()
    .sort((a, b) => costs[a]! - costs[b]! || a - b)
    .subarray(0, most);
}

/** An aggregate of nothing. */
export function createAggregate(store: Store, goal: Metric["goal"]): Aggregate {
  const sign = goal === "minimize" ? 1 : -1;
  const read = new Set<string>();
  // By trial, of its deepest rung; NaN and -1 where there is none.
  let costs = new Float64Array(0);
  let rungs = new Int32Array(0);
  let [end, version, rows] = [0, 0, 0];

  const take = (scan: Scan, id: string, rung: number): void => {
    for (const row of store.rows(id)) {
      const { t, v } = row;
      costs = grown(costs, t + 1);
      if (rungs.length < costs.length) {
        const larger = new Int32Array(costs.length).fill(-1);
        larger.set(rungs);
        rungs = larger;
      }
      end = Math.max(end, t + 1);
      if (rungs[t]! > rung || scan.committed.batch(rung, t) !== id) continue;
      rungs[t] = rung;
      costs[t] = isResult(row) ? sign * v! : Number.NaN;
    }
  };

  return {
    get version() {
      return version;
    },
    get rows() {
      return rows;
    },
    advance(scan, milliseconds) {
      const until = performance.now() + milliseconds;
      for (const [id, { header }] of scan.batches) {
        if (read.has(id)) continue;
        if (performance.now() > until) return false;
        take(scan, id, header.rung);
        read.add(id);
        version++;
        rows += header.rows;
      }
      return true;
    },
    history() {
      const width = Math.max(LEAST_IN_BIN, end / BINS);
      const bins = Math.ceil(end / width);
      let best = Infinity;
      const sorted = Array.from({ length: bins }, (_, k) =>
        costs
          .slice(Math.floor(k * width), Math.floor((k + 1) * width))
          .filter((cost) => !Number.isNaN(cost))
          .sort(),
      );
      const signed = (cost: number | null): number | null => (cost === null ? null : sign * cost);
      return {
        trial: sorted.map((_, k) => Math.round((k + 0.5) * width)),
        quantiles: QUANTILES.map((p) => sorted.map((one) => signed(quantile(one, p)))),
        best: sorted.map((one) => {
          best = Math.min(best, one[0] ?? Infinity);
          return Number.isFinite(best) ? sign * best : null;
        }),
      };
    },
    ranked() {
      const found: number[] = [];
      const all = Int32Array.from({ length: end }, (_, trial) => trial);
      const deepest = rungs.reduce((a, b) => Math.max(a, b), -1);
      for (let rung = deepest; rung >= 0 && found.length < MOST_RANKED; rung--) {
        const own = all.filter((trial) => rungs[trial] === rung && !Number.isNaN(costs[trial]!));
        for (const trial of bestOf(own, costs, MOST_RANKED - found.length)) found.push(trial);
      }
      return Int32Array.from(found);
    },
    rungOf: (trial) => rungs[trial] ?? -1,
  };
}
