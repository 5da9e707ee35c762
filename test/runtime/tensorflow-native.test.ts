// Native forms on the backend `tensorflow`, on the processor: what the conformance suite does not reach. Where they are chosen,
// float64 inside, systems that the library refuses, streams, and what stays on the host.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { hostPool } from "../../kernels/runtime/host/pool.js";
import { exactSteadyState } from "../../kernels/exact-steady-state/index.js";
import {
  hermitianEigenvalues,
  hermitianEigenvectors,
} from "../../kernels/hermitian-eigenvalues/index.js";
import { sweptSpins } from "../../kernels/ising-sweeps/index.js";
import { linearSolve } from "../../kernels/linear-solve/index.js";
import { matrixExponential } from "../../kernels/matrix-exponential/index.js";
import { philox } from "../../kernels/philox/index.js";
import { philoxNormals, philoxUniforms } from "../../kernels/philox/reference.js";
import { inDouble, readRounded } from "../../kernels/runtime/tensorflow/double.js";
import { nativeUse, useNativeForms } from "../../kernels/runtime/tensorflow/define.js";
import { withOperations } from "../../kernels/runtime/tensorflow/operations.js";
import { chooseForms, tensorflowDevice } from "../../src/backend-tensorflow.js";
import { backendInfo, useBackend } from "../../src/index.js";
import { chimera } from "../../src/ising/index.js";
import { closeWithin } from "../support/close-to.js";
import { sameBits } from "../support/same-bits.js";
import { skipReason, whyMissing } from "../support/backends.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { PhiloxAttrs } from "../../kernels/philox/contract.js";
import type { SweepAttrs } from "../../kernels/ising-sweeps/contract.js";
import type { NativeUse } from "../../kernels/runtime/tensorflow/define.js";
import type { TensorflowBackend } from "../../kernels/runtime/tensorflow/operations.js";

const VARIABLE = "ZENOFLOW_TENSORFLOW_NATIVE";

/** Values of what `compute` returns, natively or on the host. */
function values(use: NativeUse, compute: () => Tensor): Float32Array {
  useNativeForms(use);
  try {
    return tf.tidy(() => compute().dataSync() as Float32Array);
  } finally {
    useNativeForms("host");
  }
}

/** The names of the host kernels that run while `f` does. */
function hostKernels(f: () => unknown): string[] {
  const pool = hostPool();
  const original = pool.run;
  const seen: string[] = [];
  pool.run = (kernel, args, items, options) => {
    seen.push(kernel);
    original(kernel, args, items, options);
  };
  try {
    f();
  } finally {
    pool.run = original;
  }
  return seen;
}

const handles = (): number => (tf.backend() as TensorflowBackend).binding.getNumOfTensors();

describe("native forms of tensorflow", function () {
  before(async function () {
    const reason = await whyMissing("tensorflow");
    if (reason === null) return;
    Object.assign(this.test!, { skipReason: skipReason("tensorflow", reason) });
    this.skip();
  });
  after(() => useBackend("wasm"));

  let before_: number;
  beforeEach(() => {
    before_ = handles();
  });
  afterEach("nothing is left in the native library", () => {
    expect(handles()).to.equal(before_);
  });

  describe("chooseForms()", () => {
    afterEach(() => {
      process.env[VARIABLE] = "";
      useNativeForms("host");
    });
    const on = (gpu: boolean, variable?: string): NativeUse => {
      if (variable !== undefined) process.env[VARIABLE] = variable;
      chooseForms({ isUsingGpuDevice: gpu } as never);
      return nativeUse();
    };

    it("takes native forms on a GPU and those of the host on the processor", () => {
      expect(on(true)).to.equal("gpu");
      expect(on(false)).to.equal("host");
      expect(on(false, "")).to.equal("host");
    });

    it("obeys the variable, and says so where kernels are not where they are looked for", () => {
      const device = (gpu: boolean): string =>
        tensorflowDevice({ isUsingGpuDevice: gpu, binding: {} } as never).device;
      expect(on(false, "1")).to.equal("asked");
      expect(device(false)).to.equal(`host memory, native kernels (${VARIABLE}=1)`);
      expect(on(true, "0")).to.equal("host");
      expect(device(true)).to.equal("GPU memory (CUDA), kernels on the host");
      expect(on(true, "1")).to.equal("gpu");
      expect(device(true)).to.equal("GPU memory (CUDA)");
    });

    it("refuses other values", () => {
      expect(() => on(false, "yes")).to.throw(`${VARIABLE} must be 1, 0 or empty, but is "yes"`);
    });

    it("is seen in backendInfo()", async () => {
      expect(await useBackend("tensorflow")).to.include({ device: "host memory", native: false });
      process.env[VARIABLE] = "1";
      const info = await useBackend("tensorflow");
      expect(info).to.deep.equal(backendInfo());
      expect(info.native).to.equal(true);
      expect(info.device).to.include(VARIABLE);
      expect(info.precision).to.include("solves, exponentials");
    });
  });

  describe("withOperations()", () => {
    it("frees handles that do not become tensors, also where it throws", () => {
      const fault = (): unknown =>
        withOperations(({ upload, run }) => {
          const a = upload("int32", [2], [1, 2]);
          run("Cast", { SrcT: "int32", DstT: "float64", Truncate: false }, [a]);
          return run("NoSuchOperation", {}, [a]);
        });
      expect(fault).to.throw("NoSuchOperation");
    });
  });

  describe("inDouble()", () => {
    const small = 2 ** -40;
    /** (x + 2⁻⁴⁰) − x: 0 in float32. */
    const difference = (x: Tensor): Tensor => tf.sub(tf.add(x, small), x);

    it("computes in float64, and outside of it float32 is float32", () => {
      tf.tidy(() => {
        const x = tf.tensor1d([1, 3]);
        const [y] = inDouble({ x }, ({ x: d }) => [difference(d!)]);
        expect([...y!.dataSync()]).to.deep.equal([small, small]);
        expect([...difference(x).dataSync()]).to.deep.equal([0, 0]);
      });
    });

    it("differentiates in float64", () => {
      tf.tidy(() => {
        const [slope] = inDouble({ x: tf.scalar(1) }, ({ x }) => [
          tf.sub(tf.grad((t) => tf.mul(difference(t), t))(x!), small),
        ]);
        // d/dx of (x + s − x) x is s.
        expect(slope!.dataSync()[0]).to.equal(0);
      });
    });

    it("is one and the same inside of itself, and reads what is there", () => {
      tf.tidy(() => {
        const [y] = inDouble({ x: tf.scalar(1) }, ({ x }) =>
          inDouble({ x: x! }, ({ x: same }) => {
            expect(same).to.equal(x);
            expect([...readRounded(difference(same!))]).to.deep.equal([small]);
            return [same!];
          }),
        );
        expect(y!.dataSync()[0]).to.equal(1);
        expect([...readRounded(y!)]).to.deep.equal([1]);
      });
    });

    it("refuses a tensor from outside, and is over after that", () => {
      tf.tidy(() => {
        const outside = tf.square(tf.scalar(2));
        expect(() => inDouble({ x: tf.scalar(1) }, ({ x }) => [tf.add(x!, outside)])).to.throw(
          /double/,
        );
        expect(tf.add(outside, 1).dataSync()[0]).to.equal(5);
      });
    });
  });

  describe("linearSolve()", () => {
    const regular = [2, 1, 1, 3];
    const singular = [1, 2, 2, 4];
    const solve = (matrices: number[][], transpose = false) => {
      const B = matrices.length;
      const [a, b] = [matrices.flat(), matrices.flatMap((_, i) => [1 + i, -2])];
      const part = (name: "x" | "rcond") =>
        values(
          "asked",
          () =>
            linearSolve(tf.tensor3d(a, [B, 2, 2]), tf.tensor3d(b, [B, 2, 1]), { transpose })[name],
        );
      return { x: [...part("x")], rcond: [...part("rcond")] };
    };

    for (const transpose of [false, true])
      it(`answers for the others where some systems are singular${transpose ? ", transposed" : ""}`, () => {
        const { x, rcond } = solve(
          [singular, regular, singular, [0, 1, 4, 0], [0, 0, 0, 0], [2, 1, 0, 1]],
          transpose,
        );
        const finite = x.filter(Number.isFinite);
        expect(x.map((value) => Number.isNaN(value))).to.deep.equal(
          [1, 0, 1, 0, 1, 0].flatMap((bad) => [bad === 1, bad === 1]),
        );
        // By hand, for right-hand sides (2, −2), (4, −2) and (6, −2).
        const others = transpose ? [-2, 1, 3, -5] : [-0.5, 4, 4, -2];
        closeWithin(finite, [1.6, -1.2, ...others], 1e-7, "x");
        closeWithin(rcond, [0, 0.3125, 0, 0.25, 0, 1 / 3], 1e-7, "rcond");
      });

    it("marks what is not a number", () => {
      const { x, rcond } = solve([[NaN, 1, 1, 3], regular]);
      expect(x.slice(0, 2).every(Number.isNaN)).to.equal(true);
      closeWithin([...x.slice(2), ...rcond], [1.6, -1.2, 0, 0.3125], 1e-7, "the other");
    });

    it("has digits where float32 has none: 1 / rcond = 1.6e7", () => {
      const n = 6;
      const hilbert = Array.from({ length: n * n }, (_, at) =>
        Math.fround(1 / (1 + Math.floor(at / n) + (at % n))),
      );
      const one = new Array<number>(n).fill(1);
      const solved = (use: NativeUse) =>
        values(use, () => linearSolve(tf.tensor3d(hilbert, [1, n, n]), tf.tensor3d(one, [1, n, 1])).x); // prettier-ignore
      const host = solved("host");
      closeWithin(solved("asked"), host, host.map((x) => 1e-6 * Math.abs(x)), "x"); // prettier-ignore
    });
  });

  describe("hermitianEigenvectors()", () => {
    // [[0, i], [−i, 0]] with eigenvalues ∓1, one with a NaN, and 2.
    const matrices = [
      [0, 0, 0, 0, 0, 1, -1, 0],
      [1, NaN, NaN, 1, 0, 0, 0, 0],
      [2, 0, 0, 5, 0, 0, 0, 0],
    ];
    const a = (): Tensor => tf.tensor4d(matrices.flat(), [3, 2, 2, 2]);

    it("marks a matrix that is not finite, and answers for the others", () => {
      const found = [...values("asked", () => hermitianEigenvalues(a()))];
      expect(found.slice(2, 4).every(Number.isNaN)).to.equal(true);
      closeWithin([...found.slice(0, 2), ...found.slice(4)], [-1, 1, 2, 5], 1e-7, "values");
    });

    it("has the phases of the host, where components are of the same size too", () => {
      const vectors = (use: NativeUse) => values(use, () => tf.slice(hermitianEigenvectors(a())[1], [0, 0, 0, 0], [1, 2, 2, 2])); // prettier-ignore
      closeWithin(vectors("asked"), vectors("host"), 1e-7, "vectors");
      const s = Math.SQRT1_2;
      closeWithin(vectors("asked"), [s, s, 0, 0, 0, 0, s, -s], 1e-7, "by hand");
    });
  });

  describe("matrixExponential()", () => {
    it("squares as often as a norm needs, for each matrix of a batch", () => {
      const a = () => tf.tensor3d([0, 3000, -3000, 0, NaN, 0, 0, 1, 1, 0, 0, -40], [3, 2, 2]);
      const found = [...values("asked", () => matrixExponential(a()))];
      const [c, s] = [Math.cos(3000), Math.sin(3000)];
      closeWithin(found.slice(0, 4), [c, s, -s, c], 1e-7, "a rotation");
      expect(found.slice(4, 8).some(Number.isNaN)).to.equal(true);
      closeWithin(found.slice(8), [Math.E, 0, 0, Math.exp(-40)], 3e-7, "a diagonal");
    });
  });

  describe("philox()", () => {
    const draw = (attrs: Partial<PhiloxAttrs>): PhiloxAttrs => ({
      ...{ law: "uniform", seeds: [[7, -3]], shape: [1, 1003], offset: 0, scale: 1, shift: 0 },
      ...attrs,
    });
    const drawn = (use: NativeUse, attrs: Partial<PhiloxAttrs>) => values(use, () => philox(draw(attrs))); // prettier-ignore

    const seeds = [
      [0, 0],
      [-1, 2],
      [2 ** 31 - 1, -(2 ** 31)],
    ] as const;
    // The low word of the counter carries over, and then a word of it.
    for (const offset of [0, 4, 2 ** 34 - 8, 2 ** 40])
      it(`has the bits of the host from word ${offset.toString()} on`, () => {
        const attrs = { seeds, offset, shape: [3, 17, 59], scale: 2.5, shift: -0.75 };
        sameBits(drawn("asked", attrs), drawn("host", attrs), "uniform");
        closeWithin(drawn("asked", { ...attrs, law: "normal" }), drawn("host", { ...attrs, law: "normal" }), 5e-6, "normal"); // prettier-ignore
      });

    it("leaves many short streams to the host, and has the bits of the host for many long ones", () => {
      const many = Array.from({ length: 65 }, (_, i) => [i, 1] as const);
      const short = { seeds: many, shape: [65, 8] };
      const long = { seeds: many, shape: [65, 4096] };
      expect(hostKernels(() => drawn("asked", short))).to.deep.equal(["philox"]);
      expect(hostKernels(() => drawn("asked", long))).to.deep.equal([]);
      sameBits(drawn("asked", long), drawn("host", long), "uniform");
    });
  });

  describe("exactSteadyState()", () => {
    const steady = (use: NativeUse, N: number, strength: number) => {
      const J = philoxNormals(N, 1, 9 * N).map((x) => strength * x);
      const theta = philoxUniforms(N, 2, 2 * N).map((x) => 3 * x);
      return values(use, () =>
        exactSteadyState(
          { theta: tf.tensor([...theta], [1, 2, N]), J: tf.tensor([...J], [1, 1, N, 3, 3]) },
          { gamma: 1, polarization: 0.9, observe: null },
          "fused",
        ),
      );
    };

    for (const [N, strength] of [
      [1, 40],
      [2, 20],
      [3, 0.5],
    ] as const)
      it(`agrees with the host for ${N.toString()} inputs and couplings of ${strength.toString()} Γ`, () => {
        const host = steady("host", N, strength);
        expect(host.some(Number.isNaN)).to.equal(false);
        closeWithin(steady("asked", N, strength), host, 5e-6, "r");
      });

    it("leaves four inputs to the host", () => {
      expect(hostKernels(() => steady("asked", 4, 0.5))).to.deep.equal(
        hostKernels(() => steady("host", 4, 0.5)),
      );
      sameBits(steady("asked", 4, 0.5), steady("host", 4, 0.5), "r");
    });
  });

  describe("sweptSpins()", () => {
    const graph = chimera(1, 2, 3);
    const attrs = (mode: "exact" | "fast"): SweepAttrs => ({
      mode,
      model: {
        graph,
        population: 2,
        biases: Float64Array.from({ length: 2 * graph.n }, (_, i) => (i % 3) - 1),
        couplings: Float64Array.from({ length: graph.edges.length }, (_, i) => (i % 2 ? 1 : -1)),
      },
      call: {
        ...{ chains: 5, seed: 9, firstSweep: 2, sweeps: 6, beta: 0.6, chainOffset: 3 },
        spins: new Int8Array(10 * graph.n).fill(1),
      },
    });

    it("has the bits of the host in exact mode, without it", () => {
      const host = values("host", () => sweptSpins(attrs("exact")));
      let own: Float32Array;
      expect(
        hostKernels(() => (own = values("asked", () => sweptSpins(attrs("exact"))))),
      ).to.deep.equal([]);
      sameBits(own!, host, "spins");
    });

    it("stays on the host in fast mode, and on a GPU where colours are small", () => {
      const ran = (use: NativeUse, mode: "exact" | "fast") =>
        hostKernels(() => values(use, () => sweptSpins(attrs(mode))));
      expect(ran("asked", "fast")).to.have.length(1);
      expect(ran("gpu", "exact")).to.have.length(1);
    });
  });
});
