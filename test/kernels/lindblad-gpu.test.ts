// The parts in which the WGSL form of Lindblad steady states does a batch: they must cover it, and not show in the results.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { lindbladGradContract } from "../../kernels/lindblad-steady-state/contract.js";
import { lindbladGradGpu } from "../../kernels/lindblad-steady-state/gpu.js";
import { runOnDevice } from "../../kernels/runtime/gpu/passes.js";
import { normals } from "../../benchmarks/cases/plain.js";
import { onEachBackend } from "../support/backends.js";
import { sameBits } from "../support/same-bits.js";
import { tensorOf } from "../support/tensors.js";
import type { GpuWork } from "../../kernels/runtime/gpu/passes.js";
import type { WebgpuBackend } from "../../kernels/runtime/gpu/access.js";

const [B, n, K] = [11, 3, 2] as const;
const INPUTS = { H: [B, 2, n, n], jumps: [B, K, 2, n, n], drho: [B, 2, n, n] } as const;
const SHAPES = lindbladGradContract.outputShapes(INPUTS, {});

/** Bytes of one workgroup of four samples. */
const LITTLE = 8000;

/** The work of the call where no buffer may have more bytes than `most`. */
function workWith(most: number): GpuWork | null {
  const device = { limits: { maxStorageBufferBindingSize: most, maxBufferSize: most } } as never;
  return lindbladGradGpu.by === "wgsl"
    ? lindbladGradGpu.work({ device, inputs: INPUTS, attrs: {}, shapes: SHAPES })
    : expect.fail("it must be WGSL");
}

describe("parts of a batch of Lindblad steady states", () => {
  it("cover it once, in buffers that the device allows", () => {
    const { passes, scratch } = workWith(LITTLE)!;
    const parts = passes.filter(({ program }) => program.name.endsWith("factors"));
    expect(parts.map(({ numbers }) => [numbers["first"], numbers["count"]])).to.deep.equal([
      [0, 4],
      [4, 4],
      [8, 3],
    ]);
    for (const [name, words] of Object.entries(scratch!))
      expect(4 * (typeof words === "number" ? words : words.length), name).to.be.at.most(LITTLE);
  });

  it("are left to the composed form where one sample does not fit", () => {
    expect(workWith(4000)).to.equal(null);
  });
});

onEachBackend("a batch of Lindblad steady states in parts", (backend) => {
  if (backend !== "webgpu") return;

  it("has the bits of the whole", async () => {
    const inputs = Object.fromEntries(
      Object.entries(INPUTS).map(([name, shape], i) => [name, tensorOf(normals([43, i], shape))]),
    );
    const gpu = tf.backend() as unknown as WebgpuBackend;
    const gradients = async (most: number): Promise<Float32Array[]> => {
      const outputs = runOnDevice(gpu, "parts", inputs, workWith(most)!, SHAPES);
      const tensors = outputs.map((info) => tf.engine().makeTensorFromTensorInfo(info));
      const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
      tf.dispose(tensors);
      return values;
    };
    const [whole, parts] = [await gradients(2 ** 27), await gradients(LITTLE)];
    tf.dispose(inputs);
    expect(whole[0]!.every(Number.isFinite)).to.equal(true);
    whole.forEach((values, i) => sameBits(parts[i]!, values, `output ${String(i)}`));
  });
});
