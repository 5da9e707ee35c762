// Angles as short text for drawings: multiples of π, θ for parameters, x for features.

import { affine, type Angle } from "../angle.js";

/** Characters of a drawing. */
export type Charset = "unicode" | "ascii";

const DENOMINATORS = [1, 2, 3, 4, 6, 8, 16];

function multipleOfPi(value: number): readonly [numerator: number, denominator: number] | null {
  for (const denominator of DENOMINATORS) {
    const numerator = Math.round((value * denominator) / Math.PI);
    if (numerator === 0 || Math.abs(numerator) > 24) continue;
    if (Math.abs(value - (numerator * Math.PI) / denominator) < 1e-9)
      return [numerator, denominator];
  }
  return null;
}

/** A number in three digits, or as a multiple of π. */
export function numberText(value: number, charset: Charset): string {
  const fraction = multipleOfPi(value);
  const minus = charset === "unicode" ? "−" : "-";
  if (fraction === null) {
    return Number(value.toPrecision(3)).toString().replace("-", minus);
  }
  const [numerator, denominator] = fraction;
  const pi = charset === "unicode" ? "π" : "pi";
  const times = Math.abs(numerator) === 1 ? "" : String(Math.abs(numerator));
  const over = denominator === 1 ? "" : `/${denominator}`;
  return `${numerator < 0 ? minus : ""}${times}${pi}${over}`;
}

/** An angle in as few characters as are clear. */
export function angleText(angle: Angle, charset: Charset): string {
  const { coefficient, core, offset } = affine(angle);
  if (core === null) return numberText(offset, charset);
  const minus = charset === "unicode" ? "−" : "-";
  const times =
    coefficient === 1 ? "" : coefficient === -1 ? minus : numberText(coefficient, charset);
  if (offset === 0) return times + coreText(core, charset);
  const shift = numberText(Math.abs(offset), charset);
  return `${times}${coreText(core, charset)}${offset < 0 ? minus : "+"}${shift}`;
}

function coreText(core: Exclude<Angle, number>, charset: Charset): string {
  const theta = charset === "unicode" ? "θ" : "t";
  if ("parameter" in core) return `${theta}${core.parameter}`;
  if ("feature" in core) return `x${core.feature}`;
  const [a, b] = core.of.map((part) => angleText(part, charset));
  const wrapped = core.of.map((part, i) => (isSum(part) ? `(${[a, b][i]!})` : [a, b][i]!));
  const dot = charset === "unicode" ? "·" : "*";
  switch (core.op) {
    case "add":
      return `${a!}+${b!}`;
    case "mul":
      return wrapped.join(dot);
    case "div":
      return wrapped.join("/");
    case "pow":
      return wrapped.join("^");
    default:
      return `${core.op}(${a!})`;
  }
}

function isSum(angle: Angle): boolean {
  return typeof angle !== "number" && "op" in angle && angle.op === "add";
}
