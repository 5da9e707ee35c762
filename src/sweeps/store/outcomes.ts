// How each trial of a table stands as a whole: its rows in order, and whether it is complete, pruned, failed or under way.

import type { Study } from "../types.js";
import { STATUS_CODES } from "./committed.js";
import { parameterAt, type Table } from "./table.js";

/** How a trial stands. */
export type Outcome = "complete" | "pruned" | "failed" | "running";

/** The trials of a table. */
export type Outcomes = {
  readonly count: number;
  /** First row of each trial, and one more entry for the end. */
  readonly first: Int32Array;
  outcome(k: number): Outcome;
};

function starts(table: Table): Int32Array {
  const first: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (row === 0 || table.trial[row] !== table.trial[row - 1]) first.push(row);
  }
  return Int32Array.from([...first, table.rows]);
}

/** Rows that compete with each other share this text. */
function unitOf(table: Table, study: Study, row: number): string {
  if (study.halving === null) return "";
  const cohort = String(Math.floor(table.trial[row]! / study.halving.cohort));
  if (study.halving.scope === "cohort") return cohort;
  const statics = [...table.parameters]
    .filter(([name]) => study.parameters[name]?.isStatic === true)
    .map(([, column]) => parameterAt(column, row));
  return JSON.stringify([cohort, ...statics]);
}

/** The deepest rung of the competitors of each row: below it the losers are known. */
function deepest(table: Table, study: Study): Map<string, number> {
  const rungs = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    if (table.rung[row] === 0) continue;
    const unit = unitOf(table, study, row);
    rungs.set(unit, Math.max(rungs.get(unit) ?? 0, table.rung[row]!));
  }
  return rungs;
}

/** The trials of a table, and how each stands. */
export function outcomes(table: Table, study: Study): Outcomes {
  const first = starts(table);
  const rungs = study.halving === null ? new Map<string, number>() : deepest(table, study);
  return {
    count: first.length - 1,
    first,
    outcome(k) {
      const last = first[k + 1]! - 1;
      const status = STATUS_CODES[table.status[last]!]!;
      if (status === "diverged" || status === "error") return "failed";
      if (status === "pruned") return "pruned";
      if (study.halving === null || table.steps[last]! >= study.budget.max) return "complete";
      const isLeft = table.rung[last]! < (rungs.get(unitOf(table, study, last)) ?? 0);
      return isLeft ? "pruned" : "running";
    },
  };
}
