// The rows that a training ends in: what of its last event belongs to which trial.

import { DataError } from "../../errors.js";
import type { TrainEvent } from "../../models/model.js";
import type { Row, Study, Trial } from "../types.js";
import { spaceOf } from "../plan/space.js";

/** What is kept of an event: numbers, one per replica. */
export type Readings = Pick<TrainEvent, "step" | "losses" | "metrics">;

const LONGEST_REASON = 500;

/** The numbers of replica p, losses as `losses.<name>`. */
function measured({ losses, metrics = {} }: Readings, p: number): Record<string, number> {
  const take = (prefix: string, all: TrainEvent["losses"]): [string, number][] =>
    Object.entries(all).map(([name, values]) => [`${prefix}${name}`, values[p] ?? Number.NaN]);
  return Object.fromEntries([...take("", metrics), ...take("losses.", losses)]);
}

/** Whether all losses of replica p are finite. */
export function isFinite({ losses }: Readings, p: number): boolean {
  return Object.values(losses).every((values) => Number.isFinite(values[p]));
}

function head(study: Study, trial: Trial, probe: number | undefined): Pick<Row, "t" | "p"> {
  const { names } = spaceOf(study);
  const p = Object.fromEntries(names.map((name, d) => [name, trial.values[d] ?? null] as const));
  return { t: trial.index, p, ...(probe !== undefined && { probe }) };
}

/** The row of a trial that left the numbers: without metrics, since they say nothing. */
export function divergedRow(study: Study, trial: Trial, step: number, probe?: number): Row {
  const why = `not finite at step ${step.toString()}`;
  return { ...head(study, trial, probe), s: "diverged", v: null, m: {}, n: step, why };
}

/** The row of a trial that cannot be trained. */
export function errorRow(study: Study, trial: Trial, step: number, reason: string): Row {
  const why = reason.slice(0, LONGEST_REASON);
  return { ...head(study, trial, undefined), s: "error", v: null, m: {}, n: step, why };
}

/** The row of a trial that the user gave up. */
export function prunedRow(study: Study, trial: Trial): Row {
  return { ...head(study, trial, undefined), s: "pruned", v: null, m: {}, n: 0 };
}

/**
 * The row of a trial at the end of its steps. One whose first metric is not finite has diverged, whatever its losses.
 *
 * @throws DataError where the task measures no such metric
 */
export function endRow(
  study: Study,
  trial: Trial,
  readings: Readings,
  p: number,
  probe: number | undefined,
): Row {
  const m = measured(readings, p);
  const name = study.metrics[0]?.name ?? "";
  const v = m[name];
  if (v === undefined) {
    const known = Object.keys(m).join(", ");
    throw new DataError(
      `sweep: the metric of a study must be one that ${study.task} measures, but is "${name}". It measures ${known}.`,
    );
  }
  const end = { ...head(study, trial, probe), m, n: readings.step };
  if (Number.isFinite(v)) return { ...end, s: "ok", v };
  return { ...end, s: "diverged", v: null, why: `${name} is not finite` };
}
