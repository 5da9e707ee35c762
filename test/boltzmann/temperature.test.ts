// The effective temperature: golden estimates, closed forms, coverage of its errors, and every special case.

import { expect } from "chai";
import { effectiveBeta } from "../../src/boltzmann/temperature.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { graph } from "../../src/ising/graph.js";
import { model, type HostModel } from "../../src/ising/model.js";
import { chimera } from "../../src/ising/topologies/chimera.js";
import { goldenCase } from "../ising/annealing-golden.js";
import { drawn, K4, lawOf, ruledModel } from "../ising/exact-law.js";
import { closeTo } from "../support/close-to.js";

const golden = goldenCase("effective temperature, maximum pseudo-likelihood") as {
  readonly exact_weights_at_beta: number;
  readonly samples: string[];
  readonly estimate_from_samples: number;
  readonly single_spin: { b: number; ups: number; downs: number; estimate: number };
};

function spins(rows: readonly string[]): { samples: Int8Array } {
  return { samples: Int8Array.from(rows.join(""), (sign) => (sign === "+" ? 1 : -1)) };
}

const single = (b: number): HostModel => model(graph(1, []), { biases: b });

describe("effectiveBeta()", () => {
  it("is the golden estimate", () => {
    const { beta, warning } = effectiveBeta(K4, spins(golden.samples));
    closeTo(beta, golden.estimate_from_samples, { atol: 1e-9 });
    expect(warning).to.equal(null);
  });

  it("is exact for exact weights, without an error", () => {
    const law = lawOf(K4, golden.exact_weights_at_beta);
    const made = effectiveBeta(K4, { samples: law.states, numOccurrences: law.probabilities });
    closeTo(made.beta, 0.7, { atol: 1e-9 });
    expect(made.error).to.be.NaN;
  });

  it("is atanh(m) / b for one spin, at any scale", () => {
    const { b, ups, downs, estimate } = golden.single_spin;
    const rows = spins(["+".repeat(ups), "-".repeat(downs)]);
    closeTo(effectiveBeta(single(b), rows).beta, estimate, { atol: 1e-9 });
    for (const scale of [1e-6, 1e6]) {
      closeTo(effectiveBeta(single(scale), rows).beta, Math.atanh(0.4) / scale, { rtol: 1e-10 });
    }
    const rare = { ...spins(["-", "+"]), numOccurrences: [1, 1e6] };
    closeTo(effectiveBeta(single(1), rare, { bootstrap: 0 }).beta, 0.5 * Math.log(1e6), {
      rtol: 1e-10,
    });
  });

  it("takes multiplicities for repeated rows", () => {
    const rows = spins(["++++", "++++", "++++", "-+-+", "+--+"]);
    const merged = { ...spins(["++++", "-+-+", "+--+"]), numOccurrences: [3, 1, 1] };
    const [a, b] = [effectiveBeta(K4, rows), effectiveBeta(K4, merged)];
    closeTo(a.beta, b.beta, { rtol: 1e-12 });
    closeTo(a.error, b.error, { rtol: 1e-9 });
  });

  it("finds the temperature of samples within its error, which is the spread of repetitions", () => {
    const cell = ruledModel(chimera(1, 1, 4));
    for (const [of, exact] of [
      [K4, 0.6],
      [cell, 1.3],
    ] as const) {
      // prettier-ignore
      const law = lawOf(of, exact);
      const estimates = Array.from({ length: 40 }, (_, seed) =>
        effectiveBeta(of, drawn(law, 500, seed).aggregate(), { seed, bootstrap: 50 }),
      );
      const pulls = estimates.map(({ beta, error }) => (beta - exact) / error);
      for (const pull of pulls) expect(Math.abs(pull)).to.be.below(5);
      const square = pulls.reduce((sum, pull) => sum + pull * pull, 0) / 40;
      // Mean of 40 squares of variance 2, widened by the errors' own error of 1/√(2·49).
      closeTo(square, 1, { atol: 5 * Math.sqrt(2 / 40) + 0.1 });
    }
  });

  it("ignores clamped spins", () => {
    const pair = model(graph(2, [[0, 1]]), { biases: [5, 0], couplings: 0.5 }); // prettier-ignore
    const rows = spins(["++", "++", "++", "+-"]);
    const { beta } = effectiveBeta(pair, rows, { clamped: [1, 0] });
    closeTo(beta, Math.atanh(0.5) / 0.5, { rtol: 1e-10 });
  });

  it("is infinite where all spins are along their fields, or all against them", () => {
    expect(effectiveBeta(single(1), spins(["+", "+"]))).to.include({ beta: Infinity });
    expect(effectiveBeta(single(-1), spins(["+", "+"]))).to.include({ beta: -Infinity });
    const { warning } = effectiveBeta(single(1), spins(["+", "+"]));
    expect(warning).to.include("No spin is against its field");
  });

  it("is NaN without fields", () => {
    const made = effectiveBeta(model(graph(3, []), {}), spins(["+-+"]));
    expect([made.beta, made.error]).to.deep.equal([NaN, NaN]);
    expect(made.warning).to.include("All fields are 0");
  });

  it("is negative with a warning where spins are against their fields on average", () => {
    const made = effectiveBeta(single(-0.4), spins(["+++++++---"]));
    closeTo(made.beta, -Math.atanh(0.4) / 0.4, { rtol: 1e-10 });
    expect(made.warning).to.include("negative");
  });

  it("says what is wrong", () => {
    const pair = model(graph(1, []), { biases: [[1], [2]] });
    expect(() => effectiveBeta(pair, spins(["+"]))).to.throw(ArgumentError, "population of 2");
    expect(() => effectiveBeta(K4, spins(["+"]))).to.throw(ShapeError);
    expect(() => effectiveBeta(K4, spins([]))).to.throw(ArgumentError, "no such row");
    const weighted =
      (weight: number): (() => unknown) =>
      () =>
        effectiveBeta(single(1), { ...spins(["+"]), numOccurrences: [weight] });
    expect(weighted(-1)).to.throw(ArgumentError, "row 0 has weight -1");
    expect(weighted(0)).to.throw(ArgumentError, "no such row");
    expect(() => effectiveBeta(K4, spins(["++++"]), { clamped: [1] })).to.throw(
      ShapeError,
      "`clamped`",
    );
    expect(() => effectiveBeta(K4, spins(["++++"]), { bootstrap: -1 })).to.throw(
      ArgumentError,
      "`bootstrap`",
    );
  });
});
