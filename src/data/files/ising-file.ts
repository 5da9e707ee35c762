// Reads Ising models and graphs from files: dimod's JSON, this package's JSON, coordinate text, edge lists. Node only; the
// formats themselves are in src/ising.

import { basename } from "node:path";
import { DataError } from "../../errors.js";
import {
  fromBqm,
  fromJson,
  model,
  parseCoo,
  parseCouplings,
  parseEdges,
  type HostModel,
  type IsingGraph,
  type ModelJson,
  type SerializableBqm,
  type Vartype,
} from "../../ising/index.js";
import { readUncompressed } from "./idx-file.js";

/**
 * A line with a number in its third column; blanks do not reach into the next line. What other programs write where a number
 * was none counts too: else such a file would pass for a graph.
 */
const THIRD_NUMBER =
  /^[^\S\r\n]*\d+[^\S\r\n]*[,; \t][^\S\r\n]*\d+[^\S\r\n]*[,; \t][^\S\r\n]*(?:[-+.\d]|nan\b|inf)/im;

/** A line that begins with a number. */
const NUMBERS = /^[^\S\r\n]*[-+.\d]/m;

/** A model as a file has it. */
export type IsingFile = {
  readonly model: HostModel;
  /** False for an edge list of two columns, whose model is all 0. */
  readonly hasValues: boolean;
  /** Names of the nodes, where the file gives them. */
  readonly variables?: readonly (number | string)[];
};

/** Options of {@link readModel}. */
export type ReadModelOptions = {
  /** Vartype of coordinate text that does not say it; with it, text is coordinate text whatever the file's name. */
  readonly vartype?: Vartype;
};

/**
 * Reads a model, compressed by gzip or not. JSON: `bqm.to_serializable()` of dimod, or `ising.toJson`. Text with a line
 * `# vartype=SPIN` (or `BINARY`), or in a file `*.coo`: dimod's coordinates, in dimod's signs. Other text: an edge list,
 * `u,v` or `u,v,J` a line and `i,i,b` for biases, in the signs of this package.
 *
 * @param path - of the file
 * @throws DataError, naming the path, if it cannot be read or holds none of these
 */
export function readModel(path: string, options: ReadModelOptions = {}): IsingFile {
  const text = new TextDecoder().decode(readUncompressed(path));
  try {
    return /^\s*[{[]/.test(text) ? fromJsonText(text) : fromText(path, text, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(`${path}: must hold an Ising model, but does not: ${why}`, {
      cause: error,
    });
  }
}

/**
 * Reads the graph of a model file or edge list; values are left aside.
 *
 * @param path - of the file, as {@link readModel} takes it
 * @throws DataError, naming the path, if it cannot be read or holds no graph
 */
export function readGraph(path: string): IsingGraph {
  // Which kind of variable a coordinate file means does not show in its graph.
  return readModel(path, isCoordinateFile(path) ? { vartype: "SPIN" } : {}).model.graph;
}

function isCoordinateFile(path: string): boolean {
  return /\.coo(\.gz)?$/i.test(path);
}

function fromJsonText(text: string): IsingFile {
  const json = JSON.parse(text) as SerializableBqm | ModelJson;
  if ("type" in json) return { ...fromBqm(json), hasValues: true };
  if (!("format" in json))
    throw new DataError("its JSON is neither that of dimod (`type`) nor of zenoflow (`format`).");
  return { model: fromJson(json), hasValues: true };
}

function fromText(path: string, text: string, { vartype }: ReadModelOptions): IsingFile {
  if (!NUMBERS.test(text)) throw new DataError("it has no line that begins with a node number.");
  const says = /^[ \t]*#.*?vartype[:=]/m.test(text);
  if (says || vartype !== undefined || isCoordinateFile(path)) {
    return { model: parseCoo(text, vartype), hasValues: true };
  }
  const name = basename(path);
  const hasValues = THIRD_NUMBER.test(text);
  const read = hasValues ? parseCouplings(text, { name }) : model(parseEdges(text, { name }));
  return { model: read, hasValues };
}
