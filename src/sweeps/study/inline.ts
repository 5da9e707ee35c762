// Parameters on the command line: `lr=log(interval(1e-4,0.1))`, `depth=1,2,3`. Files are read elsewhere.

import { ArgumentError } from "../../errors.js";
import { parseValue } from "../../settings/value.js";

/** A parameter as a study file would describe it. */
export type InlineParameter = Readonly<Record<string, unknown>>;

const MOST_VALUES = 10_000;
const CALL = /^(range|choice|interval|log)\s*\(([\s\S]*)\)$/;

/** The parts between commas that are in no quotes and no brackets. */
function parts(text: string): readonly string[] {
  const found = [""];
  let depth = 0;
  let quote = "";
  for (const c of text) {
    if (quote !== "") quote = c === quote ? "" : quote;
    else if (c === '"' || c === "'") quote = c;
    else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
    if (c === "," && depth === 0 && quote === "") found.push("");
    else found.push((found.pop() ?? "") + c);
  }
  return found.map((part) => part.trim());
}

function bad(text: string, wanted: string): ArgumentError {
  return new ArgumentError(`sweep: argument \`${text}\` must have the form ${wanted}.`);
}

function numbers(text: string, body: string, counts: readonly number[], wanted: string): number[] {
  const values = parts(body).map(parseValue);
  const isRight =
    counts.includes(values.length) &&
    values.every((v) => typeof v === "number" && Number.isFinite(v));
  if (!isRight) throw bad(text, wanted);
  return values as number[];
}

// As in Python and Hydra the end is not included.
function rangeValues(text: string, body: string): InlineParameter {
  const wanted = "range(start, end[, step]) with numbers and a step towards the end";
  const [start = 0, end = 0, step = 1] = numbers(text, body, [2, 3], wanted);
  const n = Math.ceil((end - start) / step - 1e-9);
  if (!(n >= 1)) throw bad(text, wanted);
  if (n > MOST_VALUES)
    throw bad(text, `range(start, end[, step]) with at most ${String(MOST_VALUES)} values`);
  const values = Array.from({ length: n }, (_, i) => Number((start + i * step).toPrecision(12)));
  return { values };
}

function interval(text: string, body: string): InlineParameter {
  const [min, max] = numbers(text, body, [2], "interval(min, max) with two numbers");
  return { min, max };
}

function logarithmic(text: string, body: string): InlineParameter {
  const [, name, inner = ""] = CALL.exec(body.trim()) ?? [];
  if (name !== "interval") throw bad(text, "log(interval(min, max))");
  return { distribution: "log_uniform_values", ...interval(text, inner) };
}

/**
 * The parameter that a value on the command line stands for: `1,2,3`, `range(0,10[,step])` (the end is not
 * included), `choice(x,y)`, `interval(a,b)`, `log(interval(a,b))`. A comma in quotes or brackets is literal.
 *
 * @returns undefined where the text is a single value
 * @throws ArgumentError where one of these forms is written wrongly
 */
export function inlineParameter(text: string): InlineParameter | undefined {
  const trimmed = text.trim();
  const [, name, body = ""] = CALL.exec(trimmed) ?? [];
  if (name === "range") return rangeValues(trimmed, body);
  if (name === "choice") return { values: parts(body).map(parseValue) };
  if (name === "interval") return interval(trimmed, body);
  if (name === "log") return logarithmic(trimmed, body);
  const values = parts(trimmed);
  return values.length > 1 ? { values: values.map(parseValue) } : undefined;
}
