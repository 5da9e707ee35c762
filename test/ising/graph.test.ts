// Graphs: wiring against golden hashes, neighbour lists, colourings, parts and labels, text, errors.

import { expect } from "chai";
import { ising } from "../../src/index.js";
import { ArgumentError, DataError, ShapeError } from "../../src/errors.js";
import { caseOf, casesOf, edgeHash, namedGraph } from "./golden.js";
import type { IsingGraph } from "../../src/ising/index.js";

const pairsOf = ({ edges }: IsingGraph): number[][] =>
  Array.from({ length: edges.length / 2 }, (_, e) => [edges[2 * e]!, edges[2 * e + 1]!]);

describe("topologies", () => {
  for (const golden of casesOf("graph ")) {
    it(`${golden.name.slice(6)} is wired as the hardware's own tools wire it`, () => {
      const graph = namedGraph(golden.name);
      const label = (node: number): number => ising.labelOf(graph, node);
      expect(graph.n).to.equal(golden["nodes"]);
      expect(ising.edgeCount(graph)).to.equal(golden["edges"]);
      expect(ising.maxDegree(graph)).to.equal(golden["max_degree"]);
      expect(graph.colours).to.equal(golden["colours"]);
      expect(edgeHash(graph)).to.equal(golden["edge_hash"]);
      const last = pairsOf(graph).at(-1)!.map(label);
      expect(last).to.deep.equal(golden["last_edge"]);
    });
  }

  it("have index maps that undo each other", () => {
    for (const label of [0, 1, 37, 127]) {
      expect(ising.chimeraIndex(ising.chimeraPlace(label, 4, 4), 4, 4)).to.equal(label);
      expect(ising.pegasusIndex(ising.pegasusPlace(label, 3), 3)).to.equal(label);
      expect(ising.zephyrIndex(ising.zephyrPlace(label, 2, 4), 2, 4)).to.equal(label);
    }
    expect(ising.chimeraPlace(37, 4, 4)).to.deep.equal({ i: 1, j: 0, u: 1, k: 1 });
  });

  it("randomRegular joins every node with d others, differently for every seed", () => {
    for (const [n, d] of [
      [10, 3],
      [50, 4],
      [8, 7],
      [7, 0],
      [12, 8],
    ] as const) {
      const graph = ising.randomRegular(n, d, 5);
      for (let i = 0; i < n; i++) expect(ising.degree(graph, i)).to.equal(d);
    }
    const edges = (seed: number): number[] => Array.from(ising.randomRegular(30, 3, seed).edges);
    expect(edges(1)).to.deep.equal(edges(1));
    expect(edges(1)).to.not.deep.equal(edges(2));
  });

  it("randomRegular reaches every cubic graph on six nodes, in about its share", () => {
    // 70 labelled cubic graphs on 6 nodes: 10 bipartite ones (K33) and 60 prisms.
    const seeds = Array.from({ length: 700 }, (_, seed) => ising.randomRegular(6, 3, seed));
    const bipartite = seeds.filter(({ colours }) => colours === 2).length;
    expect(new Set(seeds.map(edgeHash)).size).to.be.greaterThan(65);
    // Uniform would be 100 ± 9; the construction is uniform for large n only.
    expect(bipartite).to.be.within(50, 200);
  });

  it("for images name the pixel of each node", () => {
    const { graph, pixels } = ising.chimera2x2Corners();
    expect([graph.n, pixels.length]).to.deep.equal([32, 32]);
    expect([pixels[0], pixels[4], pixels[31]]).to.deep.equal([1, 6, 34]);
    expect(ising.edgeCount(ising.chimera36("3x3").graph)).to.equal(60);
    expect(ising.edgeCount(ising.chimera36("3x2").graph)).to.equal(75);
    expect(ising.edgeCount(ising.chimeraLatent())).to.equal(264);
  });

  it("refuse sizes that make no sense", () => {
    const wrong: readonly [() => unknown, RegExp][] = [
      [() => ising.torus(4, 2), /`dims` must be integers of at least 3 .*\[4,2\].*joined twice/],
      [() => ising.grid(), /`dims`/],
      [() => ising.randomRegular(5, 3, 0), /n · d even .* n = 5 and d = 3/],
      [() => ising.randomRegular(4, 4, 0), /`d` must be an integer from 0 to 3, but is 4/],
      [() => ising.randomRegular(4, 2, 0.5), /`seed`/],
      [() => ising.pegasus(1), /`m` must be an integer from 2/],
      [() => ising.chimera(0), /`m`/],
      [() => ising.zephyr(1, 0), /`t`/],
      [() => ising.complete(0), /`n`/],
      [() => ising.bipartite(2, 1.5), /`right`/],
      [() => ising.chimera36("2x2" as "3x3"), /`cells` must be one of "3x3", "3x2"/],
    ];
    for (const [call, message] of wrong) expect(call).to.throw(ArgumentError, message);
  });
});

describe("graph()", () => {
  it("sorts edges and lists each neighbour with its edge", () => {
    const graph = ising.graph(4, [
      [3, 2],
      [0, 3],
      [1, 0],
    ]);
    expect(pairsOf(graph)).to.deep.equal([
      [0, 1],
      [0, 3],
      [2, 3],
    ]);
    expect(Array.from(graph.rowPtr)).to.deep.equal([0, 2, 3, 4, 6]);
    expect(Array.from(graph.col)).to.deep.equal([1, 3, 0, 3, 0, 2]);
    expect(Array.from(graph.edgeId)).to.deep.equal([0, 1, 0, 2, 1, 2]);
  });

  it("ranks nodes by colour, then by index", () => {
    const { colour, pos } = ising.chimera(2, 2, 2);
    const order = Array.from(pos.keys()).sort((a, b) => colour[a]! - colour[b]! || a - b);
    order.forEach((node, rank) => expect(pos[node]).to.equal(rank));
  });

  it("takes a single node and no edges", () => {
    const graph = ising.graph(1, []);
    expect([graph.colours, graph.pos[0], graph.edges.length]).to.deep.equal([1, 0, 0]);
  });

  for (const { graph: name, n, edges, dsatur } of caseOf("colouring fallback")["cases"]) {
    it(`colours ${name} as DSATUR does`, () => {
      expect(Array.from(ising.graph(n, edges).colour)).to.deep.equal(dsatur);
    });
  }

  it("finds two colours for bipartite lattices of any numbering", () => {
    const { n, edges } = ising.chimera(3, 3, 4);
    const shuffled = edges.map((node) => (node * 29) % n);
    expect(ising.graph(n, shuffled).colours).to.equal(2);
  });

  it("names what is wrong with an edge list", () => {
    const wrong: readonly [() => unknown, RegExp][] = [
      [() => ising.graph(3, [[1, 1]]), /`edges\[0\]` must join two different nodes, but joins 1/],
      [
        () =>
          ising.graph(3, [
            [0, 1],
            [1, 0],
          ]),
        /must not repeat an edge, but has 0-1 twice/,
      ],
      [() => ising.graph(3, [[0, 3]]), /must join nodes from 0 to 2, but is 0-3/],
      [() => ising.graph(3, [[0, 1.5]]), /must be a pair of integers/],
      [() => ising.graph(0, []), /`n`/],
      [
        () => ising.graph(3, [[0, 2]], { colouring: [0, 1, 0] }),
        /nodes 0 and 2 share an edge and colour 0/,
      ],
      [() => ising.graph(3, [[0, 2]], { colouring: [0, 1, -1] }), /`colouring\[2\]`/],
      [() => ising.graph(2, [[0, 1]], { colouring: [0, 0.5] }), /`colouring\[1\]`/],
    ];
    for (const [call, message] of wrong) expect(call).to.throw(ArgumentError, message);
    expect(() => ising.graph(3, [], { colouring: [0] })).to.throw(ShapeError, /3 entries/);
    expect(() => ising.graph(3, [], { labels: [0] })).to.throw(ShapeError, /3 entries/);
  });

  it("keeps a user's colouring", () => {
    const { colour, colours } = ising.graph(3, [[0, 2]], { colouring: [1, 2, 0] });
    expect([Array.from(colour), colours]).to.deep.equal([[1, 2, 0], 3]);
  });
});

describe("parts of graphs", () => {
  it("keep labels through two cuts", () => {
    const pegasus = ising.pegasus(3);
    const part = ising.subgraph(ising.without(pegasus, { nodes: [0, 5] }), [3, 1, 2]);
    expect(Array.from(part.labels!)).to.deep.equal([6, 7, 8]);
    expect(ising.nodeOf(part, 7)).to.equal(1);
    expect(() => ising.nodeOf(part, 4)).to.throw(ArgumentError, /but is 4/);
  });

  it("leave out dead edges only", () => {
    const whole = ising.chimera(1, 1, 2);
    const part = ising.without(whole, { edges: [1] });
    expect(pairsOf(part)).to.deep.equal(pairsOf(whole).filter((_, e) => e !== 1));
    expect(part.n).to.equal(4);
  });

  it("refuse nodes that are not there, twice there, or none", () => {
    const graph = ising.complete(3);
    expect(() => ising.subgraph(graph, [3])).to.throw(ArgumentError, /`nodes`.* but is 3/);
    expect(() => ising.subgraph(graph, [1, 1])).to.throw(ArgumentError, /repeat node 1/);
    expect(() => ising.subgraph(graph, [])).to.throw(ArgumentError, /at least one node/);
    expect(() => ising.without(graph, { edges: [3] })).to.throw(ArgumentError, /`edges`/);
  });
});

describe("parseEdges()", () => {
  it("reads commas, semicolons, tabs and blanks, titles and comments", () => {
    const expected = pairsOf(
      ising.graph(4, [
        [0, 1],
        [1, 3],
      ]),
    );
    for (const text of [
      "u,v\n0,1\n1,3\n",
      "# list\r\n0;1\r\n\r\n3;1",
      "0\t1\n1\t3",
      " 0 1 \n1 3 9",
    ]) {
      expect(pairsOf(ising.parseEdges(text))).to.deep.equal(expected);
    }
    expect(ising.parseEdges("0 1", { n: 5 }).n).to.equal(5);
  });

  it("names the line that it cannot read", () => {
    expect(() => ising.parseEdges("0,1\n1,x")).to.throw(DataError, /line 2 is "1 x"/);
    expect(() => ising.parseEdges("0,1\n7")).to.throw(DataError, /line 2/);
    expect(() => ising.parseEdges("0,-1")).to.throw(DataError, /line 1/);
  });
});
