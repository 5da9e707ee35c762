// Golden values of graphs and exact averages, and the models they are of.

import { readFileSync } from "node:fs";
import { ising } from "../../src/index.js";
import type { HostModel, IsingGraph } from "../../src/ising/index.js";

/** A case: its fields differ by its name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type GoldenCase = Readonly<Record<string, any>> & { readonly name: string };

const file = JSON.parse(readFileSync("test/golden/ising-exact.json", "utf8")) as {
  readonly cases: readonly GoldenCase[];
};

/** All cases whose name starts like this. */
export function casesOf(start: string): readonly GoldenCase[] {
  return file.cases.filter(({ name }) => name.startsWith(start));
}

/** The case of a name. */
export function caseOf(name: string): GoldenCase {
  const found = file.cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no golden case is named ${name}`);
  return found;
}

/** FNV-1a over the labels of the edges, as little-endian 32-bit numbers. */
export function edgeHash({ edges, labels }: IsingGraph): number {
  let hash = 0x811c9dc5;
  for (const node of edges) {
    const label = labels?.[node] ?? node;
    for (let byte = 0; byte < 4; byte++) {
      hash = Math.imul(hash ^ ((label >>> (8 * byte)) & 255), 0x01000193) >>> 0;
    }
  }
  return hash;
}

/** `J_e = strength sin(e + 1)`, `b_i = 0.2 cos(i + 1)`. */
export function ruleModel(graph: IsingGraph, strength = 0.5): HostModel {
  return ising.model(graph, {
    couplings: Float64Array.from(
      { length: graph.edges.length / 2 },
      (_, e) => strength * Math.sin(e + 1),
    ),
    biases: Float64Array.from({ length: graph.n }, (_, i) => 0.2 * Math.cos(i + 1)),
  });
}

/** The model of a case that lists edges, J and b. */
export function listedModel({ n, edges, J, b }: GoldenCase): HostModel {
  return ising.model(ising.graph(n, edges), { biases: b, couplings: J });
}

/** The graph a case is named after. */
export function namedGraph(name: string): IsingGraph {
  const [, kind, sizes, rest] = /^(?:graph )?(\w+)\(([\d, ]+)\)(.*)$/.exec(name)!;
  const [a, b, c] = sizes!.split(",").map(Number);
  const whole = {
    chimera: () => ising.chimera(a!, b, c),
    pegasus: () => ising.pegasus(a!, { fabricOnly: !rest!.includes("fabricOnly=false") }),
    zephyr: () => ising.zephyr(a!, b),
    complete: () => ising.complete(a!),
    bipartite: () => ising.bipartite(a!, b!),
    torus: () => ising.torus(...sizes!.split(",").map(Number)),
    grid: () => ising.grid(...sizes!.split(",").map(Number)),
  }[kind!]!();
  const first = /first (\d+) nodes/.exec(rest!)?.[1];
  if (first === undefined) return whole;
  return ising.subgraph(
    whole,
    Array.from({ length: Number(first) }, (_, i) => i),
  );
}
