// Operators, states, superoperators and measures: golden superoperators, and the relations that define the rest.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import * as os from "../../src/open-systems/index.js";
import { random, readPair } from "../complex/pairs.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import { closeToGolden } from "../support/close-to-golden.js";
import { casesOf, flat, tensorsOf } from "./lindblad-golden.js";
import type { Complex } from "../../src/open-systems/index.js";

const close = { atol: 1e-6, rtol: 1e-6 };

async function same(x: () => Complex, y: () => Complex, what: string): Promise<void> {
  closeTo(await readPair(x), await readPair(y), close, what);
}

/** A random state of dimension n, full rank. */
function randomState(seed: number, shape: readonly number[]): Complex {
  return tf.tidy(() => {
    const A = random(seed, shape);
    const square = os.matMul(A, A, { adjointB: true });
    return os.scale(square, tf.reciprocal(os.trace(square).re));
  });
}

onEachBackend("operators", () => {
  it("have the algebra of spins", async () => {
    const i = { re: tf.scalar(0), im: tf.scalar(1) };
    await same(
      () => os.matMul(os.sigmaX(), os.sigmaY()),
      () => os.scale(os.sigmaZ(), i),
      "XY = iZ",
    );
    await same(() => os.commutator(os.raise(), os.lower()), os.sigmaZ, "[σ+, σ-] = Z");
    await same(() => os.sum(os.raise(), os.lower()), os.sigmaX, "σ+ + σ- = X");
    await same(os.lower, () => os.projector(2, 1, 0), "σ- = |1><0|");
    await same(os.lower, () => os.adjoint(os.raise()), "adjoints");
    tf.dispose(i);
  });

  it("have the algebra of an oscillator, but for the last level", async () => {
    await same(
      () => os.matMul(os.create(5), os.destroy(5)),
      () => os.number(5),
      "a†a",
    );
    await same(
      () => os.commutator(os.destroy(5), os.create(5)),
      () => os.sub(os.identity(5), os.scale(os.projector(5, 4), 5)),
      "[a, a†]",
    );
    await same(
      () => os.matMul(os.destroy(5), os.basis(5, 4)),
      () => os.scale(os.basis(5, 3), 2),
      "a|4> = 2|3>",
    );
  });

  it("are put on one site of several", async () => {
    const A = random(1, [3, 3]);
    await same(
      () => os.embed(A, 1, [2, 3, 2]),
      () => os.tensor(os.identity(2), A, os.identity(2)),
      "embed",
    );
    await same(
      () => os.embed(A, 0, [3]),
      () => os.tensor(A),
      "one site",
    );
    tf.dispose(A);
  });

  it("refuse what is not there", () => {
    const A = os.sigmaX();
    expect(() => os.projector(2, 2)).to.throw(ArgumentError, "`i` must be an integer from 0 to 1");
    expect(() => os.destroy(0)).to.throw(ArgumentError, "destroy: argument `n`");
    expect(() => os.embed(A, 2, [2, 2])).to.throw(ArgumentError, "`site`");
    expect(() => os.embed(A, 0, [3, 2])).to.throw(ShapeError, "[...batch, 3, 3]");
    expect(() => os.embed(A, 0, [2, 0.5])).to.throw(ArgumentError, "`dims`");
    tf.dispose(A);
  });
});

onEachBackend("states", () => {
  it("coherent ones are eigenstates of a", async () => {
    const alpha = { re: 0.8, im: -0.5 };
    const [re, im] = await readPair(() => {
      const psi = os.coherent(20, alpha);
      const factor = { re: tf.scalar(alpha.re), im: tf.scalar(alpha.im) };
      return os.sub(os.matMul(os.destroy(20), psi), os.scale(psi, factor));
    });
    closeTo([...re, ...im], new Array<number>(40).fill(0), { atol: 1e-6 });
    const n = await read(() => os.expect(os.number(20), os.coherent(20, alpha)));
    closeTo(n[0]!, 0.89, close);
  });

  it("thermal ones have their occupation and trace 1", async () => {
    const [n, trace] = await readAll(() => {
      const rho = os.thermal(40, 1.5);
      return [os.expect(os.number(40), rho), os.trace(rho).re];
    });
    closeTo([n![0]!, trace![0]!], [1.5, 1], { atol: 1e-5 });
    await same(
      () => os.thermal(3, 0),
      () => os.projector(3, 0),
      "at zero temperature",
    );
  });

  it("refuse what is no state", () => {
    expect(() => os.basis(2, 2)).to.throw(ArgumentError, "basis: argument `k`");
    expect(() => os.thermal(2, -1)).to.throw(ArgumentError, "`occupation`");
    expect(() => os.coherent(3, Infinity)).to.throw(ArgumentError, "`alpha`");
    const x = tf.zeros([3, 2]);
    expect(() => os.densityMatrix({ re: x, im: x })).to.throw(ShapeError, "[3, 2]");
    tf.dispose(x);
  });
});

onEachBackend("superoperators", () => {
  for (const one of casesOf("vectorise")) {
    const { name, tolerance } = one;
    it(`agree with ${name}`, async () => {
      const golden = async (key: string, compute: () => Complex): Promise<void> => {
        const [re, im] = await readPair(compute);
        closeToGolden([...re, ...im], flat(one[key]!), tolerance.float32, key);
      };
      const at = (key: string): Complex => tensorsOf(one[key]!);
      if (one.jumps !== undefined) {
        const jumps = one.jumps;
        await golden("dissipator", () => os.dissipator(tensorsOf(jumps[0]!)));
        await golden("liouvillian", () => os.liouvillian(at("H"), jumps.map(tensorsOf)));
        return;
      }
      await golden("vecA", () => os.vectorize(at("A")));
      await golden("A", () => os.unvectorize(os.vectorize(at("A"))));
      await golden("spreA", () => os.spre(at("A")));
      await golden("spostB", () => os.spost(at("B")));
      await golden("sprepostAB", () => os.sprepost(at("A"), at("B")));
      await golden("sprepostAB_vecX", () =>
        os.vectorize(os.matMul(os.matMul(at("A"), at("X")), at("B"))),
      );
    });
  }

  it("keep the trace: vec(1)ᵀ 𝓛 = 0, with leading axes that broadcast", async () => {
    const [H, L] = [random(2, [3, 4, 4]), random(3, [2, 1, 4, 4])];
    const [re, im] = await readPair(() => {
      const bra = os.vectorize(os.identity(4));
      const row = { re: bra.re.expandDims(0), im: bra.im.expandDims(0) };
      const hermitian = os.add(H, os.adjoint(H));
      return os.matMul(row, os.liouvillian(hermitian, [L, os.adjoint(L)]));
    });
    expect(re.length).to.equal(2 * 3 * 16);
    closeTo([...re, ...im], new Array<number>(2 * 2 * 3 * 16).fill(0), { atol: 2e-5 });
    tf.dispose([H, L]);
  });

  it("refuse shapes that do not fit", () => {
    const [A, B] = [os.sigmaX(), os.identity(3)];
    expect(() => os.liouvillian(A, [A, B])).to.throw(
      ShapeError,
      "liouvillian: argument `jumpOps[1]` must have shape [...batch, 2, 2], but has shape [3, 3].",
    );
    expect(() => os.sprepost(A, B)).to.throw(ShapeError, "sprepost: argument `B`");
    const x = tf.zeros([3]);
    expect(() => os.unvectorize({ re: x, im: x })).to.throw(ShapeError, "[...batch, n²]");
    tf.dispose([A, B, x]);
  });
});

onEachBackend("measures", () => {
  it("of qubits follow their Bloch vectors", async () => {
    const rho = randomState(4, [6, 2, 2]);
    const [r, x, y, z, purity] = await readAll(() => [
      os.blochVector(rho),
      ...[os.sigmaX(), os.sigmaY(), os.sigmaZ()].map((s) => os.expect(s, rho)),
      os.purity(rho),
    ]);
    for (let s = 0; s < 6; s++) {
      const bloch = r!.slice(3 * s, 3 * s + 3);
      closeTo([...bloch], [x![s]!, y![s]!, z![s]!], close);
      closeTo(purity![s]!, (1 + Math.hypot(...bloch) ** 2) / 2, close);
    }
    tf.dispose(rho);
  });

  it("expect() is Tr(O ρ), for operators that are not Hermitian too", async () => {
    const [O, rho] = [random(5, [3, 3]), randomState(6, [2, 3, 3])];
    await same(
      () => os.expectComplex(O, rho),
      () => os.trace(os.matMul(O, rho)),
      "Tr(Oρ)",
    );
    tf.dispose([O, rho]);
  });

  it("partialTrace() takes products apart, whatever is kept", async () => {
    const [a, b, c] = [randomState(7, [2, 2, 2]), randomState(8, [3, 3]), randomState(9, [2, 2])];
    const whole = tf.tidy(() => os.tensor(a, b, c));
    const dims = [2, 3, 2];
    const kept: [number[], () => Complex][] = [
      [[0], () => os.tensor(a)],
      [[1], () => os.tensor(os.scale(b, tf.ones([2])))],
      [[0, 2], () => os.tensor(a, c)],
      [[1, 2], () => os.scale(os.tensor(b, c), tf.ones([2]))],
      [[0, 1, 2], () => os.tensor(whole)],
    ];
    for (const [keep, expected] of kept)
      await same(() => os.partialTrace(whole, dims, keep), expected, `keep ${keep.join()}`);
    const trace = await read(() => os.partialTrace(whole, dims, []).re);
    closeTo(trace, [1, 1], close);
    tf.dispose([a, b, c, whole]);
  });

  it("partialTrace() of a Bell state is maximally mixed, and differentiable", async () => {
    const psi = os.fromArrays([[Math.SQRT1_2], [0], [0], [Math.SQRT1_2]]);
    await same(
      () => os.partialTrace(psi, [2, 2], [1]),
      () => os.maximallyMixed(2),
      "Bell",
    );
    const slope = await read(() => {
      const f = (re: tf.Tensor): tf.Tensor =>
        os.expect(os.projector(2, 0), os.partialTrace({ re, im: psi.im }, [2, 2], [0]));
      return tf.grad(f)(psi.re);
    });
    closeTo(slope, [2 * Math.SQRT1_2, 0, 0, 0], close);
    tf.dispose(psi);
  });

  it("fidelities are 1 for equal states, and agree where both apply", async () => {
    const [rho, sigma] = [randomState(10, [4, 2, 2]), randomState(11, [4, 2, 2])];
    const [self, there, back, pure, closed] = await readAll(() => {
      const psi = os.basis(2, 1);
      return [
        os.qubitFidelity(rho, rho),
        os.qubitFidelity(rho, sigma),
        os.qubitFidelity(sigma, rho),
        os.fidelityToPure(psi, rho),
        os.qubitFidelity(os.densityMatrix(psi), rho),
      ];
    });
    closeTo(self!, [1, 1, 1, 1], close);
    closeTo(there!, back!, close);
    closeTo(pure!, closed!, { atol: 1e-5 });
    tf.dispose([rho, sigma]);
  });

  it("entropy() is 0 for pure states and ln n for the maximally mixed one, and adds up over products", async () => {
    const [rho, sigma] = [randomState(12, [3, 2, 2]), randomState(13, [3, 3])];
    const [pure, mixed, whole, parts] = await readAll(() => [
      os.entropy(os.densityMatrix(os.coherent(6, 0.7))),
      os.entropy(os.maximallyMixed(4)),
      os.entropy(os.tensor(rho, sigma)),
      tf.add(os.entropy(rho), os.entropy(sigma)),
    ]);
    closeTo(pure![0]!, 0, { atol: 1e-6 });
    closeTo(mixed![0]!, Math.log(4), close);
    closeTo(whole!, parts!, { atol: 2e-6 });
    tf.dispose([rho, sigma]);
  });

  it("entropy() of a qubit has the slope -artanh |r| along its Bloch vector", async () => {
    const r = 0.6;
    const slope = await read(() => {
      const f = (z: tf.Tensor): tf.Tensor =>
        os.entropy(os.add(os.maximallyMixed(2), os.scale(os.sigmaZ(), tf.mul(0.5, z))));
      return tf.grad(f)(tf.scalar(r));
    });
    closeTo(slope[0]!, -Math.atanh(r), close);
  });

  it("traceDistance() of two qubits is half the distance of their Bloch vectors", async () => {
    const [rho, sigma] = [randomState(14, [5, 2, 2]), randomState(15, [2, 2])];
    const [distance, half] = await readAll(() => {
      const apart = tf.sub(os.blochVector(rho), os.blochVector(sigma));
      return [os.traceDistance(rho, sigma), tf.mul(0.5, tf.sqrt(tf.sum(tf.square(apart), -1)))];
    });
    closeTo(distance!, half!, close);
    tf.dispose([rho, sigma]);
  });

  it("refuse what does not fit", () => {
    const rho = os.maximallyMixed(4);
    expect(() => os.partialTrace(rho, [2, 3], [0])).to.throw(ShapeError, "must be 4");
    expect(() => os.partialTrace(rho, [2, 2], [2])).to.throw(ArgumentError, "`keep`");
    expect(() => os.blochVector(rho)).to.throw(ShapeError, "[...batch, 2, 2]");
    expect(() => os.expect(rho, os.basis(2))).to.throw(ShapeError, "expect: argument `rho`");
    tf.dispose(rho);
  });

  it("leave no tensors behind", () => {
    const rho = os.maximallyMixed(2);
    const before = tf.memory().numTensors;
    const results = [os.expect(rho, rho), os.blochVector(rho), os.purity(rho)];
    const pairs = [
      os.partialTrace(rho, [2], [0]),
      os.liouvillian(rho, [rho]),
      os.tensor(rho, rho),
      os.embed(rho, 0, [2, 2]),
    ];
    expect(tf.memory().numTensors).to.equal(before + results.length + 2 * pairs.length);
    tf.dispose([results, pairs, rho]);
  });
});
