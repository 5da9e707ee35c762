// OpenQASM 2.0 and 3.x read into circuits: the subset without classical control flow. Inputs become features.

import { ArgumentError } from "../../errors.js";
import { barrier, wiresOf, type Operation } from "../operation.js";
import { circuit as empty, withAppend, type Circuit } from "../circuit.js";
import { feature, type Angle } from "../angle.js";
import { call, expanded, operand, type Definition, type Environment } from "./calls.js";
import { cursor, type Cursor } from "./cursor.js";
import { fault, tokens, type Token } from "./lexer.js";
import type { Version } from "./library.js";

/** What has been read. */
type State = {
  version: Version;
  wires: number;
  readonly registers: Map<string, { readonly wires: readonly number[]; readonly single: boolean }>;
  readonly bits: Set<string>;
  readonly inputs: Map<string, Angle>;
  readonly gates: Map<string, Definition>;
  readonly operations: Operation[];
  readonly measured: Set<number>;
};

/** Statements of the language that have no meaning for a circuit. */
const REFUSED: ReadonlySet<string> = new Set([
  "if", "else", "for", "while", "def", "reset", "delay", "opaque", "box", "let", "const", "return",
  "cal", "defcal", "extern", "output", "switch", "int", "uint", "float", "bool", "complex", "array",
  "duration", "stretch", "end", "break", "continue", "pragma", "angle", "defcalgrammar",
]); // prettier-ignore

/**
 * The circuit of an OpenQASM text. `q[0]` of the first register is wire 0.
 *
 * @param text - version 2.0 or 3.x; without a first line, 3.0
 * @returns the circuit; `input float` and `input angle` are its features in the order they are declared
 * @throws DataError with line and column
 */
export function fromQasm(text: string): Circuit {
  const read = cursor(tokens(text));
  const state: State = {
    version: 3,
    wires: 0,
    registers: new Map(),
    bits: new Set(),
    inputs: new Map(),
    gates: new Map(),
    operations: [],
    measured: new Set(),
  };
  const first = read.peek();
  while (read.peek().kind !== "end") statement(read, state);
  if (state.wires === 0) throw fault(first, "there must be qubits, but none are declared");
  const { operations, inputs } = state;
  const whole = built(first, state.wires, operations);
  return withAppend({ ...whole, features: inputs.size });
}

function built(place: Token, wires: number, operations: readonly Operation[]): Circuit {
  try {
    return empty(wires).append(operations);
  } catch (error) {
    if (error instanceof ArgumentError) throw fault(place, error.message);
    throw error;
  }
}

function environmentOf({ version, inputs, registers, gates }: State): Environment {
  return { version, angles: inputs, wires: registers, gates };
}

function statement(read: Cursor, state: State): void {
  const token = read.peek();
  if (read.accept(";")) return;
  switch (token.text) {
    case "OPENQASM":
      version(read, state);
      return;
    case "include":
      read.next();
      included(read);
      return;
    case "qubit":
    case "bit":
      declaration(read, state);
      return;
    case "qreg":
    case "creg":
      oldDeclaration(read, state);
      return;
    case "input":
      input(read, state);
      return;
    case "gate":
      definition(read, state);
      return;
    case "barrier":
      state.operations.push(barrier(...barrierWires(read, state)));
      return;
    case "measure":
      read.next();
      measured(read, state);
      if (read.accept("->")) target(read, state);
      read.expect(";");
      return;
  }
  if (REFUSED.has(token.text)) throw fault(token, `"${token.text}" cannot be imported: circuits here are gates and a final measurement`); // prettier-ignore
  if (state.bits.has(token.text)) {
    target(read, state);
    read.expect("=");
    read.expect("measure");
    measured(read, state);
    read.expect(";");
    return;
  }
  const added = call(read, environmentOf(state));
  checkFinal(token, added, state);
  state.operations.push(...added);
}

function checkFinal(place: Token, added: readonly Operation[], { measured: done }: State): void {
  const wire = added.flatMap(wiresOf).find((own) => done.has(own));
  if (wire === undefined) return;
  throw fault(place, `a gate on wire ${wire} after its measurement cannot be imported`);
}

function version(read: Cursor, state: State): void {
  read.next();
  const token = read.next();
  const major = Math.floor(Number(token.text));
  if (token.kind !== "number" || (major !== 2 && major !== 3)) {
    throw fault(token, `the version must be 2.0 or 3.x, but is ${token.text}`);
  }
  state.version = major;
  read.expect(";");
}

function included(read: Cursor): void {
  const token = read.next();
  if (!['"stdgates.inc"', '"qelib1.inc"'].includes(token.text)) {
    throw fault(token, `only "stdgates.inc" and "qelib1.inc" can be included, not ${token.text}`);
  }
  read.expect(";");
}

function size(read: Cursor): number {
  const token = read.next();
  if (token.kind === "number" && /^[1-9]\d*$/u.test(token.text)) return Number(token.text);
  throw fault(token, `a size must be a positive integer, but is "${token.text}"`);
}

function newName(read: Cursor, state: State): string {
  const token = read.name("a name");
  const known = [state.registers, state.bits, state.inputs, state.gates].some((own) => own.has(token.text)); // prettier-ignore
  if (known) throw fault(token, `"${token.text}" is declared twice`);
  return token.text;
}

function addQubits(state: State, name: string, count: number, single: boolean): void {
  const wires = Array.from({ length: count }, (_, i) => state.wires + i);
  state.registers.set(name, { wires, single });
  state.wires += count;
}

function declaration(read: Cursor, state: State): void {
  const quantum = read.next().text === "qubit";
  const many = read.accept("[");
  const count = many ? size(read) : 1;
  if (many) read.expect("]");
  const name = newName(read, state);
  if (quantum) addQubits(state, name, count, !many);
  else state.bits.add(name);
  if (!quantum && read.accept("=")) {
    read.expect("measure");
    measured(read, state);
  }
  read.expect(";");
}

function oldDeclaration(read: Cursor, state: State): void {
  const quantum = read.next().text === "qreg";
  const name = newName(read, state);
  read.expect("[");
  const count = size(read);
  read.expect("]");
  if (quantum) addQubits(state, name, count, false);
  else state.bits.add(name);
  read.expect(";");
}

function input(read: Cursor, state: State): void {
  read.next();
  const type = read.name("a type");
  if (type.text !== "float" && type.text !== "angle") {
    throw fault(type, `inputs must be float or angle, but this is ${type.text}`);
  }
  if (read.accept("[")) {
    size(read);
    read.expect("]");
  }
  state.inputs.set(newName(read, state), feature(state.inputs.size));
  read.expect(";");
}

function names(read: Cursor, end: string): string[] {
  const out: string[] = [];
  if (read.accept(end)) return out;
  do out.push(read.name("a name").text);
  while (read.accept(","));
  read.expect(end);
  return out;
}

function definition(read: Cursor, state: State): void {
  read.next();
  const place = read.peek();
  const name = newName(read, state);
  const parameters = read.accept("(") ? names(read, ")") : [];
  const wires = names(read, "{");
  const body: Token[] = [];
  while (read.peek().text !== "}") {
    const token = read.next();
    if (token.kind === "end") throw fault(place, `the body of "${name}" must end with "}"`);
    body.push(token);
  }
  const end = read.next();
  const own = { parameters, wires, body: [...body, { ...end, kind: "end" as const, text: "}" }] };
  // Read once with any angles, so that errors are found where they stand and not where the gate is used.
  expanded(own, parameters.map(() => 0.5), wires.map((_, i) => i), environmentOf(state)); // prettier-ignore
  state.gates.set(name, own);
}

function barrierWires(read: Cursor, state: State): readonly number[] {
  read.next();
  if (read.accept(";")) return Array.from({ length: state.wires }, (_, i) => i);
  const wires = new Set<number>();
  do operand(read, environmentOf(state)).wires.forEach((wire) => wires.add(wire));
  while (read.accept(","));
  read.expect(";");
  return [...wires];
}

function measured(read: Cursor, state: State): void {
  for (const wire of operand(read, environmentOf(state)).wires) state.measured.add(wire);
}

/** A bit or a register of bits that a measurement is written to. */
function target(read: Cursor, { bits }: State): void {
  const token = read.name("a bit");
  if (!bits.has(token.text)) throw fault(token, `unknown bits "${token.text}"`);
  if (!read.accept("[")) return;
  read.next();
  read.expect("]");
}
