// The QAAAN from the command line: its settings, and the sheets that a training leaves in its run folder.

import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeSheet } from "../../src/cli/train/sheets.js";
import { useBackend } from "../../src/index.js";
import { qaaan, qaaanConfig } from "../../src/models/index.js";
import { trainRun } from "../../src/runs/train.js";
import { tiny } from "../models/qaaan-runs.js";
import { call, withFolder } from "../support/cli.js";
import type { Lock } from "../../src/runs/lock.js";

describe("zenoflow train qaaan", () => {
  it("has its presets and its settings in config", async () => {
    const shown = await call(["config", "qaaan", "--preset", "colour64", "--resolved"]);
    expect(shown.out).to.match(/graph: +complete/);
    for (const cells of ["4", "[4,4]"]) {
      const { code, err } = await call(["train", "qaaan", `prior.cells=${cells}`, "--dry-run"]);
      expect([code, err]).to.deep.equal([
        64,
        `zenoflow: error: prior.cells must be a list [a, b, c] of 3 integers ≥ 1 and ≤ 64, got ${cells}\n`,
      ]);
    }
    const refused = await call(["train", "qaaan", "prior.cells=[2,2,4]", "--dry-run"]);
    expect(refused.code).to.equal(64);
    expect(refused.err).to.include("must have a node for each of the 100 features");
  });

  it("says what is missing where a folder of images is none", () =>
    withFolder(async (cwd) => {
      const { code, err } = await call(["train", "qaaan", "--data", "nowhere"], { cwd });
      expect(code).to.be.oneOf([65, 66]);
      expect(err).to.include("nowhere");
    }));
});

describe("trainRun()", () => {
  it("leaves a sheet of images at every measurement of a model that draws them", () =>
    withFolder(async (folder) => {
      await useBackend("wasm");
      const lock: Lock = { beat: () => undefined, release: () => undefined };
      await trainRun(qaaan, qaaanConfig(tiny()), {
        ...{ folder, lock, files: {}, checkpointEvery: { steps: 4 } },
        interrupted: () => false,
        onEvent: () => undefined,
        onImages: (images, step) => {
          writeSheet(folder, images, step);
        },
        onDamaged: () => undefined,
      });
      const sheets = readdirSync(join(folder, "sheets"));
      expect(sheets).to.deep.equal(["step-000002.png", "step-000004.png"]);
      const png = readFileSync(join(folder, "sheets", sheets[0]!));
      // Signature, then width and height: 10 images of 8 × 8 pixels, shown 5-fold, 2 pixels between.
      expect(png.subarray(1, 4).toString()).to.equal("PNG");
      expect(png.readUInt32BE(16)).to.equal(10 * 8 * 5 + 9 * 2);
    }));
});
