// The verb `data`, and folders of images as data of a training: exit codes, messages, JSON.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { dataSetsCheck } from "../../src/cli/doctor/data-sets.js";
import { EXIT } from "../../src/cli/exit-codes.js";
import { CliError } from "../../src/cli/problem.js";
import { loadData, reloadData } from "../../src/cli/train/data-files.js";
import { imageSource, MNIST_FILES, unpackImages } from "../../src/data/index.js";
import { encodePng } from "../../src/figures/png-bytes.js";
import { call, withFolder } from "../support/cli.js";

const { name: FIRST, sha256: SUM } = MNIST_FILES.train.images;

/** Calls the verb with a data folder of its own. */
async function data(cwd: string, ...argv: string[]): Promise<Awaited<ReturnType<typeof call>>> {
  return call(["data", ...argv], { cwd, env: { ZENOFLOW_DATA_DIR: join(cwd, "sets") } });
}

describe("zenoflow data", () => {
  it("lists what is embedded and what is not here, as a table and as JSON", () =>
    withFolder(async (cwd) => {
      const { code, out } = await data(cwd, "list");
      expect(code).to.equal(EXIT.done);
      expect(out)
        .to.match(/^digits +embedded/m)
        .and.match(/^mnist +missing/m);
      const json = JSON.parse((await data(cwd, "list", "--json")).out) as {
        readonly schema: string;
        readonly dataSets: readonly { readonly name: string; readonly state: string }[];
      };
      expect(json.schema).to.equal("zenoflow.data/1");
      expect(json.dataSets.map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
        "mnist missing",
        "digits embedded",
        "rooms embedded",
      ]);
    }));

  it("prints the folder of a data set and nothing else", () =>
    withFolder(async (cwd) => {
      const folder = join(cwd, "sets", "mnist", "1", "raw");
      expect((await data(cwd, "path", "mnist")).out).to.equal(`${folder}\n`);
      const json = JSON.parse((await data(cwd, "path", "mnist", "--json")).out) as object;
      expect(json).to.deep.equal({ schema: "zenoflow.data/1", name: "mnist", path: folder });
    }));

  it("warns of variables that are misspelt, and not of those for others", () =>
    withFolder(async (cwd) => {
      const env = { ZENOFLOW_OFLINE: "1", ZENOFLOW_TRAIN__STEPS: "4", ZENOFLOW_RUNS: "r" };
      const { err } = await call(["data", "path", "mnist"], { cwd, env });
      expect(err).to.equal(
        "zenoflow: warning: environment variable ZENOFLOW_OFLINE is not one that is read (did you mean ZENOFLOW_OFFLINE?)\n",
      );
    }));

  it("says which file is missing or wrong, its sum, and the way out", () =>
    withFolder(async (cwd) => {
      const missing = await data(cwd, "verify");
      expect([missing.code, missing.out]).to.deep.equal([EXIT.missing, ""]);
      expect(missing.err).to.contain(`file ${FIRST} is missing`).and.contain(SUM);
      const raw = join(cwd, "sets", "mnist", "1", "raw");
      mkdirSync(raw, { recursive: true });
      writeFileSync(join(raw, `${FIRST}.gz`), gzipSync("not MNIST"));
      const wrong = await data(cwd, "verify", "mnist");
      expect(wrong.code).to.equal(EXIT.data);
      expect(wrong.err)
        .to.contain(`${FIRST}.gz holds 9 bytes`)
        .and.contain("zenoflow data get mnist");
      const check = dataSetsCheck({ ZENOFLOW_DATA_DIR: join(cwd, "sets") });
      expect([check.status, check.hint]).to.deep.equal(["warn", "zenoflow data get mnist"]);
      expect(check.detail).to.contain("mnist: 0 of 4 files whole");
      expect(dataSetsCheck({ ZENOFLOW_DATA_DIR: join(cwd, "none") }).status).to.equal("absent");
    }));

  it("uses no network when offline, and names file, sum and place", () =>
    withFolder(async (cwd) => {
      const { code, err, out } = await data(cwd, "get", "mnist", "--offline", "--json");
      expect(code).to.equal(EXIT.missing);
      expect(err).to.contain(
        `mnist: file ${FIRST} could not be had and network use is off (--offline)`,
      );
      expect(err)
        .to.contain(join(cwd, "sets", "mnist", "1", "raw", FIRST))
        .and.contain(SUM);
      expect((JSON.parse(out) as { exit: number }).exit).to.equal(EXIT.missing);
    }));

  it("tells a folder without the files from one with damaged copies, and a mirror that is down", () =>
    withFolder(async (cwd) => {
      mkdirSync(join(cwd, "stick"));
      const empty = await data(cwd, "get", "mnist", "--from", "stick");
      expect(empty.code).to.equal(EXIT.missing);
      expect(empty.err).to.contain(`${join(cwd, "stick", FIRST)} does not exist`);
      writeFileSync(join(cwd, "stick", `${FIRST}.gz`), "GARBAGE");
      const damaged = await data(cwd, "get", "mnist", "--from", "stick");
      expect(damaged.code).to.equal(EXIT.data);
      const down = await data(cwd, "get", "mnist", "--from", "http://127.0.0.1:1/");
      expect(down.code).to.equal(EXIT.unavailable);
      expect(down.err).to.contain("cannot be reached");
    }));

  it("says where it cannot write", () =>
    withFolder(async (cwd) => {
      writeFileSync(join(cwd, "sets"), "a file");
      const { code, err } = await data(cwd, "get", "mnist", "--from", "stick");
      expect(code).to.equal(EXIT.output);
      expect(err).to.contain("cannot be written").and.contain("ZENOFLOW_DATA_DIR");
    }));

  it("refuses actions and names that do not exist", async () => {
    for (const argv of [["gett"], [], ["get"], ["path"], ["get", "minst"]]) {
      expect((await call(["data", ...argv])).code, argv.join(" ")).to.equal(EXIT.usage);
    }
  });

  it("completes actions and names", async () => {
    const words = async (...argv: string[]): Promise<string[]> =>
      (await call(["__complete", String(argv.length - 1), ...argv])).out.trim().split("\n");
    expect(await words("data", "")).to.deep.equal(["list", "get", "verify", "path"]);
    expect(await words("data", "get", "")).to.deep.equal(["mnist"]);
    expect(await words("data", "get", "--o")).to.deep.equal(["--offline"]);
  });
});

describe("loadData()", () => {
  const entry = { dataKeys: ["data.file"], images: "pixels" } as const;
  const picture = (level: number): Uint8Array =>
    encodePng({ width: 4, height: 4, channels: 1, bytes: new Uint8Array(16).fill(level) });

  it("hands a folder of pictures to models of pixels, at the size the configuration asks for", () =>
    withFolder(async (cwd) => {
      mkdirSync(join(cwd, "photos"));
      for (const level of [1, 2, 3])
        writeFileSync(join(cwd, "photos", `${String(level)}.png`), picture(level));
      const io = { cwd, env: { ZENOFLOW_DATA_DIR: join(cwd, "sets") } };
      const config = { data: { file: "photos", side: 2, seed: 0 } };
      const { files, sources } = loadData(config, entry, io);
      const source = imageSource(unpackImages(files["photos"]!));
      expect([source.height, source.channels, source.train.count]).to.deep.equal([2, 1, 2]);
      expect(reloadData(sources, config, entry, io)).to.deep.equal(files);
      writeFileSync(join(cwd, "photos", "1.png"), picture(200));
      expect(() => reloadData(sources, config, entry, io)).to.throw(CliError, "has changed since");
    }));

  it("sums the images, not the words about them", () =>
    withFolder(async (cwd) => {
      mkdirSync(join(cwd, "photos"));
      for (const level of [1, 2])
        writeFileSync(join(cwd, "photos", `${String(level)}.png`), picture(level));
      const io = { cwd, env: { ZENOFLOW_DATA_DIR: join(cwd, "sets") } };
      const config = { data: { file: "photos", side: 4 } };
      const sum = (): string => loadData(config, entry, io).sources[0]!.sha256;
      const before = sum();
      writeFileSync(join(cwd, "photos", "notes.txt"), "more words");
      expect(sum()).to.equal(before);
      writeFileSync(join(cwd, "photos", "2.png"), picture(9));
      expect(sum()).to.not.equal(before);
    }));

  it("exits with 65 for pictures of no use and 66 for a folder that is not there", () =>
    withFolder(async (cwd) => {
      mkdirSync(join(cwd, "empty"));
      const io = { cwd, env: { ZENOFLOW_DATA_DIR: join(cwd, "sets") } };
      const exit = (file: string): number => {
        try {
          loadData({ data: { file } }, entry, io);
        } catch (error) {
          return (error as CliError).exit;
        }
        return EXIT.done;
      };
      expect([exit("empty"), exit("nowhere"), exit("mnist")]).to.deep.equal([
        EXIT.data,
        EXIT.missing,
        EXIT.missing,
      ]);
      symlinkSync(join(cwd, "self"), join(cwd, "self"));
      expect(() => loadData({ data: { file: "self" } }, entry, io))
        .to.throw(CliError, "self cannot be looked at (ELOOP)")
        .with.property("exit", EXIT.missing);
    }));

  it("says how to get MNIST where a download that failed left an empty folder", () =>
    withFolder(async (cwd) => {
      const io = { cwd, env: { ZENOFLOW_DATA_DIR: join(cwd, "sets") } };
      const raw = join(cwd, "sets", "mnist", "1", "raw");
      mkdirSync(raw, { recursive: true });
      writeFileSync(join(raw, `.${FIRST}.part`), "half a file");
      expect(() => loadData({ data: { file: "mnist" } }, entry, io))
        .to.throw(CliError, "zenoflow data get mnist")
        .with.property("exit", EXIT.missing);
    }));

  it("says of a compressed file that is cut off or damaged which one it should be, and how to replace it", () =>
    withFolder(async (cwd) => {
      const whole = gzipSync(new Uint8Array(5000));
      for (const bytes of [whole.subarray(0, whole.length / 2), whole.with(-6, whole.at(-6)! ^ 1)])
        for (const images of ["pixels", "columns"] as const) {
          writeFileSync(join(cwd, `${FIRST}.gz`), bytes);
          const io = { cwd, env: { ZENOFLOW_MNIST: cwd } };
          expect(() => loadData({ data: { file: "mnist" } }, { ...entry, images }, io))
            .to.throw(
              CliError,
              /ubyte\.gz: must be train-images.* damaged or cut off.* data get mnist/,
            )
            .with.property("exit", EXIT.data);
        }
    }));
});
