// What the conformance suite is too small for: more wires than tables are kept for, blocks of samples, and the shape of
// the plan; and known values.

import { expect } from "chai";
import * as tf from "@tensorflow/tfjs";
import { layered, randomProgram, twoWires } from "../../benchmarks/cases/circuit-programs.js";
import { normals } from "../../benchmarks/cases/plain.js";
import {
  angleOf,
  circuitExpectation,
  circuitState,
  circuitValueAndGradients,
  gateProgram,
  pauliWord,
} from "../../kernels/circuit/index.js";
import { eulerAngles } from "../../kernels/circuit/lower.js";
import { planOf } from "../../kernels/circuit/plan.js";
import * as reference from "../../kernels/circuit/reference.js";
import { useBackend } from "../../src/backend.js";
import { onEachBackend } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { read } from "../support/tensors.js";
import type { GateProgram, PauliWord } from "../../kernels/circuit/index.js";

/** Values of the words of one sample, in float64. */
function expected(
  program: GateProgram,
  words: readonly PauliWord[],
  shared: ArrayLike<number>,
  sample: ArrayLike<number>,
): number[] {
  const psi = reference.circuitState(program, { shared, sample });
  return words.map((word) => reference.wordExpectation(psi, word));
}

describe("circuitExpectation()", () => {
  before(() => useBackend("wasm"));

  it("has the closed form of the two-qubit circuit", async () => {
    const program = twoWires();
    const [a, b] = [0.3, -0.7];
    const values = await read(() =>
      circuitExpectation(
        { shared: tf.zeros([1, 0]), sample: tf.tensor3d([[[a, b]]]) },
        program,
        [pauliWord("ZI"), pauliWord("IZ")],
        "fused",
      ),
    );
    const first = Math.sin(a) / Math.SQRT2 - (Math.cos(a) * Math.cos(b)) / 2;
    closeTo(values, [first, (-Math.cos(a) * Math.sin(b)) / 2], { atol: 2e-7 });
  });

  it("agrees with the reference where tables are not kept", async () => {
    const n = 14;
    const program = layered(n, 4, "ring");
    const words = [pauliWord("Z".repeat(n)), pauliWord("XY".padEnd(n, "I")), { x: 0, z: 4 }];
    const shared = normals([31, 1], [1, program.shared]).values;
    const sample = normals([31, 2], [1, 2, n]).values;
    const values = await read(() =>
      circuitExpectation(
        { shared: tf.tensor(shared, [1, program.shared]), sample: tf.tensor(sample, [1, 2, n]) },
        program,
        words,
        "fused",
      ),
    );
    closeTo(values.slice(3), expected(program, words, shared, sample.slice(n)), {
      atol: 2e-6,
    });
  });
});

describe("circuitValueAndGradients()", () => {
  before(() => useBackend("wasm"));

  for (const n of [4, 14])
    it(`has the slope of the reference, summed over blocks, at ${String(n)} wires`, async () => {
      const [program, B] = n === 4 ? [layered(n, 3, "chain"), 600] : [layered(n, 4, "ring"), 1];
      const words = [pauliWord("Z".padEnd(n, "I")), pauliWord("XX".padEnd(n, "I"))];
      const shared = normals([32, 1], [1, program.shared]).values;
      const sample = normals([32, 2], [1, B, n]).values;
      const slope = await read(() => {
        const inputs = {
          shared: tf.tensor(shared, [1, program.shared]),
          sample: tf.tensor(sample, [1, B, n]),
        };
        const cotangent = tf.ones([1, B, 2]);
        const { shared: d } = circuitValueAndGradients(inputs, cotangent, program, words);
        return tf.slice(d, [0, 0], [1, 4]);
      });
      // A rotation's own shift rule, in float64.
      const total = (column: number, by: number): number => {
        const moved = Float64Array.from(shared, (x, i) => (i === column ? x + by : x));
        let sum = 0;
        for (let b = 0; b < B; b++) {
          const row = sample.subarray(b * n, (b + 1) * n);
          for (const value of expected(program, words, moved, row)) sum += value;
        }
        return sum;
      };
      const columns = n === 4 ? [0, 1, 2, 3] : [1];
      for (const column of columns) {
        const shift = (total(column, Math.PI / 2) - total(column, -Math.PI / 2)) / 2;
        closeTo([slope[column]!], [shift], { atol: 2e-6 * B });
      }
    });
});

// On a device states of 8 wires fill a workgroup's memory by themselves, 10 have four times the invocations, 12 a buffer.
onEachBackend("circuitValueAndGradients()", () => {
  for (const n of [8, 10, 12])
    for (const kind of ["layers", "random"] as const)
      it(`has values and slopes of the reference at ${String(n)} wires, ${kind}`, async () => {
        const [B, step] = [2, 1e-5];
        const program = kind === "layers" ? layered(n, 1, "ring") : randomProgram(n, 12, 6);
        const words = [pauliWord("Z".padEnd(n, "I")), pauliWord("XY".padEnd(n, "Z"))];
        const shared = normals([33, 1], [1, program.shared]).values;
        const sample = normals([33, 2], [1, B, program.sample]).values;
        const along = normals([33, 3], [1, program.shared]).values;
        const found = await read(() => {
          const inputs = {
            shared: tf.tensor(shared, [1, program.shared]),
            sample: tf.tensor(sample, [1, B, program.sample]),
          };
          const d = circuitValueAndGradients(inputs, tf.ones([1, B, 2]), program, words);
          const slope = tf.sum(tf.mul(d.shared, tf.tensor(along, [1, program.shared])));
          return tf.concat([tf.reshape(d.value, [-1]), tf.reshape(slope, [1])]);
        });
        const valuesAt = (by: number): number[] => {
          const moved = Float64Array.from(shared, (x, i) => x + by * along[i]!);
          return Array.from({ length: B }, (_, b) =>
            expected(
              program,
              words,
              moved,
              sample.subarray(b * program.sample, (b + 1) * program.sample),
            ),
          ).flat();
        };
        const [up, down] = [valuesAt(step), valuesAt(-step)];
        const slope = up.reduce((sum, x, i) => sum + x - down[i]!, 0) / (2 * step);
        closeTo(found.slice(0, 2 * B), valuesAt(0), { atol: 1e-6 });
        closeTo([found[2 * B]!], [slope], { atol: 2e-5 });
      });
});

describe("circuitState()", () => {
  before(() => useBackend("wasm"));

  it("has the phase of the reference, of random programs too", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const program = randomProgram(4, 20, seed);
      const shared = normals([seed, 1], [1, program.shared]).values;
      const sample = normals([seed, 2], [1, 1, program.sample]).values;
      const values = await read(() => {
        const inputs = {
          shared: tf.tensor(shared, [1, program.shared]),
          sample: tf.tensor(sample, [1, 1, program.sample]),
        };
        const { re, im } = circuitState(inputs, program, "fused");
        return tf.concat([re, im], 2);
      });
      const psi = reference.circuitState(program, { shared, sample });
      closeTo(values, [...psi.re, ...psi.im], { atol: 2e-6 });
    }
  });
});

describe("planOf()", () => {
  it("makes one stage of a layer, and drops the phases at the end", () => {
    const { stages, prefix } = planOf(layered(6, 4, "ring"), { prefix: true, output: "Z words" });
    expect(stages.map(({ rotations }) => rotations.length)).to.deep.equal([6, 6, 6]);
    expect(prefix).to.have.length(18);
  });

  it("makes one permutation of a chain of CNOTs", () => {
    const ry = (bit: number, column: number) =>
      ({
        kind: "rotation",
        x: bit,
        z: bit,
        controls: 0,
        values: 0,
        angle: angleOf("shared", column),
      }) as const;
    const cnot = (control: number, target: number) =>
      ({ kind: "flip", controls: control, values: control, x: target }) as const;
    const program = gateProgram(
      3,
      [cnot(4, 2), cnot(2, 1), cnot(1, 4), ry(1, 0), ry(2, 1), ry(4, 2)],
      { shared: 3, sample: 0 },
    );
    const { stages } = planOf(program, { prefix: false, output: "state" });
    expect(stages).to.have.length(1);
    expect(stages[0]!.rotations).to.have.length(3);
  });
});

describe("eulerAngles()", () => {
  const S = Math.SQRT1_2;
  const matrices: Record<string, [number[], number[]]> = {
    H: [
      [S, S, S, -S],
      [0, 0, 0, 0],
    ],
    X: [
      [0, 1, 1, 0],
      [0, 0, 0, 0],
    ],
    Y: [
      [0, 0, 0, 0],
      [0, -1, 1, 0],
    ],
    T: [
      [1, 0, 0, S],
      [0, 0, 0, S],
    ],
  };
  for (const [name, [re, im]] of Object.entries(matrices))
    it(`gives ${name} back`, () => {
      const { phase, after, turn, before } = eulerAngles({ re, im });
      const [c, s] = [Math.cos(turn / 2), Math.sin(turn / 2)];
      const entry = (size: number, angle: number): [number, number] => [
        size * Math.cos(angle),
        size * Math.sin(angle),
      ];
      const sum = (after + before) / 2;
      const difference = (after - before) / 2;
      const entries = [
        entry(c, phase - sum),
        entry(-s, phase - difference),
        entry(s, phase + difference),
        entry(c, phase + sum),
      ];
      closeTo(
        entries.flat(),
        re.flatMap((x, i) => [x, im[i]!]),
        { atol: 1e-12 },
      );
    });
});

describe("gateProgram()", () => {
  it("names the primitive at fault", () => {
    const bad = { kind: "flip", controls: 1, values: 1, x: 1 } as const;
    expect(() => gateProgram(2, [bad], { shared: 0, sample: 0 })).to.throw(
      "gateProgram: argument `primitives[0]` must fit the program, but has controls on wires that it acts on.",
    );
    expect(() => gateProgram(21, [], { shared: 0, sample: 0 })).to.throw("from 1 to 20, but is 21");
  });
});
