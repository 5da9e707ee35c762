// That the shared comparison fails when it must.

import { expect } from "chai";
import { closeTo, closeWithin } from "./close-to.js";

const tight = { rtol: 1e-6, atol: 1e-9 };

describe("closeTo()", () => {
  it("accepts numbers, typed arrays and nested arrays within the tolerance", () => {
    closeTo(1 + 5e-7, 1, tight);
    closeTo(new Float32Array([1, 2]), [1, 2], tight);
    closeTo(
      [[1, 2], new Float64Array([3, 4 + 1e-6])],
      [
        [1, 2],
        [3, 4],
      ],
      tight,
    );
    closeTo([], [], tight);
    closeTo([0, Infinity, -Infinity], [5e-10, Infinity, -Infinity], tight);
  });

  it("adds the relative and the absolute tolerance", () => {
    closeTo(10.375, 10, { rtol: 0.025, atol: 0.125 });
    expect(() => closeTo(10.376, 10, { rtol: 0.025, atol: 0.125 })).to.throw("must be 10 ±");
  });

  it("is exact without tolerances", () => {
    closeTo([1, 2], [1, 2], {});
    expect(() => closeTo(1 + Number.EPSILON, 1, {})).to.throw();
  });

  it("fails on NaN, even where NaN is expected", () => {
    expect(() => closeTo([NaN], [1], { atol: Infinity })).to.throw("but is NaN");
    expect(() => closeTo([1], [NaN], { atol: Infinity })).to.throw("must be NaN");
    expect(() => closeTo([NaN], [NaN], tight)).to.throw("entry [0]");
  });

  it("fails on an infinity of the wrong sign or in place of a number", () => {
    expect(() => closeTo(Infinity, -Infinity, tight)).to.throw();
    expect(() => closeTo(Infinity, 1, { rtol: 1e300 })).to.throw();
    expect(() => closeTo(1, Infinity, tight)).to.throw();
  });

  it("fails on other shapes", () => {
    expect(() => closeTo([1, 2], [1, 2, 3], tight)).to.throw("it must have length 3, but has 2");
    expect(() => closeTo([[1], [2, 3]], [[1], [2]], tight)).to.throw("entry [1] must have length");
    expect(() => closeTo([1], 1, tight)).to.throw("must be a number, but is an array of length 1");
    expect(() => closeTo([1], [[1]], tight)).to.throw("entry [0] must be an array of length 1");
  });

  it("names the first mismatch with both values", () => {
    const actual = [
      [1, 2],
      [3.5, 9],
    ];
    const expected = [
      [1, 2],
      [3, 4],
    ];
    expect(() => closeTo(actual, expected, tight, "rho")).to.throw(
      /^rho: entry \[1\]\[0\] must be 3 ± .*, but is 3\.5 \(off by 0\.5\)$/,
    );
  });
});

describe("closeWithin()", () => {
  it("holds each entry to its own error, or all to one", () => {
    closeWithin([1.25, 20], [1, 10], [0.5, 10], "x");
    closeWithin([1.25, 2], [1, 2], 0.25, "x");
    expect(() => closeWithin([1.25, 20], [1, 10], [0.5, 9], "x")).to.throw(
      "x: entry 1: it must be 10 ± 9, but is 20",
    );
  });

  it("fails on NaN, also where the allowed error is NaN", () => {
    expect(() => closeWithin([NaN], [0], Infinity, "x")).to.throw("but is NaN");
    expect(() => closeWithin([1], [1], NaN, "x")).to.throw();
  });

  it("fails on other lengths", () => {
    expect(() => closeWithin([1], [1, 2], 1, "x")).to.throw("the number of entries");
  });
});
