// libtensorflow out of TensorFlow's Python wheel, with the CUDA libraries beside it for a GPU, in a cache folder
// that outlives node_modules.

import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { Failure, say } from "./failure.mjs";
import { makeFolder } from "./folder.mjs";
import { download } from "./pip.mjs";
import { extract, wheelEntries } from "./wheel.mjs";

const LIBRARIES = /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/;
// The C API and TF_TString, whose headers moved between tensorflow/, tsl/ and xla/ over time.
const HEADERS =
  /^tensorflow\/include\/(tensorflow\/c\/.*|.*\/tsl\/c\/.*|.*platform\/ctstring\w*)\.h$/;
const CUDA_FILES = /^nvidia\/[^/]+\/(lib|bin|nvvm)\/.*[^/]$/;
const NOT_NEEDED = /\.(a|py|h)$/;

/** SHA-256 of the wheels that this project was tried with, by name, version and architecture. */
const HASHES = {
  "tensorflow-cpu 2.18.1 x86_64":
    "810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298",
  "tensorflow 2.18.1 x86_64": "c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828",
};

/** Disk space that unpacking needs at its peak, in MB: wheel, libraries, and for a GPU the CUDA libraries. */
const SPACE = { cpu: 1000, gpu: 6000 };

function checkSpace(folder, gpu) {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  const needed = gpu ? SPACE.gpu : SPACE.cpu;
  if (free >= needed) return;
  throw new Failure(
    `${folder} has ${free} MB free, but unpacking needs ${needed} MB. Free some, or pass --cache DIR on a larger disk.`,
  );
}

async function unpackTensorflow(wheel, out) {
  const entries = wheelEntries(wheel);
  const libraries = entries.filter(({ name }) => LIBRARIES.test(name));
  if (libraries.length !== 2)
    throw new Failure(
      `${wheel} has no libtensorflow; pass a wheel of tensorflow or tensorflow-cpu for Linux.`,
    );
  say(`unpacking ${basename(wheel)}`);
  for (const entry of libraries) await extract(entry, join(out, "lib", basename(entry.name)));
  for (const entry of entries.filter(({ name }) => HEADERS.test(name))) {
    await extract(entry, join(out, entry.name.replace(/^tensorflow\//, "")));
  }
  return entries;
}

/** The nvidia packages that the wheel names for its extra `and-cuda`, at their pinned versions. */
async function cudaRequirements(entries, work) {
  const file = join(work, "METADATA");
  await extract(
    entries.find(({ name }) => /^[^/]+\.dist-info\/METADATA$/.test(name)),
    file,
  );
  const lines = readFileSync(file, "utf8").matchAll(
    /^Requires-Dist: (nvidia-[\w-]+) *\(?==([^;)\s]+)\)? *;[^\n]*and-cuda/gm,
  );
  return [...lines].map(([, name, version]) => ({ name, version }));
}

async function unpackCuda(requirements, work, out, architecture) {
  for (const requirement of requirements) {
    const folder = join(work, requirement.name); // one at a time, which bounds the disk space
    const [wheel] = download([requirement], folder, architecture);
    const wanted = wheelEntries(wheel).filter(
      ({ name }) => CUDA_FILES.test(name) && !NOT_NEEDED.test(name),
    );
    for (const entry of wanted) await extract(entry, join(out, entry.name));
    rmSync(folder, { recursive: true });
  }
}

function fetchWheel({ version, gpu, architecture }, work) {
  const name = gpu || architecture !== "x86_64" ? "tensorflow" : "tensorflow-cpu";
  const sha256 = HASHES[`${name} ${version} ${architecture}`];
  const requirement = { name, version, ...(sha256 !== undefined && { sha256 }) };
  return download([requirement], join(work, "tensorflow"), architecture)[0];
}

/**
 * Puts the libraries at `<cache>/<version>-<cpu|gpu>-<architecture>/{lib,include,nvidia}`, unless they are there.
 *
 * @param options - `{ version, gpu, architecture, cache, wheel?, force? }`
 * @returns the folder
 */
export async function installLibraries(options) {
  const { version, gpu, architecture, cache, wheel, force } = options;
  const folder = join(cache, `${version}-${gpu ? "gpu" : "cpu"}-${architecture}`);
  if (existsSync(join(folder, "complete.json")) && !force) {
    say(`libraries are there: ${folder}`);
    return folder;
  }
  makeFolder(cache);
  checkSpace(cache, gpu);
  const work = mkdtempSync(join(cache, "work-"));
  try {
    const source = wheel ?? fetchWheel(options, work);
    const out = join(work, "out");
    const entries = await unpackTensorflow(source, out);
    if (gpu) await unpackCuda(await cudaRequirements(entries, work), work, out, architecture);
    writeFileSync(
      join(out, "complete.json"),
      `${JSON.stringify({ wheel: basename(source), version, gpu })}\n`,
    );
    // Whole or not at all: a run that was killed leaves a work folder, never half a library.
    rmSync(folder, { recursive: true, force: true });
    renameSync(out, folder);
    say(`libraries: ${folder}`);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
