// The native half of @tensorflow/tfjs-node-gpu, compiled here from the sources in that package against the
// libraries of the cache. It is plain N-API: any Node runs it, any libtensorflow 2.18 to 2.21 serves it.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { Failure, say } from "./failure.mjs";

const PACKAGE = "@tensorflow/tfjs-node-gpu";
const HEADERS_PACKAGE = "node-api-headers@1";

/** The folder of @tensorflow/tfjs-node-gpu as Node finds it from `project`. */
export function findPackage(project) {
  const { resolve: resolver } = createRequire(join(project, "package.json"));
  // Not resolve(): it would need the addon that is still missing, and remember a miss.
  const found = (resolver.paths(PACKAGE) ?? [])
    .map((folder) => join(folder, PACKAGE))
    .find((folder) => existsSync(join(folder, "package.json")));
  if (found !== undefined) return found;
  throw new Failure(
    `${PACKAGE} is not installed in ${project}.\n  npm install --ignore-scripts ${PACKAGE}@4.22.0\n` +
      "  (without --ignore-scripts npm downloads an old TensorFlow and fails where it cannot)",
  );
}

function nodeHeaders(cache) {
  const { npm_config_nodedir: nodedir } = process.env;
  const own = join(cache, "headers", "node_modules", "node-api-headers", "include");
  const candidates = [
    ...(nodedir ? [join(nodedir, "include", "node")] : []),
    resolve(process.execPath, "..", "..", "include", "node"),
    "/usr/include/node",
    own,
  ];
  const find = () => candidates.find((folder) => existsSync(join(folder, "node_api.h")));
  if (find() === undefined) {
    say(`fetching ${HEADERS_PACKAGE}`);
    spawnSync("npm", [
      "install",
      "--prefix",
      join(cache, "headers"),
      "--no-save",
      "--ignore-scripts",
      HEADERS_PACKAGE,
    ]);
  }
  const found = find();
  if (found !== undefined) return found;
  throw new Failure(
    `Node's header node_api.h was found nowhere. Install ${HEADERS_PACKAGE} by npm and run the set-up again.`,
  );
}

function findCompiler() {
  const candidates = [process.env.CXX, "g++", "c++", "clang++"].filter(Boolean);
  const found = candidates.find((command) => spawnSync(command, ["--version"]).status === 0);
  if (found !== undefined) return found;
  throw new Failure(
    `no C++ compiler was found (tried ${candidates.join(", ")}).\n  Debian and Ubuntu: apt-get install g++`,
  );
}

function compile(folder, libraries, target, headers) {
  const compiler = findCompiler();
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((file) =>
    join(folder, "binding", file),
  );
  // There is no libtensorflow.so in the wheel, hence -l:. The run path leads through the link `deps`.
  const link = [
    "-L" + join(libraries, "lib"),
    "-l:libtensorflow_cc.so.2",
    "-l:libtensorflow_framework.so.2",
    "-Wl,-rpath,$ORIGIN/../../deps/lib",
  ];
  const flags = [
    "-O2",
    "-std=c++17",
    "-fPIC",
    "-shared",
    "-s",
    "-DNAPI_VERSION=8",
    `-I${headers}`,
    `-I${join(libraries, "include")}`,
  ];
  say(`compiling the addon with ${compiler}`);
  const result = spawnSync(compiler, [...flags, ...sources, "-o", target, ...link], {
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Failure(`${compiler} failed:\n${result.stderr}`);
}

/**
 * Links the libraries into the package and compiles the addon where the package looks for it.
 *
 * @param folder - of @tensorflow/tfjs-node-gpu
 * @param libraries - folder of the unpacked libraries
 */
export function installAddon(folder, libraries, cache) {
  // Found before anything is changed: a failure leaves what was there.
  const headers = nodeHeaders(cache);
  const { find } = createRequire(join(folder, "package.json"))("@mapbox/node-pre-gyp");
  const addon = find(join(folder, "package.json"));
  mkdirSync(dirname(addon), { recursive: true });
  compile(folder, libraries, `${addon}.new`, headers);
  const deps = join(folder, "deps");
  rmSync(deps, { recursive: true, force: true });
  // A link, so that the libraries outlive node_modules: after `npm ci` only the addon is compiled again.
  symlinkSync(libraries, deps, "dir");
  // Renamed, not overwritten: another process may have the old one mapped.
  renameSync(`${addon}.new`, addon);
}
