// Tests of the pages: links lead somewhere, commands exist, every decision is listed, the log is current.

import { expect } from "chai";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { localLinks, markdownFiles } from "./markdown.js";

type Manifest = { readonly version: string; readonly scripts: Readonly<Record<string, string>> };

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

/** The anchors of a page, made of its headings as the usual viewers make them. */
function anchors(file: string): string[] {
  const headings = readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm);
  return [...headings].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function deadLinks(file: string): string[] {
  return localLinks(file).filter((link) => {
    const [target, anchor] = link.split("#");
    const page = target === "" ? file : path.join(path.dirname(file), target!);
    return !existsSync(page) || (anchor !== undefined && !anchors(page).includes(anchor));
  });
}

describe("pages", () => {
  for (const file of markdownFiles()) {
    it(`links of ${file} lead somewhere`, () => {
      expect(deadLinks(file)).to.deep.equal([]);
    });

    it(`npm commands of ${file} exist`, () => {
      const commands = readFileSync(file, "utf8").matchAll(/npm run ([\w:-]+)/g);
      const missing = [...commands].map((m) => m[1]!).filter((name) => !(name in manifest.scripts));
      expect(missing).to.deep.equal([]);
    });
  }

  it("docs/decisions/README.md lists every decision", () => {
    const listed = localLinks("docs/decisions/README.md");
    const files = readdirSync("docs/decisions").filter((file) => /^\d{4}-/.test(file));
    expect(files.filter((file) => !listed.includes(file))).to.deep.equal([]);
  });

  it("CHANGELOG.md has an entry for the version of package.json", () => {
    expect(readFileSync("CHANGELOG.md", "utf8")).to.include(`## [${manifest.version}]`);
  });
});
