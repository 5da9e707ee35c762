// `zenoflow sample ising`: models by name and by file, samplers and their flags, rows out, interruption.

import { EventEmitter } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { formatOf } from "../../src/cli/ising/output.js";
import { scheduleOf } from "../../src/cli/ising/schedule.js";
import { joinVerb } from "../../src/cli/two-words.js";
import { exactMoments, model, complete, toBqm } from "../../src/ising/index.js";
import { call, withFolder } from "../support/cli.js";

type Document = {
  readonly complete: boolean;
  readonly summary: readonly Readonly<Record<string, number>>[];
  readonly model: { readonly graph: string; readonly n: number };
};

async function document(...argv: readonly string[]): Promise<Document> {
  const { code, out, err } = await call([
    "sample",
    "ising",
    ...argv,
    "--json",
    "--progress",
    "none",
  ]);
  expect(code, err).to.equal(0);
  return JSON.parse(out) as Document;
}

describe("zenoflow sample ising", () => {
  it("samples graphs by name with every sampler, to the exact mean energy within five errors", async () => {
    const exact = exactMoments(model(complete(6), { couplings: 0.3 }), { beta: 0.5 }).energies[0]!;
    const flags = ["complete:6", "--couplings", "0.3", "--beta", "0.5", "--seed", "3"];
    const [told] = (await document(...flags, "--sampler", "exact")).summary;
    expect(told!["mean energy"]).to.be.closeTo(exact, 1e-12);
    for (const sampler of ["gibbs", "metropolis", "swendsen-wang"]) {
      const [row] = (await document(...flags, "--sampler", sampler, "--samples", "400")).summary;
      const off = Math.abs(row!["mean energy"]! - exact);
      expect(off / row!["± error"]!, sampler).to.be.below(5);
      expect(row!["R-hat"], sampler).to.be.closeTo(1, 0.05);
    }
  });

  it("finds the ground state of a ferromagnet along schedules, and tells what each sampler knows", async () => {
    const on = ["chimera:2,2,2", "--seed", "1"];
    const [annealed] = (await document(...on, "--sampler", "anneal", "--sweeps", "200")).summary;
    // chimera(2, 2, 2) has 16 + 8 edges.
    expect(annealed!["lowest energy"]).to.equal(-24);
    expect(annealed!["at the lowest"]).to.be.within(0, 1);
    const quantum = ["--sampler", "quantum-anneal", "--beta", "8", "--sweeps", "50"];
    const down = (await document(...on, ...quantum, "--schedule", "linear:3,0")).summary[0]!;
    expect(down["lowest energy"]).to.equal(-24);
    expect(down).to.not.have.property("mean sigma x");
    const held = (await document(...on, ...quantum, "--schedule", "linear:3,3")).summary[0]!;
    expect(held["mean sigma x"]).to.be.within(0, 1);
    const tempered = ["--sampler", "tempering", "--rungs", "6", "--chains", "2", "--samples", "50"];
    const [ladders] = (await document(...on, ...tempered)).summary;
    expect(ladders!["rows"]).to.equal(100);
    expect(ladders!["least swap acceptance"]).to.be.within(0, 1);
  });

  it("writes CSV, dimod's JSON and figures, and the same rows for the same seed", () =>
    withFolder(async (cwd) => {
      const argv = ["sample", "ising", "bipartite:2,3", "--samples", "3", "--chains", "2", "-q"];
      const piped = await call([...argv, "-o", "-"], { cwd });
      expect([piped.code, piped.err]).to.deep.equal([0, ""]);
      const lines = piped.out.trimEnd().split("\r\n");
      expect(lines[0]).to.equal("model,chain,energy,occurrences,s0,s1,s2,s3,s4");
      expect(lines).to.have.length(7);
      const saved = await call([...argv, "-o", "a b.csv", "--figures", "figs"], { cwd });
      expect(saved.out).to.match(/^gibbs on bipartite\(2, 3\): 5 spins, 6 couplings/);
      expect(readFileSync(join(cwd, "a b.csv"), "utf8")).to.equal(piped.out);
      for (const name of ["graph.svg", "energies.svg"])
        expect(readFileSync(join(cwd, "figs", name), "utf8")).to.match(/^<svg/);
      await call([...argv, "-o", "rows.json"], { cwd });
      const set = JSON.parse(readFileSync(join(cwd, "rows.json"), "utf8")) as Record<
        string,
        unknown
      >;
      expect(set).to.include({ type: "SampleSet", num_rows: 6, num_variables: 5 });
    }));

  it("samples model files under the names of their variables, and graph files with couplings from flags", () =>
    withFolder(async (cwd) => {
      const bqm = { ...toBqm(model(complete(2), { couplings: 3 })), variable_labels: ["a", 'b"'] };
      writeFileSync(join(cwd, "m.json"), JSON.stringify(bqm));
      const read = await call(["sample", "ising", "m.json", "-o", "-", "--samples", "1", "-q"], {
        cwd,
      });
      expect(read.out).to.match(/^model,chain,energy,occurrences,sa,"sb"""\r\n/);
      writeFileSync(join(cwd, "g.csv"), "0,1\n1,2\n");
      const drawn = [
        "sample",
        "ising",
        "g.csv",
        "--couplings",
        "-1",
        "--sampler",
        "anneal",
        "--json",
      ];
      const { out } = await call(drawn, { cwd });
      expect((JSON.parse(out) as Document).summary[0]!["lowest energy"]).to.equal(-2);
      const twice = await call(["sample", "ising", "m.json", "--biases", "1"], { cwd });
      expect([twice.code, twice.err]).to.deep.equal([
        64,
        "zenoflow: error: --biases: must be left out, since m.json has values of its own\n  hint: a file with two columns, u and v, gives the graph alone\n",
      ]);
    }));

  it("says what is wrong with a graph, a file, a flag, and how to do it", async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [
        ["torsu:4,4"],
        64,
        /unknown graph 'torsu' \(did you mean torus\?\)\n.*hint: graphs: complete:n/,
      ],
      [
        ["chimera:x"],
        64,
        /chimera: sizes must be whole numbers as in chimera:m\[,n\[,t\]\], got 'x'/,
      ],
      [["torus:2,2"], 64, /torus: argument `dims` must be integers of at least 3/],
      [["none.json"], 66, /none\.json: must be a file or a graph/],
      [["grid:3", "--couplings", "big"], 64, /--couplings: must be a number, signs\[:seed\]/],
      [
        ["grid:3", "--rungs", "3", "--slices", "2"],
        64,
        /--rungs: must be left out[^]*--slices: must/,
      ],
      [
        ["grid:3", "--sampler", "anneal", "--schedule", "fast"],
        64,
        /--schedule: must be linear or/,
      ],
      [["grid:3", "--beta", "-1"], 64, /It must be a number ≥ 0/],
      [
        ["complete:50", "--sampler", "exact"],
        64,
        /exactMoments: argument `model` must have at most/,
      ],
      [
        ["grid:3", "-o", "/no/such/folder/x.csv"],
        73,
        /x\.csv cannot be written: its folder does not/,
      ],
      [["complete:30", "--sampler", "exact", "-o", "x.csv"], 64, /exactSamples: argument `model`/],
      [[], 64, /missing required argument 'graph\|file'/],
    ];
    for (const [argv, code, message] of cases) {
      const ended = await call(["sample", "ising", ...argv]);
      expect(ended.code, argv.join(" ")).to.equal(code);
      expect(ended.err).to.match(message);
      expect(ended.out).to.equal("");
    }
  });

  it("keeps the samples so far at the first signal, and exits with its code", async () => {
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const signals = new EventEmitter();
      const long = [
        "sample",
        "ising",
        "grid:64,64",
        "--samples",
        "5000",
        "--warmup",
        "0",
        "--json",
      ];
      setTimeout(() => signals.emit(signal), 150);
      const ended = await call(long, { signals });
      expect(ended.code).to.equal(code);
      expect(ended.err).to.contain("stopping: keeping the samples so far");
      const told = JSON.parse(ended.out) as Document;
      expect(told.complete).to.equal(false);
      expect(told.summary[0]!["rows"]).to.be.within(16, 79_999);
    }
  });
});

describe("joinVerb()", () => {
  it("joins the words of a verb behind flags and help, and nothing else", () => {
    expect(joinVerb(["--json", "sample", "ising", "x"])).to.deep.equal([
      "--json",
      "sample ising",
      "x",
    ]);
    expect(joinVerb(["help", "sample", "ising"])).to.deep.equal(["help", "sample ising"]);
    for (const argv of [
      ["sample", "runs/ising"],
      ["sample", "-n", "ising"],
      ["train", "sample", "ising"],
      [],
    ])
      expect(joinVerb(argv)).to.deep.equal(argv);
  });
});

describe("scheduleOf()", () => {
  it("reads a law with or without ends", () => {
    expect(scheduleOf(undefined, "linear", 5)).to.deep.equal({ kind: "linear", steps: 5 });
    expect(scheduleOf("geometric", "linear", 5)).to.deep.equal({ kind: "geometric", steps: 5 });
    const whole = { kind: "geometric", steps: 5, from: 0.1, to: 3 };
    expect(scheduleOf("geometric:.1,3", "linear", 5)).to.deep.equal(whole);
  });
});

describe("formatOf()", () => {
  it("goes by the ending", () => {
    expect([formatOf("a.json"), formatOf("a.csv"), formatOf("json")]).to.deep.equal([
      "dimod",
      "csv",
      "csv",
    ]);
  });
});
