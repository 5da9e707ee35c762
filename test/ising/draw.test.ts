// Drawings: every node and edge is there, where the lattice has it. How they look is for eyes.

import { expect } from "chai";
import { ising } from "../../src/index.js";
import { ShapeError } from "../../src/errors.js";

const count = (svg: string, pattern: RegExp): number => [...svg.matchAll(pattern)].length;

describe("draw()", () => {
  for (const graph of [ising.chimera(2, 3, 4), ising.pegasus(3), ising.zephyr(2, 3)]) {
    it(`${graph.name} has two strokes a qubit, a dot a crossing and a link for other couplers`, () => {
      const svg = ising.draw(graph);
      const [dots, strokes] = [count(svg, /<circle/g), count(svg, /<path/g)];
      expect(strokes - 2 * graph.n + dots).to.equal(ising.edgeCount(graph));
      expect(dots).to.be.greaterThan(0);
      expect(svg).to.not.include("NaN");
    });
  }

  it("couplers of crossing qubits lie on both of them", () => {
    for (const graph of [ising.chimera(2, 2, 2), ising.pegasus(2), ising.zephyr(1, 2)]) {
      const svg = ising.draw(graph);
      const [, ...groups] = svg.split("<g ");
      const bars = [
        ...(groups[0]! + groups[1]!).matchAll(/M([\d.-]+) ([\d.-]+)L([\d.-]+) ([\d.-]+)"/g),
      ].map((match) => match.slice(1).map(Number));
      const on = (x: number, y: number): number =>
        bars.filter(([x1, y1, x2, y2]) => x >= x1! && x <= x2! && y >= y1! && y <= y2!).length;
      for (const [, x, y] of svg.matchAll(/<circle cx="([\d.-]+)" cy="([\d.-]+)"/g)) {
        expect(on(Number(x), Number(y)), `${graph.name} at ${x!}, ${y!}`).to.equal(4);
      }
    }
  });

  it("draws both ends of the edges around a torus", () => {
    const svg = ising.draw(ising.torus(4, 5));
    // 40 edges, of which 4 + 5 go around.
    expect(count(svg, /<path/g)).to.equal(40 + 9);
    expect(count(svg, /<circle/g)).to.equal(20);
  });

  it("draws other graphs as points, one node included", () => {
    for (const graph of [
      ising.complete(7),
      ising.bipartite(2, 5),
      ising.randomRegular(8, 3, 1),
      ising.complete(1),
      ising.grid(2, 3, 4),
    ]) {
      const svg = ising.draw(graph);
      expect(count(svg, /<circle/g)).to.equal(graph.n);
      expect(count(svg, /<path/g)).to.equal(ising.edgeCount(graph));
      expect(svg).to.not.match(/NaN|Infinity/);
    }
  });

  it("colours by sign, and refuses lists that do not fit", () => {
    const svg = ising.draw(ising.complete(2), { spins: [1, -1], couplings: [-2] });
    expect(svg)
      .to.include("rgb(33,102,172)")
      .and.to.include("rgb(178,24,43)")
      .and.to.include("#b2182b");
    expect(() => ising.draw(ising.complete(2), { spins: [1] })).to.throw(ShapeError, /`spins`/);
    expect(() => ising.draw(ising.complete(2), { couplings: [] })).to.throw(
      ShapeError,
      /`couplings`/,
    );
  });

  it("escapes the name", () => {
    expect(ising.draw(ising.graph(1, [], { name: "a<b&c" }))).to.include("a&lt;b&amp;c");
  });
});
