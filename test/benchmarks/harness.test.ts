// The benchmark harness: statistics, the refusal to report what is wrong, and one suite from end to end.

import { expect } from "chai";
import { useBackend } from "../../src/backend.js";
import { calibrate } from "../../benchmarks/calibration.js";
import { median, report, requireError, throughput, time } from "../../benchmarks/harness.js";
import { suites } from "../../benchmarks/index.js";

describe("benchmark harness", () => {
  before(async () => {
    await useBackend("wasm");
  });

  it("takes medians of even and odd numbers of values", () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 3, 2])).to.equal(2.5);
  });

  it("refuses to report when a check is red, NaN included", () => {
    expect(() => requireError("x", 1e-7, 1e-6)).not.to.throw();
    expect(() => requireError("x", 1e-5, 1e-6)).to.throw(/bench: x has error.*nothing is reported/);
    expect(() => requireError("x", NaN, 1e-6)).to.throw(/nothing is reported/);
  });

  it("runs a function before it counts, and at least seven times after", () => {
    let calls = 0;
    const { median: ms, repetitions } = time("quick", () => {
      calls++;
    });
    expect(repetitions).to.be.at.least(7);
    expect(calls).to.be.greaterThan(repetitions);
    expect(ms).to.be.at.least(0);
  });

  it("states a throughput per second and per calibration word", () => {
    const row = throughput(2e6, { median: 1000, spread: 0.01, repetitions: 9 }, 0.5);
    expect(row).to.deep.equal({ "M/s": 2, "per calibration word": 0.004, "spread %": 1 });
  });

  it("measures a positive calibration", () => {
    expect(calibrate()).to.be.greaterThan(0.001);
  });

  it("says where numbers come from", () => {
    const { machine, calibration } = report([], [], 0.5);
    expect(calibration).to.equal(0.5);
    expect(machine.backend).to.equal("wasm");
    expect(machine.versions).to.have.keys("zenoflow", "tfjs", "node");
    expect(machine.commit).to.match(/^[0-9a-f]{12}( with changes)?$|^unknown$/);
  });
});

describe("benchmark suites", () => {
  it("each have a title", () => {
    for (const { title } of Object.values(suites)) expect(title).to.have.length.greaterThan(20);
  });

  it("report rows with errors beside times: random", async () => {
    const { rows } = await suites["random"]!.run({ profile: "quick", log: () => undefined });
    const own = rows.filter((row) => String(row["what"]).startsWith("zenoflow"));
    expect(own).to.have.length.at.least(2);
    for (const row of own) {
      expect(row["M/s"]).to.be.greaterThan(0);
      expect(row["error"]).to.be.a("number");
    }
  });
});
