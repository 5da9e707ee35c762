// What must hold for every open system: states are states, the steady one stays, symmetries, batch = loop.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import fc from "fast-check";
import { linalg, openSystems as os, useBackend } from "../../src/index.js";
import { random } from "../complex/pairs.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import type { Complex } from "../../src/open-systems/index.js";

type Case = {
  readonly seed: number;
  readonly B: number;
  readonly n: number;
  readonly K: number;
  /** Rates over energies, from weak damping to strong. */
  readonly damping: number;
};

// From n = 5 on the kernel refines what float32 factors give.
const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 30 }),
  B: fc.integer({ min: 1, max: 6 }),
  n: fc.integer({ min: 2, max: 7 }),
  K: fc.integer({ min: 1, max: 3 }),
  damping: fc.double({ min: -1, max: 1, noNaN: true }).map((x) => 10 ** x),
});

const holds = (check: (given: Case) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(cases, check), { seed: 2, numRuns: 8 });

type System = { readonly H: Complex; readonly jumps: readonly Complex[] };

/** A Hamiltonian per sample, and jump operators of which the first is shared. */
function systemOf({ seed, B, n, K, damping }: Case): System {
  const raw = random(seed, [B, n, n]);
  const jumps = Array.from({ length: K }, (_, k) =>
    os.scale(random(seed + 1 + k, k === 0 ? [n, n] : [B, n, n]), Math.sqrt(damping / n)),
  );
  return { H: os.scale(os.add(raw, os.adjoint(raw)), 0.5), jumps };
}

/** Random states `[B, n, n]` of full rank. */
function stateOf({ seed, B, n }: Case): Complex {
  const A = random(seed + 10, [B, n, n]);
  const P = os.matMul(A, os.adjoint(A));
  return os.scale(P, tf.reciprocal(os.trace(P).re));
}

const steady = ({ H, jumps }: System): Complex => os.steadyState(H, jumps).rho;
const END = 0.7;
const evolved = ({ H, jumps }: System, rho: Complex, end: number = END): Complex =>
  os.evolve(H, jumps, rho, [0, end]).final;

/** The largest difference of two complex tensors. */
const distance = (a: Complex, b: Complex): Promise<number> =>
  read(() => {
    const { re, im } = os.sub(a, b);
    return tf.max(tf.maximum(tf.abs(re), tf.abs(im)));
  }).then(([x]) => x!);

/** Compares what two computations give. */
async function same(compute: () => [Complex, Complex], atol: number, what: string): Promise<void> {
  const [a, b] = tf.tidy(compute);
  closeTo(await distance(a, b), 0, { atol }, what);
  tf.dispose([a, b]);
}

/** Every operator through a map. */
const through = ({ H, jumps }: System, map: (A: Complex) => Complex): System => ({
  H: map(H),
  jumps: jumps.map(map),
});

/** `(s H, √s L)`. */
const scaled = ({ H, jumps }: System, s: number): System => ({
  H: os.scale(H, s),
  jumps: jumps.map((L) => os.scale(L, Math.sqrt(s))),
});

const SCALES = [1e-4, 40];

describe("every open system", () => {
  before(() => useBackend("wasm"));

  it("has states of trace 1, Hermitian and positive, steady or on their way", () =>
    holds(async (given) => {
      const [traces, skew, populations] = await readAll(() => {
        const system = systemOf(given);
        const states = [steady(system), evolved(system, stateOf(given))].map(({ re, im }) =>
          tf.stack([re, im]),
        );
        const [re, im] = tf.unstack(tf.concat(states, 1)) as [tf.Tensor, tf.Tensor];
        const rho = { re, im };
        const off = os.sub(rho, os.adjoint(rho));
        return [
          os.trace(rho).re,
          tf.maximum(tf.abs(off.re), tf.abs(off.im)),
          linalg.eigenvalues(rho),
        ];
      });
      closeTo(traces!, new Array<number>(2 * given.B).fill(1), { atol: 1e-6 }, "trace");
      closeTo(Math.max(...skew!), 0, { atol: 1e-7 }, "Hermiticity");
      expect(Math.min(...populations!)).to.be.greaterThan(-1e-6);
    }));

  it("stays in its steady state, which is where it goes", () =>
    holds(async (given) => {
      const stays = (): [Complex, Complex] => {
        const system = systemOf(given);
        const rho = steady(system);
        return [evolved(system, rho), rho];
      };
      await same(stays, 2e-6, "fixed point");
      const goes = (): [Complex, Complex] => {
        const system = systemOf(given);
        return [evolved(system, stateOf(given), 1e4), steady(system)];
      };
      await same(goes, 5e-6, "long times");
    }));

  it("is the same one in other units of time", () =>
    holds(async (given) => {
      for (const s of SCALES) {
        const units = (): [Complex, Complex] => {
          const system = systemOf(given);
          return [steady(scaled(system, s)), steady(system)];
        };
        await same(units, 2e-6, `steady state, ${s}`);
        const onItsWay = (): [Complex, Complex] => {
          const [system, rho] = [systemOf(given), stateOf(given)];
          return [evolved(scaled(system, s), rho, END / s), evolved(system, rho)];
        };
        await same(onItsWay, 5e-6, `evolution, ${s}`);
      }
    }));

  it("turns with its operators: U H U† and U L U† give U ρ U†", () =>
    holds(async (given) => {
      const compute = (): [Complex, Complex] => {
        const system = systemOf(given);
        const { vectors: U } = linalg.eigh(random(given.seed + 20, [given.n, given.n]));
        const turn = (A: Complex): Complex => os.matMul(os.matMul(U, A), os.adjoint(U));
        const start = stateOf(given);
        const turned = through(system, turn);
        const first = [steady(turned), evolved(turned, turn(start))] as const;
        const second = [turn(steady(system)), turn(evolved(system, start))] as const;
        return [os.add(...first), os.add(...second)];
      };
      await same(compute, 1e-5, "turned");
    }));

  it("does not see what the Lindblad form leaves open: mixed jumps, shifted jumps, an energy", () =>
    holds(async (given) => {
      const compute = (): [Complex, Complex] => {
        const { H, jumps } = systemOf(given);
        // L → L + c, H → H + (c* L - c L†) / 2i, with c = 0.4
        const [first, ...others] = jumps as [Complex, ...Complex[]];
        const skew = os.scale(os.sub(first, os.adjoint(first)), 0.2);
        const shift = { re: skew.im, im: tf.neg(skew.re) };
        const one = os.scale(os.identity(given.n), 0.4);
        const [a, b] = [os.scale(first, 0.6), os.scale(first, 0.8)];
        const open: System = {
          H: os.sum(H, shift, one),
          jumps: [os.add(first, one), ...others],
        };
        // One jump operator as two, of which the squares of the weights add up to 1.
        const split: System = { H, jumps: [a, b, ...others] };
        const rho = stateOf(given);
        const found = [open, split].map((s) => os.add(steady(s), evolved(s, rho)));
        const own = os.add(steady({ H, jumps }), evolved({ H, jumps }, rho));
        return [os.add(found[0]!, found[1]!), os.scale(own, 2)];
      };
      await same(compute, 1e-5, "gauge");
    }));

  it("evolves in one go as in two", () =>
    holds(async (given) => {
      const compute = (): [Complex, Complex] => {
        const [system, rho] = [systemOf(given), stateOf(given)];
        const half = evolved(system, rho, END / 2);
        return [evolved(system, half, END / 2), evolved(system, rho)];
      };
      await same(compute, 1e-6, "semigroup");
    }));

  it("has in a batch the bits that it has sample by sample", () =>
    holds(async (given) => {
      const pick = (A: Complex, b: number): Complex => {
        if (A.re.rank === 2) return A;
        const part = (x: tf.Tensor): tf.Tensor => tf.squeeze(tf.slice(x, [b], [1]), [0]);
        return { re: part(A.re), im: part(A.im) };
      };
      for (let b = 0; b < given.B; b++) {
        const compute = (): [Complex, Complex] => {
          const [system, rho] = [systemOf(given), stateOf(given)];
          const own = through(system, (A) => pick(A, b));
          const alone = os.add(steady(own), evolved(own, pick(rho, b)));
          return [alone, pick(os.add(steady(system), evolved(system, rho)), b)];
        };
        await same(compute, 0, `sample ${b}`);
      }
    }));
});
