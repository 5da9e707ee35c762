// A YAML or JSON text as a value whose parts know their line and column.

import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import type { Place, Problem } from "./problem.js";

/** A text that was read, or what is wrong with its syntax. */
export type TextDocument = {
  /** Empty where the text could be read. */
  readonly problems: readonly Problem[];
  readonly value: unknown;
  /** The place of a value; where it is missing, of the nearest part above it. */
  placeOf(path: readonly (string | number)[]): Place;
  /** The place of a key itself. */
  keyPlace(path: readonly (string | number)[], key: string): Place;
};

type Places = { readonly document: Document; readonly lines: LineCounter; readonly file: string };

function place({ lines, file }: Places, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

// A missing key has no node of its own: the nearest one above it is shown instead.
function nodePlace(places: Places, path: readonly (string | number)[]): Place {
  for (let length = path.length; length > 0; length--) {
    const node = places.document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return place(places, node.range[0]);
  }
  return { file: places.file };
}

function keyPlace(places: Places, path: readonly (string | number)[], key: string): Place {
  const node = path.length === 0 ? places.document.contents : places.document.getIn(path, true);
  const pair = isMap(node)
    ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    : undefined;
  const range = isNode(pair?.key) ? pair.key.range : undefined;
  return range ? place(places, range[0]) : nodePlace(places, path);
}

function syntaxProblems(places: Places): readonly Problem[] {
  const { errors, warnings } = places.document;
  return [...errors, ...warnings].map((error) => ({
    message: error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "",
    where: place(places, error.pos[0]),
  }));
}

// Aliases that explode and keys that are no text show themselves only here.
function valueOf(places: Places): {
  readonly value: unknown;
  readonly problems: readonly Problem[];
} {
  try {
    return { value: places.document.toJS() as unknown, problems: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [{ message, where: { file: places.file } }] };
  }
}

/**
 * Reads a YAML text; JSON is YAML.
 *
 * @param file - its name in messages
 */
export function readDocument(text: string, file: string): TextDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent" });
  const places: Places = { document, lines, file };
  const syntax = syntaxProblems(places);
  const { value, problems } =
    syntax.length > 0 ? { value: undefined, problems: syntax } : valueOf(places);
  return {
    problems,
    value,
    placeOf: (path) => nodePlace(places, path),
    keyPlace: (path, key) => keyPlace(places, path, key),
  };
}
