// Models and graphs from files: each format, what decides between them, and the errors that name the file.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { readGraph, readModel } from "../../src/data/files/index.js";
import { DataError } from "../../src/errors.js";
import { chimera, energies, formatCoo, model, toBqm, toJson } from "../../src/ising/index.js";

describe("readModel()", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "zenoflow-ising-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, text: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  const graph = chimera(1, 2, 2);
  const own = model(graph, {
    biases: Array.from({ length: graph.n }, (_, i) => (i - 3) / 4),
    couplings: Array.from({ length: graph.edges.length / 2 }, (_, e) => (e % 5) / 8 - 0.25),
    offset: 2,
  });
  const states = [1, -1, 1, 1, -1, -1, 1, -1];

  it("reads dimod's JSON of both vartypes, this package's JSON, and both compressed, to the same energies", () => {
    const texts = [
      JSON.stringify(toBqm(own)),
      JSON.stringify(toBqm(own, { vartype: "BINARY" })),
      JSON.stringify(toJson(own)),
    ];
    for (const [k, text] of texts.entries())
      for (const [name, bytes] of [
        [`m${k}.json`, text],
        [`m${k}.json.gz`, gzipSync(text)],
      ] as const) {
        const { model: read, hasValues } = readModel(file(name, bytes));
        expect(hasValues).to.equal(true);
        expect(energies(read, states)[0]).to.be.closeTo(energies(own, states)[0]!, 1e-12);
      }
  });

  it("reads coordinates in dimod's signs, by their vartype line, by the file's name or by option", () => {
    const text = formatCoo(own);
    const bare = text.replace(/^#.*\n/, "");
    // The format has no place for the offset.
    const E = energies(own, states)[0]! - 2;
    const reads = [
      readModel(file("a.txt", text)),
      readModel(file("b.coo", text)),
      readModel(file("c.txt", bare), { vartype: "SPIN" }),
    ];
    for (const { model: read } of reads) expect(energies(read, states)[0]).to.be.closeTo(E, 1e-12);
    expect(() => readModel(file("d.coo", bare))).to.throw(DataError, /vartype/);
    expect(readGraph(file("e.coo", bare)).edges).to.deep.equal(graph.edges);
  });

  it("reads edge lists with couplings and biases in the signs of this package", () => {
    const { model: read } = readModel(file("j.csv", "u,v,J\n2,0,-0.5\n0,1,1.5\n1,1,0.25\n"));
    expect(read.graph.edges).to.deep.equal(Int32Array.of(0, 1, 0, 2));
    expect(read.couplings).to.deep.equal(Float64Array.of(1.5, -0.5));
    expect(read.biases).to.deep.equal(Float64Array.of(0, 0.25, 0));
  });

  it("reads edge lists of two columns as graphs, blanks and titles as they may be", () => {
    for (const text of ["0 1\n1 2\n", "u;v\r\n0;1\r\n1;2", "# mine\n0\t1\n\n1\t2\n"]) {
      const { model: read, hasValues } = readModel(file("g.csv", text));
      expect(hasValues, text).to.equal(false);
      expect(read.graph.edges).to.deep.equal(Int32Array.of(0, 1, 1, 2));
    }
  });

  it("takes no file with values that are no numbers, nor one without lines, for a graph", () => {
    for (const bad of ["nan", "NaN", "inf", "-Infinity"])
      expect(() => readModel(file("n.txt", `0 1 ${bad}\n`)), bad).to.throw(DataError, /line 1/);
    for (const text of ["", "\n  \n", "# only words\n", "u,v,J\n"])
      expect(() => readModel(file("e.txt", text)), text).to.throw(DataError, /no line that begins/);
    for (const text of ["{}", "[]"])
      expect(() => readModel(file("e.json", text)), text).to.throw(DataError, /neither.*dimod/);
  });

  it("names the file that cannot be read, and what is wrong inside of one", () => {
    expect(() => readModel(join(folder, "nothing.json"))).to.throw(DataError, "nothing.json");
    expect(() => readModel(file("x.json", "{"))).to.throw(DataError, /x\.json: must hold an Ising/);
    expect(() => readModel(file("y.json", '{"type":"Graph"}'))).to.throw(
      DataError,
      /y\.json.*dimod/,
    );
    expect(() => readModel(file("z.csv", "0,1,2\n0,b,1\n"))).to.throw(DataError, /z\.csv.*line 2/);
    expect(() => readModel(file("w.csv", "0,1,2\n1,0,3\n"))).to.throw(
      DataError,
      /w\.csv.*0-1 twice/,
    );
  });
});
