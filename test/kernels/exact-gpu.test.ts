// What the WGSL form of the exact steady state works out on the host: its tables against the generator of the reference, and
// the parts of a batch, which must not show in the results.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { exactGradContract } from "../../kernels/exact-steady-state/contract.js";
import { exactGradGpu } from "../../kernels/exact-steady-state/gpu.js";
import { gpuTables } from "../../kernels/exact-steady-state/gpu-tables.js";
import { frameCouplings, generator } from "../../kernels/exact-steady-state/reference.js";
import { runOnDevice } from "../../kernels/runtime/gpu/passes.js";
import { normals } from "../../benchmarks/cases/plain.js";
import { onEachBackend } from "../support/backends.js";
import { sameBits } from "../support/same-bits.js";
import { tensorOf } from "../support/tensors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ExactGradAttrs } from "../../kernels/exact-steady-state/contract.js";
import type { GpuWork } from "../../kernels/runtime/gpu/passes.js";
import type { WebgpuBackend } from "../../kernels/runtime/gpu/access.js";

const COUPLINGS = [1, 2, 3].map((k) => [1, 2, 3].map((l) => k + Math.sqrt(l)));

/** Inputs with angles of their own, so that every coupling has another value. */
function problemOf(N: number): Parameters<typeof generator>[0] {
  const theta = Array.from({ length: N }, (_, n) => 0.4 + 0.3 * n);
  return { theta, J: theta.map(() => COUPLINGS), gamma: 1, polarization: 0 };
}

/** The generator as the tables state it in rows, in columns and by couplings. */
function decoded(N: number): { rows: number[][]; columns: number[][]; couplings: number[][] } {
  const { words, numbers } = gpuTables(N);
  const { components, rowsAt, columnsAt, couplingsAt } = numbers;
  const { theta } = problemOf(N);
  const values = theta.flatMap((angle) => frameCouplings(COUPLINGS, angle).flat());
  const empty = (): number[][] =>
    Array.from({ length: components }, () => new Array<number>(components).fill(0));
  const [rows, columns, couplings] = [empty(), empty(), empty()];
  const list = (at: number): Uint32Array => words.subarray(words[at], words[at + 1]);
  const valueOf = (value: number): number =>
    2 * (value & 1 ? -1 : 1) * (value >> 1 === 9 * N ? 0 : values[value >> 1]!);
  for (let q = 0; q < components; q++) {
    for (const entry of list(rowsAt + q)) rows[q]![entry & 1023]! += valueOf(entry >> 10);
    for (const entry of list(columnsAt + q)) columns[entry & 1023]![q]! += valueOf(entry >> 10);
  }
  values.forEach((value, i) => {
    for (const entry of list(couplingsAt + i))
      couplings[entry & 1023]![(entry >> 10) & 1023]! += 2 * (entry >> 20 ? -1 : 1) * value;
  });
  return { rows, columns, couplings };
}

describe("gpuTables()", () => {
  for (const N of [1, 2, 3])
    it(`states the generator of ${String(N)} inputs in rows, in columns and by couplings`, () => {
      const expected = generator(problemOf(N)).map((row) => Array.from(row, (x) => x + 0));
      const { rows, columns, couplings } = decoded(N);
      const close = (actual: number[][]): number =>
        Math.max(...actual.flatMap((row, i) => row.map((x, j) => Math.abs(x - expected[i]![j]!))));
      expect(close(rows), "rows").to.be.lessThan(1e-12);
      expect(close(columns), "columns").to.be.lessThan(1e-12);
      expect(close(couplings), "couplings").to.be.lessThan(1e-12);
    });

  it("raises every component without a letter on an input to the one with z there", () => {
    const { words, numbers } = gpuTables(2);
    const raised = [...Array(numbers.components).keys()].flatMap((q) =>
      [...words.subarray(words[numbers.rowsAt + q], words[numbers.rowsAt + q + 1])]
        .filter((entry) => entry >> 11 === 18)
        .map((entry) => [entry & 1023, q]),
    );
    const expected = [...Array(numbers.components).keys()].flatMap((q) =>
      [16, 4].filter((step) => Math.floor(q / step) % 4 === 3).map((step) => [q - 3 * step, q]),
    );
    expect(raised.length).to.equal(32);
    const sorted = (pairs: number[][]): string[] => pairs.map(String).sort();
    expect(sorted(raised)).to.deep.equal(sorted(expected));
  });

  it("puts the components kept before the others", () => {
    for (const [N, kept] of [
      [1, 3],
      [2, 27],
      [3, 117],
      [4, 495],
    ] as const) {
      const { words, numbers } = gpuTables(N);
      expect(numbers.kept).to.equal(kept);
      const order = words.subarray(numbers.orderAt, numbers.orderAt + numbers.components - 4);
      expect([...order].sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: numbers.components - 4 }, (_, i) => i + 4),
      );
      order.forEach((q, place) => expect(words[numbers.placesAt + q]).to.equal(place));
    }
  });
});

const ATTRS: ExactGradAttrs = { gamma: 3, polarization: 0.7, observe: null, withValue: true };
const [B, N] = [11, 2] as const;

const INPUTS: Readonly<Record<string, readonly number[]>> = {
  theta: [1, B, N],
  phi: [0],
  J: [1, 1, N, 3, 3],
  gamma: [0],
  polarization: [0],
  dr: [1, B, 1, 3],
};

const SHAPES = exactGradContract.outputShapes(INPUTS, ATTRS);

/** The work of the call where no buffer may have more bytes than `most`. */
function workWith(most: number): GpuWork {
  const device = { limits: { maxStorageBufferBindingSize: most, maxBufferSize: most } } as never;
  return exactGradGpu.by === "wgsl"
    ? exactGradGpu.work({ device, inputs: INPUTS, attrs: ATTRS, shapes: SHAPES })!
    : expect.fail("it must be WGSL");
}

/** Bytes of four samples, in two workgroups. */
const LITTLE = 20_000;

describe("parts of a batch of exact steady states", () => {
  it("cover it once, in buffers that the device allows", () => {
    const { passes, scratch } = workWith(LITTLE);
    const parts = passes.filter(({ program }) => program.name === "exact steady state, adjoint");
    expect(parts.length).to.be.greaterThan(2);
    let first = 0;
    for (const { numbers } of parts) {
      expect(numbers["first"]).to.equal(first);
      first += numbers["count"]!;
    }
    expect(first).to.equal(B);
    for (const [name, words] of Object.entries(scratch!))
      expect(4 * (typeof words === "number" ? words : words.length), name).to.be.at.most(LITTLE);
  });
});

async function gradientsInParts(
  inputs: Record<string, Tensor>,
  most: number,
): Promise<Float32Array[]> {
  const gpu = tf.backend() as unknown as WebgpuBackend;
  const outputs = runOnDevice(gpu, "parts", inputs, workWith(most), SHAPES);
  const tensors = outputs.map((info) => tf.engine().makeTensorFromTensorInfo(info));
  const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
  tf.dispose(tensors);
  return values;
}

onEachBackend("a batch of exact steady states in parts", (backend) => {
  if (backend !== "webgpu") return;

  it("has the bits of the whole", async () => {
    const inputs = Object.fromEntries(
      Object.entries(INPUTS).map(([name, shape], i) => [
        name,
        shape[0] === 0 ? tf.tensor1d([]) : tensorOf(normals([41, i], [...shape])),
      ]),
    );
    const [whole, parts] = [
      await gradientsInParts(inputs, 2 ** 27),
      await gradientsInParts(inputs, LITTLE),
    ];
    tf.dispose(inputs);
    expect(whole[0]!.every(Number.isFinite)).to.equal(true);
    whole.forEach((values, i) => sameBits(parts[i]!, values, `output ${String(i)}`));
  });
});
