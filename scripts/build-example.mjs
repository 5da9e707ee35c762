// Bundles examples/browser/ into examples/browser/site/, which any static server serves; `--serve` is one, on 127.0.0.1
// and with the headers that give a page threads. Needs `npm run build` before.

import { build } from "esbuild";
import { cpSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../examples/browser/", import.meta.url));
const site = process.env.ZENOFLOW_SITE ?? join(source, "site");
const PORT = 8080;

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

rmSync(site, { recursive: true, force: true });
await build({
  ...{ entryPoints: [join(source, "page.js"), join(source, "worker.js")], outdir: site },
  ...{ bundle: true, splitting: true, minify: true, format: "esm", target: "es2023" },
});
for (const file of ["index.html", "style.css"]) cpSync(join(source, file), join(site, file));

if (process.argv.includes("--serve")) {
  createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://host").pathname);
    const file = join(site, path === "/" ? "index.html" : path);
    const type = { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" };
    readFile(file).then(
      (body) => response.writeHead(200, { ...type, ...HEADERS }).end(body),
      () => response.writeHead(404).end(),
    );
  }).listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/`));
} else {
  console.log(`written to ${site}`);
}
