// Angles of gates as data: numbers, trainable parameters, features, and expressions of these. Nothing is computed
// here but what is constant; numbers are put in by angle-value.ts and tensors by program/tables.ts.

/** A trainable parameter, by its index in the circuit's list of all parameters. */
export type ParameterAngle = { readonly parameter: number };

/** A feature, by its index on the last axis of `features`. */
export type FeatureAngle = { readonly feature: number };

/** Operations between two angles. */
export type BinaryOperation = "add" | "mul" | "div" | "pow";

/** Functions of one angle. */
export type AngleFunction = "sin" | "cos" | "tan" | "sqrt" | "exp" | "log";

/** An operation on angles. */
export type AngleExpression =
  | { readonly op: BinaryOperation; readonly of: readonly [Angle, Angle] }
  | { readonly op: AngleFunction; readonly of: readonly [Angle] };

/** The angle of a gate in radians: a constant, a symbol, or an expression of these. */
export type Angle = number | ParameterAngle | FeatureAngle | AngleExpression;

/** `coefficient · core + offset`; without a core, a constant. */
export type AffineAngle = {
  readonly coefficient: number;
  readonly core: Exclude<Angle, number> | null;
  readonly offset: number;
};

/** What the two-place operations do to numbers. */
export const BINARY: Readonly<Record<BinaryOperation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
};

/** What the functions do to numbers. */
export const FUNCTIONS: Readonly<Record<AngleFunction, (a: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
};

/** The trainable parameter with this index. */
export function parameter(index: number): Angle {
  return { parameter: index };
}

/** The feature with this index. */
export function feature(index: number): Angle {
  return { feature: index };
}

/** `a + b`. */
export function addAngles(a: Angle, b: Angle): Angle {
  if (a === 0) return b;
  if (b === 0) return a;
  return binary("add", a, b);
}

/** `a b`. */
export function mulAngles(a: Angle, b: Angle): Angle {
  if (a === 1) return b;
  if (b === 1) return a;
  if (a === 0 || b === 0) return 0;
  if (typeof a === "number" && typeof b !== "number" && "op" in b && b.op === "mul") {
    const [first, second] = b.of;
    if (typeof first === "number") return mulAngles(a * first, second);
  }
  return binary("mul", a, b);
}

/** `a / b`. */
export function divAngles(a: Angle, b: Angle): Angle {
  if (typeof b === "number") return typeof a === "number" ? a / b : mulAngles(1 / b, a);
  return binary("div", a, b);
}

/** `a ** b`. */
export function powAngles(a: Angle, b: Angle): Angle {
  return b === 1 ? a : binary("pow", a, b);
}

/** `−a`. */
export function negateAngle(a: Angle): Angle {
  return typeof a === "number" ? 0 - a : mulAngles(-1, a);
}

/** A function of an angle. */
export function applyFunction(name: AngleFunction, a: Angle): Angle {
  return typeof a === "number" ? FUNCTIONS[name](a) : { op: name, of: [a] };
}

function binary(op: BinaryOperation, a: Angle, b: Angle): Angle {
  const constant = typeof a === "number" && typeof b === "number";
  return constant ? BINARY[op](a, b) : { op, of: [a, b] };
}

/** The angle as coefficient, core and offset: what is affine is taken out of the expression. */
export function affine(angle: Angle): AffineAngle {
  if (typeof angle === "number") return { coefficient: 0, core: null, offset: angle };
  if ("op" in angle && (angle.op === "mul" || angle.op === "add")) {
    const [a, b] = angle.of;
    const [constant, rest] = typeof a === "number" ? [a, b] : typeof b === "number" ? [b, a] : [];
    if (constant !== undefined && rest !== undefined) {
      const { coefficient, core, offset } = affine(rest);
      return angle.op === "add"
        ? { coefficient, core, offset: offset + constant }
        : { coefficient: coefficient * constant, core, offset: offset * constant };
    }
  }
  return { coefficient: 1, core: angle, offset: 0 };
}

/** Applies a function to every symbol of an angle. */
export function mapSymbols(
  angle: Angle,
  map: (symbol: ParameterAngle | FeatureAngle) => Angle,
): Angle {
  if (typeof angle === "number") return angle;
  if (!("op" in angle)) return map(angle);
  const of = angle.of.map((part) => mapSymbols(part, map));
  const [a, b] = of as [Angle, Angle];
  switch (angle.op) {
    case "add":
      return addAngles(a, b);
    case "mul":
      return mulAngles(a, b);
    case "div":
      return divAngles(a, b);
    case "pow":
      return powAngles(a, b);
    default:
      return applyFunction(angle.op, a);
  }
}

/** The symbols of an angle, in the order they are read. */
export function symbolsOf(angle: Angle): readonly (ParameterAngle | FeatureAngle)[] {
  if (typeof angle === "number") return [];
  return "op" in angle ? angle.of.flatMap(symbolsOf) : [angle];
}

/** The number that an angle is, given all parameters and features. */
export function angleValue(
  angle: Angle,
  parameters: ArrayLike<number>,
  features: ArrayLike<number>,
): number {
  if (typeof angle === "number") return angle;
  if ("parameter" in angle) return parameters[angle.parameter]!;
  if ("feature" in angle) return features[angle.feature]!;
  const [a, b] = angle.of.map((part) => angleValue(part, parameters, features));
  return angle.of.length === 2
    ? BINARY[angle.op as BinaryOperation](a!, b!)
    : FUNCTIONS[angle.op as AngleFunction](a!);
}
