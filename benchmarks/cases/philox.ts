// The random kernel as a case: no inputs, so that a problem is its seeds, its shape and its law.

import { philoxContract } from "../../kernels/philox/contract.js";
import { philox } from "../../kernels/philox/index.js";
import { philoxNormals, philoxUniforms } from "../../kernels/philox/reference.js";
import type { PhiloxAttrs } from "../../kernels/philox/contract.js";
import type { KernelCase, Problem } from "./case.js";

/** Numbers of each stream around the four of a counter, the 16 of four lanes and the 1024 of an item. */
const COUNTS = [1, 3, 4, 5, 15, 16, 17, 63, 1023, 1024, 1025];

/** Seed 0, both signs and the ends of the range. */
const SEEDS: readonly (readonly [number, number])[] = [
  [0, 0],
  [42, 7],
  [-1, 2],
  [2 ** 31 - 1, -(2 ** 31)],
];

type Draw = Pick<PhiloxAttrs, "law" | "seeds" | "offset"> & { readonly count: number };

/** Not the standard laws, so that scale and shift are seen; both are float32 numbers. */
const [SCALE, SHIFT] = [2.5, -0.75];

function referenceOf({ law, seeds, offset, count }: Draw): Float64Array {
  const draw = law === "uniform" ? philoxUniforms : philoxNormals;
  const rows = seeds.map(([seed, substream]) => draw(seed, substream, count, offset));
  return Float64Array.from(
    rows.flatMap((row) => [...row]),
    (x) => SHIFT + SCALE * x,
  );
}

function problem(draw: Draw): Problem {
  const { law, seeds, offset, count } = draw;
  const shape = [seeds.length, count];
  return {
    label: `${law}, ${String(seeds.length)} streams of ${String(count)} from ${String(offset)}`,
    inputs: {},
    axes: {},
    output: { shape, axes: "Pn" },
    reference: () => referenceOf(draw),
    fused: () => philox({ law, seeds, offset, shape, scale: SCALE, shift: SHIFT }),
    part: (_, index) => problem({ ...draw, seeds: [seeds[index]!] }),
  };
}

const laws = ["uniform", "normal"] as const;
const many = (n: number): (readonly [number, number])[] =>
  Array.from({ length: n }, (_, i) => [i, 1]);

/** `kernels/philox`. */
export const philoxCase: KernelCase = {
  kernel: "philox",
  contract: philoxContract,
  // The normal law: 2e-6 as between backends (docs/conventions.md), times the scale.
  bounds: { value: { atol: 5e-6, rtol: 0 }, gradient: {}, second: 0 },
  population: "P",
  problems: () =>
    laws.flatMap((law) => [
      ...COUNTS.map((count, i) =>
        problem({ law, seeds: SEEDS.slice(0, 1 + (i % 4)), offset: 4 * i, count }),
      ),
      problem({ law, seeds: [], offset: 0, count: 5 }),
      problem({ law, seeds: SEEDS, offset: 0, count: 0 }),
    ]),
  smooth: () => [],
  split: () => problem({ law: "normal", seeds: many(3), offset: 0, count: 11111 }),
  sample: "one number",
  benchmarks: laws.flatMap((law) =>
    [
      [1, 2 ** 20],
      [10, 1024],
    ].map(([streams, count]) => ({
      label: `${law}, ${String(streams)} × ${String(count)}`,
      samples: streams! * count!,
      problem: () => problem({ law, seeds: many(streams!), offset: 0, count: count! }),
    })),
  ),
};
