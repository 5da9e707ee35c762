// A program as the words that gates.wgsl.ts reads: gates, matrices, Pauli words, and which gates an entry of a table turns.
// Derived from the structure of a program; values stay in the tables.

import { wordOf } from "../runtime/host/words.js";
import { ones } from "./program.js";
import type { CircuitAttrs } from "./contract.js";
import type { Angle, GateProgram, PauliWord, Primitive, Unitary } from "./program.js";

/** Words of a gate. */
export const GATE = 12;

/** Gates on pairs of amplitudes k and k ^ x, diagonal ones, and dense matrices. */
export const GATE_KINDS = { pairs: 0, diagonal: 1, dense: 2 } as const;

const TABLES = { none: 0, shared: 1, sample: 2 } as const;

/** What the device needs of a program and its output. */
export type GpuPlan = {
  readonly words: Uint32Array;
  readonly gates: number;
  /** Where the Pauli words begin, and how many there are; none for a state. */
  readonly observed: { readonly at: number; readonly count: number };
  /** Where the lists of gates begin that the columns of a table turn. */
  readonly columns: Readonly<Record<"shared" | "sample", number>>;
  /** Whether matrices need a spare state. */
  readonly dense: boolean;
};

/** `scale · angle` as it is needed: cosine and sine where it is constant, else factor and offset. */
function angleWords({ table, column, factor, offset }: Angle, scale: number): number[] {
  const [first, second] =
    table === "none"
      ? [Math.cos(scale * offset), Math.sin(scale * offset)]
      : [scale * factor, scale * offset];
  return [TABLES[table], column, wordOf(first), wordOf(second)];
}

/** Half a rotation's angle; a phase is a diagonal rotation of the other sign by all of its angle. */
const SCALES = { rotation: 0.5, phase: -1 } as const;

/** A flip turns by a right angle, without the factor that a rotation has: its inverse is itself. */
const FLIPPED = { power: 0, angle: [TABLES.none, 0, wordOf(0), wordOf(1)] } as const;

/** kind, x, z, controls, values, power of i, pivot, whether it is its own inverse, angle. */
function gateWords(primitive: Exclude<Primitive, Unitary>): number[] {
  const { controls, values } = primitive;
  if (primitive.kind === "flip") {
    const { x } = primitive;
    return [
      ...[GATE_KINDS.pairs, x, 0, controls, values, FLIPPED.power, x & -x, 1],
      ...FLIPPED.angle,
    ];
  }
  const angle = angleWords(primitive.angle, SCALES[primitive.kind]);
  if (primitive.kind === "phase")
    return [GATE_KINDS.diagonal, 0, 0, controls, values, 0, 0, 0, ...angle];
  const { x, z } = primitive;
  const kind = x === 0 ? GATE_KINDS.diagonal : GATE_KINDS.pairs;
  // −i i^|x & z|.
  return [kind, x, z, controls, values, (ones(x & z) + 3) % 4, x & -x, 0, ...angle];
}

/** kind, bits it acts on, 0, controls that always hold, where its matrix begins, number of wires. */
function denseWords({ wires }: Unitary, n: number, at: number): number[] {
  const bits = wires.reduce((all, q) => all | (1 << (n - 1 - q)), 0);
  return [GATE_KINDS.dense, bits, 0, 0, 0, 0, at, wires.length, TABLES.none, 0, 0, 0];
}

/** Bits of the wires, most significant first, then the entries. */
function matrixWords({ wires, re, im }: Unitary, n: number): number[] {
  const bits = wires.map((q) => 1 << (n - 1 - q));
  return [...bits, ...re.flatMap((x, i) => [wordOf(x), wordOf(im[i]!)])];
}

type Share = { readonly gate: number; readonly column: number; readonly factor: number };

function sharesOf({ primitives }: GateProgram, table: "shared" | "sample"): Share[] {
  return primitives.flatMap((primitive, gate) => {
    if (!("angle" in primitive) || primitive.angle.table !== table) return [];
    const { column, factor } = primitive.angle;
    return [{ gate, column, factor: SCALES[primitive.kind] * factor }];
  });
}

/** Bounds of the columns' lists, in pairs from the end of the bounds on, then pairs of gate and factor. */
function columnWords(program: GateProgram, table: "shared" | "sample"): number[] {
  const shares = sharesOf(program, table);
  const bounds = [0];
  const pairs: number[] = [];
  for (let column = 0; column < program[table]; column++) {
    for (const share of shares.filter((one) => one.column === column))
      pairs.push(share.gate, wordOf(share.factor));
    bounds.push(pairs.length);
  }
  return [...bounds, ...pairs];
}

function makePlan(program: GateProgram, words: readonly PauliWord[]): GpuPlan {
  const { primitives, wires: n } = program;
  const gates: number[] = [];
  const rest: number[] = words.flatMap(({ x, z }) => [x, z]);
  const behind = GATE * primitives.length;
  for (const primitive of primitives) {
    if (primitive.kind !== "unitary") gates.push(...gateWords(primitive));
    else {
      gates.push(...denseWords(primitive, n, behind + rest.length));
      rest.push(...matrixWords(primitive, n));
    }
  }
  const shared = behind + rest.length;
  rest.push(...columnWords(program, "shared"));
  const sample = behind + rest.length;
  rest.push(...columnWords(program, "sample"));
  return {
    words: Uint32Array.from([...gates, ...rest], (word) => word >>> 0),
    gates: primitives.length,
    observed: { at: behind, count: words.length },
    columns: { shared, sample },
    dense: primitives.some(({ kind }) => kind === "unitary"),
  };
}

const plans = new WeakMap<GateProgram, Map<string, GpuPlan>>();

/** The plan of a program, made once for each output. */
export function gpuPlanOf({ program, output }: CircuitAttrs): GpuPlan {
  const known = plans.get(program) ?? new Map<string, GpuPlan>();
  plans.set(program, known);
  const words = output === "state" ? [] : output;
  const key = words.map(({ x, z }) => `${String(x)} ${String(z)}`).join();
  const plan = known.get(key) ?? makePlan(program, words);
  known.set(key, plan);
  return plan;
}
