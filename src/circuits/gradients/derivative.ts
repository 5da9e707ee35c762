// Derivatives of angles as data: the chain rule behind shift rules.

import {
  addAngles,
  applyFunction,
  divAngles,
  mulAngles,
  negateAngle,
  powAngles,
  type Angle,
  type AngleFunction,
} from "../angle.js";
import type { By } from "../run/flat.js";

/** The derivative of a function at an angle. */
const SLOPES: Readonly<Record<AngleFunction, (a: Angle) => Angle>> = {
  sin: (a) => applyFunction("cos", a),
  cos: (a) => negateAngle(applyFunction("sin", a)),
  tan: (a) => divAngles(1, powAngles(applyFunction("cos", a), 2)),
  sqrt: (a) => divAngles(0.5, applyFunction("sqrt", a)),
  exp: (a) => applyFunction("exp", a),
  log: (a) => divAngles(1, a),
};

/** `∂ angle / ∂ symbol`. */
export function derivative(angle: Angle, by: By, symbol: number): Angle {
  if (typeof angle === "number") return 0;
  if ("parameter" in angle) return by === "parameters" && angle.parameter === symbol ? 1 : 0;
  if ("feature" in angle) return by === "features" && angle.feature === symbol ? 1 : 0;
  const [a, b] = angle.of as readonly [Angle, Angle];
  const slope = (own: Angle): Angle => derivative(own, by, symbol);
  switch (angle.op) {
    case "add":
      return addAngles(slope(a), slope(b));
    case "mul":
      return addAngles(mulAngles(slope(a), b), mulAngles(a, slope(b)));
    case "div":
      return quotient(a, b, slope);
    case "pow":
      return power(a, b, slope);
    default:
      return mulAngles(SLOPES[angle.op](a), slope(a));
  }
}

function quotient(a: Angle, b: Angle, slope: (own: Angle) => Angle): Angle {
  const [da, db] = [slope(a), slope(b)];
  const first = da === 0 ? 0 : divAngles(da, b);
  if (db === 0) return first;
  return addAngles(first, negateAngle(divAngles(mulAngles(a, db), powAngles(b, 2))));
}

function power(a: Angle, b: Angle, slope: (own: Angle) => Angle): Angle {
  const [da, db] = [slope(a), slope(b)];
  const lower: Angle = typeof b === "number" ? b - 1 : addAngles(b, -1);
  const base = da === 0 || lower === 0 ? mulAngles(b, da) : mulAngles(mulAngles(b, powAngles(a, lower)), da); // prettier-ignore
  if (db === 0) return base;
  return addAngles(base, mulAngles(mulAngles(powAngles(a, b), applyFunction("log", a)), db));
}
