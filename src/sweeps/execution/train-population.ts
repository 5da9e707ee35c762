// Trains one population to a rung: collects rows, freezes replicas that diverged, compacts, and stops when asked to.

import { setImmediate } from "node:timers/promises";
import { ConvergenceError } from "../../errors.js";
import type { TrainEvent } from "../../models/model.js";
import type { Row, Study } from "../types.js";
import { checkedConfiguration } from "./configuration.js";
import { pick, type Population } from "./population.js";
import { divergedRow, endRow, isFinite, type Readings } from "./rows.js";
import type { Task } from "./task.js";

/** What the rows of a block are trained for. */
export type Goal = {
  readonly task: Task;
  readonly study: Study;
  /** Steps at which training pauses, ascending; the last one is the end. */
  readonly stages: readonly number[];
  /** Whether the population is wanted at the end, to be continued. */
  readonly keep: boolean;
};

/** Told of every event; answers whether to stop. */
export type Watch = {
  onEvent(event: Standing): void;
  stopping(): boolean;
};

/** Where a training stands. */
export type Standing = {
  readonly step: number;
  /** Rows that train. */
  readonly alive: number;
  /** Their values of the first metric; NaN where this event did not measure it. */
  readonly values: readonly number[];
};

/** How a training ended. */
export type Trained = {
  /** Of trials that have ended. */
  readonly rows: readonly Row[];
  /** The rows that have not, where it was stopped; or, at the end, those to be continued. */
  readonly population: Population | null;
  readonly stopped: boolean;
};

/** Steps of the loss that is compared across machines. */
const PROBE_STEP = 16;

// At most this part of a population trains for nothing before it is compacted.
const FROZEN_PART = 0.5;

type Leg = {
  readonly rows: Row[];
  readonly population: Population | null;
  /** Why the leg ended: the stage is reached, rows are to be compacted, somebody asked, or no row is left. */
  readonly end: "reached" | "compact" | "stopped" | "lost";
};

function valuesOf(study: Study, { metrics = {}, losses }: Readings): readonly number[] {
  const name = study.metrics[0]?.name ?? "";
  return (name.startsWith("losses.") ? losses[name.slice(7)] : metrics[name]) ?? [];
}

/** The replicas of one leg: which have diverged, and what is known of the others. */
class Crew {
  readonly rows: Row[] = [];
  readonly study: Study;
  readonly population: Population;
  readonly probes: Map<number, number>;
  readonly #alive: boolean[];

  constructor(study: Study, population: Population) {
    this.study = study;
    this.population = population;
    this.#alive = population.trials.map(() => true);
    this.probes = new Map(population.probes);
  }

  /** Places of the replicas that train. */
  alive(): readonly number[] {
    return this.population.trials.flatMap((_, p) => (this.#alive[p] === true ? [p] : []));
  }

  lose(p: number, step: number): void {
    const trial = this.population.trials[p]!;
    this.#alive[p] = false;
    this.rows.push(divergedRow(this.study, trial, step, this.probes.get(trial.index)));
  }

  /** Takes an event in: first losses, and replicas that are not finite. */
  read(readings: Readings): void {
    const [first] = Object.values(readings.losses);
    for (const p of this.alive()) {
      const { index } = this.population.trials[p]!;
      const loss = first?.[p];
      if (!isFinite(readings, p)) this.lose(p, readings.step);
      else if (readings.step >= PROBE_STEP && !this.probes.has(index) && loss !== undefined)
        this.probes.set(index, loss);
    }
  }

  finish(readings: Readings): void {
    for (const p of this.alive()) {
      const trial = this.population.trials[p]!;
      this.rows.push(endRow(this.study, trial, readings, p, this.probes.get(trial.index)));
    }
  }

  /** The rows that train, as they are after an event. */
  async survivors(event: TrainEvent): Promise<Population | null> {
    const alive = this.alive();
    if (alive.length === 0) return null;
    const { trials } = this.population;
    const whole = { trials, snapshot: await event.snapshot(), probes: this.probes };
    return alive.length === trials.length ? whole : pick(whole, alive);
  }
}

/** Whether compacting saves more than it costs: not at the end, and not for a few. */
function isWorthCompacting(crew: Crew): boolean {
  const all = crew.population.trials.length;
  return all - crew.alive().length >= FROZEN_PART * all;
}

async function* eventsOf(
  goal: Goal,
  population: Population,
  until: number,
): AsyncGenerator<TrainEvent> {
  const { task, study } = goal;
  const { definition } = task;
  const config = checkedConfiguration(task, study, population.trials);
  yield* definition.train(config, {
    files: task.files(config),
    until,
    ...(population.snapshot !== null && { resume: population.snapshot }),
  });
}

/** What to do after an event; null: go on. */
function decide(crew: Crew, event: TrainEvent, until: number, watch: Watch): Leg["end"] | null {
  if (crew.alive().length === 0) return "lost";
  if (event.step >= until) return "reached";
  if (watch.stopping()) return "stopped";
  return isWorthCompacting(crew) ? "compact" : null;
}

async function leg(goal: Goal, crew: Crew, until: number, watch: Watch): Promise<Leg> {
  const isLast = until === goal.stages.at(-1);
  for await (const event of eventsOf(goal, crew.population, until)) {
    crew.read(event);
    const values = valuesOf(goal.study, event);
    const alive = crew.alive();
    watch.onEvent({
      step: event.step,
      alive: alive.length,
      values: alive.map((p) => values[p] ?? Number.NaN),
    });
    // Messages and signals are heard only when the loop turns.
    await setImmediate();
    const end = decide(crew, event, until, watch);
    if (end === null) continue;
    if (end === "reached" && isLast) crew.finish(event);
    const wanted = end !== "lost" && (end !== "reached" || !isLast || goal.keep);
    const population = wanted ? await crew.survivors(event) : null;
    return { rows: crew.rows, population, end };
  }
  throw new Error(`sweep: ${goal.task.name} ended before step ${until.toString()}`);
}

/** A leg; where nothing is finite any more, models end it with an error instead of an event. */
async function legOrLoss(
  goal: Goal,
  population: Population,
  until: number,
  watch: Watch,
): Promise<Leg> {
  const crew = new Crew(goal.study, population);
  try {
    return await leg(goal, crew, until, watch);
  } catch (error) {
    if (!(error instanceof ConvergenceError) || error.step === undefined) throw error;
    for (const p of crew.alive()) crew.lose(p, error.step);
    return { rows: crew.rows, population: null, end: "lost" };
  }
}

/**
 * Trains a population through its stages. A row has the same bits whoever trains beside it, on backends where a
 * replica's numbers do not depend on the size of its population.
 *
 * @throws whatever the model throws, but for a ConvergenceError with a step: then all rows have diverged
 */
export async function trainPopulation(
  goal: Goal,
  population: Population,
  watch: Watch,
): Promise<Trained> {
  const rows: Row[] = [];
  let current = population;
  const begun = population.snapshot?.step ?? 0;
  for (const until of goal.stages.filter((stage) => stage > begun)) {
    for (let reached = false; !reached;) {
      const done = await legOrLoss(goal, current, until, watch);
      rows.push(...done.rows);
      if (done.end === "stopped") return { rows, population: done.population, stopped: true };
      if (done.population === null) return { rows, population: null, stopped: false };
      current = done.population;
      reached = done.end === "reached";
    }
  }
  return { rows, population: current, stopped: false };
}
