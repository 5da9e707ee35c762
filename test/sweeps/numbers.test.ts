// The numbers behind the trials: words of Philox, points of the Sobol sequence, quantiles, values of parameters.

import { expect } from "chai";
import { readFileSync } from "node:fs";
import { philox4x32 } from "../../kernels/philox/reference.js";
import { normalQuantile } from "../../src/sweeps/plan/normal-quantile.js";
import { philoxInto, STREAMS, unitInterval } from "../../src/sweeps/plan/philox.js";
import { sobolShift, sobolWord } from "../../src/sweeps/plan/sobol.js";
import { gridPoints, spreadOf } from "../../src/sweeps/plan/spread.js";

// The key of the hashing vector in reference/sweeps.md, section 3.
const KEY = [0xc2548243, 0x1c7e66d9] as const;

function words(i: number, d: number, stream: number, key: readonly [number, number] = KEY) {
  const out = new Uint32Array(4);
  philoxInto(key, i, d, stream, out);
  return [...out];
}

function uniform(i: number, d: number): number {
  const [x0, x1] = words(i, d, STREAMS.parameters);
  return unitInterval(x0!, x1!);
}

describe("philoxInto()", () => {
  it("is Philox4x32-10: the known answer of counter 0 and key 0", () => {
    expect(words(0, 0, 0, [0, 0])).to.deep.equal([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  it("agrees with the kernel's reference, above 2³² too", () => {
    for (const [i, d, stream] of [
      [0, 0, 0],
      [123456789, 63, 2],
      [2 ** 32 + 5, 1, 1],
      [2 ** 52 - 1, 7, 4],
    ] as const) {
      const counter = [i >>> 0, Math.floor(i / 2 ** 32), d, stream] as const;
      expect(words(i, d, stream)).to.deep.equal([...philox4x32(counter, KEY)]);
    }
  });

  it("gives the published uniform numbers and seed words of four trials", () => {
    const golden = [
      [0, [0.4502754165296, 0.8696130658220241, 0.30310546087200196], [3545728238, 107153760]],
      [1, [0.10795142223102305, 0.7549723421141706, 0.9436284267533903], [2886115469, 187874707]],
      [
        999999,
        [0.7587374498846753, 0.25884770235147603, 0.19082130233481642],
        [749111464, 4008125232],
      ],
      [
        2 ** 32,
        [0.22739373806289165, 0.7976639625007047, 0.24695848359063532],
        [2012029566, 3878529977],
      ],
    ] as const;
    for (const [i, u, seed] of golden) {
      expect([0, 1, 2].map((d) => uniform(i, d))).to.deep.equal([...u]);
      expect(words(i, 0, STREAMS.seed).slice(0, 2)).to.deep.equal([...seed]);
    }
  });
});

describe("sobolWord()", () => {
  type Golden = {
    readonly first: readonly (readonly number[])[];
    readonly at: Readonly<Record<string, readonly number[]>>;
  };
  const file = new URL("../golden/sobol.json", import.meta.url);
  const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;
  const point = (j: number): number[] => Array.from({ length: 64 }, (_, d) => sobolWord(j, d));

  it("is scipy's unscrambled sequence in all 64 dimensions, near and far", () => {
    golden.first.forEach((row, j) => expect(point(j), String(j)).to.deep.equal([...row]));
    for (const [j, row] of Object.entries(golden.at))
      expect(point(Number(j)), j).to.deep.equal([...row]);
  });

  it("gives the published points", () => {
    const at = (j: number, n: number): number[] =>
      point(j)
        .slice(0, n)
        .map((word) => word * 2 ** -32);
    expect(at(2, 4)).to.deep.equal([0.75, 0.25, 0.25, 0.25]);
    expect(at(4, 4)).to.deep.equal([0.375, 0.375, 0.625, 0.875]);
    expect(at(1e6, 3)).to.deep.equal([
      0.026474952697753906, 0.3119192123413086, 0.8279962539672852,
    ]);
  });

  it("covers each elementary interval once: 2¹⁰ points, any of 64 dimensions", () => {
    for (let d = 0; d < 64; d++) {
      const seen = new Set(Array.from({ length: 1024 }, (_, j) => sobolWord(j, d) >>> 22));
      expect(seen.size).to.equal(1024);
    }
  });

  it("is shifted by the study's key", () => {
    const shifts = [0, 1, 2].map((d) => sobolShift(KEY, d));
    expect(shifts).to.deep.equal([0x42b383ca, 0x12c66a52, 0x4f9cf267]);
    const shifted = shifts.map((shift, d) => ((sobolWord(5, d) ^ shift) >>> 0) * 2 ** -32);
    expect(shifted).to.deep.equal([0.6355516784824431, 0.948340077418834, 0.43598856939934194]);
  });

  it("refuses dimensions without direction numbers", () => {
    expect(() => sobolWord(0, 64)).to.throw(
      "sobolWord: arguments `j`, `d` must be below 2³² and 64",
    );
    expect(() => sobolWord(2 ** 32, 0)).to.throw("must be below");
  });
});

describe("normalQuantile()", () => {
  it("agrees with scipy's norm.ppf to 15 digits in the centre, the shoulders and the tails", () => {
    const golden = [
      [2 ** -54, -8.292361075813597],
      [1e-12, -7.034483825301131],
      [1e-5, -4.264890793922825],
      [0.01, -2.3263478740408408],
      [0.05, -1.6448536269514729],
      [0.074, -1.4466320671589785],
      [0.076, -1.4325027208258116],
      [0.25, -0.6744897501960817],
      [0.5, 0],
      [0.6, 0.2533471031357997],
      [0.9, 1.2815515655446004],
      [0.93, 1.475791028179171],
      [0.999, 3.090232306167813],
    ] as const;
    for (const [p, x] of golden)
      expect(normalQuantile(p), String(p)).to.be.closeTo(x, 1e-15 * (1 + 4 * Math.abs(x)));
  });
});

describe("spreadOf()", () => {
  const lr = { kind: "real", scale: "log", min: 1e-4, max: 0.1 } as const;

  it("gives the published learning rates", () => {
    const golden = [
      [0, 0.0008115520565221618],
      [1, 0.06774625309159271],
      [999999, 0.00037364907116605497],
      [2 ** 32, 0.0005506497555608884],
    ] as const;
    for (const [i, value] of golden)
      expect(spreadOf(lr)(uniform(i, 2)) / value).to.be.closeTo(1, 1e-14);
  });

  it("gives every integer of a range the same share, both ends included", () => {
    const spread = spreadOf({ kind: "integer", scale: "linear", min: -1, max: 2 });
    expect([0, 0.25, 0.5, 0.75, 1 - 2 ** -53].map(spread)).to.deep.equal([-1, 0, 1, 2, 2]);
  });

  it("keeps integers on a logarithmic scale inside their bounds", () => {
    const spread = spreadOf({ kind: "integer", scale: "log", min: 3, max: 1000 });
    // min·((max+1)/min)^(1/2) = √3003 = 54.8
    expect([0, 0.5, 1 - 2 ** -53].map(spread)).to.deep.equal([3, 54, 1000]);
  });

  it("rounds steps to what was written", () => {
    const spread = spreadOf({ kind: "real", scale: "linear", min: 0.1, max: 0.7, step: 0.1 });
    expect([0, 0.3, 0.99].map(spread)).to.deep.equal([0.1, 0.3, 0.7]);
  });

  it("follows probabilities and never picks a value of probability 0", () => {
    const values = ["a", "b", "c"];
    const spread = spreadOf({ kind: "choice", values, probabilities: [0.25, 0.75, 0] });
    expect([0, 0.2499, 0.25, 1 - 2 ** -53].map(spread)).to.deep.equal([0, 0, 1, 1]);
    expect([0, 0.34, 0.99].map(spreadOf({ kind: "choice", values }))).to.deep.equal([0, 1, 2]);
  });

  it("keeps normal laws finite at u = 0", () => {
    const spread = spreadOf({ kind: "normal", mu: 2, sigma: 3 });
    expect(spread(0.5)).to.equal(2);
    expect(spread(0)).to.be.closeTo(2 - 3 * 8.292361075813597, 1e-12);
    expect(spreadOf({ kind: "logNormal", mu: 0, sigma: 1 })(0.5)).to.equal(1);
  });
});

describe("gridPoints()", () => {
  it("puts both ends in, evenly or evenly in the logarithm", () => {
    const linear = { kind: "real", scale: "linear", min: 0, max: 1, count: 5 } as const;
    expect(gridPoints(linear)).to.deep.equal([0, 0.25, 0.5, 0.75, 1]);
    const points = gridPoints({ kind: "real", scale: "log", min: 1e-4, max: 0.1, count: 4 }) ?? [];
    [1e-4, 1e-3, 1e-2, 0.1].forEach((x, i) => expect(points[i]! / x).to.be.closeTo(1, 1e-14));
  });

  it("has no points for a range without count", () => {
    expect(gridPoints({ kind: "real", scale: "linear", min: 0, max: 1 })).to.equal(null);
  });
});
