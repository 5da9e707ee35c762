// Which parameters are active in a trial (`when`), and the order in which that can be decided.

import { canonicalJson } from "../../runs/json.js";
import type { Parameter, ParameterValue } from "../types.js";

/** Parameter d is active only where each of these has one of its allowed values. */
export type Condition = {
  /** Index of the parameter it depends on. */
  readonly on: number;
  readonly allows: (value: ParameterValue) => boolean;
};

/** The conditions of all parameters. */
export type Conditions = {
  /** By parameter, in the order of the sorted names. */
  readonly of: readonly (readonly Condition[])[];
  /** Parameters, each after those it depends on; null where there is a cycle. */
  readonly order: readonly number[] | null;
};

function allowing(values: readonly ParameterValue[]): (value: ParameterValue) => boolean {
  const allowed = new Set(values.map(canonicalJson));
  return (value) => allowed.has(canonicalJson(value));
}

function conditionsOf(
  parameter: Pick<Parameter, "when">,
  names: readonly string[],
): readonly Condition[] {
  return Object.entries(parameter.when ?? {}).map(([name, values]) => ({
    on: names.indexOf(name),
    allows: allowing(values),
  }));
}

function orderOf(of: readonly (readonly Condition[])[]): readonly number[] | null {
  const order: number[] = [];
  const waiting = new Set(of.keys());
  while (waiting.size > 0) {
    const ready = [...waiting].filter((d) => of[d]!.every(({ on }) => !waiting.has(on)));
    if (ready.length === 0) return null;
    for (const d of ready) waiting.delete(d);
    order.push(...ready);
  }
  return order;
}

/**
 * The conditions of a study's parameters.
 *
 * @param parameters - in the order of `names`
 * @param names - sorted
 */
export function conditions(
  parameters: readonly Pick<Parameter, "when">[],
  names: readonly string[],
): Conditions {
  const of = parameters.map((parameter) => conditionsOf(parameter, names));
  return { of, order: orderOf(of) };
}

/** Which parameters are active, given the value that each has where it is active. */
export function activity(
  { of, order }: Conditions,
  valueOf: (d: number) => ParameterValue,
): readonly boolean[] {
  const active = of.map(() => false);
  for (const d of order ?? []) {
    active[d] = of[d]!.every(({ on, allows }) => active[on]! && allows(valueOf(on)));
  }
  return active;
}
