// What stands around study files: the editor's schema, the documented example, and what reading one loads.

import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { models } from "../../src/cli/models.js";
import { planOf, planText } from "../../src/sweeps/plan/index.js";
import { editorSchema } from "../../src/sweeps/study/editor-schema.js";
import { readStudy, studyIdentity, type Tasks } from "../../src/sweeps/study/index.js";
import { facts } from "./example-task.js";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

async function modelTasks(): Promise<Tasks> {
  const entries = Object.entries(models).map(
    async ([name, entry]) =>
      [`${name}.train`, { ...(await entry.settings()), numericsVersion: 1 }] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

describe("schemas/study.schema.json", () => {
  it("is what the schemas of all models say (npm run study-schema)", async () => {
    const known: unknown = JSON.parse(readFileSync(at("schemas/study.schema.json"), "utf8"));
    expect(JSON.parse(JSON.stringify(editorSchema(await modelTasks())))).to.deep.equal(known);
  });
});

describe("docs/sweeps.md", () => {
  it("shows a study file that can be read and planned", async () => {
    const section = readFileSync(at("docs/sweeps.md"), "utf8").split("## Study file")[1] ?? "";
    const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(section) ?? [];
    const warnings: string[] = [];
    const warn = ({ message }: { readonly message: string }): void => void warnings.push(message);
    const study = await readStudy(text, { file: "s.yaml", form: "yaml", warn }, await modelTasks());
    expect(planText(planOf(study, studyIdentity(study, facts)))).to.match(/^study dqgan-rates /);
  });
});

describe("reading and planning studies", () => {
  it("loads no tensors", () => {
    const hook = `export async function resolve(specifier, context, next) {
      if (/^@tensorflow/.test(specifier)) throw new Error("banned import " + specifier);
      return next(specifier, context);
    }`;
    const url = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;
    const ban = `import { register } from "node:module"; register(${JSON.stringify(url(hook))});`;
    const files = ["src/sweeps/study/index.ts", "src/sweeps/plan/index.ts"].map(at);
    const load = (file: string): string => {
      const code = `await import(${JSON.stringify(file)}); console.log("loaded");`;
      const args = ["--import", "tsx/esm", "--import", url(ban), "--input-type=module", "-e", code];
      return execFileSync(process.execPath, args, {
        cwd: at("."),
        encoding: "utf8",
        stdio: "pipe",
      });
    };
    for (const file of files) expect(load(file)).to.equal("loaded\n");
    expect(() => load(at("src/random.ts"))).to.throw("banned import @tensorflow");
  });
});
