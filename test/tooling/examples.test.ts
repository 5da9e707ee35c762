// The code that people copy: every `ts` block of the pages and every `@example` of the documented
// exports is compiled strictly and run. A block marked `ts no-run` is compiled only.

import { expect } from "chai";
import { execFile } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Block, blocksOf, markdownFiles } from "./markdown.js";

const execute = promisify(execFile);
const root = process.cwd();

/** The blocks inside `@example` tags of the sources, without the stars of their comments. */
function blocksOfSources(): Block[] {
  return ["src", "kernels"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/\.(as|generated)\.ts$/.test(file))
      .map((file) => path.join(folder, file))
      .flatMap((file) => {
        const text = readFileSync(file, "utf8");
        if (!text.includes("@example")) return [];
        return blocksOf(file, text.replaceAll(/^ *\* ?/gm, ""));
      }),
  );
}

const blocks = [
  ...markdownFiles().flatMap((file) => blocksOf(file, readFileSync(file, "utf8"))),
  ...blocksOfSources(),
].filter(({ info }) => /^ts\b/.test(info));

const titleOf = ({ file, line }: Block): string => `${file}:${line}`;
const nameOf = (block: Block): string => `${titleOf(block).replaceAll(/[^a-zA-Z0-9]+/g, "-")}.ts`;

/** The block as a module of its own that imports the sources in place of the package. */
const moduleOf = ({ text }: Block): string =>
  text
    .replaceAll('"zenoflow/files"', JSON.stringify(`${root}/src/data/files/index.js`))
    .replaceAll('"zenoflow/models"', JSON.stringify(`${root}/src/models/index.js`))
    .replaceAll('"zenoflow"', JSON.stringify(`${root}/src/index.js`))
    .concat("export {};\n");

describe("examples", function () {
  this.timeout(120_000);

  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "zenoflow-examples-"));
    symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    const compilerOptions = { rootDir: "/", types: ["node"], isolatedDeclarations: false };
    const config = { extends: `${root}/tsconfig.json`, compilerOptions, include: ["*.ts"] };
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config));
    for (const block of blocks) writeFileSync(path.join(folder, nameOf(block)), moduleOf(block));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("README.md has one", () => {
    expect(blocks.map(({ file }) => file)).to.include("README.md");
  });

  it("compile strictly", async () => {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc");
    const args = [tsc, "-p", folder, "--pretty", "false"];
    const output = await execute(process.execPath, args).then(
      () => "",
      (error: unknown) => (error as { stdout: string }).stdout,
    );
    expect(output).to.equal("");
  });

  for (const block of blocks.filter(({ info }) => !/\bno-run\b/.test(info)))
    it(`${titleOf(block)} runs`, async () => {
      const args = ["--import", "tsx", path.join(folder, nameOf(block))];
      await execute(process.execPath, args, { cwd: root });
    });
});
