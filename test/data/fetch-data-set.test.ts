// Getting data sets from a local server and from folders: every way in which a copy can be bad, locks, and no network when offline.

import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import {
  dataSetFolder,
  DATA_SETS,
  fetchDataSet,
  fileState,
  isOffline,
  mirrorsOf,
  type DataSet,
  type Fetched,
} from "../../src/data/files/index.js";
import { DataError } from "../../src/errors.js";

/** Bytes without a pattern, so that compression changes their number little. */
const contents = (seed: number, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => Math.imul(i + seed, 2654435761) >>> 13));

const FILES = { one: contents(1, 3000), two: contents(2, 20_000) };

const set: DataSet = {
  ...{ name: "toy", version: "1", title: "a toy", mirrors: [] },
  files: Object.entries(FILES).map(([name, bytes]) => ({
    name,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  })),
};

/** Few bytes that unpack to many. */
const BOMB = gzipSync(Buffer.alloc(2_000_000));

type Answer = (file: Buffer, request: IncomingMessage, response: ServerResponse) => void;

/** What each path of the server does with the file that is asked for. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  good: (file, _, response) => response.end(gzipSync(file)),
  wrapper: (file, _, response) => response.end(gzipSync(file, { level: 1 })),
  // The right name with ".gz" does not exist; the plain one does.
  plain: (file, request, response) => {
    if (request.url!.endsWith(".gz")) response.writeHead(404).end();
    else response.end(file);
  },
  missing: (_, __, response) => response.writeHead(404).end("<html>not here</html>"),
  page: (_, __, response) => response.end("<html>log in first</html>"),
  truncated: (file, _, response) => response.end(gzipSync(file).subarray(0, 150)),
  cut: (file, _, response) => {
    const packed = gzipSync(file);
    response.writeHead(200, { "content-length": packed.length });
    response.write(packed.subarray(0, 500), () => response.destroy());
  },
  corrupt: (file, _, response) => {
    const bad = Buffer.from(file);
    bad[100]! ^= 1;
    response.end(gzipSync(bad));
  },
  bomb: (_, __, response) => response.end(BOMB),
  endless: (_, __, response) => {
    const piece = Buffer.alloc(2 ** 18, 1);
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  },
  slow: (file, _, response) => {
    response.write(gzipSync(file).subarray(0, 100));
  },
};

describe("fetchDataSet()", () => {
  let server: Server;
  let base = "";
  let root = "";
  let asked: string[] = [];
  let made = 0;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), "zenoflow fetch é "));
    server = createServer((request, response) => {
      const [, way = "", name = ""] = request.url!.split("/");
      asked.push(request.url!);
      ANSWERS[way]!(FILES[name.replace(".gz", "") as "one" | "two"], request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  });
  after(async () => {
    rmSync(root, { recursive: true });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => (asked = []));

  const folderOf = (): string => join(root, String(made++));
  const get = (folder: string, ways: readonly string[], options = {}): Promise<Fetched[]> =>
    fetchDataSet(set, {
      folder,
      sources: ways.map((way) => base + way),
      stallSeconds: 0.3,
      ...options,
    });
  const isWhole = (folder: string): void => {
    for (const [name, bytes] of Object.entries(FILES))
      expect(Buffer.compare(readFileSync(join(folder, name)), bytes), name).to.equal(0);
    expect(readdirSync(folder).sort()).to.deep.equal(["one", "two"]);
  };

  it("brings all files, unpacked and verified, and nothing else", async () => {
    const folder = folderOf();
    const fetched = await get(folder, ["good"]);
    isWhole(folder);
    expect(fetched.map(({ state, source }) => [state, source])).to.deep.equal([
      ["ok", `${base}good/one.gz`],
      ["ok", `${base}good/two.gz`],
    ]);
    asked = [];
    const again = await get(folder, ["good"]);
    expect(asked).to.deep.equal([]);
    expect(again.map(({ state, source }) => [state, source])).to.deep.equal([
      ["ok", undefined],
      ["ok", undefined],
    ]);
  });

  it("takes other wrappings of the same contents, and none", async () => {
    for (const way of ["wrapper", "plain"]) {
      const folder = folderOf();
      await get(folder, [way]);
      isWhole(folder);
    }
  });

  const faults: readonly (readonly [way: string, why: RegExp])[] = [
    ["missing", /one.gz answers 404 Not Found/],
    ["page", /one.gz holds \d+ bytes with SHA-256 \w+ in place of 3000 with/],
    ["truncated", /one.gz is damaged or cut off: gzip cannot unpack it/],
    ["cut", /one.gz cannot be reached: /],
    ["corrupt", /one.gz holds 3000 bytes with SHA-256 \w+ in place of 3000 with/],
    ["bomb", /one.gz holds more than 3000 bytes/],
    ["endless", /one.gz sends more than 1051576 bytes/],
    ["slow", /one.gz cannot be reached: stands still for 0.3 s/],
  ];
  for (const [way, why] of faults) {
    it(`goes on to the next mirror when one is ${way}, and leaves nothing if there is none`, async () => {
      const alone = folderOf();
      const failed = await get(alone, [way]);
      expect(failed.map(({ state }) => state)).to.deep.equal(["missing", "missing"]);
      expect(failed[0]!.failures[0]).to.match(why);
      expect(readdirSync(alone)).to.deep.equal([]);
      const folder = folderOf();
      const fetched = await get(folder, [way, "good"]);
      isWhole(folder);
      expect(fetched[1]!.failures).to.have.length(2);
    }).timeout(10_000);
  }

  it("goes on when nobody answers", async () => {
    const folder = folderOf();
    await fetchDataSet(set, { folder, sources: ["http://127.0.0.1:1/", base + "good/"] });
    isWhole(folder);
  });

  it("replaces what is damaged, packed copies as well, and only that", async () => {
    const folder = folderOf();
    mkdirSync(folder);
    writeFileSync(join(folder, "one.gz"), gzipSync(FILES.one).subarray(0, 50));
    writeFileSync(join(folder, "two"), FILES.two);
    expect(fileState(folder, set.files[0]!).state).to.equal("wrong");
    await get(folder, ["good"]);
    expect(asked).to.deep.equal(["/good/one.gz"]);
    isWhole(folder);
  });

  it("keeps a damaged copy when no better one is to be had", async () => {
    const folder = folderOf();
    mkdirSync(folder);
    writeFileSync(join(folder, "one"), "not all");
    const [one] = await get(folder, ["missing"]);
    expect([one!.state, readFileSync(join(folder, "one"), "utf8")]).to.deep.equal([
      "wrong",
      "not all",
    ]);
  });

  it("opens no socket when offline, but takes files from a folder", async () => {
    const folder = folderOf();
    const failed = await get(folder, ["good"], { offline: true });
    expect([asked, failed.map(({ state }) => state)]).to.deep.equal([[], ["missing", "missing"]]);
    const stick = folderOf();
    mkdirSync(stick);
    writeFileSync(join(stick, "one"), FILES.one);
    writeFileSync(join(stick, "two.gz"), gzipSync(FILES.two));
    await fetchDataSet(set, { folder, sources: [stick], offline: true });
    isWhole(folder);
    const [one] = await fetchDataSet(set, { folder: folderOf(), sources: [join(root, "none")] });
    expect(one!.failures).to.deep.equal([`${join(root, "none", "one")} does not exist`]);
  });

  it("works once for two at a time", async () => {
    const folder = folderOf();
    const both = await Promise.all([get(folder, ["good"]), get(folder, ["good"])]);
    isWhole(folder);
    expect(asked).to.have.length(2);
    expect(both.flat().every(({ state }) => state === "ok")).to.equal(true);
  });

  it("takes over locks that were left behind, and waits for others only so long", async () => {
    for (const left of ["99999999\n", ""]) {
      const folder = folderOf();
      mkdirSync(folder);
      writeFileSync(join(folder, ".lock"), left);
      utimesSync(join(folder, ".lock"), 1, 1);
      await get(folder, ["good"]);
      isWhole(folder);
    }
    const held = folderOf();
    mkdirSync(held);
    writeFileSync(join(held, ".lock"), `${String(process.ppid)}\n`);
    const outcome = await get(held, ["good"], { lockSeconds: 0.2 }).catch(
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(DataError);
    expect(String(outcome)).to.contain(`process ${String(process.ppid)} holds it`);
  });
});

describe("places of data sets", () => {
  const mnist = DATA_SETS["mnist"]!;

  it("are name, version and raw, a flat folder that is in use, or what a variable names", () => {
    const root = mkdtempSync(join(tmpdir(), "zenoflow places "));
    const env = { ZENOFLOW_DATA_DIR: root };
    expect(dataSetFolder(mnist, env)).to.equal(join(root, "mnist", "1", "raw"));
    mkdirSync(join(root, "mnist"));
    expect(dataSetFolder(mnist, env)).to.equal(join(root, "mnist", "1", "raw"));
    writeFileSync(join(root, "mnist", "t10k-labels-idx1-ubyte.gz"), "");
    expect(dataSetFolder(mnist, env)).to.equal(join(root, "mnist"));
    expect(dataSetFolder(mnist, { ...env, ZENOFLOW_MNIST: "/m" })).to.equal("/m");
    rmSync(root, { recursive: true });
  });

  it("have mirrors of their own, or those of a variable, and a variable that forbids the network", () => {
    expect(mirrorsOf(mnist, {})).to.deep.equal(mnist.mirrors);
    expect(mirrorsOf(mnist, { ZENOFLOW_MIRRORS: "http://a/, /b" })).to.deep.equal([
      "http://a/",
      "/b",
    ]);
    expect(
      [{}, { ZENOFLOW_OFFLINE: "" }, { ZENOFLOW_OFFLINE: "0" }, { ZENOFLOW_OFFLINE: "1" }].map(
        isOffline,
      ),
    ).to.deep.equal([false, false, false, true]);
  });
});
