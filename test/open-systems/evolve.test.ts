// Evolution in time: golden cases, closed forms, orders, gradients, batches, errors and memory, by every method.

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, ConvergenceError, openSystems as os, ShapeError } from "../../src/index.js";
import { onEachBackend } from "../support/backends.js";

type Plain = { readonly re: number[][]; readonly im: number[][] };
type Case = {
  readonly kind: string;
  readonly name: string;
  readonly H: Plain;
  readonly jumps: Plain[];
  readonly rho0: Plain;
  readonly times: number[];
  readonly states: { readonly re: number[][][]; readonly im: number[][][] };
  readonly value: number;
  readonly grad: Readonly<Record<"Delta" | "Omega" | "gamma", number>>;
};

const text = readFileSync(new URL("../golden/evolution.json", import.meta.url), "utf8");
const { cases } = JSON.parse(text) as { readonly cases: readonly Case[] };
const golden = cases.filter(({ kind }) => kind === "evolve");
const slope = cases.find(({ kind }) => kind === "evolveGrad")!;

const pair = ({ re, im }: Plain): os.Complex => os.fromArrays(re, im);

/** Largest difference of two complex tensors. */
async function difference(a: os.Complex, b: os.Complex): Promise<number> {
  const parts = [tf.sub(a.re, b.re), tf.sub(a.im, b.im)];
  const values = await Promise.all(parts.map((part) => part.data()));
  const all = values.flatMap((part) => Array.from(part, Math.abs));
  return all.reduce((most, x) => (x > most || Number.isNaN(x) ? x : most), 0);
}

const METHODS: readonly { readonly options: os.EvolveOptions; readonly error: number }[] = [
  { options: { method: "expm" }, error: 3e-7 },
  { options: { method: "expm", form: "composed" }, error: 3e-6 },
  { options: { method: "dopri5" }, error: 3e-6 },
  { options: { method: "dopri5", form: "composed" }, error: 5e-6 },
  { options: { method: "rk4", step: 0.1 }, error: 2e-5 },
  { options: { method: "rk4", form: "composed", step: 0.1 }, error: 2e-5 },
  { options: { method: "split", step: 0.1 }, error: 2e-3 },
  { options: { method: "rouchon2", step: 0.1 }, error: 2e-3 },
];

const driven = (Delta: tf.Tensor, Omega: tf.Tensor): os.Complex =>
  os.sum(os.scale(os.projector(2, 0), Delta), os.scale(os.sigmaX(), tf.mul(Omega, 0.5)));

onEachBackend("evolve()", () => {
  for (const { options, error } of METHODS) {
    const name = `${options.method!}${options.form === "composed" ? ", composed" : ""}`;

    it(`has the golden states by ${name}`, async () => {
      for (const { H, jumps, rho0, times, states } of golden) {
        const result = os.evolve(pair(H), jumps.map(pair), pair(rho0), times, options);
        await os.checkEvolution(result);
        const expected = os.fromArrays(states.re, states.im);
        expect(await difference(result.states!, expected)).to.be.below(error);
      }
    });

    it(`has the golden gradient by ${name}`, async () => {
      const sz = (Delta: tf.Tensor, Omega: tf.Tensor, gamma: tf.Tensor): tf.Tensor => {
        const jumpOps = [os.scale(os.lower(), tf.sqrt(gamma))];
        const { final } = os.evolve(driven(Delta, Omega), jumpOps, os.basis(2, 1), [0, 2], {
          ...options,
          ...(options.step !== undefined && { step: 0.05 }),
        });
        return os.expect(os.sigmaZ(), final);
      };
      const at = [tf.scalar(0.5), tf.scalar(1), tf.scalar(1)];
      const { value, grads } = tf.valueAndGrads(sz)(at);
      const found = await Promise.all([value, ...grads].map(async (t) => (await t.data())[0]!));
      const expected = [slope.value, slope.grad.Delta, slope.grad.Omega, slope.grad.gamma];
      found.forEach((x, i) => expect(Math.abs(x - expected[i]!)).to.be.below(error + 1e-5));
    });
  }

  it("has the order of each fixed method", async () => {
    const H = driven(tf.scalar(0.5), tf.scalar(2));
    const run = (method: os.EvolutionMethod, step: number): os.Complex =>
      os.evolve(H, [os.lower()], os.basis(2, 0), [0, 2], { method, step }).final;
    const exact = run("expm", 1);
    for (const [method, step, order] of [
      ["rk4", 0.5, 4],
      ["split", 0.2, 2],
      ["rouchon2", 0.2, 2],
    ] as const) {
      const coarse = await difference(run(method, step), exact);
      const fine = await difference(run(method, step / 2), exact);
      expect(Math.log2(coarse / fine)).to.be.closeTo(order, 0.5);
    }
  });

  it("keeps states positive and of trace 1 with long steps of split and rouchon2", async () => {
    for (const method of ["split", "rouchon2"] as const) {
      const H = os.scale(os.sigmaX(), 3);
      const { final } = os.evolve(H, [os.scale(os.lower(), 5)], os.basis(2, 0), [0, 2], {
        method,
        step: 0.5,
      });
      expect((await os.eigenvalues(final).data())[0]).to.be.above(-1e-6);
      expect((await os.trace(final).re.data())[0]).to.be.closeTo(1, 1e-6);
    }
  });

  it("ends at the steady state", async () => {
    const H = driven(tf.tensor1d([0, 0.5, 2]), tf.scalar(1));
    const { final } = os.evolve(H, [os.lower()], os.basis(2, 1), [0, 60]);
    expect(await difference(final, os.steadyState(H, [os.lower()]).rho)).to.be.below(1e-6);
  });

  it("is the closed form of dephasing: coherences decay as e^(-2γt) and turn with 2Ω, populations stay", async () => {
    const [gamma, Omega, times] = [[0.3, 1.1], 0.7, [0, 0.4, 1.3, 3]];
    const jumpOps = [os.scale(os.sigmaZ(), tf.sqrt(tf.tensor1d(gamma)))];
    const plus = os.fromArrays([[0.6], [0.8]], [[0], [0]]);
    for (const method of ["expm", "dopri5", "rk4"] as const) {
      const options = { method, step: 0.01 } as const;
      const H = os.scale(os.sigmaZ(), Omega);
      const { states } = os.evolve(H, jumpOps, plus, times, options);
      const [re, im] = await Promise.all([states!.re.data(), states!.im.data()]);
      gamma.forEach((g, b) => {
        times.forEach((t, i) => {
          const at = 4 * (b * times.length + i);
          const size = 0.48 * Math.exp(-2 * g * t);
          const expected = [0.36, size * Math.cos(2 * Omega * t), 0.64];
          const found = [re[at]!, re[at + 1]!, re[at + 3]!];
          found.forEach((x, k) => expect(x).to.be.closeTo(expected[k]!, 2e-6));
          expect(im[at + 1]).to.be.closeTo(-size * Math.sin(2 * Omega * t), 2e-6);
        });
      });
    }
  });

  it("shows the vacuum Rabi oscillation cos²(g t) of a closed system", async () => {
    const exchange = os.add(
      os.tensor(os.create(2), os.lower()),
      os.tensor(os.destroy(2), os.raise()),
    );
    const times = [0, 0.4, 0.8, 1.2];
    const excited = os.embed(os.projector(2, 0), 1, [2, 2]);
    const { expectations } = os.evolve(os.scale(exchange, 1.5), [], os.basis(4, 0), times, {
      observe: [excited],
    });
    const values = await expectations!.data();
    times.forEach((t, i) => expect(values[i]).to.be.closeTo(Math.cos(1.5 * t) ** 2, 1e-6));
  });

  it("gives stiff problems a propagator, with the same states", async () => {
    const jumpOps = [os.scale(os.lower(), 100)];
    const { final, stats } = os.evolve(os.sigmaX(), jumpOps, os.basis(2, 0), [0, 50]);
    expect((await stats.accepted.data())[0]).to.equal(1);
    const { rho } = os.steadyState(os.sigmaX(), jumpOps);
    expect(await difference(final, rho)).to.be.below(1e-6);
  });

  it("keeps rounding from growing under strong damping", async () => {
    const H = os.sum(os.number(3), os.create(3), os.destroy(3));
    const L = os.scale(os.sum(os.destroy(3), os.scale(os.create(3), 0.6)), 6);
    const run = (H: os.TimeOperator, options: os.EvolveOptions): os.Complex =>
      os.evolve(H, [L], os.basis(3, 0), [0, 0.6], options).final;
    const exact = run(H, { method: "expm" });
    const moving: os.TimeOperator = [[H, () => 1]];
    for (const found of [
      run(H, { method: "dopri5", form: "composed" }),
      run(moving, { method: "dopri5" }),
      run(moving, { method: "rk4", step: 0.006 }),
    ]) {
      expect(await difference(found, exact)).to.be.below(2e-6);
    }
  });

  it("turns by the integral of a coefficient of time, and differentiates what it closes over", async () => {
    for (const method of ["dopri5", "rk4", "split", "rouchon2"] as const) {
      const run = (height: tf.Tensor): tf.Tensor => {
        const f = (t: number): tf.Tensor => tf.mul(height, Math.cos(t));
        const { final } = os.evolve([[os.sigmaX(), f]], [], os.basis(2, 0), [0, 1], {
          method,
          step: 0.05,
        });
        return os.expect(os.sigmaZ(), final);
      };
      const { value, grad } = tf.valueAndGrad(run)(tf.scalar(0.7));
      // ⟨σz⟩ = cos(2 a sin t)
      const angle = 2 * 0.7 * Math.sin(1);
      expect((await value.data())[0]).to.be.closeTo(Math.cos(angle), 4e-4);
      const expected = -2 * Math.sin(1) * Math.sin(angle);
      expect((await grad.data())[0]).to.be.closeTo(expected, 4e-4);
    }
  });

  it("gives every sample of a batch the bits that it has alone", async () => {
    const H = driven(tf.tensor1d([0.1, 1, 4, 0.3, 2]), tf.scalar(1));
    for (const method of ["expm", "dopri5"] as const) {
      const all = os.evolve(H, [os.lower()], os.basis(2, 1), [0, 1, 3], { method }).final;
      for (let b = 0; b < 5; b++) {
        const part = (x: tf.Tensor): tf.Tensor => tf.reshape(tf.slice(x, [b], [1]), [2, 2]);
        const one = { re: part(H.re), im: part(H.im) };
        const { final } = os.evolve(one, [os.lower()], os.basis(2, 1), [0, 1, 3], { method });
        const own = { re: part(all.re), im: part(all.im) };
        expect(await difference(final, own)).to.equal(0);
      }
    }
  });

  it("says which samples reached the step limit or are no states, and makes them NaN", async () => {
    const few = os.evolve(os.sigmaX(), [os.lower()], os.basis(2, 0), [0, 9], {
      method: "dopri5",
      maxSteps: 3,
    });
    expect((await few.stats.verdict.data())[0]).to.equal(1);
    expect((await few.final.re.data())[0]).to.be.NaN;
    const error = await os.checkEvolution(few).then(undefined, (e: unknown) => e);
    expect(error).to.be.instanceOf(ConvergenceError);
    for (const form of ["fused", "composed"] as const) {
      const run = (H: os.Complex, rho: os.Complex): os.Evolution =>
        os.evolve(H, [os.lower()], rho, [0, 1], { form });
      const verdicts = [
        run(os.lower(), os.basis(2, 0)),
        run(os.sigmaX(), os.identity(2)),
        run(os.scale(os.sigmaX(), NaN), os.basis(2, 0)),
      ].map(async ({ stats }) => (await stats.verdict.data())[0]);
      expect(await Promise.all(verdicts)).to.deep.equal([2, 3, 4]);
    }
  });

  it("says which sample grew without bounds, where fixed steps are too long for the damping", async () => {
    const L = os.scale(os.lower(), tf.tensor1d([1, 30]));
    for (const form of ["fused", "composed"] as const) {
      const options = { method: "rk4", step: 0.1, form } as const;
      const run = os.evolve(os.sigmaX(), [L], os.basis(2, 0), [0, 4], options);
      const error = await os.checkEvolution(run).then(undefined, (e: unknown) => e);
      expect(error).to.be.instanceOf(ConvergenceError);
      expect(String(error)).to.match(/sample 1 has an entry .* method "rk4" are too long/);
    }
  });

  it("takes no samples, with gradients: 0 by what is shared", async () => {
    const H = { re: tf.zeros([0, 2, 2]), im: tf.zeros([0, 2, 2]) };
    for (const method of ["expm", "split"] as const) {
      const value = (re: tf.Tensor, rate: tf.Tensor): tf.Tensor => {
        const jumpOps = [os.scale(os.lower(), rate)];
        const options = { method, observe: [os.sigmaZ()], storeStates: true } as const;
        const result = os.evolve({ re, im: H.im }, jumpOps, os.basis(2, 0), [0, 1, 2], options);
        expect(result.states!.re.shape).to.deep.equal([0, 3, 2, 2]);
        expect(result.stats.method).to.equal(method);
        return tf.sum(result.expectations!);
      };
      const [byBatch, byShared] = tf.grads(value)([H.re, tf.scalar(1)]);
      expect(byBatch!.shape).to.deep.equal([0, 2, 2]);
      expect([...(await byShared!.data())]).to.deep.equal([0]);
    }
  });

  it("refuses what it can see at once", () => {
    const evolve = (times: number[], options: os.EvolveOptions = {}): unknown =>
      os.evolve(os.sigmaX(), [os.lower()], os.basis(2, 0), times, options);
    expect(() => evolve([])).to.throw(ArgumentError, "`times`");
    expect(() => evolve([0, 1, 1])).to.throw(ArgumentError, "times[2] is 1");
    expect(() => evolve([0, 1], { rtol: 0 })).to.throw(ArgumentError, "`rtol`");
    const limit = { method: "rk4", step: 1e-3, maxSteps: 10 } as const;
    expect(() => evolve([0, 1], limit)).to.throw(ArgumentError, "`maxSteps`");
    // A list of as many steps would fill the memory before the check.
    expect(() => evolve([0, 1], { ...limit, step: 1e-12 })).to.throw(ArgumentError, "takes 1000000000000"); // prettier-ignore
    expect(() => evolve([0, 1], { method: "euler" as "rk4" })).to.throw(ArgumentError, "rouchon2");
    const moving: os.TimeOperator = [os.sigmaX(), () => 1];
    const call = (): unknown => os.evolve(moving, [], os.basis(2, 0), [0, 1], { method: "expm" });
    expect(call).to.throw(ArgumentError, "depends on time");
    const wrong = (): unknown => os.evolve(os.sigmaX(), [os.destroy(3)], os.basis(2, 0), [0, 1]);
    expect(wrong).to.throw(ShapeError, "jumpOps[0]");
  });

  it("leaves no tensors behind but its result", () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const given = [os.sigmaX(), os.lower(), os.basis(2, 0)] as const;
      const [H, L, psi] = given;
      const inside = tf.memory().numTensors;
      for (const { options } of METHODS) os.evolve(H, [L], psi, [0, 0.2], options);
      // states, final and stats: two pairs and three tensors each
      expect(tf.memory().numTensors - inside).to.equal(7 * METHODS.length);
    });
    expect(tf.memory().numTensors).to.equal(before);
  });
});
