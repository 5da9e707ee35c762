#!/usr/bin/env node
// Sets up the backend `tensorflow`: libtensorflow out of TensorFlow's Python wheel and the addon of
// @tensorflow/tfjs-node-gpu compiled against it. Run it again after `npm ci`; with the libraries in the cache it
// takes seconds.

import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findPackage, installAddon } from "./addon.mjs";
import { check } from "./check.mjs";
import { Failure } from "./failure.mjs";
import { installLibraries } from "./libraries.mjs";
import { ARCHITECTURES } from "./pip.mjs";

const HELP = `Sets up the backend "tensorflow" (Linux, x86-64 or arm64).

  npm run setup:tensorflow [-- options]        in a checkout
  npx zenoflow-setup-tensorflow [options]      in a project that uses zenoflow

  --gpu             with the CUDA libraries, for an NVIDIA GPU (4 GB on disk; without it 0.7 GB)
  --version V       TensorFlow's version (default 2.18.1)
  --wheel FILE      use this wheel instead of downloading one
  --cache DIR       where the libraries live (default ~/.cache/zenoflow/tensorflow)
  --project DIR     the project whose node_modules is completed (default: the current folder)
  --force           unpack the libraries again although they are there
  --check           only load what is installed and try it
  --help            this text

Needs pip (any Python 3.7 or newer; nothing is installed into it) and a C++17 compiler.
Variables: PYTHON, CXX, XDG_CACHE_HOME, and whatever pip reads (index, proxy, certificates).
`;

const OPTIONS = {
  gpu: { type: "boolean", default: false },
  version: { type: "string", default: "2.18.1" },
  wheel: { type: "string" },
  cache: { type: "string" },
  project: { type: "string", default: process.cwd() },
  force: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
};

function parse() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new Failure(`${error.message}\n\n${HELP}`);
  }
}

function architectureHere() {
  const architecture = ARCHITECTURES[process.arch];
  if (process.platform === "linux" && architecture !== undefined) return architecture;
  throw new Failure(
    `TensorFlow's wheels are unpacked on Linux x86-64 and arm64 only, and this is ${process.platform} ${process.arch}. ` +
      "The backend wasm runs here.",
  );
}

function wheelFile(name) {
  if (name === undefined) return undefined;
  const file = resolve(name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw new Failure(`--wheel must name a file, but ${file} is none.`);
}

async function main() {
  const options = parse();
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const project = resolve(options.project);
  const folder = findPackage(project);
  if (!options.check) {
    const { XDG_CACHE_HOME: cacheHome } = process.env;
    const cache = resolve(
      options.cache ?? join(cacheHome || join(homedir(), ".cache"), "zenoflow", "tensorflow"),
    );
    const wheel = wheelFile(options.wheel);
    const { version, gpu, force } = options;
    const libraries = await installLibraries({
      version,
      gpu,
      force,
      wheel,
      cache,
      architecture: architectureHere(),
    });
    installAddon(folder, libraries, cache);
  }
  check(folder, options.gpu);
}

/** What to tell of an error; only what is a fault of the set-up comes with its place. */
function explained(error) {
  if (error instanceof Failure) return error.message;
  // Of the system: a folder that cannot be written, a disk that is full.
  if (error.syscall !== undefined && error.path !== undefined)
    return `${error.message}.\n  The cache and node_modules must be writable; --cache DIR and --project DIR name others.`;
  return error.stack;
}

main().catch((error) => {
  process.stderr.write(`setup: error: ${explained(error)}\n`);
  process.exitCode = 1;
});
