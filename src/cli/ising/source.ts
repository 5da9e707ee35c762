// The model that `sample ising` samples: a graph by name and sizes with couplings and biases from flags, or a file.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readModel } from "../../data/files/index.js";
import * as ising from "../../ising/index.js";
import { normalArray, stream, uniformArray } from "../../random.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { didYouMean } from "../../settings/suggest.js";
import type { HostModel, IsingGraph } from "../../ising/index.js";
import type { Context } from "../context.js";
import type { SampleIsingOptions } from "./options.js";

type Family = {
  readonly usage: string;
  readonly counts: readonly [least: number, most: number];
  readonly make: (sizes: readonly number[]) => IsingGraph;
};

const FAMILIES: Readonly<Record<string, Family>> = {
  complete: {
    usage: "complete:n",
    counts: [1, 1],
    make: ([n]) => ising.complete(n!),
  },
  bipartite: {
    usage: "bipartite:left,right",
    counts: [2, 2],
    make: ([left, right]) => ising.bipartite(left!, right!),
  },
  chimera: {
    usage: "chimera:m[,n[,t]]",
    counts: [1, 3],
    make: ([m, n, t]) => ising.chimera(m!, n, t),
  },
  pegasus: { usage: "pegasus:m", counts: [1, 1], make: ([m]) => ising.pegasus(m!) },
  zephyr: { usage: "zephyr:m[,t]", counts: [1, 2], make: ([m, t]) => ising.zephyr(m!, t) },
  grid: { usage: "grid:L[,L…]", counts: [1, 8], make: (dims) => ising.grid(...dims) },
  torus: { usage: "torus:L[,L…]", counts: [1, 8], make: (dims) => ising.torus(...dims) },
  regular: {
    usage: "regular:n,degree[,seed]",
    counts: [2, 3],
    make: ([n, d, seed]) => ising.randomRegular(n!, d!, seed ?? 0),
  },
};

/** How graphs are named, for help and errors. */
export const GRAPH_USAGE: string = Object.values(FAMILIES)
  .map(({ usage }) => usage)
  .join("  ");

/** A model, and the names of its nodes. */
export type Source = {
  readonly model: HostModel;
  readonly labels?: readonly (number | string)[];
};

/**
 * The model that a user names.
 *
 * @param name - `torus:64,64`, or a file
 * @throws CliError for a name that is neither, or values that fit neither
 */
export function sourceOf(name: string, options: SampleIsingOptions, context: Context): Source {
  const family = /^([a-z]+):(.*)$/.exec(name);
  if (family !== null) {
    const on = namedGraph(family[1]!, family[2]!);
    return { model: modelOn(on, options), ...labelsOf(on) };
  }
  return fromFile(name, options, context);
}

function labelsOf({ labels }: IsingGraph): Pick<Source, "labels"> {
  return labels === undefined ? {} : { labels: Array.from(labels) };
}

function namedGraph(family: string, sizes: string): IsingGraph {
  const known = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
  if (known === undefined) {
    const message = `unknown graph '${family}'${didYouMean(family, Object.keys(FAMILIES))}`;
    throw new CliError(EXIT.usage, { message, hint: `graphs: ${GRAPH_USAGE}` });
  }
  const numbers = sizes.split(",").map((text) => (text.trim() === "" ? NaN : Number(text)));
  const [least, most] = known.counts;
  const fits = numbers.length >= least && numbers.length <= most && numbers.every(Number.isInteger);
  if (fits) return known.make(numbers);
  const message = `${family}: sizes must be whole numbers as in ${known.usage}, got '${sizes}'`;
  throw new CliError(EXIT.usage, { message, hint: `graphs: ${GRAPH_USAGE}` });
}

function fromFile(name: string, options: SampleIsingOptions, context: Context): Source {
  const path = resolve(context.io.cwd, name);
  if (!existsSync(path)) {
    throw new CliError(EXIT.missing, {
      message: `${name}: must be a file or a graph, but there is no such file`,
      hint: `graphs: ${GRAPH_USAGE}`,
    });
  }
  const file = readModel(path, options.vartype === undefined ? {} : { vartype: options.vartype });
  const names = file.variables === undefined ? {} : { labels: file.variables };
  if (!file.hasValues) return { model: modelOn(file.model.graph, options), ...names };
  for (const flag of ["couplings", "biases"] as const) {
    if (options[flag] === undefined) continue;
    throw new CliError(EXIT.usage, {
      message: `--${flag}: must be left out, since ${name} has values of its own`,
      hint: "a file with two columns, u and v, gives the graph alone",
    });
  }
  return { model: file.model, ...names };
}

function modelOn(on: IsingGraph, { couplings = "1", biases = "0" }: SampleIsingOptions): HostModel {
  return ising.model(on, {
    couplings: values("couplings", couplings, ising.edgeCount(on), 0),
    biases: values("biases", biases, on.n, 1),
  });
}

/** A number for all, or `signs[:seed]` or `normal[:seed]`: draws of the problem generators' stream. */
function values(flag: string, text: string, count: number, event: number): Float64Array {
  const [, law, seed = "0"] = /^(signs|normal)(?::(-?\d+))?$/.exec(text) ?? [];
  if (law === undefined) return new Float64Array(count).fill(oneNumber(flag, text));
  const from = stream(Number(seed), "problemGenerators", event);
  if (law === "normal") return Float64Array.from(normalArray(from, count));
  return Float64Array.from(uniformArray(from, count), (u) => (u < 0.5 ? 1 : -1));
}

function oneNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new CliError(EXIT.usage, {
    message: `--${flag}: must be a number, signs[:seed] or normal[:seed], got '${text}'`,
    hint: `--${flag} signs:7 draws ±1, --${flag} normal:7 standard normals, both from seed 7`,
  });
}
