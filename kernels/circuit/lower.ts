// Primitives as four kinds of steps: flips of bits, phases, rotations by RY on one bit, and dense blocks. Exact, and
// independent of the angles' values. Derivation: README.md, "Lowering".

import { constantAngle, ones } from "./program.js";
import type { Angle, Flip, Phase, Primitive, Rotation, Unitary } from "./program.js";

/** Phase `weight · angle · (-1)^|k & z|` of the amplitudes k with `(k & controls) === values`. */
export type PhaseStep = {
  readonly kind: "phase";
  readonly controls: number;
  readonly values: number;
  readonly z: number;
  readonly weight: number;
  readonly angle: Angle;
};

/** `RY(weight · angle)` on one bit. */
export type TurnStep = {
  readonly kind: "turn";
  readonly bit: number;
  readonly weight: number;
  readonly angle: Angle;
};

/** A step of the normal form. */
export type Step = PhaseStep | TurnStep | Flip | Unitary;

/** Phase `radians` where all of some bits are set. */
function phaseWhere(bits: number, radians: number): PhaseStep {
  const angle = constantAngle(radians);
  return { kind: "phase", controls: bits, values: bits, z: 0, weight: 1, angle };
}

/** `RZ(angle)` on a bit, or of a word of Zs. */
function zRotation(z: number, angle: Angle, { controls = 0, values = 0 } = {}): PhaseStep {
  return { kind: "phase", controls, values, z, weight: -0.5, angle };
}

/** RY on a bit where the condition holds: half of it, and half of it between two signs. */
function turns(bit: number, weight: number, { controls, values, angle }: Rotation): Step[] {
  const turn = (w: number): TurnStep => ({ kind: "turn", bit, weight: w, angle });
  if (controls === 0) return [turn(weight)];
  const sign: PhaseStep = {
    kind: "phase",
    controls: controls | bit,
    values: values | bit,
    z: 0,
    weight: 1,
    angle: constantAngle(Math.PI),
  };
  return [turn(weight / 2), sign, turn(-weight / 2), sign];
}

/** Signs between a bit and each of some others. */
function signsWith(bit: number, others: number): Step[] {
  const steps: Step[] = [];
  for (let rest = others; rest !== 0; rest &= rest - 1)
    steps.push(phaseWhere(bit | (rest & -rest), Math.PI));
  return steps;
}

/**
 * V, RY on a pivot bit, V†: V turns the word into ±Y on its pivot, by a controlled flip of the other bits of x, signs
 * with the other bits of z, and a quarter turn about Z.
 */
function rotationSteps(rotation: Rotation): Step[] {
  const { x, z, controls, values, angle } = rotation;
  if (x === 0) return [zRotation(z, angle, { controls, values })];
  const pivot = x & -x;
  const others = x ^ pivot;
  const flip: Step[] =
    others === 0 ? [] : [{ kind: "flip", controls: pivot, values: pivot, x: others }];
  const zAfter = z ^ (ones(z & others) % 2 === 1 ? pivot : 0);
  const signs = signsWith(pivot, zAfter & ~pivot);
  const isY = (zAfter & pivot) !== 0;
  const quarter = (radians: number): Step[] =>
    isY ? [] : [zRotation(pivot, constantAngle(radians))];
  // i^|x & z| X^pivot, or that times Z^pivot = -i Y, is ±1 times the letter.
  const weight = ones(x & z) % 4 < 2 ? 1 : -1;
  const into = [...flip, ...signs, ...quarter(Math.PI / 2)];
  const back = [...quarter(-Math.PI / 2), ...signs, ...flip];
  return [...into, ...turns(pivot, weight, rotation), ...back];
}

function phaseSteps({ controls, values, angle }: Phase): Step[] {
  return [{ kind: "phase", controls, values, z: 0, weight: 1, angle }];
}

/** Angles of `U = exp(i phase) RZ(after) RY(turn) RZ(before)`. */
export type EulerAngles = {
  readonly phase: number;
  readonly after: number;
  readonly turn: number;
  readonly before: number;
};

/** The angles of a matrix of two rows, from the arguments of its two largest entries and one of the others. */
export function eulerAngles({ re, im }: Pick<Unitary, "re" | "im">): EulerAngles {
  const size = (i: number): number => Math.hypot(re[i]!, im[i]!);
  const argument = (i: number): number => (size(i) > 1e-12 ? Math.atan2(im[i]!, re[i]!) : NaN);
  const or = (x: number, y: number): number => (Number.isNaN(x) ? y : x);
  const turn = 2 * Math.atan2(size(2), size(0));
  const diagonal = size(0) > size(2);
  const [first, second] = diagonal
    ? [argument(0), argument(3)]
    : [argument(1) + Math.PI, argument(2)];
  const phase = (first + second) / 2;
  const sum = diagonal ? second - first : 2 * (phase - or(argument(0), phase));
  const difference = diagonal ? 2 * (or(argument(2), phase) - phase) : second - first;
  return { phase, after: (sum + difference) / 2, turn, before: (sum - difference) / 2 };
}

function unitarySteps(unitary: Unitary, n: number): Step[] {
  if (unitary.wires.length > 1) return [unitary];
  const bit = 1 << (n - 1 - unitary.wires[0]!);
  const { phase, after, turn, before } = eulerAngles(unitary);
  return [
    phaseWhere(0, phase),
    zRotation(bit, constantAngle(before)),
    { kind: "turn", bit, weight: 1, angle: constantAngle(turn) },
    zRotation(bit, constantAngle(after)),
  ];
}

/** The steps of a primitive, in order of time. */
export function stepsOf(primitive: Primitive, n: number): Step[] {
  switch (primitive.kind) {
    case "rotation":
      return rotationSteps(primitive);
    case "phase":
      return phaseSteps(primitive);
    case "flip":
      return [primitive];
    case "unitary":
      return unitarySteps(primitive, n);
  }
}
