// JSON files that say by `schema` what they are: reading them, and refusing others.

import { readFileSync } from "node:fs";
import { DataError } from "../errors.js";

/** How a document is read. */
export type DocumentForm = {
  /** What its member `schema` must be. */
  readonly schema: string;
  /** Who reads it, as messages begin. */
  readonly reader: string;
  /** Default `JSON.parse`. */
  readonly parse?: (text: string) => unknown;
  /** What must hold beside the schema: the keys that are missing or of another kind. Default: nothing. */
  readonly lacks?: (value: object) => readonly string[];
  /** What to do where it is damaged. Default: nothing is advised. */
  readonly hint?: string;
};

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"].includes(String(code))) return undefined;
    if (code === "EISDIR")
      throw new DataError(`${path} must be a file, but is a folder.`, { cause: error });
    throw error;
  }
}

/**
 * The contents of a document; undefined where there is no file.
 *
 * @throws DataError where it is not JSON, of another schema, or lacks something; or where a folder has its name
 */
export function readDocumentOf(
  path: string,
  { schema, reader, parse = JSON.parse, lacks = () => [], hint }: DocumentForm,
): object | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  const more = hint === undefined ? "" : ` ${hint}`;
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${reader}: file ${path} must be JSON, but is not: ${why}.${more}`, {
      cause,
    });
  }
  if (typeof value === "object" && value !== null && "schema" in value && value.schema === schema) {
    const missing = lacks(value);
    if (missing.length === 0) return value;
    throw new DataError(
      `${reader}: file ${path} must be whole, but ${missing.join(", ")} is missing or damaged.${more}`,
    );
  }
  throw new DataError(
    `${reader}: file ${path} must have the schema ${schema}, but has another one. Another version of zenoflow may have written it.`,
  );
}

/** What `read` gives; undefined where it meets damage, for verbs that can do without. */
export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}
