// WGSL of circuits: the angles, and an interpreter of gates on states in workgroup memory or in a buffer, forward and back.
// A team of invocations holds a sample; small samples share a workgroup. Which passes run is said in gpu.ts.

import { COS_SIN, QUADRANT } from "../runtime/gpu/functions.js";
import { PHILOX } from "../runtime/gpu/philox.js";
import { GATE, GATE_KINDS } from "./gpu-plan.js";
import type { ElementType, GpuProgram } from "../runtime/gpu/pipelines.js";

/** What of a call is in the code of its programs. */
export type CircuitForm = {
  /** Amplitudes in workgroup memory; null where the states lie in a buffer. */
  readonly local: number | null;
  /** Invocations of a workgroup. */
  readonly workgroup: number;
};

type Types = Readonly<Record<string, ElementType>>;

/** Floats in workgroup memory for sums over a team: so many sums at once. */
export const PARTS = 1024;

const { pairs } = GATE_KINDS;

/** Cosine and sine of each gate's angle, for each sample. */
export const angles: GpuProgram = {
  name: "circuit, angles",
  reads: { plan: "u32", everyone: "f32", sample: "f32" },
  writes: { trig: "vec2<f32>" },
  numbers: { B: "u32", gates: "u32", sharedColumns: "u32", sampleColumns: "u32", sampleRow: "u32" },
  code: `
${PHILOX} ${QUADRANT} ${COS_SIN}
fn item(index : u32) {
  let at = ${GATE}u * (index % call.gates) + 8u; let one = index / call.gates;
  let p = one / call.B; let b = one % call.B;
  let given = vec2<f32>(bitcast<f32>(plan[at + 2u]), bitcast<f32>(plan[at + 3u]));
  switch (plan[at]) {
    case 0u: { trig[index] = given; }
    case 1u: { trig[index] = cosSin(given.x * everyone[p * call.sharedColumns + plan[at + 1u]] + given.y); }
    default: { trig[index] = cosSin(given.x * sample[p * call.sampleRow + b * call.sampleColumns + plan[at + 1u]] + given.y); }
  }
}`,
};

const NUMBERS: Types = {
  ...{ N: "u32", B: "u32", total: "u32", team: "u32", samples: "u32", gates: "u32" },
  ...{ observed: "u32", observedAt: "u32", given: "u32", stateRow: "u32", stateSample: "u32" },
  ...{ stride: "u32", spareAt: "u32", lambdaAt: "u32", withValue: "u32" },
};

const READS: Types = { plan: "u32", trig: "vec2<f32>", re: "f32", im: "f32" };

/** Where the states are. */
const ampOf = (local: CircuitForm["local"]): string => (local === null ? "work" : "amp");

/** Where states are and who has them: `amp` holds ψ from `base` on, and λ, where there is one, N further. */
function stateCode({ local }: CircuitForm): string {
  const amp = ampOf(local);
  const memory = local === null ? "" : `var<workgroup> amp : array<vec2<f32>, ${String(local)}>;`;
  const sync = local === null ? "workgroupBarrier(); storageBarrier();" : "workgroupBarrier();";
  return `
${memory}
var<workgroup> parts : array<f32, ${String(PARTS)}>;
var<private> one : u32; // the sample; beyond the last one a second time the last
var<private> lane : u32;
var<private> base : u32;
var<private> own : u32; // where this team's part of \`work\` begins
fn place(index : u32, local : u32) {
  let team = index * call.samples + local / call.team;
  one = min(team, call.total - 1u);
  lane = local % call.team;
  own = team * call.stride;
  base = ${local === null ? "own" : `(local / call.team) * ${String(local)}u / call.samples`};
}
fn sync() { ${sync} }
fn times(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> { return vec2<f32>(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
/** Im(conj(a) b). */
fn turnBetween(a : vec2<f32>, b : vec2<f32>) -> f32 { return a.x * b.y - a.y * b.x; }
fn signOf(bits : u32) -> f32 { return select(1.0, -1.0, (countOneBits(bits) & 1u) != 0u); }
/** i^power v. */
fn turned(v : vec2<f32>, power : u32) -> vec2<f32> {
  let quarter = select(v, vec2<f32>(-v.y, v.x), (power & 1u) != 0u);
  return select(quarter, -quarter, (power & 2u) != 0u);
}
/** Number j of the indices that have no \`pivot\`. */
fn without(j : u32, pivot : u32) -> u32 { let low = j & (pivot - 1u); return ((j - low) << 1u) | low; }
/** (Pψ)_k of the Pauli word (x, z), whose states begin at \`origin\`. */
fn pauli(origin : u32, x : u32, z : u32, k : u32) -> vec2<f32> {
  return turned(signOf((k ^ x) & z) * ${amp}[origin + (k ^ x)], countOneBits(x & z));
}
`;
}

/** `forward`: the first state and all gates on it; `turn` and `multiply`, which the way back uses too. */
function gateCode({ local }: CircuitForm): string {
  const amp = ampOf(local);
  return `
fn start() {
  let first = (one / call.B) * call.stateRow + (one % call.B) * call.stateSample;
  for (var k = lane; k < call.N; k += call.team) {
    var a = vec2<f32>(select(0.0, 1.0, k == 0u), 0.0);
    if (call.given != 0u) { a = vec2<f32>(re[first + k], im[first + k]); }
    ${amp}[base + k] = a;
  }
}
/** The two amplitudes that this invocation alone reads and changes: pair j of a gate. */
fn pairOf(at : u32, j : u32) -> vec2<u32> {
  let k = without(j, select(1u, plan[at + 6u], plan[at] == ${String(pairs)}u));
  return vec2<u32>(k, k ^ select(1u, plan[at + 1u], plan[at] == ${String(pairs)}u));
}
/** cos ψ − i sin P ψ where the gate acts, on the states that begin at \`origin\`. */
fn turn(origin : u32, at : u32, f : vec2<f32>) {
  let z = plan[at + 2u]; let controls = plan[at + 3u]; let values = plan[at + 4u]; let power = plan[at + 5u];
  for (var j = lane; j < call.N / 2u; j += call.team) {
    let k = pairOf(at, j);
    let a = ${amp}[origin + k.x]; let b = ${amp}[origin + k.y];
    if (plan[at] == ${String(pairs)}u) {
      if ((k.x & controls) != values) { continue; }
      ${amp}[origin + k.x] = f.x * a + f.y * turned(signOf(k.y & z) * b, power);
      ${amp}[origin + k.y] = f.x * b + f.y * turned(signOf(k.x & z) * a, power);
    } else {
      if ((k.x & controls) == values) { ${amp}[origin + k.x] = times(a, vec2<f32>(f.x, -f.y * signOf(k.x & z))); }
      if ((k.y & controls) == values) { ${amp}[origin + k.y] = times(b, vec2<f32>(f.x, -f.y * signOf(k.y & z))); }
    }
  }
}
/** A matrix, or its adjoint, on the states that begin at \`origin\`. */
fn multiply(origin : u32, at : u32, adjoint : bool) {
  let bits = plan[at + 1u]; let matrix = plan[at + 6u]; let wires = plan[at + 7u]; let size = 1u << wires;
  for (var k = lane; k < call.N; k += call.team) {
    var row = 0u;
    for (var w = 0u; w < wires; w++) { row = 2u * row + select(0u, 1u, (k & plan[matrix + w]) != 0u); }
    var sum = vec2<f32>(0.0);
    for (var column = 0u; column < size; column++) {
      var source = k & ~bits;
      for (var w = 0u; w < wires; w++) { source |= select(0u, plan[matrix + w], (column & (size >> (w + 1u))) != 0u); }
      let entry = matrix + wires + 2u * select(row * size + column, column * size + row, adjoint);
      let u = vec2<f32>(bitcast<f32>(plan[entry]), bitcast<f32>(plan[entry + 1u]));
      sum += times(select(u, vec2<f32>(u.x, -u.y), adjoint), ${amp}[origin + source]);
    }
    work[own + call.spareAt + k] = sum;
  }
  workgroupBarrier(); storageBarrier();
  for (var k = lane; k < call.N; k += call.team) { ${amp}[origin + k] = work[own + call.spareAt + k]; }
}
fn forward() {
  start();
  sync();
  for (var gate = 0u; gate < call.gates; gate++) {
    let at = ${String(GATE)}u * gate;
    if (plan[at] == ${String(GATE_KINDS.dense)}u) { multiply(base, at, false); } else { turn(base, at, trig[one * call.gates + gate]); }
    sync();
  }
}
`;
}

/** `observe`: the expectation values of all words, or the state. */
function observeCode({ local, workgroup }: CircuitForm): string {
  const amp = ampOf(local);
  return `
/** This invocation's part of the expectation value of a word. */
fn partOf(word : u32) -> f32 {
  let x = plan[call.observedAt + 2u * word]; let z = plan[call.observedAt + 2u * word + 1u];
  var sum = 0.0;
  for (var k = lane; k < call.N; k += call.team) { sum += dot(${amp}[base + k], pauli(base, x, z, k)); }
  return sum;
}
fn observe(index : u32, local : u32) {
  for (var word = 0u; word < call.observed; word++) {
    let slot = word % ${String(PARTS / workgroup)}u;
    parts[slot * ${String(workgroup)}u + local] = partOf(word);
    if (slot == ${String(PARTS / workgroup - 1)}u || word + 1u == call.observed) { addValues(index, local, word - slot, slot + 1u); }
  }
  if (call.observed != 0u) { return; }
    for (var k = lane; k < call.N; k += call.team) {
    value[2u * one * call.N + k] = ${amp}[base + k].x;
    value[(2u * one + 1u) * call.N + k] = ${amp}[base + k].y;
  }
}
${sumsOver(workgroup, "addValues", "value[sample * call.observed + first + slot]")}`;
}

/** `fn name(index, local, first, slots)`: the sums over the teams of what lies in \`parts\`, to their places. */
function sumsOver(workgroup: number, name: string, target: string): string {
  return `
fn ${name}(index : u32, local : u32, first : u32, slots : u32) {
  workgroupBarrier();
  for (var i = local; i < slots * call.samples; i += ${String(workgroup)}u) {
    let slot = i % slots; let team = i / slots; let sample = index * call.samples + team;
    var sum = 0.0;
    for (var l = 0u; l < call.team; l++) { sum += parts[slot * ${String(workgroup)}u + team * call.team + l]; }
    if (sample < call.total) { ${target} = sum; }
  }
  workgroupBarrier();
}`;
}

/** One program for each form. */
function remembered(make: (form: CircuitForm) => GpuProgram): (form: CircuitForm) => GpuProgram {
  const known = new Map<string, GpuProgram>();
  return (form) => {
    const key = `${String(form.local)} ${String(form.workgroup)}`;
    const program = known.get(key) ?? make(form);
    known.set(key, program);
    return program;
  };
}

/** Values of all words, or the states. */
export const values: (form: CircuitForm) => GpuProgram = remembered((form) => ({
  ...{ name: "circuit", together: true, workgroup: form.workgroup },
  ...{ reads: READS, writes: { work: "vec2<f32>", value: "f32" }, numbers: NUMBERS },
  code: `
${stateCode(form)} ${gateCode(form)} ${observeCode(form)}
fn group(index : u32, local : u32) {
  place(index, local);
  forward();
  observe(index, local);
}`,
}));

/** `bars`: of each sample and gate, the derivative by the gate's angle as `trig` has it; the cotangent of the first state. */
export const gradients: (form: CircuitForm) => GpuProgram = remembered((form) => {
  const amp = ampOf(form.local);
  const slots = PARTS / form.workgroup;
  return {
    ...{ name: "circuit, gradient", together: true, workgroup: form.workgroup },
    reads: { ...READS, dy: "f32" },
    writes: { work: "vec2<f32>", bars: "f32", value: "f32" },
    numbers: NUMBERS,
    code: `
${stateCode(form)} ${gateCode(form)} ${observeCode(form)}
/** λ: twice the words' sum on ψ, or the cotangent of the state. */
fn cotangent() {
  for (var k = lane; k < call.N; k += call.team) {
    var lambda = vec2<f32>(0.0);
    for (var word = 0u; word < call.observed; word++) {
      let at = call.observedAt + 2u * word;
      lambda += 2.0 * dy[one * call.observed + word] * pauli(base, plan[at], plan[at + 1u], k);
    }
    if (call.observed == 0u) { lambda = vec2<f32>(dy[2u * one * call.N + k], dy[(2u * one + 1u) * call.N + k]); }
    ${amp}[base + call.N + k] = lambda;
  }
}
/** This invocation's part of Im⟨λ|P|ψ⟩ where the gate acts. */
fn slope(at : u32) -> f32 {
  if (plan[at + 8u] == 0u) { return 0.0; }
  let x = plan[at + 1u]; let z = plan[at + 2u]; let controls = plan[at + 3u]; let values = plan[at + 4u];
  var sum = 0.0;
  for (var j = lane; j < call.N / 2u; j += call.team) {
    let k = pairOf(at, j);
    if ((k.x & controls) == values) { sum += turnBetween(${amp}[base + call.N + k.x], pauli(base, x, z, k.x)); }
    if ((k.y & controls) == values) { sum += turnBetween(${amp}[base + call.N + k.y], pauli(base, x, z, k.y)); }
  }
  return sum;
}
fn back(gate : u32) {
  let at = ${String(GATE)}u * gate;
  if (plan[at] == ${String(GATE_KINDS.dense)}u) {
    multiply(base, at, true);
    multiply(base + call.N, at, true);
  } else {
    let f = trig[one * call.gates + gate] * vec2<f32>(1.0, select(-1.0, 1.0, plan[at + 7u] == 1u));
    turn(base, at, f);
    turn(base + call.N, at, f);
  }
}
${sumsOver(form.workgroup, "addBars", "bars[sample * call.gates + call.gates - 1u - first - slot]")}
fn group(index : u32, local : u32) {
  place(index, local);
  forward();
  if (call.withValue != 0u) { observe(index, local); }
  cotangent();
  sync();
  for (var done = 0u; done < call.gates; done++) {
    let gate = call.gates - 1u - done; let slot = done % ${String(slots)}u;
    parts[slot * ${String(form.workgroup)}u + local] = slope(${String(GATE)}u * gate);
    back(gate);
    sync();
    if (slot == ${String(slots - 1)}u || gate == 0u) { addBars(index, local, done - slot, slot + 1u); }
  }
  if (call.given == 0u) { return; }
  for (var k = lane; k < call.N; k += call.team) { work[own + call.lambdaAt + k] = ${amp}[base + call.N + k]; }
}`,
  };
});

/** Of each sample the gradient by the columns of a table, from the derivatives by the gates' angles. */
export function columnBars(to: string): GpuProgram {
  return {
    name: "circuit, columns",
    reads: { plan: "u32", bars: "f32" },
    writes: { [to]: "f32" },
    numbers: { columns: "u32", listAt: "u32", gates: "u32" },
    code: `
fn item(index : u32) {
  let list = call.listAt + index % call.columns; let pairs = call.listAt + call.columns + 1u; let one = index / call.columns;
  var sum = 0.0;
  for (var i = pairs + plan[list]; i < pairs + plan[list + 1u]; i += 2u) {
    sum += bitcast<f32>(plan[i + 1u]) * bars[one * call.gates + plan[i]];
  }
  ${to}[index] = sum;
}`,
  };
}

/** Real and imaginary parts of the cotangents of the first states. */
export function stateBars(re: string, im: string): GpuProgram {
  return {
    name: "circuit, states",
    reads: { work: "vec2<f32>" },
    writes: { [re]: "f32", [im]: "f32" },
    numbers: { N: "u32", stride: "u32", lambdaAt: "u32" },
    code: `
fn item(index : u32) {
  let lambda = work[(index / call.N) * call.stride + call.lambdaAt + index % call.N];
  ${re}[index] = lambda.x;
  ${im}[index] = lambda.y;
}`,
  };
}
