// `key=value` arguments of the command line.

import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { parseValue } from "../../settings/value.js";
import { assign, type Assignment, type Origin } from "../../settings/layer.js";

const FLAG: Origin = { label: "flag" };

/**
 * The assignments of one `key=value` argument.
 *
 * @throws CliError where there is no `=` or no key
 */
export function parseOverride(argument: string): readonly Assignment[] {
  const at = argument.indexOf("=");
  if (at < 1) {
    throw new CliError(EXIT.usage, {
      message: `argument '${argument}' must have the form key=value`,
      hint: "for example train.steps=2000; zenoflow config shows all keys",
    });
  }
  const path = argument.slice(0, at).split(".");
  return assign(path, parseValue(argument.slice(at + 1)), () => FLAG);
}

/** The assignment of a flag that stands for a key. */
export function flagAssignment(key: string, value: unknown): Assignment {
  return { path: key.split("."), value, origin: FLAG };
}
