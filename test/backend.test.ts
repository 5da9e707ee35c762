// Choosing the backend: what runs, what is refused and in which words.

import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import {
  ArgumentError,
  BackendError,
  BACKENDS,
  backendInfo,
  useBackend,
  VERSION,
} from "../src/index.js";
import { skipReason, whyMissing } from "./support/backends.js";
import type { BackendName, BackendOptions } from "../src/index.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Standard output of a module that runs in a process of its own, with the public surface as `zenoflow`. */
function inProcess(code: string, env: NodeJS.ProcessEnv = {}): string {
  const { ZENOFLOW_THREADS: _, ...own } = process.env;
  const source = `import * as zenoflow from "./src/index.js";\n${code}`;
  const args = ["--import", "tsx", "--input-type=module", "-e", source];
  return execFileSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...own, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

async function faultOf(name: string, options: BackendOptions = {}): Promise<Error> {
  try {
    await useBackend(name as BackendName, options);
  } catch (error) {
    return error as Error;
  }
  throw new Error("there was no error");
}

describe("useBackend()", () => {
  after(() => useBackend("wasm"));

  for (const name of ["wasm", "cpu", "auto"] as const) {
    it(`starts ${name} and says what runs`, async () => {
      const info = await useBackend(name);
      const own = name === "auto" ? "wasm" : name;
      expect(tf.getBackend()).to.equal(own);
      expect(info).to.deep.equal(backendInfo());
      expect(info.name).to.equal(own);
      expect(info.device).to.equal("host memory");
      expect(info.versions).to.deep.equal({
        zenoflow: VERSION,
        tfjs: tf.version_core,
        node: process.version,
      });
      expect(info.precision).to.include("float32");
    });
  }

  it("takes the fastest backend if none is named", async () => {
    expect((await useBackend()).name).to.equal("wasm");
  });

  it("can be called again, also with another number of threads", async () => {
    for (const threads of [2, 1, 1, 3]) {
      const info = await useBackend("wasm", { threads });
      expect(info.threads).to.equal(threads);
      expect((await useBackend("wasm")).threads, "and keeps it").to.equal(threads);
    }
    await useBackend("wasm", { threads: Math.min(2, availableParallelism()) });
  });

  it("refuses unknown names and lists the known ones", async () => {
    const fault = await faultOf("cuda");
    expect(fault).to.be.instanceOf(ArgumentError);
    expect(fault.message).to.equal(
      'useBackend: argument `name` must be one of "auto", "wasm", "webgpu", "tensorflow", "cpu", but is "cuda".',
    );
    expect(BACKENDS).to.deep.equal(["auto", "wasm", "webgpu", "tensorflow", "cpu"]);
  });

  for (const threads of [0, -1, 1.5, 257, NaN, Infinity]) {
    it(`refuses ${threads.toString()} threads`, async () => {
      const fault = await faultOf("wasm", { threads });
      expect(fault).to.be.instanceOf(ArgumentError);
      expect(fault.message).to.equal(
        `useBackend: argument \`threads\` must be an integer from 1 to 256, but is ${threads.toString()}.`,
      );
    });
  }
});

describe("the backend webgpu", () => {
  after(() => useBackend("wasm"));

  it("says how to install what is missing, and does not fall back", () => {
    for (const name of ["webgpu", "@tensorflow/tfjs-backend-webgpu"]) {
      const message = inProcess(
        `
        import { register } from "node:module";
        const hook = \`export async function resolve(specifier, context, next) {
          if (specifier !== "${name}") return next(specifier, context);
          throw Object.assign(new Error("Cannot find package '${name}'"), { code: "ERR_MODULE_NOT_FOUND" });
        }\`;
        register("data:text/javascript," + encodeURIComponent(hook));
        await zenoflow.useBackend("cpu");
        const fault = await zenoflow.useBackend("webgpu").catch((error) => error);
        console.log(fault.constructor.name, fault.message, zenoflow.backendInfo().name);
        process.exit();`,
        // Without a driver the adapter would be missed before the second package is.
        { ZENOFLOW_WEBGPU_SOFTWARE: "1" },
      );
      if (message.includes("finds no software adapter")) continue;
      expect(message).to.include(
        `BackendError useBackend: backend \`webgpu\` needs the package ${name}. npm install webgpu@0.6.2`,
      );
      expect(message).to.match(/ cpu$/);
    }
  }).timeout(40_000);

  it("says what is missing where there is no driver", () => {
    const message = inProcess(
      `const fault = await zenoflow.useBackend("webgpu").catch((error) => error);
       console.log(fault.constructor.name, fault.message); process.exit();`,
      { ZENOFLOW_WEBGPU_SOFTWARE: "0", VK_ICD_FILENAMES: "/nowhere.json" },
    );
    if (process.platform !== "linux") return;
    expect(message).to.include(
      "BackendError useBackend: backend `webgpu` finds no adapter of a GPU",
    );
    expect(message).to.include("ZENOFLOW_WEBGPU_SOFTWARE=1");
  }).timeout(20_000);

  it("says on what device it runs, and that values there cannot be read at once", async function () {
    const reason = await whyMissing("webgpu");
    if (reason !== null) {
      Object.assign(this.test!, { skipReason: skipReason("webgpu", reason) });
      this.skip();
    }
    const info = await useBackend("webgpu");
    expect(info.name).to.equal("webgpu");
    expect(info.device).to.match(/\w/);
    expect(info.software).to.be.a("boolean");
    expect(info.limits!["maxStorageBufferBindingSize"]).to.be.at.least(2 ** 27);
    expect(info.precision).to.include("float32");
    const x = tf.tidy(() => tf.sin(tf.tensor1d([1, 2])));
    expect(() => x.dataSync()).to.throw("values on the device cannot be read at once");
    expect([...(await x.data())]).to.have.length(2);
    x.dispose();
  }).timeout(20_000);

  it("makes faults of the device errors of the next read, until it is chosen again", async function () {
    const reason = await whyMissing("webgpu");
    if (reason !== null) {
      Object.assign(this.test!, { skipReason: skipReason("webgpu", reason) });
      this.skip();
    }
    const { device } = tf.backend() as unknown as { device: GPUDevice };
    device.createBuffer({ size: 16, usage: 1 | 2 });
    const x = tf.tensor1d([1]).add(1);
    const fault = await x.data().then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).to.be.instanceOf(BackendError);
    expect((fault as Error).message).to.match(/^webgpu: the device refused a command: /);
    await useBackend("webgpu");
    expect([...(await x.data())]).to.deep.equal([2]);
    x.dispose();
  }).timeout(20_000);
});

describe("the backend tensorflow", () => {
  /** The message of useBackend("tensorflow") in a process where loading the package fails with `error`. */
  function messageWhere(error: string): string {
    const hook = `export async function resolve(specifier, context, next) {
      if (specifier !== "@tensorflow/tfjs-node-gpu") return next(specifier, context);
      throw ${error};
    }`;
    return inProcess(`
      import { register } from "node:module";
      register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hook)}));
      await zenoflow.useBackend("cpu");
      const fault = await zenoflow.useBackend("tensorflow").catch((error) => error);
      console.log(fault.constructor.name, fault.message, zenoflow.backendInfo().name);`);
  }

  it("says how to install it where it is missing, and does not fall back", () => {
    const notFound = `Object.assign(new Error("Cannot find package '@tensorflow/tfjs-node-gpu'"), { code: "ERR_MODULE_NOT_FOUND" })`;
    const message = messageWhere(notFound);
    expect(message).to.match(/^BackendError useBackend: backend `tensorflow` is not installed\. /);
    expect(message).to.include("npm run setup:tensorflow");
    expect(message).to.match(/ cpu$/);
  }).timeout(20_000);

  it("says what is wrong where it does not load", () => {
    const message = messageWhere(
      `new Error("libtensorflow_cc.so.2: cannot open shared object file")`,
    );
    expect(message).to.include(
      "is installed but does not load (libtensorflow_cc.so.2: cannot open shared object file). ",
    );
    expect(message).to.include("npm run setup:tensorflow");
  }).timeout(20_000);
});

describe("the variable ZENOFLOW_THREADS", () => {
  it("is the number of threads, which an argument overrules", () => {
    const code = `
      const threads = async (options) => (await zenoflow.useBackend("wasm", options)).threads;
      console.log(await threads(), await threads({ threads: 2 }));`;
    expect(inProcess(code, { ZENOFLOW_THREADS: "3" })).to.equal("3 2");
  }).timeout(20_000);

  it("counts as left out where it is empty", () => {
    const code = `console.log((await zenoflow.useBackend("wasm")).threads);`;
    const all = availableParallelism().toString();
    expect(inProcess(code, { ZENOFLOW_THREADS: "" })).to.equal(all);
  }).timeout(20_000);

  for (const [value, shown] of [
    ["many", '"many"'],
    ["0", '"0"'],
    ["02", '"02"'],
    ["1.5", '"1.5"'],
    ["99999", "99999"],
  ] as const) {
    it(`is refused where it is ${value}, unless an argument overrules it`, async () => {
      const { threads } = await useBackend("wasm");
      const earlier = process.env["ZENOFLOW_THREADS"];
      process.env["ZENOFLOW_THREADS"] = value;
      try {
        const fault = await faultOf("wasm");
        expect(fault).to.be.instanceOf(ArgumentError);
        expect(fault.message).to.equal(
          `useBackend: the variable ZENOFLOW_THREADS must be an integer from 1 to 256, but is ${shown}.`,
        );
        expect((await useBackend("wasm", { threads })).threads).to.equal(threads);
      } finally {
        if (earlier === undefined) delete process.env["ZENOFLOW_THREADS"];
        else process.env["ZENOFLOW_THREADS"] = earlier;
      }
    });
  }
});

describe("backendInfo()", () => {
  it("is an error before a backend was chosen, with the call to make", () => {
    const code = "try { zenoflow.backendInfo(); } catch (e) { console.log(String(e)); }";
    expect(inProcess(code)).to.equal(
      'BackendError: backendInfo: no backend of zenoflow is active. Call await useBackend("auto") first.',
    );
  }).timeout(20_000);

  it("does not keep the process alive", () => {
    const start = performance.now();
    inProcess('await zenoflow.useBackend("wasm", { threads: 4 });');
    expect(performance.now() - start).to.be.below(15_000);
  }).timeout(20_000);
});
