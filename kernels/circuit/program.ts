// A circuit as the kernel takes it: primitives that act on the bits of amplitude indices, and angles that point into
// two tables. Values never stand here; how primitives become passes over the state is plan.ts.

/**
 * Where an angle comes from: `factor · table[column] + offset`. A column of the table that all samples share
 * (`shared [P, nS]`), or of the table with a row for each sample (`sample [P or 1, B, nX]`), or no column: `offset`.
 */
export type Angle = {
  readonly table: "shared" | "sample" | "none";
  readonly column: number;
  readonly factor: number;
  readonly offset: number;
};

/**
 * A condition on the index k of an amplitude: `(k & controls) === values`. Wire q of n is bit `1 << (n - 1 - q)`: wire
 * 0 is the most significant. `controls: 0` holds for all.
 */
type Controlled = { readonly controls: number; readonly values: number };

/**
 * `exp(-i angle P / 2)` where the condition holds. P is a Pauli word: X on the bits of x alone, Z on those of z alone,
 * Y on those of both. The condition is on other bits than P.
 */
export type Rotation = Controlled & {
  readonly kind: "rotation";
  readonly x: number;
  readonly z: number;
  readonly angle: Angle;
};

/** `exp(i angle)` where the condition holds; without one, a global phase. */
export type Phase = Controlled & { readonly kind: "phase"; readonly angle: Angle };

/** Index k to `k ^ x` where the condition holds, which is on other bits than x. */
export type Flip = Controlled & { readonly kind: "flip"; readonly x: number };

/** A constant unitary matrix on some wires, row-major; the first wire is the most significant bit of its indices. */
export type Unitary = {
  readonly kind: "unitary";
  readonly wires: readonly number[];
  readonly re: readonly number[];
  readonly im: readonly number[];
};

/** One step of a program. */
export type Primitive = Rotation | Phase | Flip | Unitary;

/** A circuit; what is derived from it is cached by its identity, so build it once. */
export type GateProgram = {
  readonly wires: number;
  readonly primitives: readonly Primitive[];
  /** Columns of the two tables. */
  readonly shared: number;
  readonly sample: number;
};

/** A Pauli word on the bits of x and z, as in {@link Rotation}; `{ x: 0, z: 0 }` is the identity. */
export type PauliWord = { readonly x: number; readonly z: number };

/** Most wires. */
export const MAX_WIRES = 20;

/** An angle that is known. */
export function constantAngle(offset: number): Angle {
  return { table: "none", column: 0, factor: 0, offset };
}

/** `factor · table[column] + offset`. */
export function angleOf(table: "shared" | "sample", column: number, factor = 1, offset = 0): Angle {
  return { table, column, factor, offset };
}

/** The bits of some of n wires. */
export function bitsOf(wires: readonly number[], n: number): number {
  return wires.reduce((bits, q) => bits | (1 << (n - 1 - q)), 0);
}

/** A word like `"XIZ"`, wire 0 first. */
export function pauliWord(letters: string): PauliWord {
  const n = letters.length;
  const having = (set: string): number =>
    bitsOf(
      [...letters].flatMap((letter, q) => (set.includes(letter) ? [q] : [])),
      n,
    );
  return { x: having("XY"), z: having("ZY") };
}

/** Number of ones of a bit pattern. */
export function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function faultOf(primitive: Primitive, { wires: n, shared, sample }: GateProgram): string | null {
  const inside = (bits: number): boolean => bits >= 0 && bits < 1 << n;
  if (primitive.kind === "unitary") {
    const { wires, re, im } = primitive;
    const distinct = new Set(wires).size === wires.length && wires.length > 0;
    if (!distinct || wires.some((q) => !(q >= 0 && q < n))) return "wires that do not exist";
    const entries = 4 ** wires.length;
    return re.length === entries && im.length === entries ? null : "a matrix of another size";
  }
  const { controls, values } = primitive;
  const acted =
    primitive.kind === "phase"
      ? 0
      : primitive.kind === "flip"
        ? primitive.x
        : primitive.x | primitive.z;
  if (!inside(controls) || !inside(acted)) return "wires that do not exist";
  if ((values & ~controls) !== 0) return "values where it has no controls";
  if ((controls & acted) !== 0) return "controls on wires that it acts on";
  if (primitive.kind === "flip") return null;
  const { table, column } = primitive.angle;
  const columns = table === "shared" ? shared : table === "sample" ? sample : Infinity;
  return column >= 0 && column < columns ? null : `column ${String(column)} of table ${table}`;
}

/**
 * A program, its masks and columns checked.
 *
 * @throws RangeError that names the first primitive at fault.
 */
export function gateProgram(
  wires: number,
  primitives: readonly Primitive[],
  columns: { readonly shared: number; readonly sample: number },
): GateProgram {
  if (!Number.isInteger(wires) || wires < 1 || wires > MAX_WIRES)
    throw new RangeError(
      `gateProgram: argument \`wires\` must be from 1 to ${String(MAX_WIRES)}, but is ${String(wires)}.`,
    );
  const program = { wires, primitives, ...columns };
  primitives.forEach((primitive, i) => {
    const fault = faultOf(primitive, program);
    if (fault !== null)
      throw new RangeError(
        `gateProgram: argument \`primitives[${String(i)}]\` must fit the program, but has ${fault}.`,
      );
  });
  return program;
}
