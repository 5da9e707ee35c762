// `zenoflow bench --compare A B`: which numbers of two results differ by more than their noise. Measures nothing.

import type { BenchRow } from "./bench.js";
import type { BenchMeasure, BenchResults, BenchTable } from "./bench-results.js";

/** What became of one number. */
export type Verdict = "worse" | "better" | "changed" | "lost" | "gained" | "missing" | "new";

/** One number that differs, or one row that only one side has. */
export type Change = {
  readonly table: string;
  readonly row: string;
  readonly measure: string;
  readonly a: BenchRow[string];
  readonly b: BenchRow[string];
  /** b/a - 1, the speed of the machines divided out where it counts. */
  readonly change: number | null;
  /** Relative change that would have been noise. */
  readonly noise: number | null;
  readonly verdict: Verdict;
};

/** What a comparison found. */
export type Comparison = {
  /** Numbers that both sides have. */
  readonly compared: number;
  readonly changes: readonly Change[];
  /** Whether anything got worse, changed or went missing. */
  readonly different: boolean;
};

/** Standard deviations of a difference that count as noise. */
const SIGMAS = 3;

const BAD: readonly Verdict[] = ["worse", "changed", "lost", "missing"];
const ORDER: readonly Verdict[] = [...BAD, "better", "gained", "new"];

/** A cell as a number: itself, or the median of "0.073 [0.052, 0.144]". */
function valueOf(cell: BenchRow[string] | undefined): number {
  if (typeof cell === "number") return cell;
  const start =
    typeof cell === "string" ? /^(-?[\d.]+(?:e[-+]?\d+)?) \[/.exec(cell)?.[1] : undefined;
  return start === undefined ? NaN : Number(start);
}

function nameOf(row: BenchRow, { measures, ignored }: BenchTable): string {
  return Object.entries(row)
    .filter(([column]) => !Object.hasOwn(measures, column) && !ignored.includes(column))
    .map(([column, value]) => `${column}=${String(value)}`)
    .join(" ");
}

/** Rows by name; rows of one name are told apart by their number. */
function byName(table: BenchTable): Map<string, BenchRow> {
  const rows = new Map<string, BenchRow>();
  for (const row of table.rows) {
    const name = nameOf(row, table);
    let unique = name;
    for (let i = 2; rows.has(unique); i++) unique = `${name} (${String(i)})`;
    rows.set(unique, row);
  }
  return rows;
}

/** How much faster machine B is than machine A; 1 where one of them was not calibrated. */
function speedRatio(a: BenchResults, b: BenchResults): number {
  if (a.calibration === undefined || b.calibration === undefined) return 1;
  return b.calibration / a.calibration;
}

function noiseOf({ noise, spread }: BenchMeasure, a: BenchRow, b: BenchRow): number {
  if (spread === undefined) return noise;
  const of = (row: BenchRow): number => {
    const value = valueOf(row[spread]);
    return Number.isFinite(value) ? value / 100 : 0;
  };
  return noise + SIGMAS * Math.hypot(of(a), of(b));
}

type Judged = Pick<Change, "change" | "noise" | "verdict"> | undefined;

/** The difference of two numbers; undefined where it is noise. */
function judge(measure: BenchMeasure, a: number, b: number, noise: number, speed: number): Judged {
  const { better, floor = 0, calibrated = false } = measure;
  const factor = !calibrated ? 1 : better === "higher" ? 1 / speed : speed;
  const own = b * factor;
  if (a === own || Math.abs(own - a) <= floor) return undefined;
  const change = own / a - 1;
  // Ratios and their reciprocals are alike: twice as slow is as far as twice as fast.
  const far = a * own > 0 ? Math.abs(Math.log(own / a)) > Math.log1p(noise) : true;
  if (!far) return undefined;
  const up = own > a;
  const verdict =
    better === "equal" ? "changed" : up === (better === "higher") ? "better" : "worse";
  return { change: Number.isFinite(change) ? change : null, noise, verdict };
}

type Sides = { readonly a: BenchRow; readonly b: BenchRow };

function changesOfRow(table: BenchTable, row: string, { a, b }: Sides, speed: number): Change[] {
  return Object.entries(table.measures).flatMap(([measure, what]): Change[] => {
    const [x, y] = [valueOf(a[measure]), valueOf(b[measure])];
    const place = { table: table.name, row, measure, a: a[measure] ?? null, b: b[measure] ?? null };
    const [has, had] = [Number.isFinite(y), Number.isFinite(x)];
    if (!has && !had) return [];
    if (has !== had) {
      const verdict = has ? "gained" : "lost";
      return [{ ...place, change: null, noise: null, verdict }];
    }
    const judged = judge(what, x, y, noiseOf(what, a, b), speed);
    return judged === undefined ? [] : [{ ...place, ...judged }];
  });
}

/** A row that one side lacks. */
const alone = (table: string, row: string, verdict: "missing" | "new"): Change => ({
  table,
  row,
  measure: "",
  a: null,
  b: null,
  change: null,
  noise: null,
  verdict,
});

function compareTables(a: BenchTable, b: BenchTable, speed: number): Comparison {
  const [before, after] = [byName(a), byName(b)];
  let compared = 0;
  const common = [...before].flatMap(([name, row]): Change[] => {
    const other = after.get(name);
    if (other === undefined) return [alone(a.name, name, "missing")];
    const finite = (x: BenchRow, column: string): boolean => Number.isFinite(valueOf(x[column]));
    compared += Object.keys(a.measures).filter((c) => finite(row, c) && finite(other, c)).length;
    return changesOfRow(a, name, { a: row, b: other }, speed);
  });
  const added = [...after.keys()].filter((name) => !before.has(name));
  const changes = [...common, ...added.map((name) => alone(a.name, name, "new"))];
  return { compared, changes, different: false };
}

function compareChecks(a: BenchResults, b: BenchResults): Change[] {
  return a.checks.flatMap((check): Change[] => {
    const other = b.checks.find(({ what }) => what === check.what);
    const place = { table: "checks", row: check.what, measure: "holds", change: null, noise: null };
    if (other === undefined) return [alone("checks", check.what, "missing")];
    if (other.ok === check.ok) return [];
    const verdict = other.ok ? "better" : "worse";
    return [{ ...place, a: check.measured, b: other.measured, verdict }];
  });
}

const EMPTY = { rows: [], measures: {}, ignored: [] };

/** Compares the results of one suite, `a` before and `b` after. */
export function compareResults(a: BenchResults, b: BenchResults): Comparison {
  const speed = speedRatio(a, b);
  const names = [...new Set([...a.tables, ...b.tables].map(({ name }) => name))];
  const parts = names.map((name) => {
    const of = (side: BenchResults): BenchTable =>
      side.tables.find((table) => table.name === name) ?? { name, ...EMPTY };
    const [before, after] = [of(a), of(b)];
    // The roles of columns are those of the newer results where the older ones lack the table.
    return compareTables(before.rows.length > 0 ? before : { ...after, rows: [] }, after, speed);
  });
  const found = [...parts.flatMap(({ changes }) => changes), ...compareChecks(a, b)];
  const changes = found.sort((x, y) => ORDER.indexOf(x.verdict) - ORDER.indexOf(y.verdict));
  return {
    compared: parts.reduce((sum, part) => sum + part.compared, 0),
    changes,
    different: changes.some(({ verdict }) => BAD.includes(verdict)),
  };
}
