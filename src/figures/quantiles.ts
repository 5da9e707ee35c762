// Quantiles of replicas at each step, for bands. Means are not drawn: one bad replica moves them.

/** What is known of the replicas at one place of the horizontal axis. */
export type Band = {
  readonly x: number;
  readonly low: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly high: number;
};

/** Replicas from which the outer band shows the 5 % and 95 % quantiles; below, smallest and largest. */
const ENOUGH_FOR_TAILS = 20;

/**
 * The quantile of sorted numbers, linear between neighbours (type 7).
 * @param sorted - ascending, at least one
 * @param p - in [0, 1]
 */
export function quantile(sorted: readonly number[], p: number): number {
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (place - below) * (high - low);
}

/**
 * Bands over replicas. Values that are not finite are left out, places without any are dropped.
 * @param rows - one number per replica at each place
 */
export function bands(
  rows: readonly { readonly x: number; readonly values: readonly number[] }[],
): Band[] {
  return rows.flatMap(({ x, values }) => {
    const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
    return sorted.length === 0 ? [] : [bandOf(x, sorted, tailOf(values.length))];
  });
}

/** What a band shows, in words for a subtitle. */
export function bandWords(replicas: number): string {
  if (replicas === 1) return "1 replica";
  const outer = tailOf(replicas) === 0 ? "range" : "5–95 % band";
  return `median, quartiles and ${outer} of ${String(replicas)} replicas`;
}

function tailOf(replicas: number): number {
  return replicas >= ENOUGH_FOR_TAILS ? 0.05 : 0;
}

function bandOf(x: number, sorted: readonly number[], tail: number): Band {
  return {
    x,
    low: quantile(sorted, tail),
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    high: quantile(sorted, 1 - tail),
  };
}

/**
 * Joins neighbouring rows until at most `most` are left: each replica's mean, at the last place of its group.
 * For quantities that are means over steps already.
 */
export function thinned(
  rows: readonly { readonly x: number; readonly values: readonly number[] }[],
  most: number,
): { x: number; values: number[] }[] {
  const group = Math.ceil(rows.length / most);
  const joined: { x: number; values: number[] }[] = [];
  for (let start = 0; start < rows.length; start += group) {
    joined.push(joinRows(rows.slice(start, start + group)));
  }
  return joined;
}

function joinRows(rows: readonly { readonly x: number; readonly values: readonly number[] }[]): {
  x: number;
  values: number[];
} {
  const last = rows[rows.length - 1];
  const means = (last?.values ?? []).map(
    (_, replica) =>
      rows.reduce((sum, row) => sum + (row.values[replica] ?? Number.NaN), 0) / rows.length,
  );
  return { x: last?.x ?? 0, values: means };
}
