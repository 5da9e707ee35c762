// The files of a live page: its own, and the charts from the package uplot. All of them come from this machine.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { escapeXml } from "../../figures/escape.js";
import type { Study } from "../types.js";
import { CLIENT } from "./client.js";
import { LIVE_STYLE } from "./style.js";

/** A file as it is sent. */
export type Asset = { readonly type: string; readonly body: string };

const require = createRequire(import.meta.url);

function fromPackage(file: string): string {
  return readFileSync(require.resolve(`uplot/dist/${file}`), "utf8");
}

function pageOf({ name, metrics, parameters }: Study): string {
  const metric = metrics[0] ?? { name: "value", goal: "minimize" };
  const about = JSON.stringify({ metric, parameters: Object.keys(parameters).sort() });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(name)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="uplot.css">
<link rel="stylesheet" href="live.css">
</head>
<body data-about="${escapeXml(about)}">
<header>
<h1>${escapeXml(name)}</h1>
<p id="link" role="status">connecting</p>
</header>
<div id="bar" role="progressbar" aria-label="rows done" aria-valuemin="0" aria-valuemax="100"><span></span></div>
<dl id="facts"></dl>
<p id="trouble" hidden></p>
<section><h2 id="history-title"></h2><p class="note" id="history-note"></p><div id="history" class="chart"></div></section>
<section><h2>Rows per second</h2><div id="speed" class="chart"></div></section>
<section><h2>Best trials</h2><div id="head" class="row"></div><div id="table" tabindex="0"><div id="space"></div></div></section>
<script src="uplot.js"></script>
<script src="live.js"></script>
</body>
</html>
`;
}

/** The files by path. */
export function assets(study: Study): Readonly<Record<string, Asset>> {
  const script = "text/javascript; charset=utf-8";
  const style = "text/css; charset=utf-8";
  return {
    "/": { type: "text/html; charset=utf-8", body: pageOf(study) },
    "/live.js": { type: script, body: CLIENT },
    "/live.css": { type: style, body: LIVE_STYLE },
    "/uplot.js": { type: script, body: fromPackage("uPlot.iife.min.js") },
    "/uplot.css": { type: style, body: fromPackage("uPlot.min.css") },
  };
}
