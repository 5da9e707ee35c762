// WGSL of the turns of four positions of one chain in one sweep, which share a block of random words. Which buffers there
// are, and who takes which turns, is said in gpu.ts.

import { EXP } from "../runtime/gpu/functions.js";
import { PHILOX } from "../runtime/gpu/philox.js";
import type { SweepRule } from "./contract.js";

/** What of a call is in the code of its programs. */
export type TurnForm = { readonly mode: "exact" | "fast"; readonly rule: SweepRule };

/** `fn decided(F, s, word, entry) -> f32`: the spin after a turn in the field F; see README.md, "Two modes". */
const DECIDED = {
  // Fields are integers below 2²⁴, exact in float32 in any order.
  exact: {
    gibbs: `return select(-1.0, 1.0, word < table[entry + u32(i32(F))]);`,
    metropolis: `return select(s, -s, word < table[entry + u32(i32(F * s))]);`,
  },
  fast: {
    gibbs: `
  let weight = exponential(clamp(F * bitcast<f32>(entry), -87.0, 87.0));
  return select(-1.0, 1.0, unit(word) * (1.0 + weight) < 1.0);`,
    // e⁰ may be a little less than 1: what costs nothing is accepted without it.
    metropolis: `
  let t = clamp(F * s * bitcast<f32>(entry), -87.0, 87.0);
  return select(s, -s, t >= 0.0 || unit(word) < exponential(t));`,
  },
} as const;

/** The factor of the scaled couplings stands where exact mode, which has none, keeps its thresholds. */
const SCALE = { exact: "1.0", fast: "bitcast<f32>(table[sweep])" } as const;

/**
 * `fn turns(row, sweep, block, first, last)`: the turns of the positions 4 block … 4 block + 3 that lie in first … last − 1.
 * Links and bounds as the host form has them: bounds in bytes, ends in 64ths of a position.
 */
export function turnCode({ mode, rule }: TurnForm): string {
  return `
${PHILOX} ${mode === "fast" ? EXP : ""}
/** u + 2⁻²⁴ of the low 23 bits of a word: exact in float32. */
fn unit(word : u32) -> f32 { return f32(2u * word + 1u) * 5.9604644775390625e-8; }
fn placeOf(row : u32, position : u32) -> u32 { return row * call.byRow + position * call.byPosition; }
fn coupled(row : u32, base : u32, first : u32, last : u32) -> f32 {
  var sum = 0.0;
  for (var i = base + first / 4u; i < base + last / 4u; i += 2u) {
    sum += bitcast<f32>(links[i + 1u]) * state[placeOf(row, links[i] / 64u)];
  }
  return sum;
}
fn fieldOf(row : u32, model : u32, position : u32, sweep : u32) -> f32 {
  let base = model * call.links; let at = 2u * position;
  let plain = bitcast<f32>(biases[model * call.n + position]) + coupled(row, base, words[at], words[at + 1u]);
  return plain + ${SCALE[mode]} * coupled(row, base, words[at + 1u], words[at + 2u]);
}
fn decided(F : f32, s : f32, word : u32, entry : u32) -> f32 {
  ${DECIDED[mode][rule]}
}
fn randomWords(row : u32, sweep : u32, block : u32) -> vec4<u32> {
  let key = call.keys + 4u * sweep;
  let low = call.low + row * ((call.n + 3u) / 4u) + block;
  let high = call.high + select(0u, 1u, low < call.low);
  return philox(vec4<u32>(low, high, words[key + 2u], words[key + 3u]), vec2<u32>(words[key], words[key + 1u]));
}
fn turns(row : u32, sweep : u32, block : u32, first : u32, last : u32) {
  let model = row / call.chains; let chain = row % call.chains;
  let random = randomWords(row, sweep, block) & vec4<u32>(0x7fffffu);
  let entry = entries[sweep * call.bySweep + model * call.byModel + chain * call.byChain];
  for (var position = max(first, 4u * block); position < min(last, 4u * block + 4u); position++) {
    if (clamped[row * call.clampedByRow + position * call.clampedByPosition] != 0u) { continue; }
    let place = placeOf(row, position);
    state[place] = decided(fieldOf(row, model, position, sweep), state[place], random[position % 4u], entry);
  }
}`;
}
