// What a page downloads: bundles four programs against the built package and writes their sizes into docs/browser.md,
// between `<!-- sizes -->` and `<!-- end -->`. Needs `npm run build` before.

import { build } from "esbuild";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const PAGE = join(root, "docs/browser.md");
const BLOCK = /(<!-- sizes -->\n)[\s\S]*?(<!-- end -->)/;

/** Programs by what they use. */
const PROGRAMS = {
  "the dissipative network alone": 'export { network, useBackend } from "zenoflow";',
  "all engines": 'export * from "zenoflow";',
  "the DQGAN": 'export { useBackend } from "zenoflow"; export { dqgan } from "zenoflow/models";',
  "all engines and models": 'export * from "zenoflow"; export * from "zenoflow/models";',
};

/** Backends by what only their programs are made of; `cpu` is in every program. */
const BACKENDS = {
  wasm: /tfjs-backend-wasm\/|backend-wasm\.generated/,
  webgpu: /tfjs-backend-webgpu\//,
};

const kB = (files) => ({
  minified: Math.round(files.reduce((sum, { contents }) => sum + contents.length, 0) / 1000),
  gzip: Math.round(files.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0) / 1000),
});

/** A bundle's files: those that are loaded at once, and the others. */
async function bundled(folder, program) {
  const { outputFiles, metafile } = await build({
    ...{ stdin: { contents: program, resolveDir: folder }, absWorkingDir: folder, outdir: folder },
    ...{ bundle: true, splitting: true, minify: true, format: "esm", target: "es2022" },
    ...{ platform: "browser", write: false, metafile: true },
  });
  const files = outputFiles.map(({ path, contents }) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return { name, contents, ...metafile.outputs[name] };
  });
  const first = new Set(["stdin.js"]);
  for (const name of first)
    for (const { path, kind } of metafile.outputs[name].imports)
      if (kind === "import-statement") first.add(path);
  return {
    atOnce: files.filter(({ name }) => first.has(name)),
    later: files.filter(({ name }) => !first.has(name)),
  };
}

/** Sizes in kB of every program, and of what a backend adds to it when it is chosen. */
export async function bundleSizes() {
  const folder = mkdtempSync(join(tmpdir(), "zenoflow-sizes-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "zenoflow"), "dir");
    const [programs, backends] = [[], []];
    let last;
    for (const [name, program] of Object.entries(PROGRAMS)) {
      last = await bundled(folder, program);
      programs.push({ name, ...kB(last.atOnce) });
    }
    for (const [name, own] of Object.entries(BACKENDS)) {
      const parts = last.later.filter(({ inputs }) => Object.keys(inputs).some((i) => own.test(i)));
      backends.push({ name: `backend \`${name}\`, when it is chosen`, ...kB(parts) });
    }
    return [...programs, ...backends];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sizes as a table. */
export function sizesTable(rows) {
  const cells = rows.map(
    ({ name, minified, gzip }) => `| ${name} | ${String(minified)} | ${String(gzip)} |`,
  );
  return ["| a page with | minified, kB | gzip, kB |", "| --- | ---: | ---: |", ...cells].join(
    "\n",
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const table = sizesTable(await bundleSizes());
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(
    PAGE,
    page.replace(BLOCK, (_, open, close) => `${open}\n${table}\n\n${close}`),
  );
  console.log(table);
}
