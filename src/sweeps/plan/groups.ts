// Groups: trials that differ only in what becomes a population tensor, and so can train together.

import { canonicalJson } from "../../runs/json.js";
import type { ParameterValue, Study, StudyIdentity } from "../types.js";
import { spaceOf, type AskedPoints } from "./space.js";
import { columnValue, isActiveAt, trialColumns, type Column } from "./trials.js";

/** Trials of one cohort with the same static parameters. */
export type Group = {
  /** Canonical JSON of the values of active static parameters. */
  readonly key: string;
  /** Ascending. */
  readonly trials: readonly number[];
};

// Gives rows with the same (id, value) the same new id, in order of appearance.
function refine(ids: Uint32Array, column: Column): number {
  const found = new Map<number, Map<number, number>>();
  let count = 0;
  ids.forEach((id, row) => {
    const value = column.kind === "choice" ? column.indices[row]! : column.values[row]!;
    const inner = found.get(id) ?? new Map<number, number>();
    found.set(id, inner);
    const next = inner.get(value) ?? count++;
    inner.set(value, next);
    ids[row] = next;
  });
  return count;
}

function keyAt(names: readonly string[], columns: readonly Column[], row: number): string {
  const values: Record<string, ParameterValue> = {};
  names.forEach((name, c) => {
    if (isActiveAt(columns[c]!, row)) values[name] = columnValue(columns[c]!, row);
  });
  return canonicalJson(values);
}

/** The groups of trials `from` … `to - 1`, in the order of their first trials. */
export function groupsOf(
  study: Study,
  identity: StudyIdentity,
  from: number,
  to: number,
  asked?: AskedPoints,
): readonly Group[] {
  const { names, parameters } = spaceOf(study);
  const isStatic = parameters.map((parameter) => parameter.isStatic);
  const all = trialColumns(study, identity, from, to, isStatic, asked);
  const columns = all.filter((_, d) => isStatic[d]);
  const ids = new Uint32Array(to - from);
  let count = to > from ? 1 : 0;
  for (const column of columns) count = refine(ids, column);
  const trials: number[][] = Array.from({ length: count }, () => []);
  ids.forEach((id, row) => trials[id]!.push(from + row));
  const staticNames = names.filter((_, d) => isStatic[d]);
  return trials.map((list) => ({
    key: keyAt(staticNames, columns, list[0]! - from),
    trials: list,
  }));
}
