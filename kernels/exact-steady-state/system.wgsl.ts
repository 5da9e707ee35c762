// WGSL of the full equation as a linear system (README.md, "In WGSL"): what the programs of teams share. A team of
// invocations works on one output of one sample.

import { OPAQUE } from "../runtime/gpu/double-words.js";
import type { ElementType, GpuProgram } from "../runtime/gpu/pipelines.js";

type Types = Readonly<Record<string, ElementType>>;

/** What every team reads: the systems of preparation.wgsl.ts, and the tables of gpu-tables.ts. */
export const TEAM_READS: Types = { system: "vec2<f32>", table: "u32" };

/** The numbers of every team. `first` is the sample at which a part of the batch begins, which has `count`. */
export const TEAM_NUMBERS: Types = {
  ...{ N: "u32", components: "u32", kept: "u32" },
  ...{ rowsAt: "u32", columnsAt: "u32", couplingsAt: "u32", placesAt: "u32", orderAt: "u32" },
  ...{ first: "u32", count: "u32", team: "u32", samples: "u32" },
  ...OPAQUE.numbers,
};

/** Elements of `result`: r, λ, r × λ (3 each), and the number of refinements, 0 where there is no answer. */
export const RESULT = 10;

/** Elements of `work` for the equation of the output, behind right-hand sides and vectors of four for each component. */
export const OUTPUT_ROWS = 12;

/** Who works on what. Teams beyond the last sample do what its team does, in memory of their own. */
export const TEAM = `
  let lane = local % call.team; let own = local / call.team; let slot = index * call.samples + own;
  let sample = call.first + min(slot, call.count - 1u); let c = systemAt(sample); let size = call.components; let n = call.kept;`;

/** Where in `work`. */
export const WORK: string = `
  let right = slot * (8u * size + ${String(OUTPUT_ROWS)}u); let x = right + 4u * size; let output = x + 4u * size;`;

/** Of the buffer `system`: numbers of an output of a sample beside its 9 N couplings over Γ. */
export const SYSTEM_REST = 3;

/**
 * Of the buffer `system` from c on: couplings over Γ, the polarization, Γ and 1/s (one element), and whether an answer is
 * wanted. Entries of rows and columns are those of the buffer `table`.
 */
export const SYSTEM: string = `
fn systemAt(sample : u32) -> u32 { return sample * (9u * call.N + ${String(SYSTEM_REST)}u); }
fn polarizationAt(c : u32) -> f32 { return system[c + 9u * call.N].x; }
fn gammaAt(c : u32) -> f32 { return system[c + 9u * call.N + 1u].x; }
fn inverseAt(c : u32) -> f32 { return system[c + 9u * call.N + 1u].y; }
fn isWanted(c : u32) -> bool { return system[c + 9u * call.N + 2u].x == 1.0; }
fn signOf(bits : u32) -> f32 { return select(1.0, -1.0, (bits & 1u) == 1u); }
fn valueOf(entry : u32, c : u32) -> vec2<f32> { return signOf(entry >> 10u) * system[c + (entry >> 11u)]; }
/** D of a component: 1/2 for each x or y among the inputs, 1 for each z. */
fn rateOf(component : u32) -> f32 {
  var rate = 0.0;
  for (var rest = component >> 2u; rest > 0u; rest >>= 2u) { rate += select(select(0.5, 1.0, (rest & 3u) == 3u), 0.0, (rest & 3u) == 0u); }
  return rate;
}`;

/**
 * `fn times(list, q, c, vector, first, end)`: row or column q times a vector of the buffer `work`, four elements a
 * component, from component `first` on, entries below `end`; and `fn inputsAlone(q, z)`, the component without couplings.
 */
export const PRODUCTS = `
const ALL = 0xffffffffu;
fn times(list : u32, q : u32, c : u32, vector : u32, first : u32, end : u32) -> vec2<f32> {
  var sum = vec2<f32>(0.0);
  for (var at = table[list + q]; at < table[list + q + 1u]; at++) {
    let entry = table[at]; let component = entry & 1023u;
    if (component >= first && entry < end) { sum = plusProduct(sum, valueOf(entry, c), work[vector + 4u * component]); }
  }
  return sum;
}
fn inputsAlone(q : u32, z : f32) -> vec2<f32> {
  var product = vec2<f32>(1.0, 0.0);
  for (var rest = q >> 2u; rest > 0u; rest >>= 2u) {
    let digit = rest & 3u;
    if (digit == 3u) { product = plusProduct(vec2<f32>(0.0), product, vec2<f32>(z, 0.0)); }
    else if (digit != 0u) { product = vec2<f32>(0.0); }
  }
  return product;
}`;

/** One program for each size of a workgroup. */
export function perWorkgroup(
  make: (workgroup: number) => GpuProgram,
): (workgroup: number) => GpuProgram {
  const known = new Map<number, GpuProgram>();
  return (workgroup) => {
    const program = known.get(workgroup) ?? make(workgroup);
    known.set(workgroup, program);
    return program;
  };
}
