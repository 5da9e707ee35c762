// Tests of the set-up of the backend tensorflow as far as they need no download: its reading of wheels and its errors.

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync } from "node:zlib";
import { expect } from "chai";

const SETUP = fileURLToPath(new URL("../../scripts/tensorflow/setup.mjs", import.meta.url));

type Outcome = { readonly status: number | null; readonly out: string; readonly err: string };

function setup(args: readonly string[], cwd: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SETUP, ...args], {
    cwd,
    encoding: "utf8",
  });
  return { status, out: stdout, err: stderr };
}

type Entry = { readonly name: string; readonly text: string; readonly deflate?: boolean };

/** A zip file of small entries, as the format's specification (APPNOTE 4.3) lays it out. */
function zip(entries: readonly Entry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, text, deflate = false } of entries) {
    const body = deflate ? deflateRawSync(text) : Buffer.from(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(crc32(text), 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(text), 18);
    fields.writeUInt16LE(name.length, 22);
    const at = Buffer.alloc(4);
    at.writeUInt32LE(offset);
    local.push(Buffer.from("PK\x03\x04"), fields, Buffer.from(name), body);
    central.push(
      Buffer.from("PK\x01\x02\x14\x00"),
      fields,
      Buffer.alloc(10),
      at,
      Buffer.from(name),
    );
    offset += 30 + name.length + body.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

describe("the set-up of the backend tensorflow", () => {
  let folder = "";
  let project = "";
  let cache = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "zenoflow-setup-"));
    project = join(folder, "project");
    cache = join(folder, "cache");
    const installed = join(project, "node_modules", "@tensorflow", "tfjs-node-gpu");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(project, "package.json"), "{}");
    writeFileSync(join(installed, "package.json"), "{}");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function setupWith(wheel: Buffer): Outcome {
    const file = join(folder, "some.whl");
    writeFileSync(file, wheel);
    return setup(["--project", project, "--cache", cache, "--wheel", file], folder);
  }

  it("explains itself", () => {
    const { status, out } = setup(["--help"], folder);
    expect(status).to.equal(0);
    for (const word of ["--gpu", "--wheel", "--cache", "pip", "C++17"])
      expect(out).to.include(word);
  });

  it("refuses unknown options and shows the known ones", () => {
    const { status, err } = setup(["--cuda"], folder);
    expect(status).to.equal(1);
    expect(err).to.include("'--cuda'").and.to.include("--gpu");
    expect(err).to.not.include("at parse");
  });

  it("says how to install the package where it is missing", () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    writeFileSync(join(empty, "package.json"), "{}");
    const { status, err } = setup(["--project", empty], folder);
    expect(status).to.equal(1);
    expect(err).to.include("npm install --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0");
  });

  it("refuses a file that is no whole zip file, and leaves nothing behind", () => {
    const { status, err } = setupWith(Buffer.from("half a wheel"));
    expect(status).to.equal(1);
    expect(err).to.include("is not a whole zip file");
    expect(readdirSync(cache)).to.deep.equal([]);
  });

  it("ends where no folder can be made for its cache", function () {
    if (process.platform !== "linux") this.skip();
    const { status, err } = setup(["--project", project, "--cache", "/proc/none/cache"], folder);
    expect(status).to.equal(1);
    expect(err).to.include("mkdir '/proc/none'").and.include("--cache DIR");
  });

  it("says which file or folder cannot be used, and how to name another, without a stack", () => {
    const missing = setup(["--project", project, "--cache", cache, "--wheel", "no.whl"], folder);
    expect(missing.status).to.equal(1);
    expect(missing.err).to.match(
      /^setup: error: --wheel must name a file, but \S+no\.whl is none\.\n$/,
    );
    const occupied = join(folder, "file");
    writeFileSync(occupied, "no folder");
    const blocked = ["--project", project, "--cache", join(occupied, "cache")];
    const { status, err } = setup(blocked, folder);
    expect(status).to.equal(1);
    expect(err).to.include(join(occupied, "cache")).and.to.include("--cache DIR");
    expect(err).to.not.include("    at ");
  });

  it("refuses a wheel without libtensorflow", () => {
    const { err } = setupWith(zip([{ name: "numpy/core.so", text: "x" }]));
    expect(err).to.include("has no libtensorflow");
  });

  it("notices a damaged entry by its checksum", () => {
    const wheel = zip([
      { name: "tensorflow/libtensorflow_cc.so.2", text: "the first library" },
      { name: "tensorflow/libtensorflow_framework.so.2", text: "the second", deflate: true },
    ]);
    wheel[wheel.indexOf("first")] = 0x46;
    const { status, err } = setupWith(wheel);
    expect(status).to.equal(1);
    expect(err).to.include("tensorflow/libtensorflow_cc.so.2").and.to.include("is damaged");
    expect(readdirSync(cache)).to.deep.equal([]);
  });

  it("unpacks the libraries and headers it needs, once, stored or deflated", () => {
    const wheel = zip([
      { name: "tensorflow/libtensorflow_cc.so.2", text: "the first library" },
      { name: "tensorflow/libtensorflow_framework.so.2", text: "the second", deflate: true },
      { name: "tensorflow/include/tensorflow/c/c_api.h", text: "// C" },
      { name: "tensorflow/python/keras.py", text: "no" },
    ]);
    const first = setupWith(wheel);
    const libraries = join(
      cache,
      readdirSync(cache).find((name) => name.startsWith("2.18.1-cpu-"))!,
    );
    expect(first.out).to.include("unpacking some.whl");
    expect(readFileSync(join(libraries, "lib", "libtensorflow_framework.so.2"), "utf8")).to.equal(
      "the second",
    );
    expect(existsSync(join(libraries, "include", "tensorflow", "c", "c_api.h"))).to.equal(true);
    expect(existsSync(join(libraries, "python"))).to.equal(false);
    const { mtimeMs } = statSync(join(libraries, "complete.json"));
    expect(setupWith(wheel).out).to.include("libraries are there");
    expect(statSync(join(libraries, "complete.json")).mtimeMs).to.equal(mtimeMs);
    // What follows, compiling against a library that is none, must fail and say so.
    expect(first.status).to.equal(1);
  });
});
