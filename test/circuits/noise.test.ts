// Tests of noise: every channel against the golden file, the density path against states and closed forms, noise
// models, readout errors, drawings and files of noisy circuits, and what is refused.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import * as qc from "../../src/circuits/index.js";
import { useBackend } from "../../src/backend.js";
import { ArgumentError } from "../../src/errors.js";
import { adjoint, multiply } from "../../src/circuits/matrix.js";
import { transferMatrix } from "../../src/circuits/noise/transfer.js";
import { closeTo, type Numbers } from "../support/close-to.js";
import { onEachBackend } from "../support/backends.js";
import { caseOf, casesOf, constantCircuit, observable, operation } from "./golden.js";

const single = { atol: 2e-5 };
const exact = { atol: 1e-11 };

async function numbers(tensor: tf.Tensor): Promise<Numbers> {
  const values = (await tensor.array()) as Numbers;
  tensor.dispose();
  return values;
}

type Make = (args: readonly number[], wires: readonly number[]) => qc.ChannelOperation;

/** The channels of the file by name; `depolarizing2` is the one on two wires. */
const MAKE: Readonly<Record<string, Make>> = {
  bitFlip: ([p], on) => qc.bitFlip(p!, on),
  phaseFlip: ([p], on) => qc.phaseFlip(p!, on),
  bitPhaseFlip: ([p], on) => qc.bitPhaseFlip(p!, on),
  pauliChannel: ([x, y, z], on) => qc.pauliChannel(x!, y!, z!, on),
  depolarizing: ([p], on) => qc.depolarizing(p!, on),
  depolarizing2: ([p], on) => qc.depolarizing(p!, on),
  amplitudeDamping: ([g], on) => qc.amplitudeDamping(g!, on),
  generalizedAmplitudeDamping: ([g, p], on) => qc.generalizedAmplitudeDamping(g!, p!, on),
  phaseDamping: ([g], on) => qc.phaseDamping(g!, on),
  reset: ([p0, p1], on) => qc.reset(p0!, p1!, on),
  thermalRelaxation: ([pe, T1, T2, t], on) => qc.thermalRelaxation(pe!, T1!, T2!, t!, on),
};

const make = (name: string, args: readonly number[], on: readonly number[]): qc.ChannelOperation =>
  MAKE[name]!(args, on);

describe("channels", () => {
  for (const { name, channel, args, superoperator } of casesOf("channel")) {
    if (superoperator === null) continue;
    it(`have the golden superoperator of ${name}`, () => {
      // S[(i, j), (k, l)] = Σ K[i][k] conj(K[j][l]), row-major.
      const S = { re: [] as number[][], im: [] as number[][] };
      const operators = qc.krausOperators(make(channel, args, [0]));
      for (const [i, j] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        // prettier-ignore
        const rows = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([k, l]) => // prettier-ignore
          operators.reduce(
            ([re, im], K) => {
              const [a, b, c, d] = [K.re[i]![k!]!, K.im[i]![k!]!, K.re[j]![l!]!, -K.im[j]![l!]!];
              return [re! + a * c - b * d, im! + a * d + b * c];
            },
            [0, 0],
          ),
        );
        S.re.push(rows.map(([re]) => re!));
        S.im.push(rows.map(([, im]) => im!));
      }
      closeTo(S.re, superoperator.re, exact);
      closeTo(S.im, superoperator.im, exact);
    });
  }

  it("keep the trace: their operators sum to the identity", () => {
    for (const { channel, args, wires } of casesOf("channel")) {
      const all = qc.krausOperators(make(channel, args, wires)).map((K) => multiply(adjoint(K), K));
      const sum = all[0]!.re.map((row, i) => row.map((_, j) => all.reduce((s, { re }) => s + re[i]![j]!, 0))); // prettier-ignore
      closeTo(
        sum,
        sum.map((row, i) => row.map((_, j) => (i === j ? 1 : 0))),
        exact,
      );
    }
  });

  it("mix fully at 3/4 on one wire and at 15/16 on two", () => {
    for (const [p, on] of [
      [3 / 4, [0]],
      [15 / 16, [0, 1]],
    ] as const) {
      // prettier-ignore
      const R = transferMatrix(qc.krausOperators(qc.depolarizing(p, on)));
      R.forEach((row, i) => {
        closeTo(row, row.map((_, j) => (i === 0 && j === 0 ? 1 : 0)), exact); // prettier-ignore
      });
    }
    closeTo(qc.depolarizingTo(1, [0, 1]).values, [15 / 16], exact);
    closeTo(qc.depolarizingTo(0.2, { count: 1 }).values, [0.15], exact);
  });
});

onEachBackend("density matrices of noisy circuits", () => {
  for (const { name, channel, args, n, ops, wires, rhoOut, purityOut } of casesOf("channel")) {
    it(`are the golden ones behind ${name}`, async () => {
      const circuit = constantCircuit(n, ops).append(make(channel, args, wires));
      const rho = qc.density(circuit);
      closeTo(await numbers(rho.re), rhoOut.re, single);
      closeTo(await numbers(rho.im), rhoOut.im, single);
      closeTo(await numbers(qc.purity(circuit)), purityOut, single);
    });
  }

  for (const { name, channel, args, blochAfterRX08 } of casesOf("channel")) {
    if (blochAfterRX08 === null) continue;
    it(`have the golden Bloch vector behind RX(0.8) and ${name}`, async () => {
      const circuit = qc
        .circuit(1)
        .append(qc.gate("RX", 0, 0.8))
        .append(make(channel, args, [0]));
      closeTo(await numbers(qc.expectation(circuit, { observables: ["X", "Y", "Z"] })), blochAfterRX08, single); // prettier-ignore
    });
  }
});

describe("the golden noisy circuit", () => {
  before(() => useBackend("wasm"));

  const { n, ops, rho, observables, expval, gradientPerGateParameter, purity, reduced0, entropyNats } = caseOf("noisyCircuit"); // prettier-ignore
  const angles: number[] = [];
  const circuit = qc.circuit(n).append(
    ops.map((own) => {
      if ("channel" in own) return make(own.channel, own.args, own.wires);
      const { params = [] } = own;
      return operation(own, params.map((t) => qc.parameter(angles.push(t) - 1))); // prettier-ignore
    }),
  );
  const parameters = tf.tensor1d(angles);

  it("has the density matrix, expectation values, purity, reduced state and entropy", async () => {
    const own = qc.density(circuit, { parameters });
    closeTo(await numbers(own.re), rho.re, single);
    closeTo(await numbers(own.im), rho.im, single);
    const values = qc.expectation(circuit, {
      parameters,
      observables: observables.map(observable),
    });
    closeTo(await numbers(values), expval, single);
    closeTo(await numbers(qc.purity(circuit, { parameters })), purity, single);
    const first = qc.reduced(circuit, { parameters, wires: [0] });
    closeTo(await numbers(first.re), reduced0.re, single);
    closeTo(await numbers(first.im), reduced0.im, single);
    closeTo(await numbers(qc.entropy(circuit, { parameters })), entropyNats, { atol: 1e-4 });
  });

  it("has the gradient of each expectation value by every angle", async () => {
    for (const [i, own] of observables.map(observable).entries()) {
      const f = (x: tf.Tensor): tf.Tensor =>
        tf.sum(qc.expectation(circuit, { parameters: x, observables: [own] }));
      closeTo(await numbers(tf.grad(f)(parameters)), gradientPerGateParameter[i]!, single);
    }
  });

  it("is read with the golden readout error", async () => {
    const { probs, probsOut, p1given0, p0given1, z0Before, z0After } = caseOf("readout");
    const readout = { p1given0, p0given1 };
    closeTo(await numbers(qc.probabilities(circuit, { parameters })), probs, single);
    closeTo(await numbers(qc.probabilities(circuit, { parameters, readout })), probsOut, single);
    const z0 = { parameters, observables: ["ZI"] };
    closeTo(await numbers(qc.expectation(circuit, z0)), [z0Before], single);
    closeTo(await numbers(qc.expectation(circuit, { ...z0, readout })), [z0After], single);
    const swapped = qc.probabilities(circuit, { parameters, readout, wires: [1, 0] });
    closeTo(await numbers(swapped), [0, 2, 1, 3].map((k) => probsOut[k]!), single); // prettier-ignore
  });

  it("gives shots of the read probabilities within 5 standard errors", async () => {
    const { probsOut, p1given0, p0given1, z0After } = caseOf("readout");
    const readout = { p1given0, p0given1 };
    const shots = 20000;
    const [seen] = await qc.counts(circuit, { parameters, readout, shots, seed: 5 });
    for (const [k, p] of probsOut.entries()) {
      const count = seen![k.toString(2).padStart(2, "0")] ?? 0;
      expect(Math.abs(count - shots * p)).to.be.below(5 * Math.sqrt(shots * p * (1 - p)));
    }
    const { mean, standardError } = await qc.estimate(circuit, { parameters, readout, observable: "ZI", shots, seed: 6 }); // prettier-ignore
    const [m, e] = [(await mean.data())[0]!, (await standardError.data())[0]!];
    expect(Math.abs(m - z0After)).to.be.below(5 * e);
  });
});

describe("the density path without channels", () => {
  before(() => useBackend("wasm"));

  const gates: readonly qc.Operation[] = [
    qc.gate("CRX", [2, 0], qc.parameter(0)),
    qc.gate("Toffoli", [0, 2, 3]),
    qc.controlled(qc.gate("X", 1), [0, 2, 3], [1, 0, 1]),
    qc.controlled(qc.gate("PhaseShift", 1, qc.parameter(1)), [0, 3], [0, 1]),
    qc.gate("DoubleExcitation", [3, 1, 0, 2], qc.parameter(2)),
    qc.unitary(qc.gateMatrix("ECR"), [3, 1]),
    qc.diagonalUnitary({ re: [1, 0, 0, -1], im: [0, 1, -1, 0] }, [1, 2]),
    qc.pauliRot("YXZ", [1, 0, 3], qc.feature(1)),
    qc.gate("CSWAP", [2, 0, 1]),
    qc.gate("IsingXY", [0, 3], qc.parameter(3)),
  ];
  const circuit = qc.circuit(4).append(qc.angleEmbedding("Y"), qc.features(0, 4)).append(gates);
  const words = ["ZIII", "XYIZ", "IIYY", "ZZZZ", "IXII"];
  const parameters = tf.tensor2d([[0.4, -1.1, 0.9, 2.2], [1.4, 0.3, -0.6, 0.2]]); // prettier-ignore
  const features = tf.tensor2d([[0.3, -0.7, 1.1, 0.2], [1.3, 0.4, -0.9, 2.1], [0, 0.1, 3, -1]]); // prettier-ignore

  it("is the state path for gates of all kinds: values, gradients, probabilities, reduced states", async () => {
    const given = { parameters, features, observables: words };
    const f =
      (path: qc.Path) =>
      (p: tf.Tensor, x: tf.Tensor): tf.Tensor =>
        qc.expectation(circuit, { parameters: p, features: x, observables: words, path });
    const pure = qc.expectation(circuit, given);
    closeTo(await numbers(f("density")(parameters, features)), await numbers(pure), single);
    const weights = tf.tensor1d([0.3, -1, 0.7, 0.2, 1.1]);
    const slopes = (path: qc.Path): tf.Tensor[] =>
      tf.grads((p, x) => tf.sum(tf.mul(weights, f(path)(p, x))))([parameters, features]);
    const [a, b] = [slopes("density"), slopes("fused")];
    closeTo(await numbers(a[0]!), await numbers(b[0]!), { atol: 5e-5 });
    closeTo(await numbers(a[1]!), await numbers(b[1]!), { atol: 5e-5 });
    for (const wires of [[0], [2, 0], [3, 1, 2], [1, 3, 0, 2]]) {
      const own = { parameters, features, wires };
      const mixed = { ...own, path: "density" as const };
      closeTo(await numbers(qc.probabilities(circuit, mixed)), await numbers(qc.probabilities(circuit, own)), single); // prettier-ignore
      const [rho, sigma] = [qc.reduced(circuit, mixed), qc.reduced(circuit, own)];
      closeTo(await numbers(rho.re), await numbers(sigma.re), single);
      closeTo(await numbers(rho.im), await numbers(sigma.im), single);
      closeTo(await numbers(qc.purity(circuit, mixed)), await numbers(qc.purity(circuit, own)), single); // prettier-ignore
    }
    closeTo(await numbers(qc.variance(circuit, { ...given, path: "density" })), await numbers(qc.variance(circuit, given)), { atol: 5e-5 }); // prettier-ignore
  });

  it("starts from any states and from embedded amplitudes", async () => {
    const own = qc
      .circuit(2)
      .append(qc.amplitudeEmbedding({ normalize: true, complex: true }), qc.features(0, 8))
      .append(qc.gate("CRY", [1, 0], 0.7));
    const x = tf.tensor2d([
      [1, 2, -1, 0.5, 0.3, -2, 1, 0],
      [0.1, 0, 0, 1, 1, 1, -1, 0.2],
    ]);
    const given = { features: x, observables: ["XZ", "YY", "IZ"] };
    const mixed = qc.expectation(own, { ...given, path: "density" });
    closeTo(await numbers(mixed), await numbers(qc.expectation(own, given)), single);
  });

  it("leaves no tensors behind, nor does its gradient", () => {
    const noise = qc.noisy(circuit, { rules: [{ channel: qc.depolarizing(0.01), wires: 1 }] });
    const run = (): void => {
      const f = (p: tf.Tensor): tf.Tensor =>
        tf.tidy(() =>
          tf.sum(qc.expectation(noise, { parameters: p, features, observables: words })),
        );
      tf.dispose([f(parameters), tf.grad(f)(parameters)]);
    };
    run();
    const before = tf.memory().numTensors;
    run();
    expect(tf.memory().numTensors).to.equal(before);
  });
});

describe("noisy()", () => {
  before(() => useBackend("wasm"));

  const bell = qc.circuit(3).append([qc.gate("H", 0), qc.gate("CNOT", [0, 1]), qc.gate("X", 2)]);

  it("puts channels behind the gates that its rules name", () => {
    const circuit = qc.noisy(bell, {
      rules: [
        { channel: qc.depolarizing(0.01), wires: 2 },
        { channel: qc.amplitudeDamping(0.1), on: [0] },
        { channel: qc.bitFlip(0.2), gates: ["X"] },
      ],
    });
    const seen = circuit.operations.map((own) => `${own.kind === "gate" ? own.gate : own.kind === "channel" ? own.channel : ""} ${own.wires.join()}`); // prettier-ignore
    expect(seen).to.deep.equal([
      "H 0",
      "amplitudeDamping 0",
      "CNOT 0,1",
      "depolarizing 0,1",
      "amplitudeDamping 0",
      "X 2",
      "bitFlip 2",
    ]);
    expect(qc.resources(circuit)).to.deep.equal(qc.resources(bell));
  });

  it("damps a Bell pair as the closed form says", async () => {
    // ⟨ZZ⟩ and ⟨XX⟩ times 1 − 16p/15 behind the CNOT; one-wire noise behind H before it only damps ⟨XX⟩.
    const [p, q] = [0.05, 0.02];
    const model = { rules: [{ channel: qc.depolarizing(p), wires: 2 }, { channel: qc.phaseFlip(q), gates: ["H"] }] }; // prettier-ignore
    const values = qc.expectation(qc.noisy(bell, model), { observables: ["ZZI", "XXI", "IIZ"] });
    const f = 1 - (16 * p) / 15;
    closeTo(await numbers(values), [f, f * (1 - 2 * q), -1], single);
  });

  it("refuses channels with wires and those that do not fit a gate", () => {
    expect(() => qc.noisy(bell, { rules: [{ channel: qc.bitFlip(0.1, 0) }] })).to.throw(ArgumentError, "no wires"); // prettier-ignore
    const wide = qc.kraus([{ re: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]] }]); // prettier-ignore
    expect(() => qc.noisy(bell, { rules: [{ channel: wide }] })).to.throw(ArgumentError, "must have 2 wires"); // prettier-ignore
  });
});

describe("noisy circuits", () => {
  before(() => useBackend("wasm"));

  const half = Math.SQRT1_2;
  const circuit = qc
    .circuit(2)
    .append([qc.gate("H", 0), qc.depolarizing(0.1, 0), qc.gate("CNOT", [0, 1])])
    .append(qc.thermalRelaxation(0.1, 50, 30, 2, 1))
    .append(qc.kraus([{ re: [[half, 0], [0, half]] }, { re: [[0, half], [half, 0]] }], 0)); // prettier-ignore

  it("are read back from JSON", () => {
    const text = JSON.stringify(circuit);
    expect(JSON.stringify(qc.fromJson(text))).to.equal(text);
    expect(() => qc.fromJson(text.replace('"values":[0.1]', '"values":[1.1]'))).to.throw("probabilities"); // prettier-ignore
  });

  it("are drawn with the strength of their channels", () => {
    expect(qc.draw(circuit, { charset: "ascii" })).to.equal(
      "0: -H-Dep(0.1)-o--K---\n1: ------------X-T1T2-",
    );
    expect(qc.drawSvg(circuit)).to.include(">noise</text>");
  });

  it("count no steps for channels", () => {
    expect(qc.resources(circuit)).to.include({ gates: 2, depth: 2, multiQubitDepth: 1 });
  });

  it("are explained: path density, with the reason and the bytes", () => {
    const own = qc.explain(circuit, { observables: ["ZI"] });
    expect(own).to.include({ path: "density", words: 1 });
    expect(own.why).to.include("channels");
    expect(() => qc.expectation(circuit, { observables: ["ZI"], maxBytes: own.bytes - 1 })).to.throw("Split the batch"); // prettier-ignore
    expect(qc.expectation(circuit, { observables: ["ZI"], maxBytes: own.bytes }).shape).to.deep.equal([1]); // prettier-ignore
  });

  it("answer nothing for no samples", () => {
    const noise = qc.circuit(1).append([qc.gate("RX", 0, qc.feature(0)), qc.bitFlip(0.1, 0)]);
    const pure = qc.circuit(1).append(qc.gate("RX", 0, qc.feature(0)));
    const features = tf.zeros([0, 1]);
    for (const own of [noise, pure]) {
      expect(qc.expectation(own, { features, observables: ["Z"] }).shape).to.deep.equal([0, 1]);
      expect(qc.probabilities(own, { features }).shape).to.deep.equal([0, 2]);
      expect(qc.density(own, { features }).re.shape).to.deep.equal([0, 2, 2]);
      expect(qc.purity(own, { features }).shape).to.deep.equal([0]);
      expect(qc.entropy(own, { features }).shape).to.deep.equal([0]);
    }
  });

  const wide = qc.circuit(9).append(qc.bitFlip(0.1, 0));
  const Z9 = ["Z" + "I".repeat(8)];
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ["states", () => qc.state(circuit), "no channels"],
    ["the fused path", () => qc.expectation(circuit, { observables: ["ZI"], path: "fused" }), "adjoint"],
    ["the composed path", () => qc.probabilities(circuit, { path: "composed" }), "no channels"],
    ["the dense path", () => qc.expectation(circuit, { observables: ["ZI"], path: "dense" }), "no channels"],
    ["the oracle", () => qc.simulate(circuit), "has channels"],
    ["inverses", () => qc.inverse(circuit), "channels"],
    ["control", () => qc.controlledCircuit(qc.onWires(circuit, [0, 1], 3), 2), "channels"],
    ["OpenQASM", () => qc.toQasm(circuit), "the channel depolarizing"],
    ["nine wires, with the bytes", () => qc.expectation(wide, { observables: Z9 }), "1.00 MiB"],
    ["probabilities above 1", () => qc.bitFlip(1.1, 0), "from 0 to 1"],
    ["probabilities that sum to more", () => qc.pauliChannel(0.5, 0.4, 0.2, 0), "sum to at most 1"],
    ["T2 above 2 T1", () => qc.thermalRelaxation(0, 10, 21, 1, 0), "T2 ≤ 2 T1"],
    ["operators that lose trace", () => qc.kraus([{ re: [[1, 0], [0, 0.5]] }], 0), "Σ K†K = 1"],
    ["a channel without wires", () => qc.circuit(1).append(qc.bitFlip(0.1)), "must have 1 wires"],
    ["a wire out of range", () => qc.circuit(1).append(qc.bitFlip(0.1, 1)), "wires from 0 to 0"],
    ["readout of wires that are not there", () => qc.probabilities(circuit, { readout: { p1given0: [0.1], p0given1: 0 } }), "each of 2 wires"],
  ]; // prettier-ignore
  for (const [what, run, message] of refused) {
    it(`refuse ${what}`, () => {
      expect(run).to.throw(ArgumentError, message);
    });
  }
});

describe("trajectories()", () => {
  before(() => useBackend("wasm"));

  const circuit = qc.noisy(
    qc
      .circuit(3)
      .append(qc.angleEmbedding("Y"), qc.features(0, 3))
      .append(qc.stronglyEntangling({ layers: 1 }), qc.parameters()),
    {
      rules: [
        { channel: qc.amplitudeDamping(0.2), on: [0, 2] },
        { channel: qc.depolarizing(0.1), gates: ["CNOT"] },
        { channel: qc.thermalRelaxation(0.1, 50, 40, 10), on: [1] },
      ],
    },
  );
  const parameters = tf.linspace(-1, 2, 18).reshape([2, 1, 3, 3]);
  const features = tf.tensor2d([[0.3, -0.7, 1.1], [1.3, 0.4, -0.9]]); // prettier-ignore
  const observables = ["ZII", "XYI", qc.pauliSum([[0.5, "IZZ"], [1, "IIX"]])]; // prettier-ignore
  const given = { parameters, features, observables };

  it("are within 5 standard errors of the density matrix", async () => {
    const exactly = await qc.expectation(circuit, given).data();
    const { mean, standardError } = await qc.trajectories(circuit, { ...given, trajectories: 1000, seed: 7 }); // prettier-ignore
    expect(mean.shape).to.deep.equal([2, 2, 3]);
    const [m, e] = [await mean.data(), await standardError.data()];
    exactly.forEach((wanted, i) => {
      expect(e[i]).to.be.within(1e-3, 0.05);
      expect(Math.abs(m[i]! - wanted)).to.be.below(5 * e[i]!);
    });
  });

  it("are the same in portions of any size, and for a replica alone", async () => {
    const options = { ...given, trajectories: 40, seed: 7 };
    const whole = await numbers((await qc.trajectories(circuit, options)).mean);
    const bytes = 2 * 2 * 8 * 8 * 8;
    const parts = await qc.trajectories(circuit, { ...options, maxBytes: 3 * bytes });
    closeTo(await numbers(parts.mean), whole, single);
    const second = { ...options, seed: 8, parameters: tf.slice(parameters, [1, 0, 0, 0], [1, 1, 3, 3]).reshape([1, 3, 3]) }; // prettier-ignore
    closeTo(await numbers((await qc.trajectories(circuit, second)).mean), (whole as Numbers[])[1]!, single); // prettier-ignore
  });

  it("have no spread without channels, and start with one", async () => {
    const pure = qc.circuit(2).append(qc.gate("RY", 0, 0.7));
    const { mean, standardError } = await qc.trajectories(pure, { observables: ["ZI"], trajectories: 3, seed: 1 }); // prettier-ignore
    closeTo(await numbers(mean), [Math.cos(0.7)], single);
    closeTo(await numbers(standardError), [0], { atol: 1e-6 });
    const first = qc.circuit(1).append(qc.bitFlip(1, 0));
    closeTo(await numbers((await qc.trajectories(first, { observables: ["Z"], trajectories: 3, seed: 1 })).mean), [-1], single); // prettier-ignore
  });

  it("go beyond the density path: a chain of 11 wires", async () => {
    const n = 11;
    const gates = Array.from({ length: n - 1 }, (_, q) => qc.gate("CNOT", [q, q + 1]));
    const p = 0.05;
    const chain = qc.noisy(qc.circuit(n).append([qc.gate("H", 0), ...gates]), { rules: [{ channel: qc.bitFlip(p), gates: ["H"] }, { channel: qc.phaseFlip(p), wires: 2 }] }); // prettier-ignore
    // Flips before the chain change nothing of ⟨Z₀Z₁₀⟩; of ⟨X…X⟩ each of 20 phase flips leaves 1 − 2p.
    const found = await qc.trajectories(chain, { observables: ["Z" + "I".repeat(9) + "Z", "X".repeat(n)], trajectories: 200, seed: 3 }); // prettier-ignore
    const [m, e] = [await found.mean.data(), await found.standardError.data()];
    closeTo(m[0]!, 1, single);
    expect(Math.abs(m[1]! - (1 - 2 * p) ** 20)).to.be.below(5 * e[1]!);
  });

  it("leave no tensors behind but their results", async () => {
    const before = tf.memory().numTensors;
    const { mean, standardError } = await qc.trajectories(circuit, { ...given, trajectories: 5, seed: 7 }); // prettier-ignore
    tf.dispose([mean, standardError]);
    expect(tf.memory().numTensors).to.equal(before);
  });
});
