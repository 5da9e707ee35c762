// Downloads of wheels by pip, which knows the index, the proxy, the certificates and the hashes. Nothing is
// installed into any Python.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";

/** libtensorflow is the same file in the wheels of every CPython; this one is offered by all versions since 2.12. */
const PYTHON = "311";

const PLATFORMS = ["2_17", "2014", "2_24", "2_27", "2_28", "2010", "1"];

/** Names of the wheels' architectures by `process.arch`. */
export const ARCHITECTURES = { x64: "x86_64", arm64: "aarch64" };

function findPip() {
  const { PYTHON: python } = process.env;
  const candidates = [
    ...(python ? [[python, "-m", "pip"]] : []),
    ["python3", "-m", "pip"],
    ["python", "-m", "pip"],
    ["pip3"],
    ["pip"],
  ];
  const found = candidates.find(
    ([command, ...head]) => spawnSync(command, [...head, "--version"]).status === 0,
  );
  if (found !== undefined) return found;
  throw new Failure(
    "no pip was found, which downloads TensorFlow's wheel (tried $PYTHON, python3 -m pip, python -m pip, pip3, pip).\n" +
      "  Debian and Ubuntu: apt-get install python3-pip\n" +
      "  or fetch the wheel by other means and pass --wheel FILE",
  );
}

/**
 * Downloads wheels for Linux.
 *
 * @param requirements - pip's requirements, `{ name, version, sha256? }`; with a hash pip accepts no other file
 * @returns the files
 */
export function download(requirements, directory, architecture) {
  mkdirSync(directory, { recursive: true });
  const list = join(directory, "requirements.txt");
  const hashed = requirements.every(({ sha256 }) => sha256 !== undefined);
  const line = ({ name, version, sha256 }) =>
    `${name}==${version}${hashed ? ` --hash=sha256:${sha256}` : ""}\n`;
  writeFileSync(list, requirements.map(line).join(""));
  const [command, ...head] = findPip();
  const platforms = PLATFORMS.flatMap((tag) => [
    "--platform",
    `manylinux${tag.includes("_") ? "_" : ""}${tag}_${architecture}`,
  ]);
  const options = [
    "--no-deps",
    "--no-cache-dir",
    "--only-binary=:all:",
    "--disable-pip-version-check",
  ];
  const target = [
    "--implementation",
    "cp",
    "--python-version",
    PYTHON,
    "--abi",
    `cp${PYTHON}`,
    "--abi",
    "none",
  ];
  const result = spawnSync(
    command,
    [...head, "download", ...options, ...target, ...platforms, "-d", directory, "-r", list],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  if (result.status !== 0) {
    const names = requirements.map(({ name, version }) => `${name} ${version}`).join(", ");
    throw new Failure(
      `pip could not download ${names} (see its message above); without a network pass --wheel FILE.`,
    );
  }
  return readdirSync(directory)
    .filter((file) => file.endsWith(".whl"))
    .map((file) => join(directory, file));
}
