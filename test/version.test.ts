// The version that the code states is that of the package.

import { readFileSync } from "node:fs";
import { expect } from "chai";
import { VERSION } from "../src/index.js";

describe("VERSION", () => {
  it("is the version of package.json", () => {
    const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
    expect(VERSION).to.equal((JSON.parse(text) as { version: string }).version);
  });
});
