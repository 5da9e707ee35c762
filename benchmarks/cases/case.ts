// What tests and benchmarks know of a kernel: problems as plain numbers, and the forms that solve them. No
// backend, no clock and no assertion.

import type { Tensor } from "@tensorflow/tfjs";
import type { KernelContract } from "../../kernels/runtime/define.js";

/** A tensor as plain numbers, rounded to float32. */
export type Plain = { readonly shape: readonly number[]; readonly values: Float32Array };

/** The inputs of a kernel by name. */
export type Inputs = Readonly<Record<string, Plain>>;

/** The same with values that float32 may not hold, for differences of the reference. */
export type ExactInputs = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: ArrayLike<number> }>
>;

/** The inputs as tensors of the active backend. */
export type TensorInputs = Readonly<Record<string, Tensor>>;

/** One call of a kernel with one output, and everything that checks it. */
export type Problem = {
  /** Sizes and options, for messages. */
  readonly label: string;
  /** All have gradients. An input that a call leaves out is left out here. */
  readonly inputs: Inputs;
  /**
   * One letter for each axis of an input. An entry of the output depends only on the entries of an input that
   * agree with it in the letters they share; an axis of size 1 agrees with everything.
   */
  readonly axes: Readonly<Record<string, string>>;
  readonly output: { readonly shape: readonly number[]; readonly axes: string };
  /** The output in float64. */
  reference(inputs: ExactInputs): Float64Array;
  /**
   * By how much the errors of an entry of the output, and of what it gives to the gradients, may exceed the bounds
   * where the problem itself is ill-conditioned; default 1.
   */
  slack?(): Float64Array;
  fused(inputs: TensorInputs): Tensor;
  /** Absent where no input has a gradient. */
  composed?(inputs: TensorInputs): Tensor;
  /** The problem of one index of an axis alone, for the letters of `KernelCase.population` and `batch`. */
  part(letter: string, index: number): Problem;
};

/** A size worth timing. */
export type Benchmark = {
  readonly label: string;
  /** How many of what `KernelCase.sample` says. */
  readonly samples: number;
  problem(): Problem;
};

/** What the error of a gradient may be, and why not less. */
export type GradientBound = {
  /** Allowed error as a fraction of a scale. */
  readonly fraction: number;
  /**
   * The scale. `entries`: the largest entry. `terms`: the largest sum of magnitudes of the terms that an entry adds
   * up, where they may cancel. `logarithm`: for each entry on its own, the norm of the cotangents that it meets over
   * the value of the input, for inputs whose logarithm matters.
   */
  readonly of: "entries" | "terms" | "logarithm";
  /** Inputs whose entries count too, for components of one quantity. */
  readonly beside?: readonly string[];
};

/** Largest allowed errors. */
export type Bounds = {
  /** Of the output: absolute, and relative. */
  readonly value: { readonly atol: number; readonly rtol: number };
  /** Of the gradients by the name of their input. */
  readonly gradient: Readonly<Record<string, GradientBound>>;
  /** Of the second derivative of the form that has one, as a fraction of its largest entry; by a logarithm, of all inputs. */
  readonly second: number;
};

/** A kernel as the conformance suite and the benchmarks see it. */
export type KernelCase = {
  /** Its folder in kernels/. */
  readonly kernel: string;
  readonly contract: KernelContract<object>;
  readonly bounds: Bounds;
  /** What the error of a second derivative of the fused form must say; absent where it is right instead. */
  readonly guard?: string;
  /** Letter of the axis whose replicas have the same bits alone; absent where there is none. */
  readonly population?: string;
  /** Letter of the axis whose samples have the same bits alone; absent where there is none. */
  readonly batch?: string;
  /** Odd sizes, batches of 0, 1 and 3, and all options in pairs; another seed gives other numbers. */
  problems(seed?: number): readonly Problem[];
  /** Small ones for second derivatives. */
  smooth(): readonly Problem[];
  /** Large enough to be split over threads. */
  split(): Problem;
  /** What is counted by throughputs: "one output of one sample". */
  readonly sample: string;
  readonly benchmarks: readonly Benchmark[];
};
