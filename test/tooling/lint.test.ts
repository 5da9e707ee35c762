// Tests of the lint rules: every rule of this project's own is broken once and must be reported, and a
// snippet that keeps them all must pass.

import { expect } from "chai";
import { ESLint } from "eslint";

const UNTYPED = ["@typescript-eslint/no-restricted-imports"];

/** Needs no file on disk: the rules that work without types, with the project's own configuration. */
const syntactic = new ESLint({
  overrideConfig: [
    { files: ["**/*.ts"], languageOptions: { parserOptions: { projectService: false } } },
  ],
  ruleFilter: ({ ruleId }) => !ruleId.startsWith("@typescript-eslint/") || UNTYPED.includes(ruleId),
});

/** All rules; the file must exist, its text is replaced. */
const complete = new ESLint();

async function rulesBroken(eslint: ESLint, filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.map((m) => m.ruleId ?? m.message);
}

const OPENING = "// An example.\n\n";

type Arrow = readonly [from: string, specifier: string];

const FORBIDDEN: readonly Arrow[] = [
  ["kernels/philox/index.ts", "../../src/errors.js"],
  ["kernels/philox/index.ts", "../effective-steady-state/composed.js"],
  ["kernels/philox/index.ts", "node:fs"],
  ["kernels/runtime/host/pool.ts", "node:worker_threads"],
  ["src/complex/complex.ts", "../open-systems/index.js"],
  ["src/open-systems/evolve.ts", "node:fs"],
  ["src/open-systems/evolve.ts", "fs"],
  ["src/open-systems/evolve.ts", "../ising/index.js"],
  ["src/open-systems/evolve.ts", "../models/index.js"],
  ["src/open-systems/evolve.ts", "../runs/index.js"],
  ["src/open-systems/evolve.ts", "../../kernels/effective-steady-state/reference.js"],
  ["src/open-systems/evolve.ts", "../../test/support/close-to.js"],
  ["src/ising/model.ts", "../boltzmann/machine.js"],
  ["src/metrics/histogram.ts", "node:path"],
  ["src/data/csv.ts", "node:fs/promises"],
  ["src/data/line.ts", "./csv-file.js"],
  ["src/learning/adam.ts", "../models/index.js"],
  ["src/models/dqgan/train.ts", "node:os"],
  ["src/models/dqgan/train.ts", "../../runs/index.js"],
  ["src/models/dqgan/train.ts", "../../data/csv-file.js"],
  ["src/models/dqgan/train.ts", "../../cli/index.js"],
  ["src/models/dqgan/figures.ts", "../../figures/png.js"],
  ["src/runs/manifest.ts", "../models/dqgan/config.js"],
  ["src/runs/manifest.ts", "../cli/output.js"],
  ["src/sweeps/study.ts", "../cli/output.js"],
  ["src/index.ts", "./runs/index.js"],
  ["src/cli/train.ts", "zenoflow"],
  ["src/plugins/all.ts", "../errors.js"],
];

const ALLOWED: readonly Arrow[] = [
  ["kernels/philox/host.ts", "./contract.js"],
  ["kernels/philox/index.ts", "../runtime/define.js"],
  ["kernels/philox/index.ts", "../effective-steady-state/contract.js"],
  ["src/random.ts", "../kernels/philox/index.js"],
  ["src/open-systems/evolve.ts", "../linalg/solve.js"],
  ["src/open-systems/network/limit.ts", "../operators.js"],
  ["src/boltzmann/machine.ts", "../ising/model.js"],
  ["src/data/csv-file.ts", "node:fs/promises"],
  ["src/data/csv-file.ts", "./csv.js"],
  ["src/models/dqgan/train.ts", "../../learning/adam.js"],
  ["src/models/dqgan/train.ts", "@tensorflow/tfjs"],
  ["src/runs/manifest.ts", "node:fs"],
  ["src/runs/manifest.ts", "../models/model.js"],
  ["src/sweeps/study.ts", "../models/index.js"],
  ["src/cli/train.ts", "../sweeps/study.js"],
];

describe("lint: layer direction", () => {
  const layersBroken = async (from: string, text: string): Promise<string[]> => {
    const broken = await rulesBroken(syntactic, from, `${OPENING}${text}`);
    return broken.filter((rule) => rule === "zeno/layers");
  };

  for (const [from, specifier] of FORBIDDEN)
    it(`forbids ${from} to import ${specifier}`, async () => {
      expect(await layersBroken(from, `import "${specifier}";`)).to.have.length(1);
    });

  for (const [from, specifier] of ALLOWED)
    it(`lets ${from} import ${specifier}`, async () => {
      expect(await layersBroken(from, `import "${specifier}";`)).to.deep.equal([]);
    });

  it("sees re-exports, lazy imports and imported types", async () => {
    const from = "src/circuits/program.ts";
    expect(await layersBroken(from, 'export * from "../ising/index.js";')).to.have.length(1);
    expect(await layersBroken(from, 'export { a } from "../ising/index.js";')).to.have.length(1);
    expect(await layersBroken(from, 'await import("node:fs");')).to.have.length(1);
    expect(await layersBroken(from, 'import type { A } from "../models/model.js";')).to.have.length(
      1,
    );
    expect(await layersBroken(from, 'export type A = typeof import("node:fs");')).to.have.length(1);
  });

  it("lets the runtime load Node modules lazily and name their types", async () => {
    const from = "kernels/runtime/host/pool.ts";
    expect(await layersBroken(from, 'await import("node:os");')).to.deep.equal([]);
    expect(await layersBroken(from, 'import type { Worker } from "node:worker_threads";')).to.be
      .empty;
  });
});

type Broken = readonly [rule: string, what: string, file: string, code: string];

const BROKEN: readonly Broken[] = [
  ["no-restricted-properties", "dataSync", "src/linalg/solve.ts", "x.dataSync();"],
  ["no-restricted-properties", "arraySync", "src/cli/train.ts", "x.arraySync();"],
  [
    "no-restricted-properties",
    "a destructured dataSync",
    "src/metrics/a.ts",
    "const { dataSync } = x;",
  ],
  ["no-restricted-properties", "readSync", "kernels/philox/index.ts", "backend.readSync(id);"],
  ["no-restricted-properties", "Math.random", "src/data/line.ts", "Math.random();"],
  ["no-restricted-properties", "tf.randomNormal", "src/learning/dense.ts", "tf.randomNormal([2]);"],
  ["no-restricted-properties", "complex64", "src/complex/complex.ts", "tf.complex(re, im);"],
  ["no-restricted-globals", "process", "src/open-systems/evolve.ts", "process.cwd();"],
  [
    "no-restricted-syntax",
    "a saved output",
    "kernels/a/gradient.ts",
    "f({ outputsToSave: [true] });",
  ],
  ["no-console", "console", "src/learning/dense.ts", "console.log(1);"],
  ["no-warning-comments", "a note to self", "src/linalg/solve.ts", `// ${"TO" + "DO"}: later`],
  ["id-match", "a Greek identifier", "src/linalg/solve.ts", "const \u0393 = 1;"],
  ["zeno/file-name", "a vague name", "src/linalg/utils.ts", ""],
  ["zeno/file-name", "a camelCase file", "src/linalg/luSolve.ts", ""],
  [
    "jsdoc/require-jsdoc",
    "an undocumented function",
    "src/linalg/solve.ts",
    "export function f() {}",
  ],
  ["jsdoc/require-jsdoc", "an undocumented type", "src/linalg/solve.ts", "export type A = number;"],
  [
    "jsdoc/require-jsdoc",
    "an undocumented constant",
    "kernels/a/contract.ts",
    "export const A = 1;",
  ],
  [
    "@typescript-eslint/no-restricted-imports",
    "vega",
    "src/figures/svg.ts",
    'import * as v from "vega";',
  ],
  [
    "@typescript-eslint/no-restricted-imports",
    "tfjs",
    "src/cli/main.ts",
    'import * as tf from "@tensorflow/tfjs";',
  ],
  [
    "@typescript-eslint/no-restricted-imports",
    "a deep path",
    "src/backend.ts",
    'import * as a from "@tensorflow/tfjs-core/dist/ops";',
  ],
];

describe("lint: rules without types", () => {
  for (const [rule, what, file, code] of BROKEN)
    it(`${rule} reports ${what} in ${file}`, async () => {
      expect(await rulesBroken(syntactic, file, `${OPENING}${code}\n`)).to.deep.equal([rule]);
    });

  it("zeno/opening-comment reports a file that does not say what lives in it", async () => {
    const code = "/** One. */\nexport const ONE = 1;\n";
    expect(await rulesBroken(syntactic, "src/linalg/solve.ts", code)).to.deep.equal([
      "zeno/opening-comment",
    ]);
  });

  it("lets the host runtime read at once, tests export without docs and runs use the process", async () => {
    const cases = [
      ["kernels/runtime/host/backends.ts", "backend.readSync(id);"],
      ["test/support/close-to.ts", "export const ONE = x.dataSync();"],
      ["src/runs/manifest.ts", "process.cwd();"],
      ["src/cli/main.ts", 'import type { Tensor } from "@tensorflow/tfjs";'],
      ["src/figures/svg.ts", 'await import("vega");'],
    ] as const;
    for (const [file, code] of cases)
      expect(await rulesBroken(syntactic, file, `${OPENING}${code}\n`), file).to.deep.equal([]);
  });
});

describe("lint: rules with types", function () {
  this.timeout(120_000);

  const file = "src/errors.ts";

  it("reports a floating promise", async () => {
    const code = `${OPENING}const late = async (): Promise<void> => {};\nlate();\n`;
    expect(await rulesBroken(complete, file, code)).to.include(
      "@typescript-eslint/no-floating-promises",
    );
  });

  it("reports an interface where a type is meant", async () => {
    const code = `${OPENING}/** A pair. */\nexport interface Pair {\n  readonly re: number;\n}\n`;
    expect(await rulesBroken(complete, file, code)).to.deep.equal([
      "@typescript-eslint/consistent-type-definitions",
    ]);
  });

  it("passes a snippet that keeps the rules", async () => {
    const code = `${OPENING}/**
 * Doubles every number after a turn of the event loop.
 *
 * @param x - \`[n]\`, any numbers
 * @returns \`[n]\`, their doubles
 */
export async function doubled(x: readonly number[]): Promise<number[]> {
  await Promise.resolve();
  return x.map((xi) => 2 * xi);
}
`;
    expect(await rulesBroken(complete, file, code)).to.deep.equal([]);
  });
});
