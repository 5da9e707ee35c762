// What `auto` takes: the rule, what a calibration changes, and that it says why.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { candidates } from "../src/backend-auto.js";
import {
  calibrationFile,
  calibrationKey,
  readCalibration,
  withCalibration,
} from "../src/backend-calibration.js";
import { backendInfo, useBackend } from "../src/index.js";
import { autoCheck } from "../src/cli/doctor/speed.js";
import type { BackendSpeed, Calibration } from "../src/backend-calibration.js";
import type { Check } from "../src/cli/doctor/check.js";
import type { Work } from "../src/index.js";

const NONE = { cuda: false, gpu: false };
const CARD = { cuda: true, gpu: true };
const OTHER_GPU = { cuda: false, gpu: true };

const SPEED: BackendSpeed = {
  device: "host memory",
  software: false,
  threads: 2,
  firstResult: 900,
  smallOp: 4,
  elementwise: 1,
  matMul: 50,
  conv: 20,
  kernels: {},
};

const calibration = (others: Readonly<Record<string, Partial<BackendSpeed>>>): Calibration => ({
  date: "2026-01-02",
  backends: {
    wasm: SPEED,
    ...Object.fromEntries(
      Object.entries(others).map(([name, speed]) => [name, { ...SPEED, ...speed }]),
    ),
  },
});

const names = (...call: Parameters<typeof candidates>): string[] =>
  candidates(...call).map(({ name, gpu }) => (gpu === true ? `${name} on a GPU` : name));

describe("candidates()", () => {
  it("takes wasm for small operations, whatever the machine has", () => {
    for (const signs of [NONE, CARD, OTHER_GPU])
      expect(names("small-ops", undefined, signs)).to.deep.equal(["wasm"]);
  });

  it("takes a GPU for convolutions, else the native library, else wasm", () => {
    const work = "convolutions";
    const rest = ["tensorflow", "wasm"];
    expect(names(work, undefined, CARD)).to.deep.equal(["tensorflow on a GPU", "webgpu", ...rest]);
    expect(names(work, undefined, OTHER_GPU)).to.deep.equal(["webgpu", ...rest]);
    expect(names(work, undefined, NONE)).to.deep.equal(rest);
  });

  it("takes a GPU where the work is not known, else wasm", () => {
    expect(names(undefined, undefined, CARD)).to.deep.equal([
      "tensorflow on a GPU",
      "webgpu",
      "wasm",
    ]);
    expect(names(undefined, undefined, NONE)).to.deep.equal(["wasm"]);
  });

  it("takes what a calibration found faster for the work", () => {
    const found = calibration({ tensorflow: { smallOp: 12, conv: 70 }, webgpu: { conv: 50 } });
    expect(names("small-ops", found, CARD)).to.deep.equal(["wasm"]);
    expect(names("convolutions", found, CARD)).to.deep.equal(["tensorflow", "webgpu", "wasm"]);
    const [first] = candidates("convolutions", found, NONE);
    expect(first!.why).to.equal(
      "3.5 times as fast as wasm for convolutions by the calibration of 2026-01-02",
    );
    const [small] = candidates("small-ops", found, NONE);
    expect(small!.why).to.match(
      /found tensorflow at 0\.33 of its speed, webgpu at 1\.0 of its speed$/,
    );
  });

  it("does not leave wasm for what is hardly faster", () => {
    const found = calibration({ tensorflow: { conv: 20 * 1.19 } });
    expect(names("convolutions", found, NONE)).to.deep.equal(["wasm"]);
    const enough = calibration({ tensorflow: { conv: 20 * 1.21 } });
    expect(names("convolutions", enough, NONE)).to.deep.equal(["tensorflow", "wasm"]);
  });

  it("never takes an emulated device", () => {
    const found = calibration({ webgpu: { conv: 1000, smallOp: 0.1, software: true } });
    for (const work of ["small-ops", "convolutions", undefined] as const)
      expect(names(work, found, NONE)[0]).to.not.equal("webgpu");
  });

  it("leaves the rule for unknown work only where a backend is faster at everything", () => {
    const faster = calibration({ tensorflow: { smallOp: 1, conv: 70 } });
    expect(names(undefined, faster, NONE)).to.deep.equal(["tensorflow", "wasm"]);
    const mixed = calibration({ tensorflow: { smallOp: 12, conv: 70 } });
    expect(names(undefined, mixed, NONE)).to.deep.equal(["wasm"]);
  });
});

describe("the calibration of a machine", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "zenoflow-calibration-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const env = (): Record<string, string> => ({ XDG_CACHE_HOME: folder });

  async function kept(one: Calibration): Promise<string> {
    const file = await calibrationFile(env());
    await mkdir(dirname(file), { recursive: true });
    writeFileSync(file, await withCalibration(file, one));
    return file;
  }

  it("is read as it was kept", async () => {
    expect(await readCalibration(env())).to.equal(undefined);
    const one = calibration({ tensorflow: { conv: 70 } });
    const file = await kept(one);
    expect(file).to.equal(join(folder, "zenoflow", "calibration.json"));
    expect(await readCalibration(env())).to.deep.equal(one);
  });

  it("holds for one machine and its versions, beside those of others", async () => {
    const file = await kept(calibration({}));
    const text = readFileSync(file, "utf8").replace(
      JSON.stringify(await calibrationKey()),
      '"other"',
    );
    writeFileSync(file, text);
    expect(await readCalibration(env())).to.equal(undefined);
    await kept(calibration({ cpu: {} }));
    const { machines } = JSON.parse(readFileSync(file, "utf8")) as { machines: object };
    expect(Object.keys(machines)).to.deep.equal(["other", await calibrationKey()]);
  });

  it("counts as none where the file is damaged, which doctor tells", async () => {
    const auto = (): Promise<Check> => autoCheck(env());
    expect((await auto()).status).to.equal("ok");
    const file = await kept(calibration({}));
    expect((await auto()).status).to.equal("ok");
    for (const text of ["", "{", "[]", '{"schema":"other"}']) {
      writeFileSync(file, text);
      expect(await readCalibration(env()), text).to.equal(undefined);
      expect((await auto()).detail, text).to.include(`${file} is damaged`);
    }
    const key = JSON.stringify(await calibrationKey());
    const slow = JSON.stringify({ date: "2026", backends: { wasm: { ...SPEED, conv: 0 } } });
    for (const own of ["5", "null", "{}", '{"date":"2026","backends":{"wasm":null}}', slow]) {
      const text = `{"schema":"zenoflow.calibration/1","machines":{${key}:${own}}}`;
      writeFileSync(file, text);
      expect(await readCalibration(env()), text).to.equal(undefined);
      expect((await auto()).status, text).to.equal("warn");
    }
    writeFileSync(file, '{"schema":"zenoflow.calibration/1","machines":null}');
    expect(await readCalibration(env())).to.equal(undefined);
  });

  it("decides what auto takes, which says so", async () => {
    await kept(calibration({}));
    const before = process.env["XDG_CACHE_HOME"];
    process.env["XDG_CACHE_HOME"] = folder;
    try {
      const info = await useBackend("auto", { for: "convolutions" });
      expect(info.name).to.equal("wasm");
      expect(info.why).to.equal(
        "fastest for convolutions by the calibration of 2026-01-02, which found no other backend",
      );
      expect(backendInfo()).to.deep.equal(info);
    } finally {
      if (before === undefined) delete process.env["XDG_CACHE_HOME"];
      else process.env["XDG_CACHE_HOME"] = before;
    }
  });
});

describe("useBackend() with auto", () => {
  after(() => useBackend("wasm"));

  it("says why it took a backend, and nothing where one was named", async () => {
    const info = await useBackend("auto", { for: "small-ops" });
    expect(info.why).to.match(/small operations/);
    expect((await useBackend("wasm")).why).to.equal(undefined);
  });

  it("refuses work that it does not know", async () => {
    const fault = await useBackend("auto", { for: "sums" as Work }).catch(
      (error: unknown) => error,
    );
    expect((fault as Error).message).to.equal(
      'useBackend: argument `for` must be one of "small-ops", "convolutions", but is "sums".',
    );
  });
});
