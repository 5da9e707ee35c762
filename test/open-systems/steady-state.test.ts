// The door of the dissipative network: leading axes, options, gradients, errors. The numbers of the kernel behind it
// are tested beside the kernel.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, network, ShapeError, useBackend } from "../../src/index.js";
import { closeTo } from "../support/close-to.js";
import { blochVectors, indices, normals, partOf, uniforms } from "../support/network-reference.js";
import { read, readAll } from "../support/tensors.js";
import type { Plain, PlainProblem } from "../support/network-reference.js";

type Problem = Parameters<typeof network.steadyState>[0];
type Options = NonNullable<Parameters<typeof network.steadyState>[1]>;
type Name = keyof PlainProblem;

/** Axes of the arguments that are not leading ones. */
const TAIL: Readonly<Record<Name, number>> = { theta: 1, phi: 1, J: 4, gamma: 0, polarization: 0 };
const NAMES = Object.keys(TAIL) as Name[];

const tensor = ({ shape, values }: Plain): tf.Tensor =>
  tf.tensor(Float32Array.from(values), [...shape], "float32");

/** A problem as tensors; what is not replaced stays a number. */
function tensors(
  problem: PlainProblem,
  replace: Readonly<Record<string, tf.Tensor>> = {},
): Problem {
  const entries = Object.entries(problem).map(([name, value]): [string, unknown] => [
    name,
    replace[name] ?? (typeof value === "number" ? value : tensor(value)),
  ]);
  return Object.fromEntries(entries) as Problem;
}

const steady = (problem: PlainProblem, options: Options = {}): Promise<Float32Array> =>
  read(() => network.steadyState(tensors(problem), options));

/** A problem with these leading axes; rates that are numbers where no axes are given. */
function problemWith(leads: {
  readonly theta: number[];
  readonly J: number[];
  readonly phi?: number[];
  readonly gamma?: number[];
  readonly polarization?: number[];
  readonly N?: number;
  readonly M?: number;
}): PlainProblem {
  const { N = 2, M = 2 } = leads;
  return {
    theta: uniforms([...leads.theta, N], 1, 0, Math.PI),
    J: normals([...leads.J, M, N, 3, 3], 2),
    ...(leads.phi && { phi: uniforms([...leads.phi, N], 3, -Math.PI, Math.PI) }),
    gamma: leads.gamma ? uniforms(leads.gamma, 4, 2, 50) : 10,
    polarization: leads.polarization ? uniforms(leads.polarization, 5, 0.3, 1) : 0.8,
  };
}

/** Combinations of leading axes, and those of the result. */
const LAYOUTS: { name: string; leads: Parameters<typeof problemWith>[0]; lead: number[] }[] = [
  { name: "one sample", leads: { theta: [], J: [] }, lead: [] },
  { name: "samples under one J", leads: { theta: [9], J: [] }, lead: [9] },
  { name: "samples with couplings of their own", leads: { theta: [9], J: [9] }, lead: [9] },
  { name: "one sample, many couplings", leads: { theta: [], J: [5] }, lead: [5] },
  { name: "a population", leads: { theta: [3, 5], J: [3] }, lead: [3, 5] },
  { name: "a population of few samples", leads: { theta: [5, 2], J: [5] }, lead: [5, 2] },
  { name: "a population with shared angles", leads: { theta: [1, 5], J: [3] }, lead: [3, 5] },
  {
    name: "couplings per sample, shared by rows",
    leads: { theta: [3, 5], J: [1, 5] },
    lead: [3, 5],
  },
  { name: "two axes of replicas", leads: { theta: [2, 3, 4], J: [2, 3] }, lead: [2, 3, 4] },
  { name: "two axes of samples", leads: { theta: [2, 3, 4], J: [2] }, lead: [2, 3, 4] },
  { name: "trailing ones", leads: { theta: [3, 1, 4], J: [3, 1, 1] }, lead: [3, 1, 4] },
  { name: "azimuths as angles", leads: { theta: [3, 5], phi: [3, 5], J: [3] }, lead: [3, 5] },
  { name: "azimuths of a population", leads: { theta: [3, 5], phi: [3], J: [] }, lead: [3, 5] },
  {
    name: "Γ and z of a population",
    leads: { theta: [3, 5], J: [3], gamma: [3], polarization: [3] },
    lead: [3, 5],
  },
  {
    name: "Γ and z of samples",
    leads: { theta: [3, 5], J: [3], gamma: [3, 5], polarization: [1, 5] },
    lead: [3, 5],
  },
  {
    name: "scalar tensors",
    leads: { theta: [3, 5], J: [3], gamma: [], polarization: [] },
    lead: [3, 5],
  },
  { name: "many Γ for one sample", leads: { theta: [], J: [], gamma: [6] }, lead: [6] },
  {
    name: "everything per sample",
    leads: { theta: [4], phi: [4], J: [4], gamma: [4], polarization: [4] },
    lead: [4],
  },
  { name: "three inputs, one output", leads: { theta: [3, 5], J: [3], N: 3, M: 1 }, lead: [3, 5] },
];

describe("network.steadyState()", () => {
  before(() => useBackend("wasm"));

  for (const { name, leads, lead } of LAYOUTS) {
    it(`aligns leading axes at the left: ${name}`, async () => {
      const problem = problemWith(leads);
      const M = leads.M ?? 2;
      for (const method of ["fused", "composed"] as const) {
        const shape = tf.tidy(() => network.steadyState(tensors(problem), { method }).shape);
        expect(shape).to.deep.equal([...lead, M, 3]);
        const r = await steady(problem, { method });
        closeTo(r, blochVectors(problem, lead), { atol: 3e-6 }, method);
      }
      const limit = await steady(problem, { path: "limit" });
      closeTo(limit, blochVectors({ ...problem, gamma: Infinity }, lead), { atol: 3e-6 }, "limit");
    });

    it(`has the gradients of a loop over the samples: ${name}`, async () => {
      const problem = problemWith(leads);
      const cotangent = normals([...lead, leads.M ?? 2, 3], 6);
      const whole = await gradients(problem, cotangent);
      const loop = await loopOfGradients(problem, cotangent, lead);
      for (const [which, actual] of Object.entries(whole)) {
        const expected = loop[which]!;
        const scale = Math.max(...expected.map(Math.abs));
        closeTo(actual, expected, { atol: 2e-5 * scale }, which);
      }
    });
  }

  it("gives a batch the bits of its samples alone", async () => {
    const problem = problemWith({ theta: [3, 5], J: [3], gamma: [3], polarization: [3] });
    const whole = await steady(problem);
    const parts = await Promise.all(
      indices([3, 5]).map((sample) => steady(alone(problem, sample))),
    );
    closeTo(
      whole,
      parts.flatMap((r) => [...r]),
      { atol: 5e-7 },
    );
    const rows = await Promise.all(
      [0, 1, 2].map((p) => {
        const row = Object.entries(problem).map(([name, value]): [string, Plain | number] => [
          name,
          typeof value === "number" ? value : rowOf(value, p),
        ]);
        return steady(Object.fromEntries(row) as PlainProblem);
      }),
    );
    closeTo(
      whole,
      rows.flatMap((r) => [...r]),
      {},
      "rows of a population",
    );
  });

  it("observes one component, with its gradients", async () => {
    const problem = problemWith({ theta: [3, 5], J: [3] });
    const all = await steady(problem);
    for (const [i, observe] of (["x", "y", "z"] as const).entries()) {
      for (const method of ["fused", "composed"] as const) {
        const r = await steady(problem, { observe, method });
        closeTo(
          r,
          all.filter((_, at) => at % 3 === i),
          { atol: 1e-6 },
          `${observe}, ${method}`,
        );
      }
      const cotangent = normals([3, 5, 2], 7);
      const padded = Float32Array.from({ length: 90 }, (_, at) =>
        at % 3 === i ? cotangent.values[(at - i) / 3]! : 0,
      );
      const own = await gradients(problem, cotangent, { observe });
      const want = await gradients(problem, { shape: [3, 5, 2, 3], values: padded });
      for (const [name, values] of Object.entries(own))
        closeTo(values, want[name]!, { rtol: 1e-5, atol: 1e-5 }, `${observe}: ${name}`);
    }
  });

  it("differentiates the composed method twice, and refuses it for the fused one", async () => {
    const problem = problemWith({ theta: [4], J: [] });
    const second = (options: Options): tf.Tensor => {
      const f = (theta: tf.Tensor): tf.Tensor =>
        tf.sum(network.steadyState(tensors(problem, { theta }), options));
      return tf.grad((theta: tf.Tensor) => tf.sum(tf.grad(f)(theta)))(tensor(problem.theta));
    };
    const values = await read(() => second({ method: "composed" }));
    expect(values.every(Number.isFinite)).to.equal(true);
    expect(() => tf.tidy(() => second({}))).to.throw('Pass { method: "composed" }');
  });

  it("has second derivatives where an argument is broadcast", async () => {
    const problem = problemWith({ theta: [3, 2], J: [1, 2], gamma: [3] });
    const gamma = (scale: number): tf.Tensor =>
      tf.mul(tensor(problem.gamma as Plain), tf.scalar(scale));
    const slope = (J: tf.Tensor, scale: number): tf.Tensor => {
      const given = { J, gamma: gamma(scale) };
      return tf.sum(network.steadyState(tensors(problem, given), { method: "composed" }));
    };
    const first = (J: tf.Tensor): tf.Tensor =>
      tf.sum(tf.square(tf.grad((x: tf.Tensor) => slope(x, 1))(J)));
    const second = await read(() => tf.grad(first)(tensor(problem.J)));
    const step = 1e-2;
    const direction = normals(problem.J.shape, 8);
    const along = await read(() => {
      const moved = (by: number): tf.Tensor =>
        tf.add(tensor(problem.J), tf.mul(by, tensor(direction)));
      return tf.div(tf.sub(first(moved(step)), first(moved(-step))), 2 * step);
    });
    const dot = second.reduce((sum, x, i) => sum + x * direction.values[i]!, 0);
    closeTo(dot, along[0]!, { rtol: 1e-2 });
  });

  it("takes Γ = Infinity as the limit", async () => {
    const problem = problemWith({ theta: [3, 5], J: [3] });
    closeTo(
      await steady({ ...problem, gamma: Infinity }),
      await steady(problem, { path: "limit" }),
      {},
    );
  });

  it("does not need Γ in the limit", async () => {
    const { gamma: _, ...problem } = problemWith({ theta: [5], J: [] });
    const r = await read(() =>
      network.steadyState(tensors(problem as PlainProblem), { path: "limit" }),
    );
    closeTo(r, blochVectors({ ...problem, gamma: Infinity }, [5]), { atol: 3e-6 });
  });

  it("has polarization 1 if nothing is said", async () => {
    const { polarization: _, ...problem } = problemWith({ theta: [5], J: [] });
    closeTo(await steady(problem), await steady({ ...problem, polarization: 1 }), {});
  });

  it("takes an azimuth of 0 as none", async () => {
    const problem = problemWith({ theta: [5], J: [] });
    const phi = { shape: [5, 2], values: new Float32Array(10) };
    closeTo(await steady({ ...problem, phi }), await steady(problem), { atol: 5e-7 });
  });

  it("returns NaN where the steady state is not unique, and only there", async () => {
    const J = Float32Array.from([
      ...new Array<number>(18).fill(0),
      ...Array.from(normals([18], 2).values),
    ]);
    const problem = {
      ...problemWith({ theta: [2], J: [2], M: 1 }),
      J: { shape: [2, 1, 2, 3, 3], values: J },
    };
    for (const options of [{}, { path: "limit" }, { method: "composed" }] as const) {
      const r = await steady(problem, options);
      expect([...r.subarray(0, 3)].every(Number.isNaN)).to.equal(true);
      expect([...r.subarray(3)].every(Number.isFinite)).to.equal(true);
    }
  });

  it("answers an empty batch with an empty result and gradients of the arguments' shapes", async () => {
    for (const leads of [
      { theta: [0], J: [] },
      { theta: [3, 0], J: [3] },
      { theta: [0], J: [0], gamma: [0], polarization: [0] },
    ]) {
      const problem = problemWith(leads);
      const shape = tf.tidy(() => network.steadyState(tensors(problem)).shape);
      expect(shape).to.deep.equal([...leads.theta, 2, 3]);
      const all = await gradients(problem, { shape, values: [] });
      expect(all["J"]).to.deep.equal(new Float32Array(leads.J.reduce((a, b) => a * b, 36)));
    }
  });

  it("disposes nothing it is given and leaves nothing but its result", () => {
    const problem = tensors(problemWith({ theta: [3, 5], phi: [1, 5], J: [3], gamma: [3] }));
    const before = tf.memory().numTensors;
    for (const method of ["fused", "composed"] as const) {
      network.steadyState(problem, { method }).dispose();
      expect(tf.memory().numTensors).to.equal(before);
    }
    tf.dispose(Object.values(problem).filter((value) => value instanceof tf.Tensor));
  });
});

describe("network.steadyState() refuses", () => {
  before(() => useBackend("wasm"));
  const ok = (): Problem => ({ theta: tf.zeros([5, 2]), J: tf.ones([3, 2, 3, 3]), gamma: 10 });
  const call = (change: object, options: object = {}): (() => void) => {
    return () =>
      tf.tidy(() => {
        network.steadyState({ ...ok(), ...change }, options);
      });
  };
  const W = "network.steadyState: ";

  const SHAPES: [string, () => object, string][] = [
    [
      "angles without an axis",
      () => ({ theta: tf.scalar(1) }),
      "argument `theta` must have shape [...batch, N], but has shape [].",
    ],
    [
      "couplings that are not 3 × 3",
      () => ({ J: tf.ones([3, 2, 3, 2]) }),
      "argument `J` must have shape [...batch, M, N, 3, 3], but has shape [3, 2, 3, 2].",
    ],
    [
      "couplings of too few axes",
      () => ({ J: tf.ones([2, 3, 3]) }),
      "argument `J` must have shape [...batch, M, N, 3, 3], but has shape [2, 3, 3].",
    ],
    [
      "another number of inputs",
      () => ({ theta: tf.zeros([5, 4]) }),
      "arguments `theta` and `J` must have the same number of inputs N, but have shapes [5, 4] and [3, 2, 3, 3].",
    ],
    [
      "azimuths of another number of inputs",
      () => ({ phi: tf.zeros([5, 3]) }),
      "argument `phi` must have shape [...batch, 2], but has shape [5, 3].",
    ],
    [
      "leading axes that disagree",
      () => ({ J: tf.ones([4, 3, 2, 3, 3]) }),
      "the leading axes of argument `J`, [4], must agree with those of the others, [5], or be 1. Axes are aligned at the left.",
    ],
    [
      "rates of other leading axes",
      () => ({ gamma: tf.ones([2, 5]) }),
      "the leading axes of argument `gamma`, [2, 5], must agree with those of the others, [5, 1], or be 1. Axes are aligned at the left.",
    ],
    [
      "an empty axis beside a full one",
      () => ({ polarization: tf.ones([0]) }),
      "the leading axes of argument `polarization`, [0], must agree with those of the others, [5], or be 1. Axes are aligned at the left.",
    ],
  ];
  for (const [name, change, message] of SHAPES) {
    it(name, () => {
      expect(() =>
        tf.tidy(() => {
          call(change())();
        }),
      ).to.throw(ShapeError, W + message);
    });
  }

  const ARGUMENTS: [string, () => object, object, string][] = [
    [
      "whole numbers",
      () => ({ theta: tf.zeros([5, 2], "int32") }),
      {},
      'argument `theta` must be a float32 tensor, but is int32. Use tf.cast(theta, "float32").',
    ],
    ["Γ of 0", () => ({ gamma: 0 }), {}, "argument `gamma` must be positive, but is 0."],
    ["negative Γ", () => ({ gamma: -1 }), {}, "argument `gamma` must be positive, but is -1."],
    [
      "Γ that is no number",
      () => ({ gamma: NaN }),
      {},
      "argument `gamma` must be positive, but is NaN.",
    ],
    [
      "no Γ",
      () => ({ gamma: undefined }),
      {},
      'argument `gamma` must be given, but is missing. Or use { path: "limit" }.',
    ],
    [
      "polarizations above 1",
      () => ({ polarization: 1.5 }),
      {},
      "argument `polarization` must be between -1 and 1, but is 1.5.",
    ],
    [
      "polarizations that are no number",
      () => ({ polarization: NaN }),
      {},
      "argument `polarization` must be between -1 and 1, but is NaN.",
    ],
    [
      "polarization 0 in the limit",
      () => ({ polarization: 0 }),
      { path: "limit" },
      "argument `polarization` must not be 0 in the limit, where the state is 0/0.",
    ],
    [
      "polarization 0 at Γ = Infinity",
      () => ({ polarization: 0, gamma: Infinity }),
      {},
      "argument `polarization` must not be 0 in the limit, where the state is 0/0.",
    ],
    [
      "unknown paths",
      () => ({}),
      { path: "fourth" },
      'argument `path` must be one of "effective", "limit", "exact", "third", but is "fourth".',
    ],
    [
      "unknown methods",
      () => ({}),
      { method: "fast" },
      'argument `method` must be one of "fused", "composed", but is "fast".',
    ],
    [
      "unknown components",
      () => ({}),
      { observe: "w" },
      'argument `observe` must be one of "x", "y", "z", but is "w".',
    ],
  ];
  for (const [name, change, options, message] of ARGUMENTS) {
    it(name, () => {
      expect(() =>
        tf.tidy(() => {
          call(change(), options)();
        }),
      ).to.throw(ArgumentError, W + message);
    });
  }
});

/** Gradients of `Σ cotangent · r` with respect to every tensor of the problem. */
async function gradients(
  problem: PlainProblem,
  cotangent: Plain,
  options: Options = {},
): Promise<Record<string, Float32Array>> {
  const names = NAMES.filter((name) => typeof problem[name] === "object");
  const values = await readAll(() => {
    const f = (...xs: tf.Tensor[]): tf.Tensor => {
      const given = Object.fromEntries(names.map((name, i) => [name, xs[i]!]));
      return network.steadyState(tensors(problem, given), options);
    };
    return tf.grads(f)(
      names.map((name) => tensor(problem[name] as Plain)),
      tensor(cotangent),
    );
  });
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

/** The problem of one sample, without leading axes. */
function alone(problem: PlainProblem, sample: readonly number[]): PlainProblem {
  const entries = Object.entries(problem).map(([name, value]): [string, Plain | number] => {
    if (typeof value === "number") return [name, value];
    const tail = TAIL[name as Name];
    const shape = tail === 0 ? [] : value.shape.slice(-tail);
    return [name, { shape, values: partOf(value, tail, sample) }];
  });
  return Object.fromEntries(entries) as PlainProblem;
}

/** Row p of the first axis. */
function rowOf({ shape, values }: Plain, p: number): Plain {
  const own = shape.slice(1);
  const size = own.reduce((a, b) => a * b, 1);
  return { shape: own, values: Array.from(values).slice(p * size, (p + 1) * size) };
}

/** The same gradients, sample by sample, added in float64. */
async function loopOfGradients(
  problem: PlainProblem,
  cotangent: Plain,
  lead: readonly number[],
): Promise<Record<string, Float64Array>> {
  const sums: Record<string, Float64Array> = {};
  for (const sample of indices(lead)) {
    const part = { shape: cotangent.shape.slice(-2), values: partOf(cotangent, 2, sample) };
    const own = await gradients(alone(problem, sample), part);
    for (const [name, values] of Object.entries(own)) {
      const { shape } = problem[name as Name] as Plain;
      const sum = (sums[name] ??= new Float64Array(shape.reduce((a, b) => a * b, 1)));
      const axes = shape.slice(0, shape.length - TAIL[name as Name]);
      const row = axes.reduce((at, size, axis) => at * size + (size === 1 ? 0 : sample[axis]!), 0);
      values.forEach((value, i) => (sum[row * values.length + i]! += value));
    }
  }
  return sums;
}
