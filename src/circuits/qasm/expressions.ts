// Angles in OpenQASM: numbers, constants, functions, names of inputs and gate parameters, and + - * / **.

import {
  addAngles,
  applyFunction,
  divAngles,
  FUNCTIONS,
  mulAngles,
  negateAngle,
  powAngles,
  type Angle,
  type AngleFunction,
} from "../angle.js";
import { fault } from "./lexer.js";
import type { Cursor } from "./cursor.js";

/** What names mean in an expression. */
export type Scope = ReadonlyMap<string, Angle>;

const CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  "\u03c0": Math.PI,
  tau: 2 * Math.PI,
  "\u03c4": 2 * Math.PI,
  euler: Math.E,
  "\u2107": Math.E,
};

const isFunction = (name: string): name is AngleFunction => Object.hasOwn(FUNCTIONS, name);

/** A sum of products. */
export function expression(read: Cursor, scope: Scope): Angle {
  let value = product(read, scope);
  for (;;) {
    if (read.accept("+")) value = addAngles(value, product(read, scope));
    else if (read.accept("-")) value = addAngles(value, negateAngle(product(read, scope)));
    else return value;
  }
}

function product(read: Cursor, scope: Scope): Angle {
  let value = signed(read, scope);
  for (;;) {
    if (read.accept("*")) value = mulAngles(value, signed(read, scope));
    else if (read.accept("/")) value = divAngles(value, signed(read, scope));
    else return value;
  }
}

function signed(read: Cursor, scope: Scope): Angle {
  if (read.accept("-")) return negateAngle(signed(read, scope));
  if (read.accept("+")) return signed(read, scope);
  return power(read, scope);
}

/** `**` binds to the right and tighter than a sign before it; 2.0 writes `^`. */
function power(read: Cursor, scope: Scope): Angle {
  const base = atom(read, scope);
  if (read.accept("**") || read.accept("^")) return powAngles(base, signed(read, scope));
  return base;
}

function atom(read: Cursor, scope: Scope): Angle {
  const token = read.next();
  if (token.text === "(" && token.kind === "symbol") {
    const value = expression(read, scope);
    read.expect(")");
    return value;
  }
  if (token.kind === "number") return Number(token.text);
  if (token.kind !== "name") throw fault(token, `expected an angle, but found "${token.text}"`);
  const own = scope.get(token.text);
  if (own !== undefined) return own;
  const name = token.text === "ln" ? "log" : token.text;
  if (isFunction(name)) {
    read.expect("(");
    const value = expression(read, scope);
    read.expect(")");
    return applyFunction(name, value);
  }
  const constant = CONSTANTS[token.text];
  if (constant !== undefined) return constant;
  throw fault(token, `unknown name "${token.text}" in an angle`);
}

/** Angles with commas between them, in parentheses, or none. */
export function angleList(read: Cursor, scope: Scope): readonly Angle[] {
  if (!read.accept("(")) return [];
  if (read.accept(")")) return [];
  const out: Angle[] = [];
  do out.push(expression(read, scope));
  while (read.accept(","));
  read.expect(")");
  return out;
}
