// A program outside the repository that has installed the package, bundled as a page's program is.

import { build, type Metafile } from "esbuild";
import { mkdtempSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./chromium.js";

/** An empty project with the built package in its node_modules. */
export function consumerProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "zenoflow-browser-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "zenoflow"), "dir");
  return folder;
}

/** Bundles a program of the project into `site/`, minified and in parts that are loaded when they are needed. */
export async function bundle(folder: string, name: string, program: string): Promise<Metafile> {
  const entry = join(folder, `${name}.js`);
  writeFileSync(entry, program);
  const { metafile } = await build({
    ...{ entryPoints: [entry], outdir: join(folder, "site"), absWorkingDir: folder },
    ...{ bundle: true, splitting: true, minify: true, format: "esm", platform: "browser" },
    ...{ target: "es2022", metafile: true, logLevel: "silent" },
  });
  return metafile;
}
