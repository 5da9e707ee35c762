// Tests of the patches of tfjs: each is right where its probe looks, on every backend, and without it stock tfjs is
// wrong there or throws.

import { expect } from "chai";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { patchNames } from "../../kernels/runtime/patches/index.js";
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
