// Circuits as a case: layers and random programs, with tables that are shared or not, from |0…0⟩ and from given states,
// read as words, as states, and around the four lanes of a vector.

import * as tf from "@tensorflow/tfjs";
import { circuitContract } from "../../kernels/circuit/contract.js";
import { circuitExpectation, circuitState } from "../../kernels/circuit/index.js";
import {
  circuitState as referenceState,
  wordExpectation,
} from "../../kernels/circuit/reference.js";
import { layered, randomProgram } from "./circuit-programs.js";
import { pairwise } from "./pairs.js";
import { normals, takeAll } from "./plain.js";
import type { CircuitMethod } from "../../kernels/circuit/index.js";
import type { CircuitAttrs } from "../../kernels/circuit/contract.js";
import type { GateProgram, PauliWord } from "../../kernels/circuit/program.js";
import type { ExactInputs, Inputs, KernelCase, Plain, Problem, TensorInputs } from "./case.js";

type Sizes = { readonly P: number; readonly B: number; readonly n: number };
type Options = {
  readonly program: "layers" | "random";
  readonly output: "Z" | "words" | "state";
  readonly initial: "none" | "[1, 1]" | "[P, B]";
  readonly sample: "1" | "P";
};

const SIZES: readonly Sizes[] = [
  { P: 1, B: 0, n: 2 },
  { P: 1, B: 1, n: 1 },
  { P: 2, B: 3, n: 2 },
  { P: 3, B: 5, n: 3 },
  { P: 1, B: 4, n: 4 },
  { P: 1, B: 7, n: 5 },
];

const FACTORS = {
  sizes: SIZES,
  program: ["layers", "random"],
  output: ["Z", "words", "state"],
  initial: ["none", "[1, 1]", "[P, B]"],
  sample: ["1", "P"],
} as const;

const AXES = { shared: "Ps", sample: "PBx", re: "PBN", im: "PBN" };

function at({ shape, values }: ExactInputs[string], p: number, b: number): ArrayLike<number> {
  const [rows, samples, width] = shape as [number, number, number];
  const first = ((rows === 1 ? 0 : p) * samples + (samples === 1 ? 0 : b)) * width;
  return Array.prototype.slice.call(values, first, first + width) as number[];
}

/** The output of one sample. */
function outputOf(inputs: ExactInputs, { program, output }: CircuitAttrs, p: number, b: number) {
  const { shared, sample, re, im } = inputs;
  const columns = program.shared;
  const row = Array.prototype.slice.call(shared!.values, p * columns, (p + 1) * columns);
  const psi = referenceState(program, {
    shared: row as number[],
    sample: at(sample!, p, b),
    ...(re && im && { initial: { re: at(re, p, b), im: at(im, p, b) } }),
  });
  if (output === "state") return [...psi.re, ...psi.im];
  return output.map((word) => wordExpectation(psi, word));
}

function referenceOf(inputs: ExactInputs, attrs: CircuitAttrs): Float64Array {
  const [P, B] = [inputs["shared"]!.shape[0]!, inputs["sample"]!.shape[1]!];
  const values = Array.from({ length: P * B }, (_, i) =>
    outputOf(inputs, attrs, Math.floor(i / B), i % B),
  );
  return Float64Array.from(values.flat());
}

function solve(tensors: TensorInputs, attrs: CircuitAttrs, method: CircuitMethod) {
  const { shared, sample, re, im } = tensors;
  const initial = re && im ? { re, im } : undefined;
  const inputs = { shared: shared!, sample: sample!, initial };
  const { program, output } = attrs;
  if (output !== "state") return circuitExpectation(inputs, program, output, method);
  return tf.tidy(() => {
    const psi = circuitState(inputs, program, method);
    // Without samples there is nothing to stack.
    if (psi.re.size > 0) return tf.stack([psi.re, psi.im], 2);
    return tf.reshape(psi.re, [...shapeOf(inputs, attrs)]);
  });
}

function shapeOf(
  inputs: { shared: { shape: readonly number[] }; sample: { shape: readonly number[] } },
  attrs: CircuitAttrs,
): readonly number[] {
  const shapes = { shared: inputs.shared.shape, sample: inputs.sample.shape };
  return circuitContract.outputShapes(shapes, attrs)[0]!;
}

function problemOf(label: string, inputs: Inputs, attrs: CircuitAttrs): Problem {
  const shape = shapeOf({ shared: inputs["shared"]!, sample: inputs["sample"]! }, attrs);
  return {
    label,
    inputs,
    axes: Object.fromEntries(Object.keys(inputs).map((name) => [name, AXES[name as "re"]])),
    output: { shape, axes: attrs.output === "state" ? "PBcm" : "PBw" },
    reference: (exact) => referenceOf(exact, attrs),
    fused: (tensors) => solve(tensors, attrs, "fused"),
    composed: (tensors) => solve(tensors, attrs, "composed"),
    part: (letter, index) =>
      problemOf(
        `${label}, ${letter} = ${String(index)}`,
        takeAll(inputs, AXES, letter, index),
        attrs,
      ),
  };
}

/** Words of one, several and no Zs; with X and Y if wanted. */
function wordsOf(n: number, output: "Z" | "words"): PauliWord[] {
  const all = (1 << n) - 1;
  const diagonal = [...Array.from({ length: n }, (_, b) => 1 << b), 0, all].map((z) => ({
    x: 0,
    z,
  }));
  if (output === "Z") return diagonal;
  return [{ x: all, z: 0 }, { x: 1, z: 1 }, { x: all, z: all }, { x: 1, z: all }, ...diagonal];
}

function programOf(seed: number, n: number, program: Options["program"]): GateProgram {
  return program === "layers" ? layered(n, 2, "chain") : randomProgram(n, 14, seed);
}

const scaled = ({ shape, values }: Plain, by: number): Plain => ({
  shape,
  values: values.map((x) => by * x),
});

/** A problem with random inputs; states to start from have about norm 1. */
function problem(seed: number, { P, B, n }: Sizes, options: Options): Problem {
  const program = programOf(seed, n, options.program);
  const N = 2 ** n;
  const state = (input: number): Plain => {
    const lead = options.initial === "[P, B]" ? [P, B] : [1, 1];
    return scaled(normals([seed, input], [...lead, N]), Math.SQRT1_2 / Math.sqrt(N));
  };
  const inputs = {
    shared: scaled(normals([seed, 1], [P, program.shared]), 2),
    sample: normals([seed, 2], [options.sample === "P" ? P : 1, B, program.sample]),
    ...(options.initial !== "none" && { re: state(3), im: state(4) }),
  };
  const output = options.output === "state" ? "state" : wordsOf(n, options.output);
  const label = `P ${String(P)} B ${String(B)} n ${String(n)}, ${options.program}, ${options.output}, from ${options.initial}, sample ${options.sample}`;
  return problemOf(label, inputs, { program, output });
}

const LAYERS: Options = { program: "layers", output: "Z", initial: "none", sample: "1" };

const SMOOTH: readonly (readonly [Sizes, Options])[] = [
  [{ P: 1, B: 2, n: 2 }, LAYERS],
  [
    { P: 2, B: 1, n: 2 },
    { program: "random", output: "words", initial: "[1, 1]", sample: "P" },
  ],
  [
    { P: 1, B: 1, n: 3 },
    { program: "random", output: "state", initial: "none", sample: "1" },
  ],
];

const TIMED: readonly (readonly [number, number])[] = [
  [4, 4096],
  [8, 256],
  [10, 256],
  [12, 64],
];

/** `kernels/circuit`. */
export const circuitCase: KernelCase = {
  kernel: "circuit",
  contract: circuitContract,
  // float32 states after some 60 gates.
  bounds: {
    value: { atol: 3e-6, rtol: 0 },
    gradient: {
      shared: { fraction: 2e-5, of: "terms" },
      sample: { fraction: 2e-5, of: "terms" },
      re: { fraction: 2e-5, of: "entries", beside: ["im"] },
      im: { fraction: 2e-5, of: "entries", beside: ["re"] },
    },
    second: 1e-4,
  },
  guard: 'method: "composed"',
  population: "P",
  batch: "B",
  problems: (seed = 800) =>
    pairwise(FACTORS).map(({ sizes, ...options }, i) => problem(seed + i, sizes, options)),
  smooth: () => SMOOTH.map(([sizes, options], i) => problem(900 + i, sizes, options)),
  split: () => problem(1, { P: 2, B: 515, n: 3 }, { ...LAYERS, sample: "P" }),
  sample: "one circuit",
  benchmarks: TIMED.map(([n, B]) => ({
    label: `${String(n)} wires, 2 layers`,
    samples: B,
    problem: () => problem(7, { P: 1, B, n }, LAYERS),
  })),
};
