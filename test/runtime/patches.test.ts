// Tests of the patches of tfjs: each is right where its probe looks, on every backend, and without it stock tfjs is
// wrong there or throws.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { patchNames, patchWasm, WASM_REPLACEMENTS } from "../../kernels/runtime/patches/index.js";
import { useBackend } from "../../src/backend.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { largest } from "../support/gradcheck.js";
import { read } from "../support/tensors.js";
import { probes } from "./patch-probes.js";

const PROGRAM = fileURLToPath(new URL("stock-gradients.ts", import.meta.url));

/** float32: some roundings of the largest entry. */
const ROUNDING = 1e-6;
/** The smallest error of stock tfjs that counts as one: far from rounding. */
const WRONG = 1e-2;

/** What each probe gives without its patch: numbers, or an error. */
async function withoutPatches(backend: string): Promise<readonly (readonly number[] | string)[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    PROGRAM,
    backend,
  ]);
  return JSON.parse(stdout) as readonly (readonly number[] | string)[];
}

describe("patchNames()", () => {
  it("has a probe for each patch", () => {
    const probed = new Set(probes.map(({ patch }) => patch));
    expect([...probed].sort()).to.deep.equal([...patchNames()].sort());
  });
});

onEachBackend("patches", (backend) => {
  for (const { what, compute, expected } of probes)
    it(`give the ${what}`, async () => {
      closeTo(await read(compute), expected, { atol: ROUNDING * Math.max(1, largest(expected)) });
    });

  it("are needed, each of them", async () => {
    const stock = await withoutPatches(backend);
    probes.forEach(({ what, expected }, i) => {
      const result = stock[i]!;
      if (typeof result === "string") return;
      const error = largest(result.map((x, at) => x - expected[at]!));
      expect(error, `${what} without its patch`).to.be.above(WRONG);
    });
  });
});

describe("patchWasm()", () => {
  before(() => useBackend("wasm"));

  it("replaces each kernel once", () => {
    expect(WASM_REPLACEMENTS).to.include.members(["Identity", "Sum", "BatchMatMul"]);
    const { kernelFunc } = tf.getKernel("Identity", "wasm");
    patchWasm();
    expect(tf.getKernel("Identity", "wasm").kernelFunc).to.equal(kernelFunc);
  });

  it("lets a clone share the values, where the stock kernel copies them", () => {
    const x = tf.tensor1d([1, 2, 3]);
    const { numTensors, numDataBuffers } = tf.memory();
    const y = tf.clone(x);
    expect(y.dataId).to.equal(x.dataId);
    expect(tf.memory()).to.include({ numTensors: numTensors + 1, numDataBuffers });
    tf.dispose([x, y]);
  });

  it("keeps the values until both are disposed, in either order", async () => {
    for (const order of [0, 1]) {
      const before = tf.memory().numDataBuffers;
      const x = tf.tensor1d([1, 2, 3]);
      const pair = [x, tf.clone(x)];
      pair[order]!.dispose();
      // What takes the memory if it was given back.
      const other = tf.fill([3], 9);
      expect([...(await pair[1 - order]!.data())]).to.deep.equal([1, 2, 3]);
      tf.dispose([...pair, other]);
      expect(tf.memory().numDataBuffers).to.equal(before);
    }
  });

  it("keeps gradients that save an input which is disposed afterwards", async () => {
    const slope = await read(() => {
      const x = tf.tensor1d([0.5, 2]);
      return tf.grad((t: tf.Tensor) => tf.sum(tf.mul(tf.clone(t), tf.square(t))))(x);
    });
    // 3 x²
    closeTo(slope, [0.75, 12], { atol: 1e-6 });
  });
});
