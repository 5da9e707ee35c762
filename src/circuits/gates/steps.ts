// The four primitives that every gate is lowered to, as steps on a gate's own wires and parameters.

/** `a · parameter + b` of a gate's own parameters; without a parameter, the constant b. */
export type StepAngle = { readonly param: number | null; readonly a: number; readonly b: number };

/**
 * One primitive on the wires of a gate, counted from 0: ROT `exp(−i angle P/2)`, PHASE `exp(i angle)` where all
 * wires are 1, MCX a controlled X, SCALE `exp(−i angle)`. A bare step needs no control when its gate gets one,
 * since another bare step undoes it.
 */
export type Step =
  | {
      readonly op: "ROT";
      readonly word: string;
      readonly wires: readonly number[];
      readonly angle: StepAngle;
    }
  | { readonly op: "PHASE"; readonly wires: readonly number[]; readonly angle: StepAngle }
  | {
      readonly op: "MCX";
      readonly controls: readonly number[];
      readonly target: number;
      readonly bare?: true;
    }
  | { readonly op: "SCALE"; readonly angle: StepAngle };

/** `a · parameter + b`. */
export function param(index: number, a = 1, b = 0): StepAngle {
  return { param: index, a, b };
}

/** A constant angle. */
export function fixed(b: number): StepAngle {
  return { param: null, a: 0, b };
}

/** A rotation about a Pauli word, on the first wires unless told otherwise. */
export function rot(word: string, angle: StepAngle, wires?: readonly number[]): Step {
  return { op: "ROT", word, wires: wires ?? Array.from(word, (_, i) => i), angle };
}

/** A phase where all wires are 1. */
export function phase(angle: StepAngle, wires: readonly number[] = [0]): Step {
  return { op: "PHASE", wires, angle };
}

/** X on the target where the controls are 1. */
export function mcx(controls: readonly number[], target: number): Step {
  return { op: "MCX", controls, target };
}

/** {@link mcx} that needs no control. */
export function bareMcx(control: number, target: number): Step {
  return { op: "MCX", controls: [control], target, bare: true };
}

/** A global phase. */
export function scale(angle: StepAngle): Step {
  return { op: "SCALE", angle };
}
