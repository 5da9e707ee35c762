// SVG of specifications: the same bytes, warnings, no fetching, missing packages.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { figure } from "../../src/figures/figure.js";
import { FIGURE_PACKAGES } from "../../src/figures/optional.js";
import { renderSvg } from "../../src/figures/render.js";
import { scatter } from "../../src/figures/scatter.js";
import type { Spec } from "../../src/figures/spec.js";
import { ArgumentError } from "../../src/errors.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Has a clip path, whose number Vega counts up from drawing to drawing. */
function cloud(name: string): Spec {
  const axis = { title: "x (1)", domain: [0, 1] as const };
  const clouds = [{ name, points: [[0.1, 1 / 3] as const, [0.7, 0.2] as const] }];
  const body = scatter({ clouds, x: axis, y: axis, width: 100, height: 80 });
  return figure({ body, title: name, width: 150, description: `Cloud "${name}" & more` });
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail("must be refused"),
    (error: unknown) => error as Error,
  );
}

describe("renderSvg()", () => {
  it("gives the same bytes again, also when several are drawn at once", async () => {
    const first = await renderSvg(cloud("a"));
    expect(first).to.match(/^<svg .*clip\d.*<\/svg>$/su);
    const [second, other, third] = await Promise.all(
      ["a", "b", "a"].map((n) => renderSvg(cloud(n))),
    );
    expect(second).to.equal(first);
    expect(third).to.equal(first);
    expect(other).to.not.equal(first);
  });

  it("asks for the shipped font first and for fonts of the same widths next", async () => {
    const families = (await renderSvg(cloud("a"))).match(/font-family="[^"]*"/gu) ?? [];
    expect(new Set(families)).to.deep.equal(
      new Set(['font-family="Liberation Sans, Arial, Helvetica, sans-serif"']),
    );
  });

  it("names the drawing for readers who cannot see it, escaped", async () => {
    expect(await renderSvg(cloud("a"))).to.include(
      '<svg role="img" aria-label="Cloud &quot;a&quot; &amp; more"',
    );
  });

  it("rounds coordinates and leaves text alone", async () => {
    const svg = await renderSvg({
      data: { values: [{ x: 1 / 3 }] },
      mark: { type: "text", text: "0.123456789" },
      encoding: { x: { field: "x", type: "quantitative", scale: { domain: [0, 1] } } },
    });
    expect(svg).to.include(">0.123456789<");
    expect(svg).to.not.match(/(?:transform|d)="[^"]*\.\d{4}/u);
  });

  it("refuses a specification that compiles with warnings, unless they are wanted", async () => {
    const spec = {
      data: { values: [{ a: 1 }] },
      mark: "point",
      encoding: { x: { field: "a", type: "quantitative", scale: { type: "log", zero: true } } },
    };
    const error = await rejection(renderSvg(spec));
    expect(error).to.be.instanceOf(ArgumentError);
    expect(error.message).to.match(
      /^renderSvg: argument `spec` must compile without warnings, but: .*log/u,
    );
    const warnings: string[] = [];
    await renderSvg(spec, { onWarning: (message) => warnings.push(message) });
    expect(warnings).to.not.deep.equal([]);
  });

  it("fetches nothing", async () => {
    const spec = { data: { url: "file:///etc/hostname" }, mark: "point", encoding: {} };
    const error = await rejection(renderSvg(spec));
    expect(error.message).to.include("file:///etc/hostname");
  });

  it("draws on after a failure", async () => {
    await rejection(renderSvg({ mark: "nonsense" }));
    expect(await renderSvg(cloud("a"))).to.include("<svg");
  });
});

describe("optionalPackage()", () => {
  it("names the command that installs what is missing", function () {
    this.timeout(30_000);
    const script = `
      import { renderSvg } from "./src/figures/render.ts";
      import { renderPng } from "./src/figures/png.ts";
      for (const draw of [() => renderSvg({}), () => renderPng('<svg width="1"/>', {})])
        await draw().catch((error) => console.log(error.name + ": " + error.message));`;
    const deny = "./test/figures/deny-packages.mjs";
    const flags = ["--import", "tsx", "--import", deny, "--input-type=module", "-e", script];
    const lines = execFileSync(process.execPath, flags, { cwd: root, encoding: "utf8" }).split(
      "\n",
    );
    const command = "npm install vega@6.4.0 vega-lite@6.4.3 @resvg/resvg-js@2.6.2";
    expect(lines.slice(0, 2)).to.deep.equal([
      `BackendError: renderSvg: package vega must be installed, but could not be loaded. Run \`${command}\`.`,
      `BackendError: renderPng: package @resvg/resvg-js must be installed, but could not be loaded. Run \`${command}\`.`,
    ]);
  });

  it("names the versions that the package depends on", () => {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const { optionalDependencies } = JSON.parse(text) as {
      optionalDependencies: Record<string, string>;
    };
    expect(optionalDependencies).to.include(FIGURE_PACKAGES);
  });
});
