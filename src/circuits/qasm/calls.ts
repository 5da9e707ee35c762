// Gate calls: modifiers, gates of the library and of the text, registers that are broadcast.

import { ArgumentError } from "../../errors.js";
import { negateAngle, type Angle } from "../angle.js";
import { controlled, gate, type GateOperation } from "../operation.js";
import { inverseOperation } from "../transform.js";
import { angleList, expression, type Scope } from "./expressions.js";
import { libraryGate, type Version } from "./library.js";
import { fault, type Token } from "./lexer.js";
import { cursor, type Cursor } from "./cursor.js";

/** A gate that the text defines: its body is read again for each call. */
export type Definition = {
  readonly parameters: readonly string[];
  readonly wires: readonly string[];
  readonly body: readonly Token[];
};

/** What names mean where a call stands. */
export type Environment = {
  readonly version: Version;
  readonly angles: Scope;
  /** Wires of a register, or of one qubit. */
  readonly wires: ReadonlyMap<
    string,
    { readonly wires: readonly number[]; readonly single: boolean }
  >;
  readonly gates: ReadonlyMap<string, Definition>;
};

type Modifier =
  | { readonly kind: "inv" }
  | { readonly kind: "pow"; readonly times: number }
  | { readonly kind: "ctrl"; readonly value: 0 | 1; readonly count: number };

function integer(read: Cursor, what: string): number {
  const place = read.peek();
  const value = expression(read, new Map());
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw fault(place, `${what} must be an integer`);
}

function modifiers(read: Cursor): readonly Modifier[] {
  const out: Modifier[] = [];
  for (;;) {
    const { text } = read.peek();
    if (text === "inv") {
      read.next();
      out.push({ kind: "inv" });
    } else if (text === "pow") {
      read.next();
      read.expect("(");
      out.push({ kind: "pow", times: integer(read, "the power of `pow`") });
      read.expect(")");
    } else if (text === "ctrl" || text === "negctrl") {
      read.next();
      const count = read.accept("(") ? integer(read, "the count of controls") : 1;
      if (read.peek().text === ")") read.expect(")");
      out.push({ kind: "ctrl", value: text === "ctrl" ? 1 : 0, count });
    } else return out;
    read.expect("@");
  }
}

/** An operand: a register, or one of its qubits. */
export function operand(
  read: Cursor,
  { wires }: Environment,
): { readonly wires: readonly number[]; readonly single: boolean } {
  const token = read.name("a qubit");
  const own = wires.get(token.text);
  if (own === undefined) throw fault(token, `unknown qubits "${token.text}"`);
  if (!read.accept("[")) return own;
  const place = read.peek();
  const index = integer(read, "the index of a qubit");
  read.expect("]");
  const wire = own.wires[index];
  if (own.single || wire === undefined) {
    throw fault(place, `"${token.text}" must have a qubit ${index}, but has ${own.wires.length}`);
  }
  return { wires: [wire], single: true };
}

/** Operands with commas between them, up to a semicolon. */
function operands(read: Cursor, environment: Environment): ReturnType<typeof operand>[] {
  const out: ReturnType<typeof operand>[] = [];
  if (read.accept(";")) return out;
  do out.push(operand(read, environment));
  while (read.accept(","));
  read.expect(";");
  return out;
}

/** Lists of wires, one for each call that broadcast registers stand for. */
function broadcast(
  place: Token,
  list: ReturnType<typeof operand>[],
): readonly (readonly number[])[] {
  const sizes = new Set(list.filter(({ single }) => !single).map(({ wires }) => wires.length));
  if (sizes.size > 1) {
    throw fault(place, `registers must have one size, but have ${[...sizes].join(" and ")}`);
  }
  const times = [...sizes][0] ?? 1;
  return Array.from({ length: times }, (_, i) =>
    list.map(({ wires, single }) => (single ? wires[0]! : wires[i]!)),
  );
}

/** One gate call with its semicolon. */
export function call(read: Cursor, environment: Environment): readonly GateOperation[] {
  const changes = modifiers(read);
  const name = read.name("a statement");
  const angles = angleList(read, environment.angles);
  const controls = changes.reduce((sum, own) => sum + (own.kind === "ctrl" ? own.count : 0), 0);
  const list = operands(read, environment);
  return broadcast(name, list).flatMap((wires) => {
    if (new Set(wires).size !== wires.length) throw fault(name, `the qubits of "${name.text}" must differ`); // prettier-ignore
    const plain = named(name, angles, wires.slice(controls), environment);
    return changed(name, plain, changes, wires.slice(0, controls));
  });
}

function wrongCount(name: Token, what: string, want: number, got: number): never {
  throw fault(name, `"${name.text}" must have ${want} ${what}, but has ${got}`);
}

/** The operations of a gate without modifiers. */
function named(
  name: Token,
  angles: readonly Angle[],
  wires: readonly number[],
  environment: Environment,
): readonly GateOperation[] {
  if (name.text === "gphase") {
    if (angles.length !== 1) wrongCount(name, "angles", 1, angles.length);
    if (wires.length > 0) wrongCount(name, "qubits", 0, wires.length);
    return [gate("GlobalPhase", [], negateAngle(angles[0]!))];
  }
  const own = environment.gates.get(name.text);
  const known = own === undefined ? libraryGate(name.text, environment.version) : null;
  if (own === undefined && known === null) {
    throw fault(name, `"${name.text}" is neither a gate nor a statement that can be imported`);
  }
  const [wantAngles, wantWires] = own === undefined ? [known!.angles, known!.wires] : [own.parameters.length, own.wires.length]; // prettier-ignore
  if (angles.length !== wantAngles) wrongCount(name, "angles", wantAngles, angles.length);
  if (wires.length !== wantWires) wrongCount(name, "qubits", wantWires, wires.length);
  return own === undefined
    ? known!.build(wires, angles)
    : expanded(own, angles, wires, environment);
}

/** The body of a defined gate with its angles and qubits put in. */
export function expanded(
  { parameters, wires: names, body }: Definition,
  angles: readonly Angle[],
  wires: readonly number[],
  environment: Environment,
): readonly GateOperation[] {
  const read = cursor(body);
  const inner: Environment = {
    ...environment,
    angles: new Map(parameters.map((name, i) => [name, angles[i]!])),
    wires: new Map(names.map((name, i) => [name, { wires: [wires[i]!], single: true }])),
  };
  const out: GateOperation[] = [];
  while (read.peek().kind !== "end") {
    if (read.peek().text === "barrier") skipStatement(read);
    else out.push(...call(read, inner));
  }
  return out;
}

function skipStatement(read: Cursor): void {
  while (read.next().text !== ";");
}

const inverted = (list: readonly GateOperation[]): readonly GateOperation[] =>
  [...list].reverse().map((own) => inverseOperation(own) as GateOperation);

/** Applies modifiers, the last one first; the first ones take the first control wires. */
function changed(
  name: Token,
  plain: readonly GateOperation[],
  changes: readonly Modifier[],
  controls: readonly number[],
): readonly GateOperation[] {
  let list = plain;
  let end = controls.length;
  for (const change of [...changes].reverse()) {
    if (change.kind === "inv") list = inverted(list);
    else if (change.kind === "pow") {
      const once = change.times < 0 ? inverted(list) : list;
      list = Array.from({ length: Math.abs(change.times) }, () => once).flat();
    } else {
      const on = controls.slice(end - change.count, end);
      end -= change.count;
      list = list.map((own) => underControl(name, own, on, change.value));
    }
  }
  return list;
}

function underControl(
  name: Token,
  own: GateOperation,
  on: readonly number[],
  value: 0 | 1,
): GateOperation {
  try {
    return controlled(own, on, on.map(() => value)); // prettier-ignore
  } catch (error) {
    if (error instanceof ArgumentError) throw fault(name, error.message);
    throw error;
  }
}
