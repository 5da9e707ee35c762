// All-pairs selections: few combinations of options in which every two options of different kinds meet.

/** Levels by the name of the factor. */
export type Factors = Readonly<Record<string, readonly unknown[]>>;

/** One level of each factor. */
export type Choice<F extends Factors> = { readonly [K in keyof F]: F[K][number] };

type Pair = readonly [factorA: number, levelA: number, factorB: number, levelB: number];

const keyOf = ([a, i, b, j]: Pair): string => `${String(a)}.${String(i)} ${String(b)}.${String(j)}`;

function allPairs(counts: readonly number[]): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (let a = 0; a < counts.length; a++)
    for (let b = a + 1; b < counts.length; b++)
      for (let i = 0; i < counts[a]!; i++)
        for (let j = 0; j < counts[b]!; j++) pairs.set(keyOf([a, i, b, j]), [a, i, b, j]);
  return pairs;
}

/** How many missing pairs level `level` of factor `factor` makes with the levels chosen so far. */
function gain(
  missing: Map<string, Pair>,
  row: readonly number[],
  factor: number,
  level: number,
): number {
  let count = 0;
  row.forEach((other, at) => {
    if (other < 0 || at === factor) return;
    const pair: Pair = at < factor ? [at, other, factor, level] : [factor, level, at, other];
    if (missing.has(keyOf(pair))) count++;
  });
  return count;
}

/** A row around the first missing pair, the other factors chosen one after the other for the largest gain. */
function nextRow(missing: Map<string, Pair>, counts: readonly number[], turn: number): number[] {
  const [a, i, b, j] = missing.values().next().value!;
  const row = counts.map(() => -1);
  row[a] = i;
  row[b] = j;
  counts.forEach((count, factor) => {
    if (row[factor]! >= 0) return;
    // Ties go to another level each time, so that no level is the usual one.
    const levels = Array.from({ length: count }, (_, level) => (level + turn) % count);
    const gains = levels.map((level) => gain(missing, row, factor, level));
    row[factor] = levels[gains.indexOf(Math.max(...gains))]!;
  });
  return row;
}

/** A selection in which every two levels of different factors stand together at least once. */
export function pairwise<F extends Factors>(factors: F): Choice<F>[] {
  const names = Object.keys(factors);
  const counts = names.map((name) => factors[name]!.length);
  const missing = allPairs(counts);
  const rows: number[][] = [];
  while (missing.size > 0) {
    const row = nextRow(missing, counts, rows.length);
    rows.push(row);
    row.forEach((i, a) => row.forEach((j, b) => a < b && missing.delete(keyOf([a, i, b, j]))));
  }
  return rows.map(
    (row) =>
      Object.fromEntries(
        row.map((level, at) => [names[at], factors[names[at]!]![level]]),
      ) as Choice<F>,
  );
}
