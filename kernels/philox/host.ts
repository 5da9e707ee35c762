// The fused form of the random kernel for host memory.

import { sizeOf } from "../runtime/define.js";
import { wordOf } from "../runtime/host/words.js";
import { streamKeys } from "./reference.js";
import type { HostForm } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { PhiloxAttrs } from "./contract.js";

const LAW = { words: 0, uniform: 1, normal: 2 } as const;
const WORDS_PER_ITEM = 1024;

/** Below this many words a draw stays on the calling thread. */
const SPLIT_ABOVE = 32768;

/** What to draw. `offset` is a multiple of 4; `count` is per stream. */
export type Draw = Pick<PhiloxAttrs, "seeds" | "offset" | "scale" | "shift"> & {
  readonly law: keyof typeof LAW;
  readonly count: number;
};

/** Draws into the pool's memory and returns the address of `[streams, count]` 32-bit values. */
export function drawInto(
  pool: HostPool,
  { seeds, count, offset, law, scale, shift }: Draw,
): number {
  const streams = seeds.length;
  const keys = pool.alloc(16 * streams);
  const view = pool.u32(keys, 4 * streams);
  seeds.forEach(([seed0, seed1], i) => view.set(streamKeys(seed0, seed1), 4 * i));
  const out = pool.alloc(4 * streams * count);
  const itemsPerStream = Math.ceil(count / WORDS_PER_ITEM);
  const items = streams * itemsPerStream;
  const first = offset / 4;
  const args = [
    keys,
    out,
    count,
    first >>> 0,
    Math.floor(first / 2 ** 32),
    LAW[law],
    wordOf(scale),
    wordOf(shift),
    itemsPerStream,
  ];
  pool.run("philox", args, items, {
    scratch: 64,
    ...(streams * count < SPLIT_ABOVE && { chunk: items }),
  });
  return out;
}

/** Host form of `ZenoPhilox`. */
export const philoxHost: HostForm<PhiloxAttrs> = ({ pool, attrs }) => {
  const size = sizeOf(attrs.shape);
  const count = attrs.seeds.length === 0 ? 0 : size / attrs.seeds.length;
  const at = drawInto(pool, { ...attrs, count });
  return [pool.f32(at, size)];
};
