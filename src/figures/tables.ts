// Tables of a report: measures beside what they are compared with, and one row per replica. Writes no HTML.

/** One cell; `undefined` stays empty. */
export type Cell = string | number | undefined;

/** A table with named columns. */
export type ReportTable = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Index of a row to set in bold. */
  readonly highlight?: number;
  /** A sentence under the table. */
  readonly note?: string;
};

/** A measured figure, what can be expected at best, and what was published. */
export type TableMeasure = {
  readonly label: string;
  readonly value: number;
  readonly floor?: number;
  readonly published?: number;
  readonly note?: string;
};

const MOST_REPLICAS = 32;

/** The measures of an evaluation; columns that would stay empty are left out. */
export function measuresTable(title: string, measures: readonly TableMeasure[]): ReportTable {
  const all = [
    { name: "measure", cells: measures.map((one) => one.label) },
    { name: "value", cells: measures.map((one) => one.value) },
    { name: "floor", cells: measures.map((one) => one.floor) },
    { name: "published", cells: measures.map((one) => one.published) },
    { name: "note", cells: measures.map((one) => one.note) },
  ];
  const used = all.filter(({ cells }) => cells.some((cell) => cell !== undefined));
  return {
    title,
    columns: used.map(({ name }) => name),
    rows: measures.map((_, row) => used.map(({ cells }) => cells[row])),
    ...(measures.some((one) => one.floor !== undefined) && {
      note: "Floor: the same measure between two independent real samples.",
    }),
  };
}

/**
 * One row per replica, best first.
 * @param title - of the table
 * @param replicas - rows of measures by name; their first measure orders them, smallest first
 * @param best - index of the replica to set in bold
 * @param labels - words for measures' names
 */
export function replicasTable(
  title: string,
  replicas: readonly Readonly<Record<string, number>>[],
  best: number,
  labels: Readonly<Record<string, string>> = {},
): ReportTable {
  const names = [...new Set(replicas.flatMap((row) => Object.keys(row)))];
  const order = replicas.map((_, index) => index).sort(byMeasure(replicas, names[0] ?? ""));
  const shown = order.slice(0, MOST_REPLICAS);
  const count = `${String(shown.length)} of ${String(replicas.length)} replicas`;
  return {
    title,
    columns: ["replica", ...names.map((name) => labels[name] ?? name)],
    rows: shown.map((index) => [
      index === best ? `${String(index)} (best)` : String(index),
      ...names.map((name) => replicas[index]?.[name]),
    ]),
    ...(shown.includes(best) && { highlight: shown.indexOf(best) }),
    ...(shown.length < replicas.length && { note: `The first ${count}.` }),
  };
}

function byMeasure(
  replicas: readonly Readonly<Record<string, number>>[],
  name: string,
): (a: number, b: number) => number {
  const key = (index: number): number => {
    const value = replicas[index]?.[name] ?? Number.NaN;
    return Number.isFinite(value) ? value : Number.MAX_VALUE;
  };
  return (a, b) => key(a) - key(b) || a - b;
}

/** A number for a table: four significant digits, a true minus sign, a dash for what is not finite. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return value.toLocaleString("en-US").replace("-", "−");
  const size = Math.abs(value);
  const plain = size >= 1e-4 && size < 1e6;
  const text = plain ? String(Number(value.toPrecision(4))) : value.toExponential(3);
  return text.replaceAll("-", "−");
}
