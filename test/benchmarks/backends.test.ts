// Measuring backends: what is measured, and the processes that do it.

import { expect } from "chai";
import { calibrateBackend } from "../../benchmarks/backends/calibrate.js";
import { criticJob, criticStep } from "../../benchmarks/backends/critic-step.js";
import { beside, inOwnProcess } from "../../benchmarks/backends/isolation.js";
import { useBackend } from "../../src/index.js";
import * as tf from "@tensorflow/tfjs";
import type { Started } from "../../benchmarks/backends/serve.js";

const CHILD = beside(new URL("../../benchmarks/x.ts", import.meta.url).href, "./backends/child");

describe("calibrateBackend()", () => {
  it("measures every quantity, keeps no tensors, and leaves out kernels when the time is over", async () => {
    const info = await useBackend("wasm", { threads: 1 });
    const before = tf.memory().numTensors;
    const started = { info, firstResult: 7, firstResultCpu: 5 };
    const speed = await calibrateBackend({ each: 1, kernels: -1 }, started);
    expect(tf.memory().numTensors).to.equal(before);
    expect(speed).to.include({
      device: "host memory",
      software: false,
      threads: 1,
      firstResult: 7,
    });
    for (const name of ["smallOp", "elementwise", "matMul", "conv"] as const)
      expect(speed[name], name).to.be.greaterThan(0).and.satisfy(Number.isFinite);
    expect(speed.kernels).to.deep.equal({});
  });
});

describe("the critic's job", () => {
  it("starts from what it hands to peers, moves away from it and leaves nothing", async () => {
    const info = await useBackend("wasm", { threads: 1 });
    const before = tf.memory().numTensors;
    const { critic, generator } = (await criticJob()) as Record<string, number[][]>;
    const started = { info, firstResult: 0, firstResultCpu: 0 };
    const { parameters } = await criticStep({ replicas: 1, seconds: 0.01 }, started);
    expect(tf.memory().numTensors).to.equal(before);
    const first = critic!.flatMap((row, p) => [...row, ...generator![p]!]);
    expect(parameters).to.have.length(first.length);
    const moves = parameters.map((x, i) => Math.abs(x - first[i]!));
    // 15 updates of Adam at a rate of 1e-3.
    expect(Math.max(...moves)).to.be.within(5e-3, 2e-2);
  });
});

describe("inOwnProcess()", () => {
  it("starts a backend in a process of its own and takes its first result", async () => {
    const job = { backend: "cpu", measure: "start", threads: 1 };
    const started = (await inOwnProcess<Started>(CHILD, job)) as Started;
    expect(started.info.name).to.equal("cpu");
    expect(started.firstResult).to.be.greaterThan(0);
  }).timeout(60_000);

  it("answers that a backend is absent in the words of useBackend", async () => {
    const job = { backend: "webgpu", measure: "start", software: false };
    const answer = await inOwnProcess<Started>(CHILD, job);
    // With a GPU it is there.
    if ("info" in answer) expect(answer.info.software).to.equal(false);
    else expect(answer.absent).to.match(/^useBackend: backend `webgpu` /);
  }).timeout(60_000);

  it("does not start measurements from within one", async () => {
    process.env["ZENOFLOW_MEASURING"] = "1";
    try {
      const job = { backend: "cpu", measure: "start" };
      const fault = await inOwnProcess(CHILD, job).catch((error: unknown) => error);
      expect((fault as Error).message).to.include("must not start another");
    } finally {
      delete process.env["ZENOFLOW_MEASURING"];
    }
  });
});
