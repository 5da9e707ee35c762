// One executor a GPU, with a fake in place of the driver: which device each sees, and what becomes of one that is lost.

import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lostDevice } from "../../src/sweeps/execution/lost-device.js";
import { withFolder } from "../support/cli.js";
import { engineOptions, openSwarm, rowsOf, runSwarm } from "../support/swarm-sweep.js";
import { swarmStudy } from "../support/swarm-study.js";

/** An executor that notes its GPU, and finds none where that is among `gone`. */
function fakeDriver(seen: string, gone: string): readonly string[] {
  const script = `echo "$CUDA_VISIBLE_DEVICES" >> "$0"
case "$CUDA_VISIBLE_DEVICES" in ${gone})
  echo "failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected" >&2
  exit 134;; esac
exec "$@"`;
  return ["bash", "-c", script, seen, ...engineOptions().executor];
}

describe("GPUs of the local engine", function () {
  this.timeout(60_000);

  it("have one executor each, and one that is lost twice is not used again", () =>
    withFolder(async (folder) => {
      const wanted = openSwarm(join(folder, "wanted"), swarmStudy());
      await runSwarm(wanted);
      const store = openSwarm(join(folder, "one"), swarmStudy());
      const seen = join(folder, "seen");
      const gpus = ["0", "7"];
      const ran = await runSwarm(store, { gpus, executor: fakeDriver(seen, "7") });
      expect(ran.end).to.equal("finished");
      expect(readFileSync(seen, "utf8").trim().split("\n").sort()).to.deep.equal(["0", "7", "7"]);
      expect(ran.troubles).to.have.length(2);
      expect(ran.troubles[0]).to.match(/^GPU 7: the executor lost its device: .*; starting it/);
      expect(ran.troubles[1]).to.match(/lost twice, no longer used$/);
      expect(rowsOf(store)).to.deep.equal(rowsOf(wanted));
    }));

  it("end the sweep as unavailable when none is left, and blame no row", () =>
    withFolder(async (folder) => {
      const store = openSwarm(folder, swarmStudy());
      const executor = fakeDriver(join(folder, "seen"), "0|1");
      const run = runSwarm(store, { gpus: ["0", "1"], executor });
      const error: unknown = await run.catch((reason: unknown) => reason);
      expect(error).to.include({ name: "SweepFailure", reason: "unavailable" });
      expect(rowsOf(store)).to.deep.equal([]);
    }));

  it("are lost by what drivers say, not by what rows do", () => {
    const lost = "E tensorflow/x.cc:1] CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable";
    expect(lostDevice(`Error: nothing\n${lost}\n`)).to.equal(lost);
    for (const words of ["CUDA_ERROR_OUT_OF_MEMORY", "CUDA_ERROR_ILLEGAL_ADDRESS", "", "Aborted"])
      expect(lostDevice(words)).to.equal(undefined);
  });
});
