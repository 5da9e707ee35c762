// Models: parameters with and without population, energies and fields of arrays and tensors, other conventions, JSON.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ising } from "../../src/index.js";
import { ArgumentError, DataError, ShapeError } from "../../src/errors.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read } from "../support/tensors.js";
import { caseOf, listedModel, ruleModel } from "./golden.js";
import type { HostModel, SerializableBqm } from "../../src/ising/index.js";

const exactly = { atol: 1e-12, rtol: 1e-12 };
const single = { atol: 1e-5, rtol: 1e-5 };

type Triple = readonly [number, number, number];
type GoldenQubo = {
  readonly linear: number[];
  readonly quadratic: readonly Triple[];
  readonly b: number[];
  readonly J: readonly Triple[];
  readonly offset: number;
  readonly check: { readonly x: readonly number[]; readonly energy: number };
};

/** A population of three on a graph with an isolated node. */
function population(): HostModel {
  const graph = ising.graph(4, [
    [0, 1],
    [1, 2],
    [0, 2],
  ]);
  const rows = (width: number, shift: number): number[][] =>
    [0, 1, 2].map((p) => Array.from({ length: width }, (_, i) => Math.sin(shift + 5 * p + i)));
  return ising.model(graph, { biases: rows(4, 0), couplings: rows(3, 2), offset: [1, 2, 3] });
}

/** Two rows of spins for each of three replicas. */
const SPINS = Int8Array.from({ length: 24 }, (_, i) => (Math.sin(7 * i) > 0 ? 1 : -1));

describe("energies()", () => {
  it("are the sum over biases and couplings, with the sign that makes positive couplings align", () => {
    const of = ising.model(ising.graph(2, [[0, 1]]), { biases: [0.5, 0], couplings: [2] });
    closeTo(ising.energies(of, [1, 1, 1, -1, -1, -1]), [-2.5, 1.5, -1.5], exactly);
  });

  it("change by 2 s F when a spin is flipped", () => {
    const of = population();
    const E = ising.energies(of, SPINS);
    const F = ising.localFields(of, SPINS);
    for (let i = 0; i < 4; i++) {
      const flipped = SPINS.map((s, at) => (at % 4 === i ? -s : s));
      const changed = Array.from(E, (energy, r) => energy + 2 * SPINS[4 * r + i]! * F[4 * r + i]!);
      closeTo(ising.energies(of, flipped), changed, exactly, `spin ${i}`);
    }
  });

  it("of a replica alone are those in the population", () => {
    const of = population();
    const alone = [0, 1, 2].flatMap((p) =>
      Array.from(ising.energies(ising.replica(of, p), SPINS.subarray(8 * p, 8 * p + 8))),
    );
    closeTo(ising.energies(of, SPINS), alone, {});
  });

  it("refuse spins that do not fit, and arrays where the model holds tensors", () => {
    const of = population();
    const text = /`spins` must hold \[3, rows, 4\] numbers, but has length 10/;
    expect(() => ising.energies(of, SPINS.subarray(0, 10))).to.throw(ShapeError, text);
    const tensors = ising.model(of.graph, { biases: tf.zeros([4]) });
    expect(() => ising.energies(tensors as HostModel, SPINS)).to.throw(ArgumentError, /hostModel/);
  });
});

onEachBackend("tensor energies and fields", () => {
  const spins = (): tf.Tensor => tf.tensor(Float32Array.from(SPINS), [3, 2, 4]);

  it("are those of arrays", async () => {
    const of = population();
    closeTo(await read(() => ising.energies(of, spins())), ising.energies(of, SPINS), single);
    closeTo(await read(() => ising.localFields(of, spins())), ising.localFields(of, SPINS), single);
  });

  it("take spins without population axis of any rank, and graphs without edges", async () => {
    const of = ruleModel(ising.chimera(1, 1, 2));
    const rows = SPINS.slice(0, 8);
    const t = tf.tensor(Float32Array.from(rows), [2, 1, 4]);
    closeTo(await read(() => ising.energies(of, t)), ising.energies(of, rows), single);
    const free = ising.model(ising.graph(4, []), { biases: 0.5 });
    closeTo(await read(() => ising.energies(free, t)), ising.energies(free, rows), single);
    closeTo(await read(() => ising.localFields(free, t)), new Float32Array(8).fill(0.5), {});
    t.dispose();
  });

  it("have the statistics of the spins as gradients by the parameters", async () => {
    const { graph } = population();
    const byBias = await read(() =>
      tf.grad((biases) => ising.energies(ising.model(graph, { biases }), spins()))(
        tf.zeros([3, 4]),
      ),
    );
    const byCoupling = await read(() =>
      tf.grad((couplings) => ising.energies(ising.model(graph, { couplings }), spins()))(
        tf.zeros([3, 3]),
      ),
    );
    const sums = (value: (row: number, k: number) => number, width: number): number[] =>
      [0, 1, 2].flatMap((p) =>
        Array.from({ length: width }, (_, k) => -value(2 * p, k) - value(2 * p + 1, k)),
      );
    closeTo(
      byBias,
      sums((row, i) => SPINS[4 * row + i]!, 4),
      single,
    );
    const { edges } = graph;
    const pair = (row: number, e: number): number =>
      SPINS[4 * row + edges[2 * e]!]! * SPINS[4 * row + edges[2 * e + 1]!]!;
    closeTo(byCoupling, sums(pair, 3), single);
  });

  it("have minus the field as gradient by the spins, and couplings as gradient of that", async () => {
    const of = population();
    const byEnergy = tf.grad((s) => ising.energies(of, s));
    const fields = ising.localFields(of, SPINS).map((F) => -F);
    closeTo(await read(() => byEnergy(spins())), fields, single);
    const weights = (): tf.Tensor => tf.tensor([1, 0, 0, 0], [1, 1, 4]);
    const second = await read(() => tf.grad((s) => tf.mul(byEnergy(s), weights()))(spins()));
    // Edges are 0-1, 0-2, 1-2.
    const rows = [0, 1, 2].flatMap((p) => {
      const row = [0, -of.couplings[3 * p]!, -of.couplings[3 * p + 1]!, 0];
      return [...row, ...row];
    });
    closeTo(second, rows, single);
  });

  it("leave no tensors behind", () => {
    const of = population();
    const s = spins();
    const before = tf.memory().numTensors;
    tf.dispose([ising.energies(of, s), ising.localFields(of, s)]);
    expect(tf.memory().numTensors).to.equal(before);
    s.dispose();
  });
});

describe("model()", () => {
  const graph = ising.complete(3);

  it("repeats what has no population axis", () => {
    const of = ising.model(graph, {
      biases: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      couplings: 0.5,
      offset: 7,
    });
    expect([of.population, of.batched]).to.deep.equal([2, true]);
    expect(Array.from(of.couplings)).to.deep.equal(new Array(6).fill(0.5));
    expect(Array.from(of.offset)).to.deep.equal([7, 7]);
    const alone = ising.model(graph, { couplings: [1, 2, 3] });
    expect([alone.population, alone.batched, alone.biases.length]).to.deep.equal([1, false, 3]);
    expect(ising.model(graph, { biases: [[1, 2, 3]] }).batched).to.equal(true);
  });

  it("keeps tensors until hostModel reads them", async () => {
    const tensors = { biases: tf.tensor([1, 2, 3]), couplings: tf.scalar(0.5) };
    const of = ising.model(graph, { ...tensors, offset: [1, 2] });
    expect(of.biases).to.equal(tensors.biases);
    const host = await ising.hostModel(of);
    expect(Array.from(host.biases)).to.deep.equal([1, 2, 3, 1, 2, 3]);
    expect(Array.from(host.couplings)).to.deep.equal(new Array(6).fill(0.5));
    expect(await ising.hostModel(host)).to.equal(host);
    tf.dispose(tensors);
  });

  it("does not share arrays with the caller", () => {
    const biases = [[1, 2, 3]];
    const of = ising.model(graph, { biases });
    biases[0]![0] = 9;
    expect(of.biases[0]).to.equal(1);
  });

  it("names what does not fit", async () => {
    const wrong: readonly [() => unknown, RegExp][] = [
      [() => ising.model(graph, { biases: [1, 2] }), /`biases`.*3 nodes.*shape \[2\]/],
      [() => ising.model(graph, { couplings: [[1, 2, 3], [1]] }), /`couplings\[1\]`.*shape \[1\]/],
      [() => ising.model(graph, { couplings: tf.zeros([2, 2]) }), /`couplings`.*3 edges/],
      [
        () =>
          ising.model(graph, {
            biases: [
              [1, 2, 3],
              [1, 2, 3],
            ],
            offset: [1, 2, 3],
          }),
        /population axes.*\[2, 3\]/,
      ],
    ];
    for (const [call, message] of wrong) expect(call).to.throw(ShapeError, message);
    expect(() => ising.model(graph, { biases: [0, NaN, 0] })).to.throw(
      ArgumentError,
      /`biases` must be finite, but entry 1 is NaN/,
    );
    expect(() => ising.model(graph, { biases: tf.zeros([3], "int32") })).to.throw(ArgumentError);
    const infinite = ising.model(graph, { couplings: tf.scalar(Infinity) });
    const error = await ising.hostModel(infinite).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ArgumentError);
  });
});

describe("other conventions", () => {
  it("qubo to ising is the golden one, both ways", () => {
    const { linear, quadratic, b, J, offset, check } = caseOf(
      "qubo to ising",
    ) as unknown as GoldenQubo;
    const graph = ising.graph(
      3,
      quadratic.map(([u, v]) => [u, v] as const),
    );
    const of = ising.fromQubo(graph, { linear, quadratic: quadratic.map((row) => row[2]) });
    expect(Array.from(of.biases)).to.deep.equal(b);
    expect(Array.from(of.couplings)).to.deep.equal(J.map((row) => row[2]));
    expect(of.offset[0]).to.equal(offset);
    const spins = check.x.map((x) => 2 * x - 1);
    expect(ising.energies(of, spins)[0]).to.equal(check.energy);
    closeTo(ising.toQubo(of).linear, linear, exactly);
    closeTo(ising.toQubo(of).offset, [0], exactly);
  });

  it("keep populations, and come back as they went", () => {
    const of = population();
    const { linear, quadratic, offset } = ising.toQubo(of);
    const rows = (flat: Float64Array): number[][] => {
      const width = flat.length / 3;
      return [0, 1, 2].map((p) => Array.from(flat.subarray(p * width, (p + 1) * width)));
    };
    const back = ising.fromQubo(of.graph, {
      linear: rows(linear),
      quadratic: rows(quadratic),
      offset,
    });
    closeTo(back.biases, of.biases, exactly);
    closeTo(back.couplings, of.couplings, exactly);
    closeTo(back.offset, of.offset, exactly);
    const { h, J } = ising.toDimod(of);
    const again = ising.fromDimod(of.graph, { h: rows(h), J: rows(J), offset: of.offset });
    closeTo(ising.energies(again, SPINS), ising.energies(of, SPINS), {});
  });

  it("read a QUBO matrix as x' M x", () => {
    const M = [
      [1, 2, 0],
      [0.5, -1, 0],
      [0, 0, 3],
    ];
    const of = ising.fromQuboMatrix(M);
    expect(ising.edgeCount(of.graph)).to.equal(1);
    // x = (1, 1, 0): 1 + 2.5 − 1
    closeTo(ising.energies(of, [1, 1, -1]), [2.5], exactly);
    expect(() => ising.fromQuboMatrix([[1, 2]])).to.throw(ShapeError, /square/);
    expect(() => ising.fromQuboMatrix([[NaN]])).to.throw(ArgumentError, /matrix\[0\]\[0\]/);
  });
});

describe("text and JSON", () => {
  // dimod 0.12.23: BinaryQuadraticModel({"a": 1, 2: -0.5}, {("a", 2): 0.25, ("a", "c"): 1}, 0.5, "SPIN").to_serializable()
  const bqm: SerializableBqm = {
    type: "BinaryQuadraticModel",
    version: { bqm_schema: "3.0.0" },
    use_bytes: false,
    index_type: "int32",
    bias_type: "float64",
    num_variables: 3,
    num_interactions: 2,
    variable_labels: ["a", 2, "c"],
    variable_type: "SPIN",
    offset: 0.5,
    info: {},
    linear_biases: [1, -0.5, 0],
    quadratic_biases: [0.25, 1],
    quadratic_head: [0, 0],
    quadratic_tail: [1, 2],
  };

  it("fromBqm reads dimod's JSON, in any order of its pairs", () => {
    const { model, variables } = ising.fromBqm(bqm);
    expect(variables).to.deep.equal(["a", 2, "c"]);
    // 0.5 + (1 + 0.5) + (−0.25 + 1)
    closeTo(ising.energies(model, [1, -1, 1]), [2.75], exactly);
    const turned = {
      ...bqm,
      quadratic_biases: [1, 0.25],
      quadratic_head: [2, 1],
      quadratic_tail: [0, 0],
    };
    closeTo(ising.fromBqm(turned).model.couplings, model.couplings, {});
  });

  it("toBqm writes what fromBqm reads, in both vartypes and with labels", () => {
    const graph = ising.subgraph(ising.chimera(1, 1, 2), [1, 2, 3]);
    const of = { ...ruleModel(graph), offset: Float64Array.of(0.25) };
    for (const vartype of ["SPIN", "BINARY"] as const) {
      const json = JSON.stringify(ising.toBqm(of, { vartype }));
      const { model, variables } = ising.fromBqm(JSON.parse(json) as SerializableBqm);
      expect(variables).to.deep.equal([1, 2, 3]);
      expect(Array.from(model.graph.labels!)).to.deep.equal([1, 2, 3]);
      const states = ising.allStates(3);
      closeTo(ising.energies(model, states), ising.energies(of, states), exactly, vartype);
    }
  });

  it("fromBqm refuses other objects", () => {
    for (const wrong of [{}, { ...bqm, use_bytes: true }, { ...bqm, num_interactions: 3 }]) {
      expect(() => ising.fromBqm(wrong as SerializableBqm)).to.throw(DataError, /to_serializable/);
    }
  });

  it("toJson keeps population, lattice, labels and offset", () => {
    const graph = ising.subgraph(ising.chimera(2, 1, 2), [0, 1, 2, 3, 5]);
    const of = ising.model(graph, {
      biases: [
        [1, 2, 3, 4, 5],
        [5, 4, 3, 2, 1],
      ],
      offset: [1, 2],
    });
    const back = ising.fromJson(JSON.parse(JSON.stringify(ising.toJson(of))));
    expect(back).to.deep.equal(of);
    const alone = listedModel(caseOf("K4 beta=1.0"));
    expect(ising.fromJson(JSON.parse(JSON.stringify(ising.toJson(alone))))).to.deep.equal(alone);
    expect(() => ising.fromJson(bqm as never)).to.throw(DataError, /fromBqm/);
  });

  it("reads and writes dimod's coordinate format", () => {
    // dimod.serialization.coo.dumps of h = {0: 1, 2: -0.5}, J = {(0, 1): 1, (0, 2): 0.25}
    const text = "# vartype=SPIN\n0 0 1.000000\n0 1 1.000000\n0 2 0.250000\n2 2 -0.500000\n";
    const of = ising.parseCoo(text);
    closeTo(ising.toDimod(of).h, [1, 0, -0.5], {});
    closeTo(ising.toDimod(of).J, [1, 0.25], {});
    for (const vartype of ["SPIN", "BINARY"] as const) {
      const back = ising.parseCoo(ising.formatCoo(of, { vartype }));
      closeTo(back.biases, of.biases, exactly);
      closeTo(back.couplings, of.couplings, exactly);
    }
    const small = ising.model(ising.graph(2, [[0, 1]]), { biases: [1e-9, 2e21] });
    expect(ising.formatCoo(small)).to.not.match(/\de/);
    closeTo(ising.parseCoo(ising.formatCoo(small)).biases, [1e-9, 2e21], { rtol: 1e-12 });
    expect(() => ising.parseCoo("0 0 1")).to.throw(DataError, /vartype/);
    expect(() => ising.parseCoo("0 1", "SPIN")).to.throw(DataError, /line 1/);
    closeTo(ising.parseCoo("0 1 1\n1 0 2", "SPIN").couplings, [-3], {});
  });
});
