#!/usr/bin/env node
// The command `zenoflow`: starts the built program, or says that it has to be built.

import { existsSync } from "node:fs";
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const program = new URL("../dist/src/cli/entry.js", import.meta.url);

if (existsSync(fileURLToPath(program))) {
  module.enableCompileCache?.();
  const { runProcess } = await import(program.href);
  await runProcess();
} else {
  process.stderr.write(
    "zenoflow: error: the program is not built\n  hint: npm run build, in the folder of package.json\n",
  );
  process.exitCode = 70;
}
