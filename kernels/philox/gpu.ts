// The random kernel on the backend `webgpu`: one counter, four numbers, an invocation.

import { LN, QUADRANT } from "../runtime/gpu/functions.js";
import { PHILOX, UNITS } from "../runtime/gpu/philox.js";
import { sizeOf } from "../runtime/define.js";
import { streamKeys } from "./reference.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { GpuProgram } from "../runtime/gpu/pipelines.js";
import type { PhiloxAttrs } from "./contract.js";

const UNIFORM = "let values = units(words);";

const NORMAL = `
  let u = units(words);
  // Box-Muller: r sin 2πv, r cos 2πv, r = √(-2 ln max(u, 1e-7)).
  let first = cosSinOf(u.y) * sqrt(-2.0 * ln(max(u.x, 1e-7)));
  let second = cosSinOf(u.w) * sqrt(-2.0 * ln(max(u.z, 1e-7)));
  let values = vec4<f32>(first.y, first.x, second.y, second.x);`;

function program(law: PhiloxAttrs["law"]): GpuProgram {
  return {
    name: `philox ${law}`,
    reads: { keys: "vec4<u32>" },
    writes: { out: "f32" },
    numbers: { count: "u32", blocks: "u32", low: "u32", high: "u32", scale: "f32", shift: "f32" },
    code: `
${PHILOX} ${UNITS} ${QUADRANT} ${LN}
/** cos and sin of 2πv, v in [0, 1). */
fn cosSinOf(v : f32) -> vec2<f32> {
  let q = round(4.0 * v);
  return cosSinOfQuadrant((v - 0.25 * q) * 6.283185307179586, i32(q));
}
fn item(index : u32) {
  let stream = index / call.blocks; let block = index % call.blocks;
  let key = keys[stream];
  let low = call.low + block;
  let words = philox(vec4<u32>(low, call.high + select(0u, 1u, low < block), key.zw), key.xy);
  ${law === "uniform" ? UNIFORM : NORMAL}
  let result = values * call.scale + call.shift;
  let at = 4u * block;
  for (var i = 0u; i < min(4u, call.count - at); i++) { out[stream * call.count + at + i] = result[i]; }
}`,
  };
}

const programs = { uniform: program("uniform"), normal: program("normal") } as const;

/** Form of `ZenoPhilox`. */
export const philoxGpu: GpuForm<PhiloxAttrs> = {
  by: "wgsl",
  work: ({ attrs: { seeds, shape, offset, law, scale, shift } }) => {
    const count = sizeOf(shape) / seeds.length;
    const [blocks, first] = [Math.ceil(count / 4), offset / 4];
    const keys = Uint32Array.from(seeds.flatMap(([seed0, seed1]) => streamKeys(seed0, seed1)));
    const numbers = { count, blocks, low: first >>> 0, high: Math.floor(first / 2 ** 32) };
    return {
      outputs: ["out"],
      scratch: { keys },
      passes: [
        {
          program: programs[law],
          items: blocks * seeds.length,
          numbers: { ...numbers, scale, shift },
        },
      ],
    };
  },
};
