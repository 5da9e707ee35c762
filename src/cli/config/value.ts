// `key=value` arguments and values of environment variables: YAML scalars and flow lists, else plain text.

import { parseDocument } from "yaml";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { assign, type Assignment, type Origin } from "./layer.js";

/** The value of a text: a number, boolean, null, list or group where YAML sees one, else the text itself. */
export function parseValue(text: string): unknown {
  const document = parseDocument(text, { logLevel: "silent" });
  // YAML reads %x and !x as a directive and a tag, @x as an error: users mean text.
  if (document.errors.length + document.warnings.length > 0) return text;
  try {
    return document.toJS() as unknown;
  } catch {
    return text;
  }
}

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
