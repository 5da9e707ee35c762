// Steady states of any open system: golden values and gradients, closed forms, verdicts, leading axes, errors.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import * as os from "../../src/open-systems/index.js";
import { ArgumentError, ConvergenceError, ShapeError } from "../../src/errors.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import { random } from "../complex/pairs.js";
import { closeToGolden, closeToGradient } from "../support/close-to-golden.js";
import { casesOf, flat, tensorsOf } from "./lindblad-golden.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex, SteadyStateOptions } from "../../src/open-systems/index.js";
import type { SteadyCase } from "./lindblad-golden.js";

type Form = (H: Complex, jumps: readonly Complex[]) => os.SteadyState;

/** Every way to the state. */
const FORMS: Readonly<Record<string, (options?: SteadyStateOptions) => Form>> = {
  fused: (options) => (H, jumps) => os.steadyState(H, jumps, options),
  composed: (options) => (H, jumps) => os.steadyState(H, jumps, { ...options, method: "composed" }),
  "from its Liouvillian": (options) => (H, jumps) =>
    os.steadyState(os.liouvillian(H, jumps), options),
};

const parts = ({ re, im }: Complex): Tensor[] => [tf.reshape(re, [-1]), tf.reshape(im, [-1])];
const flatRho = ({ rho }: os.SteadyState): Tensor => tf.concat(parts(rho));
const pairsOf = (xs: readonly Tensor[]): Complex[] =>
  xs.filter((_, i) => i % 2 === 0).map((re, i) => ({ re, im: xs[2 * i + 1]! }));

/** Gradients by H and the jumps, each real part then imaginary part. */
async function gradientsOf(one: SteadyCase, form: Form): Promise<Float32Array[]> {
  const flat = await readAll(() => {
    const cotangent = tensorsOf(one.cotangent!);
    const inputs = [one.H, ...one.jumps].map(tensorsOf).flatMap(({ re, im }) => [re, im]);
    const loss = (...xs: Tensor[]): Tensor => {
      const [H, ...jumps] = pairsOf(xs);
      const { rho } = form(H!, jumps);
      return tf.sum(tf.add(tf.mul(rho.re, cotangent.re), tf.mul(rho.im, cotangent.im)));
    };
    return tf.grads(loss)(inputs);
  });
  return flat
    .filter((_, i) => i % 2 === 0)
    .map((re, i) => Float32Array.from([...re, ...flat[2 * i + 1]!]));
}

onEachBackend("steadyState()", (backend) => {
  // Rounding of float64, on webgpu of sums of two float32.
  const rounding = backend === "webgpu" ? 1e-13 : 1e-14;

  for (const [name, formOf] of Object.entries(FORMS))
    for (const one of casesOf("steady")) {
      it(`agrees with ${one.name}, ${name}`, async () => {
        const rho = await read(() => flatRho(formOf()(tensorsOf(one.H), one.jumps.map(tensorsOf))));
        closeToGolden(rho, flat(one.rho), one.tolerance.float32, "rho");
      });

      if (one.cotangent !== undefined)
        it(`has the golden gradients of ${one.name}, ${name}`, async () => {
          const [H, ...jumps] = await gradientsOf(one, formOf());
          // By a Liouvillian and a composed form H counts entry by entry: its Hermitian part is the golden one.
          closeToGradient(hermitianPart(H!), flat(one.grad_H!), one.tolerance.float32Grad, "by H");
          jumps.forEach((jump, k) =>
            closeToGradient(
              jump,
              flat(one.grad_jumps![k]!),
              one.tolerance.float32Grad,
              `by jumpOps[${k}]`,
            ),
          );
        });
    }

  for (const [name, formOf] of Object.entries(FORMS))
    for (const one of casesOf("nonUnique"))
      it(`flags ${one.name}, ${name}, and gives no arbitrary state`, async () => {
        const [rho, verdict, rcond] = await readAll(() => {
          const result = formOf()(tensorsOf(one.H), one.jumps.map(tensorsOf));
          return [flatRho(result), tf.cast(result.verdict, "float32"), result.rcond];
        });
        expect([1, 2]).to.include(verdict![0]);
        expect(rcond![0]).to.be.lessThan(1e-6);
        expect([...rho!].every(Number.isNaN)).to.equal(true);
      });

  it("tells a slow mode from a second steady state with exact operators", async () => {
    const verdicts = casesOf("nonUnique").map(async (one) => {
      const [verdict] = await readAll(() => [
        tf.cast(os.steadyState(tensorsOf(one.H), one.jumps.map(tensorsOf)).verdict, "float32"),
      ]);
      return [one.name, os.VERDICTS[verdict![0]!]];
    });
    const named = Object.fromEntries(await Promise.all(verdicts)) as Record<string, string>;
    expect(named["pure-dephasing"]).to.equal("notUnique");
    expect(named["collective-decay-two-qubit"]).to.equal("notUnique");
    expect(named["nearly-degenerate"]).to.equal("illConditioned");
  });

  it("keeps an ill-conditioned state on request, and it is right for exact operators", async () => {
    const one = casesOf("nonUnique").find(({ name }) => name === "nearly-degenerate")!;
    for (const options of [{ onNonUnique: "keep" }, { minRcond: 1e-11 }] as const) {
      const rho = await read(() =>
        flatRho(os.steadyState(tensorsOf(one.H), one.jumps.map(tensorsOf), options)),
      );
      closeToGolden(rho, flat(one.rho!), 1e-6, "rho");
    }
  });

  it("is a thermal qubit with populations n/(1 + 2n)", async () => {
    const [g, n] = [0.7, [0.1, 1, 4]];
    const population = await read(() => {
      const down = tf.sqrt(tf.mul(g, tf.add(1, n)));
      const up = tf.sqrt(tf.mul(g, n));
      const jumps = [os.scale(os.lower(), down), os.scale(os.raise(), up)];
      return os.expect(os.projector(2, 0), os.steadyState(os.sigmaZ(), jumps).rho);
    });
    closeTo(
      population,
      n.map((x) => x / (1 + 2 * x)),
      { atol: 1e-7 },
    );
  });

  /** Resonance fluorescence: ρ00 = (Ω²/4) / (Δ² + γ²/4 + Ω²/2). */
  const fluorescence = (delta: Tensor, options?: SteadyStateOptions): Tensor => {
    const H = os.sum(os.scale(os.projector(2, 0), delta), os.scale(os.sigmaX(), 0.5));
    return os.expect(os.projector(2, 0), os.steadyState(H, [os.lower()], options).rho);
  };

  it("is the closed form of resonance fluorescence, with its derivatives", async () => {
    const deltas = [-2, -0.3, 0, 0.5, 1.7];
    const den = deltas.map((x) => x ** 2 + 0.75);
    const [value, first, second] = await readAll(() => {
      const delta = tf.tensor1d(deltas);
      const composed = (x: Tensor): Tensor => tf.sum(fluorescence(x, { method: "composed" }));
      const slope = tf.grad((x: Tensor) => tf.sum(fluorescence(x)));
      return [
        fluorescence(delta),
        slope(delta),
        tf.grad((x: Tensor) => tf.sum(tf.grad(composed)(x)))(delta),
      ];
    });
    closeTo(
      value!,
      den.map((x) => 0.25 / x),
      { atol: 1e-7 },
    );
    closeTo(
      first!,
      den.map((x, i) => (-0.5 * deltas[i]!) / x ** 2),
      { atol: 1e-6 },
    );
    closeTo(
      second!,
      den.map((x, i) => -0.5 / x ** 2 + (2 * deltas[i]! ** 2) / x ** 3),
      { atol: 1e-5 },
    );
  });

  it("refuses a second derivative of the fused form with a hint", () => {
    const twice = (): Tensor =>
      tf.tidy(() => {
        const slope = (x: Tensor): Tensor => tf.sum(tf.grad(fluorescence)(x));
        return tf.grad(slope)(tf.tensor1d([0.1]));
      });
    expect(twice).to.throw('method: "composed"');
  });

  it("is a state: trace 1, Hermitian, positive, and the null vector of its Liouvillian", async () => {
    for (const n of [2, 5, 8, 16]) {
      const [H, L] = [random(20 + n, [3, n, n]), random(40 + n, [n, n])];
      const [trace, hermitian, residual, null_, lowest] = await readAll(() => {
        const Hs = os.scale(os.add(H, os.adjoint(H)), 0.5);
        const { rho, residual: r } = os.steadyState(Hs, [L]);
        const generator = os.liouvillian(Hs, [L]);
        const vector = os.vectorize(rho);
        const column = { re: vector.re.expandDims(2), im: vector.im.expandDims(2) };
        const off = os.sub(rho, os.adjoint(rho));
        const image = os.matMul(generator, column);
        // Tr ρ³ ≤ Tr ρ² ≤ 1 and ⟨v|ρ|v⟩ ≥ 0 for random v.
        const v = random(60 + n, [7, 1, n, 1]);
        return [
          os.trace(rho).re,
          tf.add(tf.abs(off.re), tf.abs(off.im)),
          r,
          tf.div(tf.max(tf.abs(image.re)), tf.max(tf.abs(generator.re))),
          os.expect(os.densityMatrix(v), rho),
        ];
      });
      closeTo(trace!, [1, 1, 1], { atol: 1e-6 }, "trace");
      closeTo(Math.max(...hermitian!), 0, { atol: 1e-7 }, "Hermiticity");
      expect(Math.max(...residual!)).to.be.lessThan(rounding);
      expect(null_![0]).to.be.lessThan(1e-6);
      expect(Math.min(...lowest!)).to.be.greaterThan(0);
      tf.dispose([H, L]);
    }
  });

  it("is the loop over its samples, with shared and batched operators", async () => {
    const raw = random(30, [2, 1, 3, 3]);
    const [L1, L2] = [random(31, [4, 3, 3]), random(32, [3, 3])];
    const H = tf.tidy(() => os.add(raw, os.adjoint(raw)));
    const whole = await read(() => os.steadyState(H, [L1, L2]).rho.im);
    for (const [i, j] of [
      [0, 0],
      [1, 3],
    ] as const) {
      const alone = await read(() => {
        const pick = (A: Complex, at: number): Complex => ({
          re: tf.reshape(A.re, [-1, 3, 3]).slice([at], [1]).squeeze([0]),
          im: tf.reshape(A.im, [-1, 3, 3]).slice([at], [1]).squeeze([0]),
        });
        return os.steadyState(pick(H, i), [pick(L1, j), L2]).rho.im;
      });
      closeTo(alone, whole.slice(9 * (4 * i + j), 9 * (4 * i + j) + 9), {}, "same bits");
    }
    tf.dispose([raw, L1, L2, H]);
  });

  it("has the gradient of differences through shared operators", async () => {
    const H = os.sigmaX();
    const f = (rate: Tensor): Tensor => {
      const jumps = [os.scale(os.lower(), tf.sqrt(rate)), os.scale(os.sigmaZ(), 0.3)];
      const drive = os.scale(H, tf.tensor1d([0.2, 0.7, 1.5]));
      return tf.sum(os.expect(os.sigmaY(), os.steadyState(drive, jumps).rho));
    };
    const h = 1e-2;
    const [slope, up, down] = await readAll(() => [
      tf.grad(f)(tf.scalar(0.9)),
      f(tf.scalar(0.9 + h)),
      f(tf.scalar(0.9 - h)),
    ]);
    closeTo(slope![0]!, (up![0]! - down![0]!) / (2 * h), { rtol: 1e-3 });
    tf.dispose(H);
  });

  it("has the composed gradient at n = 16", async () => {
    const [raw, L] = [random(33, [1, 16, 16]), random(34, [16, 16])];
    const gradient = (method: "fused" | "composed"): Promise<Float32Array> =>
      read(() => {
        const H = os.scale(os.add(raw, os.adjoint(raw)), 0.5);
        const f = (re: Tensor): Tensor =>
          tf.sum(tf.square(os.steadyState(H, [{ re, im: L.im }], { method }).rho.re));
        return tf.grad(f)(L.re);
      });
    const [fused, composed] = [await gradient("fused"), await gradient("composed")];
    const scale = Math.max(...fused.map(Math.abs));
    closeTo(fused, composed, { atol: 1e-4 * scale });
    tf.dispose([raw, L]);
  });

  it("gives every sample of a batch the float64 answer, where float32 factors suffice and where not", async () => {
    // A slow rate δ beside rates of order 1: from well-conditioned to non-unique, mixed in one batch.
    const n = 6;
    const deltas = [1, 1e-4, 0.3, 0, 1e-5, 0.1, 0.5];
    const [raw, L] = [random(35, [n, n]), random(36, [n, n])];
    const result = (rates: readonly number[]): os.SteadyState => {
      // Two blocks that only δ connects.
      const joined = tf.tensor2d(
        Array.from({ length: n * n }, (_, at) => (at % n < 3 === at / n < 3 ? 0 : 1)),
        [n, n],
      );
      const weights = tf.add(
        tf.sub(1, joined),
        tf.mul(joined, tf.tensor3d([...rates], [rates.length, 1, 1])),
      );
      const mask = (A: Complex): Complex => ({
        re: tf.mul(A.re, weights),
        im: tf.mul(A.im, weights),
      });
      const H = os.scale(os.add(raw, os.adjoint(raw)), 0.5);
      return os.steadyState(mask(H), [mask(L)], { onNonUnique: "keep" });
    };
    const facts = (rates: readonly number[]): Promise<Float32Array[]> =>
      readAll(() => {
        const { rho, rcond, residual, verdict } = result(rates);
        return [rho.re, rcond, residual, tf.cast(verdict, "float32")];
      });
    const [rho, rcond, residual, verdicts] = await facts(deltas);
    expect([...verdicts!]).to.deep.equal([0, 1, 0, 2, 1, 0, 0]);
    for (const [i, delta] of deltas.entries()) {
      if (delta === 0) continue;
      expect(residual![i]).to.be.lessThan(rounding);
      const alone = await facts([delta]);
      closeTo(alone[0]!, rho!.slice(i * n * n, (i + 1) * n * n), {}, `same bits at ${delta}`);
      expect(alone[1]![0]).to.equal(rcond![i]);
      // The gap is of the order of δ².
      if (delta < 1e-3) expect(rcond![i]! / delta ** 2).to.be.within(1e-3, 1, `rcond at ${delta}`);
    }
    tf.dispose([raw, L]);
  });

  it("takes no samples", async () => {
    const result = tf.tidy(() =>
      os.steadyState({ re: tf.zeros([0, 2, 2]), im: tf.zeros([0, 2, 2]) }, [os.lower()]),
    );
    expect(result.rho.re.shape).to.deep.equal([0, 2, 2]);
    expect(result.verdict.shape).to.deep.equal([0]);
    expect([...(await result.rho.re.data())]).to.deep.equal([]);
    await os.checkSteadyState(result);
    tf.dispose(result);
  });

  it("has gradients without samples: 0 by what is shared", async () => {
    const [byBatch, byShared] = await readAll(() => {
      const f = (re: Tensor, rate: Tensor): Tensor => {
        const H = { re, im: tf.zerosLike(re) };
        return tf.sum(os.steadyState(H, [os.scale(os.lower(), rate)]).rho.re);
      };
      return tf.grads(f)([tf.zeros([0, 2, 2]), tf.scalar(1)]);
    });
    expect([...byBatch!]).to.deep.equal([]);
    expect([...byShared!]).to.deep.equal([0]);
  });

  it("takes dimensions beyond 16", async () => {
    const [n, levels] = [1.5, 24];
    const rho = await read(() => {
      const a = os.destroy(levels);
      const jumps = [os.scale(a, Math.sqrt(1 + n)), os.scale(os.adjoint(a), Math.sqrt(n))];
      return os.sub(os.steadyState(os.number(levels), jumps).rho, os.thermal(levels, n)).re;
    });
    closeTo(rho, new Array<number>(levels ** 2).fill(0), { atol: 1e-6 });
  });

  it("leaves nothing behind but its result", () => {
    const H = os.sigmaX();
    const before = tf.memory().numTensors;
    const results = [
      ...Object.values(FORMS).map((formOf) => tf.tidy(() => formOf()(H, [os.lower()]))),
    ];
    // rho is two of the five tensors of a result.
    expect(tf.memory().numTensors).to.equal(before + 5 * results.length);
    tf.dispose([results, H]);
    expect(tf.memory().numTensors).to.equal(before - 2);
  });
});

/** Of a matrix given as real parts and imaginary parts. */
function hermitianPart(H: Float32Array): Float32Array {
  const n = Math.sqrt(H.length / 2);
  return H.map((x, at) => {
    const [i, j] = [Math.floor(at / n) % n, at % n];
    const partner = H[at - i * n - j + j * n + i]!;
    return (x + (at < n * n ? partner : -partner)) / 2;
  });
}

onEachBackend("checkSteadyState()", () => {
  const rejection = async (result: os.SteadyState): Promise<Error> => {
    const failure = await os.checkSteadyState(result).then(
      () => new Error("it passed"),
      (error: unknown) => error as Error,
    );
    tf.dispose(result);
    return failure;
  };
  const driven = (L: Complex): os.SteadyState =>
    tf.tidy(() => os.steadyState(os.scale(os.sigmaX(), tf.tensor1d([1, 0])), [L]));

  it("passes a result on whose samples are all unique", async () => {
    const result = tf.tidy(() => os.steadyState(os.sigmaX(), [os.lower()]));
    expect(await os.checkSteadyState(result)).to.equal(result);
    tf.dispose(result);
  });

  it("names the first sample that is not unique", async () => {
    const failure = await rejection(driven(os.sigmaZ()));
    expect(failure).to.be.instanceOf(ConvergenceError);
    expect(failure.message).to.match(/^steadyState: sample 1 is notUnique, rcond 0/);
  });

  it("names operators that are not Hermitian or not finite", async () => {
    const bad = tf.tidy(() => os.steadyState(os.lower(), [os.lower()]));
    expect((await rejection(bad)).message).to.include("the state is notHermitian");
    for (const x of [NaN, Infinity]) {
      const broken = tf.tidy(() => os.steadyState(os.sigmaX(), [os.scale(os.lower(), x)]));
      const failure = await rejection(broken);
      expect(failure).to.be.instanceOf(ArgumentError);
      expect(failure.message).to.include("notFinite");
    }
    const skew = tf.tidy(() => os.steadyState(os.scale(os.spre(os.sigmaX()), 1)));
    expect((await rejection(skew)).message).to.include("notHermitian");
  });
});

describe("steadyState() refuses", () => {
  const refused = (
    f: () => unknown,
    type: new (message?: string) => Error,
    message: string,
  ): void => {
    expect(() => tf.tidy(() => void f())).to.throw(type, message);
  };

  it("operators whose shapes do not fit", () => {
    const [H, L] = [os.identity(2), os.identity(3)];
    refused(
      () => os.steadyState(H, [H, L]),
      ShapeError,
      "steadyState: argument `jumpOps[1]` must have shape [...batch, 2, 2], but has shape [3, 3].",
    );
    refused(() => os.steadyState(os.basis(2), [H]), ShapeError, "argument `H`");
    refused(() => os.steadyState(L), ShapeError, "[...batch, n², n²]");
    const batch = (B: number): Complex => os.scale(os.identity(2), tf.ones([B]));
    refused(() => os.steadyState(batch(2), [batch(3)]), ShapeError, "`jumpOps[0]`, [3]");
    tf.dispose([H, L]);
  });

  it("no jump operators, and options that are none", () => {
    const H = os.sigmaX();
    refused(() => os.steadyState(H, []), ArgumentError, "at least one jump operator");
    const option = (options: object) => () => os.steadyState(H, [H], options);
    refused(option({ method: "lu" }), ArgumentError, "`method`");
    refused(option({ onNonUnique: "warn" }), ArgumentError, "`onNonUnique`");
    refused(option({ minRcond: 2 }), ArgumentError, "`minRcond`");
    tf.dispose(H);
  });
});
