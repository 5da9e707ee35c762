// What the build needs besides the compiler: an empty dist/ before it (`clean`), the files that are not
// code after it.

import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (process.argv[2] === "clean") rmSync(at("dist"), { recursive: true, force: true });
else cpSync(at("src/figures/fonts"), at("dist/src/figures/fonts"), { recursive: true });
