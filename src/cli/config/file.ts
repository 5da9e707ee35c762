// Configuration files: YAML or JSON into assignments that know their line and column.

import { readFileSync } from "node:fs";
import { EXIT } from "../exit-codes.js";
import { readDocument } from "../../settings/document.js";
import { CliError, type Place } from "../problem.js";
import { assign, isGroup, type Layer } from "../../settings/layer.js";

function read(path: string, shown: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${String(code)})`;
    throw new CliError(EXIT.missing, { message: `configuration file ${shown} ${reason}` });
  }
}

/**
 * Reads a configuration file.
 *
 * @param path - where it lies
 * @param shown - its name in messages
 * @throws CliError with all problems of its syntax, or where it is missing
 */
export function readConfigFile(path: string, shown: string, kind: Layer["kind"]): Layer {
  const text = read(path, shown);
  const { problems, value: given, placeOf } = readDocument(text, shown);
  if (problems.length > 0) throw new CliError(EXIT.data, problems);
  const value = given ?? {};
  if (!isGroup(value)) {
    const message = "must hold keys and values, such as `task: dqgan`";
    throw new CliError(EXIT.data, { message, where: { file: shown, line: 1, column: 1 } });
  }
  const origin = (rawPath: readonly string[]): { label: string; where: Place } => {
    const where = placeOf(rawPath);
    return { label: [shown, where.line].filter((part) => part !== undefined).join(":"), where };
  };
  return { kind, assignments: assign([], value, origin) };
}
