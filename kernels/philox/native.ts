// Random numbers on the backend `tensorflow` where tensors lie on a GPU: TensorFlow's own stateless operations, which have the
// same words, given the key and the counter at which a stream begins.

import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../runtime/define.js";
import { withOperations } from "../runtime/tensorflow/operations.js";
import { streamKeys } from "./reference.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { Operations } from "../runtime/tensorflow/operations.js";
import type { PhiloxAttrs } from "./contract.js";

/** TensorFlow's number of Philox among its generators. */
const PHILOX = 1;

const NAMES = { uniform: "StatelessRandomUniformV2", normal: "StatelessRandomNormalV2" } as const;

/** A stream is an operation, of some ten microseconds: beyond so many, short ones are drawn on the host and uploaded at once. */
const FEW = 64;
/** Words that the host draws in ten microseconds. */
const LONG = 4096;

/** Numbers `[count]` of a stream. */
function stream(
  { run, upload, tensor }: Operations,
  { law, offset }: PhiloxAttrs,
  [seed0, seed1]: readonly [number, number],
  count: number,
): Tensor {
  const [k0, k1, c2, c3] = streamKeys(seed0, seed1);
  const first = offset / 4;
  const unsigned = (values: readonly number[]): number => {
    const halves = upload("int64", [values.length / 2], values);
    return run("Bitcast", { T: "int64", type: "uint64" }, [halves])[0]!;
  };
  const key = unsigned([k0, k1]);
  const counter = unsigned([first % 2 ** 32, Math.floor(first / 2 ** 32), c2, c3]);
  const [shape, algorithm] = [upload("int32", [1], [count]), upload("int32", [], [PHILOX])];
  const attributes = { dtype: "float32", Tshape: "int32" } as const;
  const [numbers] = run(NAMES[law], attributes, [shape, key, counter, algorithm]);
  return tensor(numbers!);
}

/** Form of `ZenoPhilox`. */
export const philoxNative: NativeForm<PhiloxAttrs> = {
  by: "native",
  double: false,
  serves: (_, { seeds, shape }) => seeds.length <= FEW || sizeOf(shape) / seeds.length >= LONG,
  run: (_, attrs) => {
    const { seeds, shape, scale, shift } = attrs;
    const count = sizeOf(shape) / seeds.length;
    const streams = seeds.map((seed) =>
      withOperations((operations) => stream(operations, attrs, seed, count)),
    );
    const all = streams.length === 1 ? streams[0]! : tf.stack(streams);
    // Rounded after the product and after the sum, as everywhere.
    return [tf.reshape(tf.add(tf.mul(all, scale), shift), [...shape])];
  },
};
