// The parts of the suite effective-vs-full whose results can be known: equations against golden errors, orders, crossings,
// relaxation times, operators, and the report of a handful of points.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crossings, halfSpeedBatch } from "../../benchmarks/effective-vs-full/crossings.js";
import { errors } from "../../benchmarks/effective-vs-full/errors.js";
import { propagator, relaxationRate } from "../../benchmarks/effective-vs-full/gap.js";
import { lindbladOf } from "../../benchmarks/effective-vs-full/lindblad.js";
import {
  boundRows,
  fittedOrder,
  orderChecks,
  orderRows,
} from "../../benchmarks/effective-vs-full/orders.js";
import { shortRate } from "../../benchmarks/effective-vs-full/figure-peers.js";
import { csv, writeReport } from "../../benchmarks/effective-vs-full/report.js";
import { drawTensors, networksOf } from "../../benchmarks/effective-vs-full/problems.js";
import { summaryRows, tablesOf } from "../../benchmarks/effective-vs-full/tables.js";
import { modelDifferences } from "../../benchmarks/effective-vs-full/trained-models.js";
import { solutions, traceDistance } from "../../benchmarks/effective-vs-full/variants.js";
import { median, report } from "../../benchmarks/harness.js";
import { exactSteadyState } from "../../kernels/exact-steady-state/reference.js";
import { useBackend } from "../../src/backend.js";
import { openSystems as os } from "../../src/index.js";
import { withFolder } from "../support/cli.js";
import type { PointRecord } from "../../benchmarks/campaign/store.js";
import type { Row } from "../../benchmarks/harness.js";
import type { Network } from "../../benchmarks/effective-vs-full/problems.js";
import type { Variant } from "../../benchmarks/effective-vs-full/variants.js";

type Golden = {
  readonly instances: Readonly<Record<string, readonly Network[]>>;
  readonly rows: readonly {
    readonly N: number;
    readonly z: number;
    readonly gamma: number;
    readonly max: Readonly<Record<string, number>>;
    readonly median: Readonly<Record<string, number>>;
  }[];
};
const golden = JSON.parse(readFileSync("test/golden/effective-vs-full.json", "utf8")) as Golden;
const GOLDEN_NAMES: Readonly<Record<Variant, string>> = {
  effective: "effective",
  "third order": "third",
  limit: "limit",
  "as printed": "asPrinted",
  "only μ repaired": "asPrintedMuFixed",
  "only Jᵀ repaired": "asPrintedTransposeFixed",
};

const done = (question: string, spec: Row, rows: Row[] = []): PointRecord => ({
  question,
  spec,
  rows,
  status: "done",
  seconds: 1,
});

describe("effective-vs-full: equations", () => {
  for (const row of golden.rows)
    it(`have the golden errors for N = ${row.N}, z = ${row.z}, Γ = ${row.gamma}`, () => {
      const solved = golden.instances[String(row.N)]!.map((one) =>
        solutions(one, row.gamma, row.z),
      );
      for (const [variant, name] of Object.entries(GOLDEN_NAMES)) {
        const distances = solved.map((one) => traceDistance(one[variant as Variant], one.full));
        expect(Math.max(...distances), variant).to.be.closeTo(row.max[name]!, 1e-9);
        expect(median(distances), variant).to.be.closeTo(row.median[name]!, 1e-9);
      }
    });
});

describe("effective-vs-full: operators and relaxation", () => {
  before(async () => {
    await useBackend("wasm");
  });

  it("the general steady state of the operators is the network's", async () => {
    const tensors = drawTensors(2, 3);
    const networks = await networksOf(tensors);
    const { H, jumpOps, last } = lindbladOf(tensors, 10, 0.6);
    const { rho } = os.steadyState(H, jumpOps);
    const bloch = await tf
      .stack(
        last.map((O) => os.expect(O, rho)),
        -1,
      )
      .data();
    networks.forEach((one, b) => {
      const r = exactSteadyState({ ...one, gamma: 10, polarization: 0.6 });
      r.forEach((x, i) => expect(bloch[3 * b + i]).to.be.closeTo(x, 2e-6));
    });
  });

  it("a propagator is the exponential, and a rate that of the slowest mode", () => {
    const G = [Float64Array.of(-1, 2), Float64Array.of(0, -3)];
    const P = propagator(G, 2);
    // e^{Gt} of a triangular matrix: e^{-t}, e^{-3t}, and 2 (e^{-t} - e^{-3t}) / 2 beside the diagonal.
    const [slow, fast] = [Math.exp(-2), Math.exp(-6)];
    expect(
      [...P[0]!, ...P[1]!].map((x, i) => Math.abs(x - [slow, slow - fast, 0, fast][i]!)),
    ).to.satisfy((errors: number[]) => errors.every((x) => x < 1e-14));
    // Without couplings to x and y, only σ_z σ_z: populations of the output do not relax.
    const frozen = {
      theta: [0],
      J: [
        [
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 1],
        ],
      ],
    };
    expect(relaxationRate(frozen, 10, 1)).to.equal(0);
  });

  it("a rate is near 8/Γ where J = 1, θ = 0 and damping is strong", () => {
    // M = -8 (P(a) + P(b)) with a, b along x and y: -16 along z, -8 across it; h turns x and y.
    const one = {
      theta: [0],
      J: [
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      ],
    };
    const gamma = 1000;
    expect(relaxationRate(one, gamma, 1) * gamma).to.be.within(7, 9);
  });
});

describe("effective-vs-full: orders and bounds", () => {
  it("fit a power law, from the range where it holds only", () => {
    const law = (order: number) =>
      [10, 1e3, 3e3, 1e4, 1e5].map((gamma) => ({
        gamma,
        error: gamma === 10 || gamma === 1e5 ? 0.5 : 3 * gamma ** -order,
      }));
    expect(fittedOrder(law(2))).to.be.closeTo(2, 1e-12);
    expect(fittedOrder(law(0))).to.be.closeTo(0, 1e-12);
    expect(fittedOrder(law(1).slice(0, 2))).to.be.NaN;
  });

  const point = (gamma: number, error: number, kernel: number): PointRecord => {
    const spec = { N: 1, z: 1, strength: 1, gamma, draws: 2 };
    return {
      ...done("errors", spec, [{ ...spec, equation: "effective", "median error": error }]),
      samples: {
        kappa: [0.1, 0.2],
        chi: [100, 100],
        effective: [error, error],
        limit: [1e-4, 1e-4],
        "exact, float32 kernel": [kernel, kernel],
      },
    };
  };
  const errorsAt = (of: (gamma: number) => number) =>
    [1e3, 3e3, 1e4].map((gamma) => point(gamma, of(gamma), 1e-8));

  it("hold where the error falls as 1/Γ² with one input", () => {
    const records = errorsAt((gamma) => 10 / gamma ** 2);
    const checks = orderChecks(orderRows(records), boundRows(records));
    expect(checks.map(({ ok }) => ok)).to.deep.equal([true, true, true]);
  });

  it("are broken by an error that falls too slowly, one that is too large, and one that is NaN", () => {
    const slow = errorsAt((gamma) => 1 / gamma);
    expect(orderRows(slow)[0]!["holds"]).to.equal("NO");
    const large = boundRows(errorsAt(() => 0.9)).find((row) => String(row["bound"]).includes("κ²"));
    expect(large!["holds"]).to.equal("NO");
    const broken = boundRows([point(1e3, 1e-5, NaN)]).at(-1)!;
    expect([broken["holds"], broken["worst error / bound"]]).to.deep.equal(["NO", Infinity]);
  });
});

describe("crossings()", () => {
  const curve = (...ys: number[]) => ys.map((y, i) => ({ x: 10 ** i, y }));

  it("are where straight lines on logarithmic axes meet", () => {
    const [one] = crossings(curve(1, 10, 100), curve(10, 10.01, 10));
    expect(one!.x).to.be.closeTo(10, 0.2);
    expect(one!.lower).to.equal("b");
    expect(crossings(curve(1, 2, 3), curve(2, 3, 4))).to.deep.equal([]);
  });

  it("are none where curves differ by noise", () => {
    expect(crossings(curve(1, 1.02, 1), curve(1.01, 1, 1.03))).to.deep.equal([]);
  });

  it("tell the batch at which half the speed is reached", () => {
    expect(halfSpeedBatch(curve(100, 10, 1))).to.be.closeTo(10 ** (2 - Math.log10(2)), 1e-9);
  });
});

describe("modelDifferences()", () => {
  it("compare the same seeds with each other, and different seeds of the second model", () => {
    const { same, different } = modelDifferences([1, 1, 2, 2], [1, 1, 2, 5], 2);
    expect(same).to.deep.equal([0, Math.sqrt(4.5)]);
    expect(different).to.deep.equal([Math.sqrt((1 + 16) / 2)]);
  });
});

describe("effective-vs-full: report", function () {
  this.timeout(30_000);

  it("is written from few points, with failed ones visible in tables, page and figures", () =>
    withFolder(async (folder) => {
      await useBackend("wasm", { threads: 1 });
      const options = { profile: "quick", stopping: () => false } as const;
      const points = [1e3, 3e3, 1e4].map((gamma) => ({ N: 1, z: 1, strength: 1, gamma, draws: 5 }));
      const records: PointRecord[] = [];
      for (const spec of points)
        records.push({ ...done("errors", spec), ...(await errors.measure(spec, options)) });
      const spec = { peer: "qutip", job: "steady", N: 1, gamma: 100, batch: 1 };
      records.push({ ...done("peers", spec), status: "failed", reason: "exploded" });
      const tables = tablesOf(records);
      expect(tables["unmeasured"]!.rows[0]).to.include({ status: "failed", reason: "exploded" });
      const made = { ...report(summaryRows(records), [], 0.5), tables, checks: [] };
      await writeReport(folder, made, records);
      for (const file of [
        "index.html",
        "tables/errors.csv",
        "figures/gamma-sweep.svg",
        "figures/gamma-sweep.png",
      ])
        expect(existsSync(join(folder, file)), file).to.equal(true);
      expect(readFileSync(join(folder, "index.html"), "utf8")).to.include("exploded");
    }));

  it("quotes what a comma, a quote or a line end would break", () => {
    expect(csv([{ a: 'x, "y"', b: 1 }, { b: null }])).to.equal('a,b\r\n"x, ""y""",1\r\n,\r\n');
  });

  it("shortens rates", () => {
    expect([2_410_000, 51_300, 12, 4.26].map(shortRate)).to.deep.equal([
      "2.4 M",
      "51 k",
      "12",
      "4.3",
    ]);
  });
});
