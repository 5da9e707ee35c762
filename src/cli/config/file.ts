// Configuration files: YAML or JSON into assignments that know their line and column.

import { readFileSync } from "node:fs";
import { isNode, LineCounter, parseDocument, type Document, type YAMLError } from "yaml";
import { EXIT } from "../exit-codes.js";
import { CliError, type Place, type Problem } from "../problem.js";
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

function place(lines: LineCounter, file: string, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function syntaxProblems(document: Document, lines: LineCounter, file: string): readonly Problem[] {
  return [...document.errors, ...document.warnings].map((error: YAMLError) => ({
    message: error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "",
    where: place(lines, file, error.pos[0]),
  }));
}

// A missing key has no node of its own: the nearest one above it is shown instead.
function nodePlace(
  document: Document,
  lines: LineCounter,
  file: string,
  path: readonly string[],
): Place {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return place(lines, file, node.range[0]);
  }
  return { file };
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent" });
  const problems = syntaxProblems(document, lines, shown);
  if (problems.length > 0) throw new CliError(EXIT.data, problems);
  const value: unknown = document.toJS() ?? {};
  if (!isGroup(value)) {
    const message = "must hold keys and values, such as `task: dqgan`";
    throw new CliError(EXIT.data, { message, where: { file: shown, line: 1, column: 1 } });
  }
  const origin = (rawPath: readonly string[]): { label: string; where: Place } => {
    const where = nodePlace(document, lines, shown, rawPath);
    return { label: [shown, where.line].filter((part) => part !== undefined).join(":"), where };
  };
  return { kind, assignments: assign([], value, origin) };
}
