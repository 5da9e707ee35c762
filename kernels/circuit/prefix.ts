// The beginning of a circuit from |0…0⟩: while a wire has met no other, it is a state of its own, and so the first
// rotations act on vectors of two entries instead of 2^n.

import { eulerAngles } from "./lower.js";
import { constantAngle, ones } from "./program.js";
import type { Step } from "./lower.js";
import type { Angle, Primitive, Unitary } from "./program.js";

/** A rotation of one wire about one axis. */
export type WireRotation = {
  readonly bit: number;
  readonly axis: "x" | "y" | "z";
  readonly angle: Angle;
};

/** The product state, the global phases that this takes, and the primitives after it. */
export type Prefix = {
  readonly rotations: readonly WireRotation[];
  readonly phases: readonly Step[];
  readonly rest: readonly Primitive[];
};

type Taken = Pick<Prefix, "rotations" | "phases">;

function bitsOfPrimitive(primitive: Primitive, n: number): number {
  if (primitive.kind === "unitary")
    return primitive.wires.reduce((all, q) => all | (1 << (n - 1 - q)), 0);
  const { controls } = primitive;
  if (primitive.kind === "phase") return controls;
  return controls | primitive.x | (primitive.kind === "flip" ? 0 : primitive.z);
}

function globalPhase(angle: Angle, weight: number): Step {
  return { kind: "phase", controls: 0, values: 0, z: 0, weight, angle };
}

function ofUnitary(unitary: Unitary, bit: number): Taken {
  const { phase, after, turn, before } = eulerAngles(unitary);
  const about = (axis: "y" | "z", radians: number): WireRotation => ({
    bit,
    axis,
    angle: constantAngle(radians),
  });
  return {
    rotations: [about("z", before), about("y", turn), about("z", after)],
    phases: [globalPhase(constantAngle(phase), 1)],
  };
}

function scaled({ table, column, factor, offset }: Angle, by: number): Angle {
  return { table, column, factor: factor * by, offset: offset * by };
}

/** A primitive on one bit as rotations of it. */
function taken(primitive: Primitive, bit: number): Taken {
  switch (primitive.kind) {
    case "unitary":
      return ofUnitary(primitive, bit);
    case "flip":
      return {
        rotations: [{ bit, axis: "x", angle: constantAngle(Math.PI) }],
        phases: [globalPhase(constantAngle(Math.PI / 2), 1)],
      };
    case "phase": {
      const angle = scaled(primitive.angle, primitive.values === 0 ? -1 : 1);
      return {
        rotations: [{ bit, axis: "z", angle }],
        phases: [globalPhase(primitive.angle, 0.5)],
      };
    }
    case "rotation": {
      const axis = primitive.x === 0 ? "z" : primitive.z === 0 ? "x" : "y";
      return { rotations: [{ bit, axis, angle: primitive.angle }], phases: [] };
    }
  }
}

/** Splits a circuit on n wires. */
export function prefixOf(primitives: readonly Primitive[], n: number): Prefix {
  const rotations: WireRotation[] = [];
  const phases: Step[] = [];
  const rest: Primitive[] = [];
  let closed = 0;
  for (const primitive of primitives) {
    const bits = bitsOfPrimitive(primitive, n);
    if (ones(bits) === 1 && (bits & closed) === 0) {
      const part = taken(primitive, bits);
      rotations.push(...part.rotations);
      phases.push(...part.phases);
    } else {
      closed |= bits;
      rest.push(primitive);
    }
  }
  // Stable: in order of time for each wire.
  rotations.sort((a, b) => a.bit - b.bit);
  return { rotations, phases, rest };
}
