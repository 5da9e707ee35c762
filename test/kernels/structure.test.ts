// Tests that every kernel folder is complete, and that what is missing would be noticed.

import { expect } from "chai";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kernelCases } from "../../benchmarks/cases/index.js";
import { isCurrent, kernelTable } from "../../scripts/kernel-table.js";
import { faultsOf, kernelFolders } from "./structure.js";

describe("kernels/", () => {
  it("has folders that lack nothing", () => {
    expect(kernelFolders(".")).to.include.members(["effective-steady-state", "philox"]);
    expect(faultsOf(".")).to.deep.equal([]);
  });

  it("has a case for each folder and a folder for each case", () => {
    expect(kernelCases.map(({ kernel }) => kernel)).to.deep.equal(kernelFolders("."));
  });

  it("has a table that is current", async () => {
    expect(await isCurrent(), "run npx tsx scripts/kernel-table.ts").to.equal(true);
  });
});

describe("faultsOf()", () => {
  let root: string;
  const folder = "kernels/effective-steady-state";

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "zenoflow-structure-"));
    mkdirSync(path.join(root, "benchmarks"));
    cpSync(folder, path.join(root, folder), { recursive: true });
    cpSync("kernels/README.md", path.join(root, "kernels/README.md"));
    cpSync("benchmarks/cases", path.join(root, "benchmarks/cases"), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("is empty for a complete folder", () => {
    expect(faultsOf(root)).to.deep.equal([]);
  });

  const files = [
    "README.md",
    "contract.ts",
    "index.ts",
    "reference.ts",
    "composed.ts",
    "gradient.ts",
  ];
  for (const file of [...files, "host.as.ts", "host.ts"])
    it(`notices that ${file} is missing`, () => {
      rmSync(path.join(root, folder, file));
      expect(faultsOf(root)).to.deep.equal([`${folder} has no ${file}`]);
    });

  it("asks for no gradient where there are no inputs", () => {
    cpSync("kernels/philox", path.join(root, "kernels/philox"), { recursive: true });
    expect(faultsOf(root)).to.deep.equal([]);
  });

  it("notices that the case is missing, or not listed", () => {
    rmSync(path.join(root, "benchmarks/cases/effective-steady-state.ts"));
    writeFileSync(path.join(root, "benchmarks/cases/index.ts"), "");
    expect(faultsOf(root)).to.deep.equal([
      "benchmarks/cases has no effective-steady-state.ts",
      "benchmarks/cases/index.ts does not list effective-steady-state",
    ]);
  });

  it("notices that the table has no row", () => {
    const table = path.join(root, "kernels/README.md");
    const rows = readFileSync(table, "utf8").split("\n");
    const without = rows.filter((row) => !row.includes("effective-steady-state/README.md"));
    writeFileSync(table, without.join("\n"));
    expect(faultsOf(root)).to.deep.equal([
      "the table of kernels/README.md has no row for effective-steady-state",
    ]);
  });
});

describe("kernelTable()", () => {
  it("has the fused and the composed form of each kernel with inputs, on each backend", () => {
    const rows = kernelTable().split("\n");
    const own = rows.filter((row) => row.includes("[`effective-steady-state`]"));
    expect(own).to.have.length(2);
    expect(own[0]).to.match(
      /\| fused \| first \| yes \| yes \| yes \| composed, float64 \| WGSL \|$/,
    );
    expect(own[1]).to.match(/\| composed \| any \| yes \| yes \| yes \| yes \| yes \|$/);
    expect(rows.filter((row) => row.includes("[`philox`]"))).to.have.length(1);
  });

  it("is noticed when it is stale", async () => {
    const text = readFileSync("kernels/README.md", "utf8");
    expect(await isCurrent(text.replace("| first ", "| any   "))).to.equal(false);
  });
});
