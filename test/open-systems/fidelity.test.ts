// The fidelity of any two states: closed forms, what defines it, derivatives, states that are not of full rank, errors.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ShapeError } from "../../src/errors.js";
import * as os from "../../src/open-systems/index.js";
import { random } from "../complex/pairs.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read, readAll } from "../support/tensors.js";
import type { Complex } from "../../src/open-systems/index.js";

type Tensor = tf.Tensor;

/** Random states `[...lead, n, n]` of full rank, the nearer to 1/n the larger `mixed` is. */
function states(seed: number, lead: readonly number[], n: number, mixed = 0.1): Complex {
  return tf.tidy(() => {
    const A = random(seed, [...lead, n, n]);
    const P = os.add(os.matMul(A, os.adjoint(A)), os.scale(os.identity(n), mixed));
    const trace = tf.reshape(os.trace(P).re, [...lead, 1, 1]);
    return { re: tf.div(P.re, trace), im: tf.div(P.im, trace) };
  });
}

const diagonal = (p: readonly number[]): Complex => {
  const re = tf.diag(tf.tensor1d([...p]));
  return { re, im: tf.zerosLike(re) };
};

onEachBackend("fidelity()", () => {
  it("is (Σ √(p q))² for states that commute, and 1 of a state with itself", async () => {
    const [p, q] = [
      [0.1, 0.2, 0.3, 0.4],
      [0.5, 0.3, 0.15, 0.05],
    ] as const;
    const [commuting, own] = await readAll(() => {
      const rho = states(1, [3], 5);
      return [os.fidelity(diagonal(p), diagonal(q)), os.fidelity(rho, rho)];
    });
    const root = p.reduce((sum, x, i) => sum + Math.sqrt(x * q[i]!), 0);
    closeTo(commuting!, [root ** 2], { rtol: 1e-6 });
    closeTo(own!, [1, 1, 1], { atol: 3e-6 });
  });

  it("is the closed form of one qubit, whatever the leading axes", async () => {
    const [any, closed] = await readAll(() => {
      const [rho, sigma] = [states(2, [4, 1], 2), states(3, [3], 2)];
      return [os.fidelity(rho, sigma), os.qubitFidelity(rho, sigma)];
    });
    expect(any!.length).to.equal(12);
    closeTo(any!, closed!, { atol: 2e-6 });
  });

  it("is symmetric, and the product of the fidelities of a tensor product", async () => {
    const [both, swapped, one, two] = await readAll(() => {
      const [a, b, c, d] = [2, 2, 3, 3].map((n, i) => states(4 + i, [], n)) as [
        Complex,
        Complex,
        Complex,
        Complex,
      ];
      const [rho, sigma] = [os.tensor(a, c), os.tensor(b, d)];
      const whole = [os.fidelity(rho, sigma), os.fidelity(sigma, rho)];
      return [...whole, os.fidelity(a, b), os.fidelity(c, d)];
    });
    closeTo(both!, swapped!, { rtol: 3e-6 });
    closeTo(both!, [one![0]! * two![0]!], { rtol: 3e-6 });
  });

  it("is an expectation value where one state is pure, as a ket or as a projector", async () => {
    const [first, second, projector, expected, pure] = await readAll(() => {
      const sigma = states(8, [], 4);
      const psi = os.coherent(4, 0.8);
      return [
        os.fidelity(psi, sigma),
        os.fidelity(sigma, psi),
        os.fidelity(os.densityMatrix(psi), sigma),
        os.expect(os.densityMatrix(psi), sigma),
        os.fidelity(os.basis(4, 1), os.basis(4, 2)),
      ];
    });
    for (const f of [first!, second!, projector!]) closeTo(f, expected!, { rtol: 3e-6 });
    closeTo(pure!, [0], {});
  });

  it("is right for states of deficient rank", async () => {
    // Subspaces that share one level of three.
    const value = await read(() => os.fidelity(diagonal([0.5, 0.5, 0]), diagonal([0, 0.25, 0.75])));
    closeTo(value, [0.125], { rtol: 1e-6 });
  });

  it("has the gradient of differences by both states", async () => {
    const [rho, sigma] = [states(9, [], 3, 3), states(10, [], 3, 3)];
    const direction = tf.tidy(() => {
      const A = random(11, [3, 3]);
      return os.add(A, os.adjoint(A));
    });
    const moved = (A: Complex, h: number | Tensor): Complex => os.add(A, os.scale(direction, h));
    const loss = (h: number | Tensor): Tensor =>
      os.fidelity(moved(rho, h), moved(sigma, tf.mul(h, -2)));
    const [h, step] = [tf.scalar(0), 3e-3];
    const [slope, near, far] = await readAll(() => [
      tf.grad((x: Tensor) => loss(x))(h),
      tf.sub(loss(step), loss(-step)),
      tf.sub(loss(2 * step), loss(-2 * step)),
    ]);
    closeTo(slope!, [(8 * near![0]! - far![0]!) / (12 * step)], { rtol: 1e-3 });
    tf.dispose([rho, sigma, direction, h]);
  });

  it("has the slope of an expectation value by the other state of a projector", async () => {
    const slope = await read(() => {
      const psi = os.basis(3, 1);
      const f = (re: Tensor): Tensor =>
        os.fidelity(os.densityMatrix(psi), { re, im: tf.zerosLike(re) });
      return tf.grad(f)(tf.diag(tf.tensor1d([0.2, 0.3, 0.5])));
    });
    closeTo(slope, [0, 0, 0, 0, 1, 0, 0, 0, 0], { atol: 3e-6 });
  });

  it("takes no samples, with gradients", async () => {
    const none = { re: tf.zeros([0, 3, 3]), im: tf.zeros([0, 3, 3]) };
    const [value, slope] = await readAll(() => [
      os.fidelity(none, none),
      tf.grad((re: Tensor) => tf.sum(os.fidelity({ re, im: none.im }, os.identity(3))))(none.re),
    ]);
    expect([value!.length, slope!.length]).to.deep.equal([0, 0]);
    tf.dispose(none);
  });

  it("refuses states of different sizes", () => {
    expect(() => tf.tidy(() => os.fidelity(os.identity(2), os.identity(3)))).to.throw(
      ShapeError,
      "fidelity: argument `sigma`",
    );
  });
});
