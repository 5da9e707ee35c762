// One operation of a circuit as data, and how operations are written. Circuits check them against a register
// (circuit.ts); nothing is executed here.

import { ArgumentError } from "../errors.js";
import { matrix as matrixData, type MatrixData } from "./matrix.js";
import { checkUnitary } from "./unitary.js";
import { controlledName, gateInfo, isNamedGate, type GateName } from "./gates/table.js";
import { negateAngle, type Angle } from "./angle.js";
import type { ChannelOperation } from "./noise/channels.js";

/** A control beyond those of the gate itself: the gate acts where the wire has this value. */
export type Control = { readonly wire: number; readonly value: 0 | 1 };

/** A gate on wires. */
export type GateOperation = {
  readonly kind: "gate";
  readonly gate: GateName;
  /** The wires of the gate, those that control first. */
  readonly wires: readonly number[];
  readonly angles: readonly Angle[];
  readonly controls?: readonly Control[];
  /** The word of `PauliRot`. */
  readonly word?: string;
  /** The matrix of `Unitary`, the diagonal of `DiagonalUnitary` as a matrix of one row. */
  readonly matrix?: MatrixData;
};

/** A line that gates are not drawn or scheduled across. */
export type Barrier = { readonly kind: "barrier"; readonly wires: readonly number[] };

/** One element of a circuit. */
export type Operation = GateOperation | ChannelOperation | Barrier;

const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

/**
 * A gate of the gate set.
 *
 * @param name - for example `"RX"`; matrices have functions of their own
 * @param wires - a wire, or the wires, those that control first
 * @param angles - a parameter of the gate, or all of them, in radians
 * @throws ArgumentError for an unknown gate
 */
export function gate(
  name: string,
  wires: number | readonly number[],
  angles: Angle | readonly Angle[] = [],
): GateOperation {
  if (name === "PauliRot" || !isNamedGate(name)) {
    const hint = name === "PauliRot" ? "Use `pauliRot(word, wires, angle)`." : "";
    throw new ArgumentError(
      `gate: argument \`name\` must be a gate of the gate set, but is "${name}". ${hint}`.trim(),
    );
  }
  return { kind: "gate", gate: name, wires: listOf(wires), angles: listOf<Angle>(angles) };
}

/** `exp(−i angle P/2)` of a Pauli word, one letter for each wire. */
export function pauliRot(word: string, wires: readonly number[], angle: Angle): GateOperation {
  return { kind: "gate", gate: "PauliRot", wires, angles: [angle], word };
}

/**
 * Any unitary matrix as a gate.
 *
 * @param matrix - 2^k × 2^k, the first listed wire the most significant; the imaginary part may be left out
 * @throws ArgumentError if it is not unitary to 1e-6
 */
export function unitary(
  matrix: { readonly re: MatrixData["re"]; readonly im?: MatrixData["im"] },
  wires: number | readonly number[],
): GateOperation {
  const on = listOf(wires);
  const data = matrixData(matrix.re, matrix.im);
  checkUnitary("unitary", data, on.length);
  return { kind: "gate", gate: "Unitary", wires: on, angles: [], matrix: data };
}

/**
 * A diagonal unitary as a gate.
 *
 * @param diagonal - 2^k entries of modulus 1; the imaginary part may be left out
 * @throws ArgumentError if a modulus is not 1 to 1e-6
 */
export function diagonalUnitary(
  diagonal: { readonly re: readonly number[]; readonly im?: readonly number[] },
  wires: number | readonly number[],
): GateOperation {
  const on = listOf(wires);
  const { re } = diagonal;
  const im: readonly number[] = diagonal.im ?? re.map(() => 0);
  const unit = re.every((x, i) => Math.abs(Math.hypot(x, im[i]!) - 1) <= 1e-6);
  if (re.length !== 2 ** on.length || im.length !== re.length || !unit) {
    throw new ArgumentError(
      `diagonalUnitary: argument \`diagonal\` must have ${2 ** on.length} entries of modulus 1, but has ${re.length} entries${unit ? "" : " of other moduli"}.`,
    );
  }
  const matrix = { re: [re], im: [im] };
  return { kind: "gate", gate: "DiagonalUnitary", wires: on, angles: [], matrix };
}

/** X on the last wire where the others have these values, by default 1. */
export function multiControlledX(
  wires: readonly number[],
  values?: readonly number[],
): GateOperation {
  return controlled(gate("X", wires.at(-1) ?? 0), wires.slice(0, -1), values);
}

/** A unitary matrix on `wires` where `controls` have these values, by default 1. */
export function controlledUnitary(
  matrix: { readonly re: MatrixData["re"]; readonly im?: MatrixData["im"] },
  controls: number | readonly number[],
  wires: number | readonly number[],
  values?: readonly number[],
): GateOperation {
  return controlled(unitary(matrix, wires), controls, values);
}

/** A barrier; without wires, across all. */
export function barrier(...wires: readonly number[]): Barrier {
  return { kind: "barrier", wires };
}

function checkValues(wires: readonly number[], values: readonly number[]): void {
  if (values.length === wires.length && values.every((value) => value === 0 || value === 1)) return;
  throw new ArgumentError(
    `controlled: argument \`values\` must be a 0 or 1 for each of ${wires.length} control wires, but is [${values.join(", ")}].`,
  );
}

/**
 * The operation where the control wires have these values. Gates with a controlled form of their own take its name,
 * and a global phase becomes a phase of the controls.
 *
 * @param operation - a gate
 * @param wires - the control wires
 * @param values - 0 or 1 for each, by default 1
 * @throws ArgumentError
 */
export function controlled(
  operation: GateOperation,
  wires: number | readonly number[],
  values: readonly number[] = listOf(wires).map(() => 1),
): GateOperation {
  const on = listOf(wires);
  checkValues(on, values);
  const own = on.map((wire, i) => ({ wire, value: values[i] as 0 | 1 }));
  if (on.length === 0) return operation;
  if (operation.gate === "GlobalPhase") return controlledPhase(operation, own);
  const controls = [...own, ...(operation.controls ?? [])];
  return absorbed({ ...operation, controls });
}

function controlledPhase(
  { angles, controls = [] }: GateOperation,
  own: readonly Control[],
): GateOperation {
  const all = [...own, ...controls];
  const at = all.findIndex(({ value }) => value === 1);
  // Nothing but open controls: diag(e^{−it}, 1) on the last of them.
  if (at < 0) {
    const [t, last] = [angles[0]!, all.at(-1)!];
    const turned = gate("U", last.wire, [0, t, 0, negateAngle(t)]);
    return absorbed({ ...turned, controls: all.slice(0, -1) });
  }
  const target = gate("PhaseShift", all[at]!.wire, negateAngle(angles[0]!));
  const rest = all.filter((_, i) => i !== at);
  return absorbed({ ...target, controls: rest });
}

/** Takes closed controls into the name of the gate where the gate set has one for all of them. */
function absorbed({ controls = [], ...operation }: GateOperation): GateOperation {
  if (controls.length === 0) return operation;
  const whole = { ...operation, controls };
  if (!isNamedGate(operation.gate)) return whole;
  const { baseName, controls: own } = gateInfo(operation.gate);
  const name = controlledName(baseName, own + controls.length);
  if (name === null || controls.some(({ value }) => value === 0)) return whole;
  return {
    ...operation,
    gate: name,
    wires: [...controls.map(({ wire }) => wire), ...operation.wires],
  };
}

/** All wires of an operation, controls first. */
export function wiresOf(operation: Operation): readonly number[] {
  if (operation.kind !== "gate") return operation.wires;
  return [...(operation.controls ?? []).map(({ wire }) => wire), ...operation.wires];
}

/** The name of an operation for counts and messages. */
export function nameOf(operation: Operation): string {
  if (operation.kind === "barrier") return "Barrier";
  if (operation.kind === "channel") return operation.channel;
  const { gate: name, controls = [] } = operation;
  if (controls.length === 0) return name;
  if (name === "Unitary") return "ControlledUnitary";
  return gateIsX(name) ? "MultiControlledX" : `Controlled(${name})`;
}

function gateIsX(name: GateName): boolean {
  return isNamedGate(name) && gateInfo(name).baseName === "X";
}
