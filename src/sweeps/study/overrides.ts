// Changes laid over a study file: `key=spec` arguments and the like. They are checked with the file, as one.

import { ArgumentError } from "../../errors.js";
import { isGroup } from "../../settings/layer.js";
import type { Place } from "../../settings/problem.js";
import { parseValue } from "../../settings/value.js";
import type { Path, Source } from "./findings.js";
import { inlineParameter } from "./inline.js";

/** A change of a study: a key of the study or of its task, and a value or a sweep spec. */
export type Override = {
  /** `trials`, `budget.max`, `train.batch`, `parameters.train.lr.max`. */
  readonly key: string;
  readonly text: string;
  /** Where it comes from, as printed. Default `key=text`. */
  readonly from?: string;
};

type Group = Readonly<Record<string, unknown>>;

const STUDY_KEYS: ReadonlySet<string> = new Set([
  "name",
  "task",
  "preset",
  "metric",
  "method",
  "ask",
  "seed",
  "trials",
  "run_cap",
  "replicates",
  "budget",
  "early_terminate",
  "limits",
]);

function asGroup(value: unknown): Group {
  return isGroup(value) ? value : {};
}

function withValue(group: Group, path: readonly string[], value: unknown): Group {
  const [key = "", ...rest] = path;
  // Last, so that it wins over the same key in another spelling.
  const { [key]: below, ...others } = group;
  return { ...others, [key]: rest.length === 0 ? value : withValue(asGroup(below), rest, value) };
}

function without(group: Group, key: string): Group {
  const { [key]: _, ...others } = group;
  return others;
}

/** The longest declared parameter that a dotted key begins with. */
function declared(value: Group, key: string): string | undefined {
  const names = Object.keys(asGroup(value["parameters"]));
  return names
    .filter((name) => key === name || key.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length)[0];
}

type Change = { readonly value: Group; readonly path: readonly string[] };

function changeParameter(value: Group, key: string, text: string): Change {
  const name = declared(value, key) ?? key;
  const rest = key.slice(name.length + 1);
  const path = ["parameters", name, ...(rest === "" ? [] : rest.split("."))];
  return { value: withValue(value, path, inlineParameter(text) ?? parseValue(text)), path };
}

function changeTask(value: Group, key: string, text: string): Change {
  const parameter = inlineParameter(text);
  const path = [parameter === undefined ? "config" : "parameters", key];
  const parameters = without(asGroup(value["parameters"]), key);
  const base = { ...value, parameters };
  return { value: withValue(base, path, parameter ?? parseValue(text)), path };
}

function change(value: Group, { key, text }: Override): Change {
  const [top = "", ...rest] = key.split(".");
  if (top === "parameters") return changeParameter(value, rest.join("."), text);
  if (top === "config") return changeTask(value, rest.join("."), text);
  if (!STUDY_KEYS.has(top)) return changeTask(value, key, text);
  return { value: withValue(value, [top, ...rest], parseValue(text)), path: [top, ...rest] };
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, i) => path[i] === key);
}

/**
 * A study file with changes laid over it, the last one strongest. A sweep spec makes a parameter of its key, a
 * value fixes the key and removes the parameter.
 *
 * @throws ArgumentError where a sweep spec is written wrongly
 */
export function withOverrides(source: Source, overrides: readonly Override[]): Source {
  let value: Group = source.value;
  const places: { readonly path: Path; readonly place: Place }[] = [];
  for (const override of overrides) {
    if (override.key === "" || override.key.split(".").includes(""))
      throw new ArgumentError(
        `sweep: argument \`${override.key}=${override.text}\` must have the form key=spec.`,
      );
    const changed = change(value, override);
    value = changed.value;
    const file = override.from ?? `${override.key}=${override.text}`;
    places.unshift({ path: changed.path, place: { file } });
  }
  const overriding = (path: Path): Place | undefined =>
    places.find((entry) => startsWith(path, entry.path))?.place;
  return {
    value,
    placeOf: (path) => overriding(path) ?? source.placeOf(path),
    keyPlace: (path, key) => overriding([...path, key]) ?? source.keyPlace(path, key),
  };
}

/**
 * The override of one `key=spec` argument.
 *
 * @throws ArgumentError where there is no `=` or no key
 */
export function parseSpec(argument: string): Override {
  const at = argument.indexOf("=");
  if (at < 1) {
    throw new ArgumentError(
      `sweep: argument \`${argument}\` must have the form key=spec, for example train.lr=log(interval(1e-4,0.1)).`,
    );
  }
  return { key: argument.slice(0, at), text: argument.slice(at + 1) };
}
