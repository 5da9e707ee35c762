// Graphs and models as text: edge lists (CSV), and dimod's coordinate format. Reading files is not done here.

import { DataError } from "../errors.js";
import { fromDimod, fromQubo, toDimod, toQubo } from "./conventions.js";
import { graph as graphOf } from "./graph.js";
import { model, replica } from "./model.js";
import type { IsingGraph } from "./graph.js";
import type { HostModel } from "./model.js";
import type { Vartype } from "./bqm.js";

type Row = { readonly u: number; readonly v: number; readonly value: number | undefined };

/** Options of {@link parseEdges}. */
export type EdgeTextOptions = {
  /** Number of nodes. Default: the largest number in the text, + 1. */
  readonly n?: number;
  /** Default `edges`. */
  readonly name?: string;
};

/**
 * A graph from text with one edge a line: two node numbers, separated by a comma, semicolon, tab or blanks. Further
 * columns, empty lines, lines that start with "#" and a first line of titles are skipped.
 *
 * @param text - the list
 * @throws DataError that names the line; ArgumentError as {@link graphOf}
 */
export function parseEdges(text: string, options: EdgeTextOptions = {}): IsingGraph {
  const rows = rowsOf("parseEdges", text);
  const { n = nodesOf(rows), name = "edges" } = options;
  return graphOf(
    n,
    rows.map(({ u, v }) => [u, v] as const),
    { name },
  );
}

/**
 * A model from an edge list with a third column: `u v J` a line, `i i b` for biases, in the signs of this package (positive
 * couplings align). What is not listed is 0.
 *
 * @param text - columns and what is skipped as in {@link parseEdges}
 * @throws DataError that names the line; ArgumentError for a pair that is listed twice
 */
export function parseCouplings(text: string, options: EdgeTextOptions = {}): HostModel {
  const rows = rowsOf("parseCouplings", text);
  const { n = nodesOf(rows), name = "edges" } = options;
  const pairs = rows.filter(({ u, v }) => u !== v);
  const on = graphOf(
    n,
    pairs.map(({ u, v }) => [u, v] as const),
    { name },
  );
  const key = ({ u, v }: Row): number => Math.min(u, v) * on.n + Math.max(u, v);
  const sorted = [...pairs].sort((a, b) => key(a) - key(b));
  const biases = new Float64Array(on.n);
  for (const { u, v, value = 0 } of rows) if (u === v) biases[u]! += value;
  return model(on, { biases, couplings: sorted.map(({ value = 0 }) => value) });
}

/**
 * A model from dimod's coordinate format: `u v value` a line, `i i value` for single variables; entries of one pair add up.
 *
 * @param text - may say `# vartype=SPIN` or `# vartype=BINARY` in a comment
 * @param vartype - where the text does not say
 * @throws DataError that names the line, or if the vartype is unknown
 */
export function parseCoo(text: string, vartype?: Vartype): HostModel {
  const said = /^[ \t]*#.*?vartype[:=][ \t]*(SPIN|BINARY)/m.exec(text)?.[1];
  const type = said ?? vartype;
  if (type === undefined) {
    throw new DataError(
      'parseCoo: argument `vartype` must be "SPIN" or "BINARY" where the text does not say "# vartype=…".',
    );
  }
  const rows = rowsOf("parseCoo", text);
  const n = nodesOf(rows);
  const linear = new Float64Array(n);
  const pairs = new Map<number, number>();
  for (const { u, v, value = NaN } of rows) {
    if (u === v) linear[u]! += value;
    const key = Math.min(u, v) * n + Math.max(u, v);
    if (u !== v) pairs.set(key, (pairs.get(key) ?? 0) + value);
  }
  const keys = [...pairs.keys()].sort((a, b) => a - b);
  const edges = keys.map((key) => [Math.floor(key / n), key % n] as const);
  const graph = graphOf(n, edges, { name: `COO(${n})` });
  const quadratic = keys.map((key) => pairs.get(key)!);
  return type === "SPIN"
    ? fromDimod(graph, { h: linear, J: quadratic })
    : fromQubo(graph, { linear, quadratic });
}

/**
 * One replica in dimod's coordinate format, with its vartype, all digits and, as the format has no place for it, without
 * its offset.
 *
 * @param of - a model of arrays
 * @param options - replica (default 0) and vartype (default SPIN)
 */
export function formatCoo(
  of: HostModel,
  options: { readonly replica?: number; readonly vartype?: Vartype } = {},
): string {
  const { replica: p = 0, vartype = "SPIN" } = options;
  const one = replica(of, p);
  const { edges } = of.graph;
  const spin = toDimod(one);
  const binary = toQubo(one);
  const linear = vartype === "SPIN" ? spin.h : binary.linear;
  const quadratic = vartype === "SPIN" ? spin.J : binary.quadratic;
  const lines = [`# vartype=${vartype}`];
  linear.forEach((value, i) => lines.push(`${i} ${i} ${plain(value)}`));
  quadratic.forEach((value, e) =>
    lines.push(`${edges[2 * e]!} ${edges[2 * e + 1]!} ${plain(value)}`),
  );
  return `${lines.join("\n")}\n`;
}

/** Without an exponent: dimod reads none here. */
function plain(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  return Math.abs(value) < 1 ? value.toFixed(100).replace(/0+$/, "0") : `${BigInt(value)}.0`;
}

function nodesOf(rows: readonly Row[]): number {
  return rows.reduce((most, { u, v }) => Math.max(most, u + 1, v + 1), 1);
}

function rowsOf(where: string, text: string): Row[] {
  const rows: Row[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n|\r/);
  let titles = true;
  lines.forEach((line, at) => {
    const clean = line.trim();
    if (clean === "" || clean.startsWith("#")) return;
    const fields = clean.split(/\s*[,;\t]\s*|\s+/);
    const isTitle = titles && !/^[-+.\d]/.test(fields[0]!);
    titles = false;
    if (!isTitle) rows.push(rowOf(where, fields, at + 1));
  });
  return rows;
}

function rowOf(where: string, fields: readonly string[], line: number): Row {
  const [u, v, value] = fields.map(Number);
  const fits = [u, v].every((node) => node !== undefined && Number.isInteger(node) && node >= 0);
  if (fits && (where === "parseEdges" || Number.isFinite(value))) {
    return { u: u!, v: v!, value };
  }
  const want = where === "parseEdges" ? "two node numbers" : "two node numbers and a value";
  throw new DataError(
    `${where}: argument \`text\` must have ${want} on each line, but line ${line} is "${fields.join(" ")}".`,
  );
}
