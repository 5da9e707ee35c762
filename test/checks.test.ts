// The checks of arguments and their words.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { checkChoice, checkFloat, checkInteger, checkTail, shapeText } from "../src/checks.js";
import { ArgumentError, ShapeError, useBackend } from "../src/index.js";

describe("shapeText()", () => {
  it("writes sizes and letters", () => {
    expect(shapeText([])).to.equal("[]");
    expect(shapeText(["...batch", 2, "N"])).to.equal("[...batch, 2, N]");
  });
});

describe("checkTail()", () => {
  const check = (shape: number[], tail: (number | string)[]): (() => void) => {
    return () => {
      checkTail("f", "x", shape, tail);
    };
  };

  it("accepts any leading axes and any size for a letter", () => {
    for (const shape of [
      [3, 3],
      [5, 3, 3],
      [0, 2, 3, 3],
    ])
      expect(check(shape, [3, 3])).not.to.throw();
    expect(check([7], ["N"])).not.to.throw();
    expect(check([0], ["N"])).not.to.throw();
    expect(check([], [])).not.to.throw();
  });

  it("refuses too few axes and other sizes, naming both shapes", () => {
    for (const shape of [[], [3], [3, 2], [2, 3], [3, 3, 2]]) {
      expect(check(shape, [3, 3])).to.throw(
        ShapeError,
        `f: argument \`x\` must have shape [...batch, 3, 3], but has shape [${shape.join(", ")}].`,
      );
    }
  });
});

describe("checkFloat()", () => {
  before(() => useBackend("cpu"));
  after(() => useBackend("wasm"));

  it("accepts float32 alone, and says how to convert the others", () => {
    tf.tidy(() => {
      expect(() => {
        checkFloat("f", "x", tf.scalar(1));
      }).not.to.throw();
      for (const dtype of ["int32", "bool"] as const) {
        expect(() => {
          checkFloat("f", "x", tf.zeros([2], dtype));
        }).to.throw(
          ArgumentError,
          `f: argument \`x\` must be a float32 tensor, but is ${dtype}. Use tf.cast(x, "float32").`,
        );
      }
    });
  });
});

describe("checkChoice()", () => {
  it("accepts what is listed and lists it otherwise", () => {
    expect(() => {
      checkChoice("f", "x", "a", ["a", "b"]);
    }).not.to.throw();
    for (const value of ["c", "A", "", "toString"]) {
      expect(() => {
        checkChoice("f", "x", value, ["a", "b"]);
      }).to.throw(ArgumentError, `f: argument \`x\` must be one of "a", "b", but is "${value}".`);
    }
  });
});

describe("checkInteger()", () => {
  it("accepts whole numbers of the range, ends included", () => {
    for (const value of [-2, 0, 5]) {
      expect(() => {
        checkInteger("f", "x", value, -2, 5);
      }).not.to.throw();
    }
  });

  it("refuses everything else", () => {
    for (const value of [-3, 6, 0.5, NaN, Infinity, "1" as unknown as number]) {
      expect(() => {
        checkInteger("f", "x", value, -2, 5);
      }).to.throw(
        ArgumentError,
        `f: argument \`x\` must be an integer from -2 to 5, but is ${String(value)}.`,
      );
    }
  });
});
