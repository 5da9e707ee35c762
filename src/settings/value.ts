// What a value written on the command line or in the environment means: YAML where it is YAML, else text.

import { parseDocument } from "yaml";

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
