// Tests of the way from a contract to tfjs kernels: one registration each, memory given back, errors passed on.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import {
  defineGradient,
  defineGuard,
  defineHostKernel,
  runKernel,
} from "../../kernels/runtime/define.js";
import { HOST_BACKENDS, missingMembers } from "../../kernels/runtime/host/access.js";
import { hostPool } from "../../kernels/runtime/host/pool.js";
import { useBackend } from "../../src/backend.js";
import type { HostForm, KernelContract } from "../../kernels/runtime/define.js";

type Attrs = { readonly factor: number };

/** y = factor x, computed by the caller: what is tested is around it. */
const contract: KernelContract<Attrs> = {
  name: "ZenoTestScale",
  inputs: ["x"],
  outputShapes: ({ x }) => [x!],
};

const form: HostForm<Attrs> = ({ pool, inputs, attrs }) => {
  const size = inputs["x"]!.shape.reduce((a, b) => a * b, 1);
  return [pool.f32(inputs["x"]!.load(), size).map((x) => attrs.factor * x)];
};

function unregister(): void {
  // Typed as if there always were one.
  for (const backend of HOST_BACKENDS)
    if ((tf.getKernel(contract.name, backend) as unknown) !== undefined)
      tf.unregisterKernel(contract.name, backend);
  if ((tf.getGradient(contract.name) as unknown) !== undefined)
    tf.unregisterGradient(contract.name);
}

describe("defineHostKernel()", () => {
  afterEach(unregister);

  it("registers the form for every backend in host memory", async () => {
    defineHostKernel(contract, form);
    for (const backend of HOST_BACKENDS) {
      await useBackend(backend);
      const [y] = tf.tidy(() => runKernel(contract, { x: tf.tensor1d([1, 2]) }, { factor: 3 }));
      expect([...(await y!.data())]).to.deep.equal([3, 6]);
      y!.dispose();
    }
  });

  it("refuses a second form of a kernel", () => {
    defineHostKernel(contract, form);
    expect(() => defineHostKernel(contract, form)).to.throw(
      "kernel ZenoTestScale is registered already. Load one copy of zenoflow per process.",
    );
  });

  it("gives the pool's memory back, also when the form throws", async () => {
    await useBackend("cpu");
    const top = (): number => {
      const at = hostPool().alloc(0);
      hostPool().release();
      return at;
    };
    const before = top();
    defineHostKernel(contract, ({ inputs }) => {
      inputs["x"]!.load();
      throw new Error("no result");
    });
    const call = (): unknown =>
      tf.tidy(() => runKernel(contract, { x: tf.tensor1d([1, 2]) }, { factor: 1 }));
    const tensors = tf.memory().numTensors;
    expect(call).to.throw("no result");
    expect(hostPool().alloc(0)).to.equal(before);
    hostPool().release();
    expect(tf.memory().numTensors).to.equal(tensors);
  });

  it("does not write to the values that it reads", async () => {
    await useBackend("cpu");
    defineHostKernel(contract, (call) => {
      const at = call.inputs["x"]!.load();
      call.pool.f32(at, 2).fill(9);
      return [call.pool.f32(at, 2)];
    });
    const x = tf.tensor1d([1, 2]);
    const [y] = runKernel(contract, { x }, { factor: 1 });
    hostPool().f32(hostPool().alloc(8), 2).fill(7);
    hostPool().release();
    expect([...(await x.data())]).to.deep.equal([1, 2]);
    expect([...(await y!.data())]).to.deep.equal([9, 9]);
    tf.dispose([x, y!]);
  });
});

describe("defineGradient()", () => {
  afterEach(unregister);

  it("refuses a second gradient of a kernel", () => {
    const gradient: tf.GradFunc = (dy) => ({ x: () => dy as tf.Tensor });
    defineGradient(contract, gradient);
    expect(() => defineGradient(contract, gradient)).to.throw("is registered already");
    expect(() => defineGuard(contract, "no")).to.throw("is registered already");
  });

  it("saves the inputs of the contract, and no outputs", () => {
    defineGradient(contract, (dy) => ({ x: () => dy as tf.Tensor }));
    const registered = tf.getGradient(contract.name);
    expect(registered.inputsToSave).to.deep.equal(["x"]);
    expect(registered.outputsToSave ?? []).to.deep.equal([]);
  });
});

describe("defineGuard()", () => {
  afterEach(unregister);

  it("makes a derivative an error with the message", async () => {
    await useBackend("cpu");
    defineHostKernel(contract, form);
    defineGuard(contract, "scale: has no derivative.");
    const f = (x: tf.Tensor): tf.Tensor => runKernel(contract, { x }, { factor: 2 })[0]!;
    expect(() => tf.tidy(() => tf.grad(f)(tf.tensor1d([1])))).to.throw("scale: has no derivative.");
  });
});

describe("missingMembers()", () => {
  it("is empty for the backends of the tfjs version in use", async () => {
    for (const name of HOST_BACKENDS) {
      await useBackend(name);
      expect(missingMembers(name, tf.backend()), name).to.deep.equal([]);
    }
  });

  it("names what a backend lacks", () => {
    expect(missingMembers("cpu", Object.create(null) as tf.KernelBackend)).to.deep.equal([
      "data",
      "makeTensorInfo",
    ]);
    const partly = { typedArrayFromHeap: () => 0 } as never as tf.KernelBackend;
    expect(missingMembers("wasm", partly)).to.deep.equal(["makeOutput"]);
  });
});

describe("the leak hook of tfjs", () => {
  const name = "ZenoTestLeak";
  afterEach(() => {
    tf.env().set("IS_TEST", false);
    tf.unregisterKernel(name, "cpu");
  });

  it("sees a kernel that keeps data, which the conformance suite relies on", async () => {
    await useBackend("cpu");
    type Making = { makeTensorInfo(shape: number[], dtype: "float32"): tf.TensorInfo };
    const kernelFunc: tf.KernelFunc = ({ backend }) => {
      (backend as Making).makeTensorInfo([1], "float32");
      return (backend as Making).makeTensorInfo([1], "float32");
    };
    tf.registerKernel({ kernelName: name, backendName: "cpu", kernelFunc });
    tf.env().set("IS_TEST", true);
    expect(() => tf.engine().runKernel(name, {})).to.throw("memory leak");
  });
});
