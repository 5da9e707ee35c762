// The fused form for host memory.

import { RATES, type AdamStepAttrs } from "./contract.js";
import { sizeOf, type HostForm } from "../runtime/define.js";

/** Values of an item. */
const BLOCK = 4096;
/** Values above which the other threads are woken: some blocks, 20 µs. */
const SPLIT_ABOVE = 16_000;

/** Host form of `ZenoAdamStep`. */
export const adamStepHost: HostForm<AdamStepAttrs> = ({ pool, inputs, attrs: { rates } }) => {
  const { shape } = inputs["parameters"]!;
  const size = sizeOf(shape);
  const [x, g, m, v] = ["parameters", "gradient", "m", "v"].map((name) => inputs[name]!.load()) as [
    number,
    number,
    number,
    number,
  ];
  const list = pool.alloc(4 * RATES.length * rates.length);
  pool
    .f32(list, RATES.length * rates.length)
    .set(rates.flatMap((each) => RATES.map((name) => each[name])));
  // With the same rates all replicas are one.
  const [rows, n] = rates.length === 1 ? [1, size] : [rates.length, size / rates.length];
  const blocks = Math.ceil(n / BLOCK);
  const items = rows * blocks;
  pool.run("adamStep", [x, g, m, v, list, n, BLOCK, blocks], items, {
    ...(size < SPLIT_ABOVE && { chunk: items }),
  });
  return [x, m, v].map((at) => pool.f32(at, size));
};
