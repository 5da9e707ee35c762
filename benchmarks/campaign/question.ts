// What a long benchmark is made of: questions, each a list of points that are measured one by one. Types only, and
// the door through which a question with its own kind of point joins the others.

import type { Profile, Row } from "../harness.js";

/** One point to measure: what it is, and how long it should take. */
export type Point<Spec> = {
  readonly spec: Spec;
  /** Expected seconds on the machine the suite was written on; only the estimate of the remaining time depends on it. */
  readonly seconds: number;
};

/** What a point gave: rows of a table, and numbers of single samples for figures. */
export type Measured = {
  readonly rows: readonly Row[];
  readonly samples?: Readonly<Record<string, readonly number[]>>;
};

/** What a measurement may ask of its surroundings. */
export type PointOptions = {
  readonly profile: Profile;
  /** Whether somebody asked to stop: a long point may end with an error, it is then measured again next time. */
  readonly stopping: () => boolean;
};

/** A question of a suite. */
export type Question<Spec = Row> = {
  readonly name: string;
  points(profile: Profile): readonly Point<Spec>[];
  /** @throws Error when the point cannot be measured: it stays visible as failed, and is tried again next time. */
  measure(spec: Spec, options: PointOptions): Promise<Measured>;
};

/** Thrown by a measurement that was not started because it would take too long: a result, not a failure. */
export class NotRun extends Error {
  override readonly name = "NotRun";
}

/** Lets a question with its own type of point stand in a list with others: points are stored as plain rows. */
export function question<Spec extends Row>(one: Question<Spec>): Question {
  return {
    name: one.name,
    points: one.points,
    measure: (spec, options) => one.measure(spec as Spec, options),
  };
}
