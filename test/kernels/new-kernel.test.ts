// Tests of the kernel generator: in a copy of what it needs, a new kernel is listed, type-checks, compiles and passes
// the conformance suite.

import { expect } from "chai";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { refusal, withCase } from "../../scripts/new-kernel.js";
import { faultsOf } from "./structure.js";

const execute = promisify(execFile);

/** The generator, one kernel that the cases stand on, and what the conformance suite imports. */
const NEEDED = [
  "package.json",
  "tsconfig.json",
  ".mocharc.json",
  ".prettierrc.json",
  "kernels/README.md",
  "kernels/runtime",
  "kernels/philox",
  "benchmarks/cases/case.ts",
  "benchmarks/cases/pairs.ts",
  "benchmarks/cases/philox.ts",
  "benchmarks/cases/plain.ts",
  "scripts",
  "src",
  "test/kernels/checks",
  "test/kernels/conformance.test.ts",
  "test/support",
];

/** The list of cases with philox alone. */
const LIST = `// The cases.

import { philoxCase } from "./philox.js";
import type { KernelCase } from "./case.js";

export const kernelCases: readonly KernelCase[] = [philoxCase];
`;

describe("npm run new-kernel", function () {
  this.timeout(120_000);
  const name = "cubic-response";
  let root: string;

  /** Runs a program in the copy and returns what it prints. */
  async function run(...args: string[]): Promise<string> {
    const { stdout } = await execute(process.execPath, args, { cwd: root });
    return stdout;
  }

  const generate = (...args: string[]): Promise<string> =>
    run("--import", "tsx", "scripts/new-kernel.ts", ...args);

  before(async () => {
    root = mkdtempSync(path.join(tmpdir(), "zenoflow-kernel-"));
    for (const file of NEEDED) cpSync(file, path.join(root, file), { recursive: true });
    symlinkSync(path.resolve("node_modules"), path.join(root, "node_modules"));
    writeFileSync(path.join(root, "benchmarks/cases/index.ts"), LIST);
    const include = ["kernels", "benchmarks", "test/kernels/conformance.test.ts"];
    const config = { extends: "./tsconfig.json", include };
    writeFileSync(path.join(root, "tsconfig.part.json"), JSON.stringify(config));
    await generate(name);
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  it("writes a complete folder, and lists it", () => {
    expect(faultsOf(root)).to.deep.equal([]);
    const index = readFileSync(path.join(root, "benchmarks/cases/index.ts"), "utf8");
    expect(index).to.include("= [cubicResponseCase, philoxCase];");
  });

  it("leaves no placeholder", () => {
    for (const file of ["README.md", "contract.ts", "index.ts", "host.as.ts"])
      expect(readFileSync(path.join(root, "kernels", name, file), "utf8")).to.not.include("{{");
  });

  it("gives a kernel that type-checks, compiles and passes the conformance suite", async () => {
    const compiled = run("scripts/build-host.mjs").then(() =>
      run("node_modules/mocha/bin/mocha.js", "test/kernels/conformance.test.ts", "-g", name),
    );
    const checked = run("node_modules/typescript/bin/tsc", "-p", "tsconfig.part.json");
    const [report, problems] = await Promise.all([compiled, checked]);
    expect(problems).to.equal("");
    expect(report).to.match(/cubic-response on wasm .*\d+ passed/);
    expect(report).to.match(/\n\d+ passed, 0 failed, \d+ skipped/);
  });

  it("refuses a name that is taken, and changes nothing", async () => {
    const contract = path.join(root, "kernels", name, "contract.ts");
    writeFileSync(contract, "// mine\n");
    const outcome = await generate(name).then(
      () => "no error",
      (error: unknown) => (error as { stderr: string }).stderr,
    );
    expect(outcome).to.equal(`new-kernel: kernels/${name} exists already.\n`);
    expect(readFileSync(contract, "utf8")).to.equal("// mine\n");
  });
});

describe("refusal()", () => {
  it("asks for a name", () => {
    expect(refusal(undefined)).to.include("npm run new-kernel -- my-kernel");
  });

  it("refuses names that are not kebab-case, say nothing or are taken", () => {
    for (const name of ["", "MyKernel", "my_kernel", "-x", "x-", "2d-solve", "../x"])
      expect(refusal(name), name).to.include("must be kebab-case");
    for (const name of ["utils", "matrix-helpers", "runtime", "delete"])
      expect(refusal(name), name).to.include("must say what the kernel computes");
    expect(refusal("philox")).to.equal("kernels/philox exists already");
    expect(refusal("pairs")).to.equal("benchmarks/cases/pairs.ts exists already");
  });

  it("accepts other names", () => {
    expect(refusal("cubic-response")).to.equal(null);
  });
});

describe("withCase()", () => {
  it("keeps the cases in the order of their names", () => {
    const one = withCase(LIST, "alpha", "alpha");
    const two = withCase(one, "zeta-function", "zetaFunction");
    expect(two).to.include("[alphaCase, philoxCase, zetaFunctionCase]");
    expect(two.indexOf('"./alpha.js"')).to.be.below(two.indexOf('"./philox.js"'));
    expect(two).to.include('import { zetaFunctionCase } from "./zeta-function.js";\nimport type');
  });
});
