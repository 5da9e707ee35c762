// A study's parameters made ready for drawing: sorted, with their spreads, conditions and grid.

import { ArgumentError } from "../../errors.js";
import type { Parameter, Study, StudyIdentity } from "../types.js";
import { conditions, type Conditions } from "./conditions.js";
import { gridOf, type Grid } from "./grid.js";
import { philoxInto, STREAMS, unitInterval } from "./philox.js";
import { sobolShift, sobolWord } from "./sobol.js";
import { spreadOf } from "./spread.js";

/** The parameters of a study. Dimension d is the index of a name among the sorted names. */
export type Space = {
  readonly names: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly conditions: Conditions;
  /** From u in [0, 1) to a value; for a choice, to an index. */
  readonly spreads: readonly ((u: number) => number)[];
  /** With method grid. */
  readonly grid: Grid | null;
};

function compile(study: Study): Space {
  // Code units, as in canonical JSON: the order in the file is forgotten.
  const names = Object.keys(study.parameters).sort();
  const parameters = names.map((name) => study.parameters[name]!);
  const when = conditions(parameters, names);
  return {
    names,
    parameters,
    conditions: when,
    spreads: parameters.map(spreadOf),
    grid: study.method === "grid" ? gridOf(parameters, when) : null,
  };
}

/**
 * Configurations of the grid of these parameters.
 *
 * @throws ArgumentError where it has more than can be numbered
 */
export function gridSize(parameters: Study["parameters"]): number {
  const names = Object.keys(parameters).sort();
  const sorted = names.map((name) => parameters[name]!);
  return gridOf(sorted, conditions(sorted, names)).size;
}

const spaces = new WeakMap<Study, Space>();

/** The space of a study, made once. */
export function spaceOf(study: Study): Space {
  const known = spaces.get(study);
  if (known !== undefined) return known;
  const space = compile(study);
  spaces.set(study, space);
  return space;
}

/** What ask-and-tell proposed: u of consecutive configurations, row-major. */
export type AskedPoints = {
  /** The first of these configurations. */
  readonly first: number;
  /** `[configurations, parameters]`, each in [0, 1). */
  readonly u: Float64Array;
};

function askedDraw({ names, spreads }: Space, asked: AskedPoints | undefined): Draw {
  const n = names.length;
  return (j, d) => {
    const u = asked?.u[(j - asked.first) * n + d];
    if (u === undefined || j < asked!.first) {
      throw new ArgumentError(
        `trialTable: argument \`asked\` must hold the points of configuration ${String(j)}, but does not. Method ask-tell proposes one generation at a time.`,
      );
    }
    return spreads[d]!(u);
  };
}

function gridDraw(grid: Grid): Draw {
  return (j, d) => {
    if (j >= grid.size) {
      throw new ArgumentError(
        `trialAt: argument \`i\` must be a trial of the grid's ${String(grid.size)} configurations, but asks for configuration ${String(j)}.`,
      );
    }
    return grid.point(j, d);
  };
}

/** Coordinate d of configuration j: a number, or for a choice the index of a value. */
export type Draw = (j: number, d: number) => number;

/** How the configurations of a study are drawn. */
export function drawOf(study: Study, identity: StudyIdentity, asked?: AskedPoints): Draw {
  const space = spaceOf(study);
  const { spreads, grid } = space;
  const { key } = identity;
  if (grid !== null) return gridDraw(grid);
  if (study.method === "ask-tell") return askedDraw(space, asked);
  if (study.method === "sobol") {
    const shifts = spreads.map((_, d) => sobolShift(key, d));
    return (j, d) => spreads[d]!(((sobolWord(j, d) ^ shifts[d]!) >>> 0) * 2 ** -32);
  }
  const words = new Uint32Array(4);
  return (j, d) => {
    philoxInto(key, j, d, STREAMS.parameters, words);
    return spreads[d]!(unitInterval(words[0]!, words[1]!));
  };
}
