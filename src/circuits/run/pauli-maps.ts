// What gates and channels do to vectors of Pauli expectation values, `r_P = tr(P ρ)` over all 4^n words: real linear
// maps, each a few exchanges of entries with weights. Constant maps are made here once; angles stay symbols.

import type { Angle, Primitive } from "../../../kernels/circuit/index.js";
import { ArgumentError } from "../../errors.js";
import { pauliRotation } from "../gates/matrices.js";
import { controlledMatrix, diagonalMatrix, matrix, type MatrixData } from "../matrix.js";
import { krausOperators } from "../noise/channels.js";
import { rotationSigns, summandsOf, transferMatrix, type Summand } from "../noise/transfer.js";
import { pauliMatrix, wordOf } from "../pauli.js";
import { compile, type Compiled } from "../program/compile.js";
import { withOperations } from "./prefix.js";
import type { CircuitData } from "../circuit.js";
import type { Operation } from "../operation.js";

/** A constant map, or a rotation about a word by an angle. */
export type PauliMap =
  | { readonly kind: "constant"; readonly summands: readonly Summand[] }
  | { readonly kind: "rotation"; readonly signs: Summand; readonly angle: Angle };

/** Maps between two channels, with the tables that their angles point into. */
export type Section = Pick<Compiled, "shared" | "sample"> & { readonly maps: readonly PauliMap[] };

/** Most wires of a matrix that is applied as a whole. */
const MOST_MATRIX_WIRES = 4;
/** Constant gates on up to so many wires are one map; beyond, they are rotations. */
const MOST_CONSTANT_WIRES = 3;

function wiresOfBits(bits: number, n: number): readonly number[] {
  return Array.from({ length: n }, (_, q) => q).filter((q) => (bits >> (n - 1 - q)) & 1);
}

const valuesOn = (wires: readonly number[], values: number, n: number): readonly number[] =>
  wires.map((q) => (values >> (n - 1 - q)) & 1);

function constantMap(U: MatrixData, wires: readonly number[], n: number): PauliMap {
  return { kind: "constant", summands: summandsOf(transferMatrix([U]), wires, n) };
}

/** The matrix of a primitive without symbols on the wires that it acts on, controls first; null where it has some. */
function constantMatrix(
  primitive: Exclude<Primitive, { kind: "unitary" }>,
  n: number,
): readonly [matrix: MatrixData, wires: readonly number[]] | null {
  const controls = wiresOfBits(primitive.controls, n);
  const values = valuesOn(controls, primitive.values, n);
  if (primitive.kind === "flip") {
    const targets = wiresOfBits(primitive.x, n);
    return [controlledMatrix(pauliMatrix("X".repeat(targets.length)), values), [...controls, ...targets]]; // prettier-ignore
  }
  if (primitive.angle.table !== "none") return null;
  const t = primitive.angle.offset;
  if (primitive.kind === "phase") {
    const unit = diagonalMatrix([Math.cos(t)], [Math.sin(t)]);
    return [controlledMatrix(unit, values), controls];
  }
  const targets = wiresOfBits(primitive.x | primitive.z, n);
  const whole = wordOf(primitive.x, primitive.z, n);
  const word = targets.map((q) => whole[q]!).join("");
  return [controlledMatrix(pauliRotation(word, t), values), [...controls, ...targets]];
}

/** The projector on the values of controls as words of Zs with their weights, the empty one first. */
function projectorWords(
  controls: number,
  values: number,
  n: number,
): readonly { readonly z: number; readonly weight: number }[] {
  return wiresOfBits(controls, n).reduce<{ z: number; weight: number }[]>(
    (words, q) => {
      const bit = 1 << (n - 1 - q);
      const sign = values & bit ? -1 : 1;
      return words.flatMap(({ z, weight }) => [
        { z, weight: weight / 2 },
        { z: z | bit, weight: (sign * weight) / 2 },
      ]);
    },
    [{ z: 0, weight: 1 }],
  );
}

const scaled = (angle: Angle, by: number): Angle =>
  ({ ...angle, factor: angle.factor * by, offset: angle.offset * by }); // prettier-ignore

/** A controlled rotation or phase as rotations about words that commute. */
function rotations(
  { x, z, controls, values, angle }: { readonly x: number; readonly z: number; readonly controls: number; readonly values: number; readonly angle: Angle }, // prettier-ignore
  n: number,
): readonly PauliMap[] {
  return projectorWords(controls, values, n).flatMap((own): readonly PauliMap[] => {
    const word = wordOf(x, z | own.z, n);
    if (/^I*$/u.test(word)) return [];
    return [{ kind: "rotation", signs: rotationSigns(word), angle: scaled(angle, own.weight) }];
  });
}

function mapsOf(primitive: Primitive, n: number): readonly PauliMap[] {
  if (primitive.kind === "unitary") {
    const { wires, re, im } = primitive;
    if (wires.length > MOST_MATRIX_WIRES) {
      throw new ArgumentError(`density: argument \`circuit\` must have matrices on at most ${MOST_MATRIX_WIRES} wires, but has one on ${wires.length}.`); // prettier-ignore
    }
    const size = 2 ** wires.length;
    const rows = (flat: readonly number[]): number[][] =>
      Array.from({ length: size }, (_, i) => flat.slice(i * size, (i + 1) * size));
    return [constantMap(matrix(rows(re), rows(im)), wires, n)];
  }
  const constant = constantMatrix(primitive, n);
  if (constant !== null && constant[1].length <= MOST_CONSTANT_WIRES) {
    return constant[1].length === 0 ? [] : [constantMap(...constant, n)];
  }
  const { controls, values } = primitive;
  if (primitive.kind === "rotation") return rotations(primitive, n);
  // exp(iθ Π) has words with −2θ.
  const phase = (angle: Angle): readonly PauliMap[] =>
    rotations({ x: 0, z: 0, controls, values, angle: scaled(angle, -2) }, n);
  if (primitive.kind === "phase") return phase(primitive.angle);
  // A controlled X is exp(iπ/2 Π (1 − X)).
  const turn = { table: "none", column: 0, factor: 0 } as const;
  const half = { ...turn, offset: Math.PI };
  return [
    ...phase({ ...turn, offset: Math.PI / 2 }),
    ...rotations({ x: primitive.x, z: 0, controls, values, angle: half }, n),
  ];
}

function gatesSection(circuit: CircuitData, operations: readonly Operation[]): Section {
  const { program, shared, sample } = compile(withOperations(circuit, operations), { globalPhase: false }); // prettier-ignore
  return { shared, sample, maps: program.primitives.flatMap((own) => mapsOf(own, circuit.wires)) };
}

const CACHE = new WeakMap<CircuitData["operations"], Map<string, readonly Section[]>>();

/** The maps of a circuit in time order, made once for its structure. */
export function sections(circuit: CircuitData): readonly Section[] {
  const known = CACHE.get(circuit.operations) ?? new Map<string, readonly Section[]>();
  CACHE.set(circuit.operations, known);
  const key = JSON.stringify([circuit.wires, circuit.parameters, circuit.features]);
  const made = known.get(key) ?? sectionsAnew(circuit);
  known.set(key, made);
  return made;
}

/** Stretches of gates, and the channels between them one by one. */
export function stretches(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const out: Operation[][] = [];
  let open = false;
  for (const own of operations) {
    if (own.kind === "barrier") continue;
    if (own.kind === "gate" && open) out.at(-1)!.push(own);
    else out.push([own]);
    open = own.kind === "gate";
  }
  return out;
}

function sectionsAnew(circuit: CircuitData): readonly Section[] {
  return stretches(circuit.operations).map((own) => {
    const [first] = own;
    if (first!.kind !== "channel") return gatesSection(circuit, own);
    const R = transferMatrix(krausOperators(first!));
    const summands = summandsOf(R, first!.wires, circuit.wires);
    return { shared: [], sample: [], maps: [{ kind: "constant", summands }] };
  });
}
