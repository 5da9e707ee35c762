// What a page downloads is what docs/browser.md says.

import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { needsBrowser, ROOT } from "./chromium.js";

/** Growth, or shrinking, that the page need not tell of. */
const TOLERANCE = 0.15;

type Sizes = ReadonlyMap<string, number>;

/** Compressed sizes in kB by row. */
function gzipSizes(table: string): Sizes {
  const rows = table.matchAll(/^\| (.+?) +\| +(\d+) \| +(\d+) \|$/gm);
  return new Map(Array.from(rows, ([, name, , gzip]) => [name!, Number(gzip)]));
}

/** In a process of its own: the script's table of what is built now. */
function measured(): Sizes {
  const program = `import { bundleSizes, sizesTable } from "./scripts/bundle-sizes.mjs";
    console.log(sizesTable(await bundleSizes()));`;
  const args = ["--input-type=module", "-e", program, "-"];
  return gzipSizes(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" }));
}

describe("bundles of the package", function () {
  this.timeout(60_000);
  before(function () {
    needsBrowser(this);
  });

  it("are of the sizes that the page states; else npm run tables:sizes", () => {
    const stated = gzipSizes(readFileSync(`${ROOT}docs/browser.md`, "utf8"));
    const found = measured();
    expect([...found.keys()])
      .to.deep.equal([...stated.keys()])
      .and.have.length(6);
    for (const [name, size] of found) {
      const said = stated.get(name)!;
      expect(size, name).to.be.within(said * (1 - TOLERANCE), said * (1 + TOLERANCE));
    }
  });
});
