// Circuits written as OpenQASM 3: unambiguous names of stdgates.inc, and everything else as gates that are defined by
// their lowering. Phases are kept.

import { ArgumentError } from "../../errors.js";
import { lowered, type Primitive } from "../lowering.js";
import { symbolsOf, type Angle } from "../angle.js";
import { feature } from "../angle.js";
import { parameterCount, type CircuitData } from "../circuit.js";
import { gateInfo, isNamedGate, type NamedGate } from "../gates/table.js";
import { gate, nameOf, pauliRot, type Control, type GateOperation } from "../operation.js";
import { twoLevel } from "./two-level.js";

const NAMES: Partial<Readonly<Record<NamedGate, string>>> = {
  X: "x",
  Y: "y",
  Z: "z",
  H: "h",
  S: "s",
  Sdg: "sdg",
  T: "t",
  Tdg: "tdg",
  SX: "sx",
  RX: "rx",
  RY: "ry",
  RZ: "rz",
  PhaseShift: "p",
  CNOT: "cx",
  CY: "cy",
  CZ: "cz",
  CH: "ch",
  CPhase: "cp",
  CRX: "crx",
  CRY: "cry",
  CRZ: "crz",
  SWAP: "swap",
  Toffoli: "ccx",
  CSWAP: "cswap",
};

/** How wires and angles are written in a place. */
type Writer = { readonly wire: (wire: number) => string; readonly angle: (angle: Angle) => string };

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(17);
}

/** An angle in the language, given how its symbols are called. */
function angleText(angle: Angle, parameter: string, input: string): string {
  if (typeof angle === "number") return numberText(angle);
  if ("parameter" in angle) return `${parameter}${angle.parameter}`;
  if ("feature" in angle) return `${input}${angle.feature}`;
  const [a, b] = angle.of.map((part) => `(${angleText(part, parameter, input)})`);
  switch (angle.op) {
    case "add":
      return `${a!} + ${b!}`;
    case "mul":
      return `${a!} * ${b!}`;
    case "div":
      return `${a!} / ${b!}`;
    case "pow":
      return `${a!} ** ${b!}`;
    default:
      return `${angle.op}${a!}`;
  }
}

function controlsText(controls: readonly Control[]): string {
  return controls.map(({ value }) => (value === 1 ? "ctrl @ " : "negctrl @ ")).join("");
}

/** One call; all controls before the targets. */
function line(
  name: string,
  angles: readonly Angle[],
  controls: readonly Control[],
  targets: readonly number[],
  { wire, angle }: Writer,
): string {
  const inside = angles.length === 0 ? "" : `(${angles.map(angle).join(", ")})`;
  const on = [...controls.map((own) => own.wire), ...targets].map(wire).join(", ");
  return `${controlsText(controls)}${name}${inside}${on === "" ? "" : ` ${on}`};`;
}

/** A rotation about a word: its letters are turned to Z, their parity goes to the last wire, and back. */
function rotationLines(
  primitive: Extract<Primitive, { op: "ROT" }>,
  writer: Writer,
): readonly string[] {
  const { word, wires, controls, angle } = primitive;
  const on = wires.flatMap((wire, i) => (word[i] === "I" ? [] : [{ wire, letter: word[i]! }]));
  const plain = (name: string, targets: readonly number[]): string =>
    line(name, [], [], targets, writer);
  if (on.length === 0) {
    const half: Angle = { op: "mul", of: [-0.5, angle] };
    return [line("gphase", [typeof angle === "number" ? -angle / 2 : half], controls, [], writer)];
  }
  if (on.length === 1) {
    return [line(`r${on[0]!.letter.toLowerCase()}`, [angle], controls, [on[0]!.wire], writer)];
  }
  const there = on.flatMap(({ wire, letter }) => {
    if (letter === "X") return [plain("h", [wire])];
    return letter === "Y" ? [plain("sdg", [wire]), plain("h", [wire])] : [];
  });
  const back = on.flatMap(({ wire, letter }) => {
    if (letter === "X") return [plain("h", [wire])];
    return letter === "Y" ? [plain("h", [wire]), plain("s", [wire])] : [];
  });
  const chain = on.slice(1).map(({ wire }, i) => plain("cx", [on[i]!.wire, wire]));
  const turn = line("rz", [angle], controls, [on.at(-1)!.wire], writer);
  return [...there, ...chain, turn, ...[...chain].reverse(), ...back];
}

function primitiveLines(primitive: Primitive, writer: Writer): readonly string[] {
  switch (primitive.op) {
    case "ROT":
      return rotationLines(primitive, writer);
    case "PHASE": {
      const { controls, angle } = primitive;
      const at = controls.findIndex(({ value }) => value === 1);
      if (at < 0) return [line("gphase", [angle], controls, [], writer)];
      const rest = controls.filter((_, i) => i !== at);
      return [line("p", [angle], rest, [controls[at]!.wire], writer)];
    }
    case "MCX":
      return [line("x", [], primitive.controls, [primitive.target], writer)];
    case "SCALE": {
      const { angle } = primitive;
      const minus: Angle = typeof angle === "number" ? -angle : { op: "mul", of: [-1, angle] };
      return [line("gphase", [minus], [], [], writer)];
    }
    case "DIAGONAL":
      return primitive.matrix.re[0]!.flatMap((re, index) => {
        const turn = Math.atan2(primitive.matrix.im[0]![index]!, re);
        const last = primitive.wires.length - 1;
        const bits = primitive.wires.map((wire, i) => ({ wire, value: ((index >> (last - i)) & 1) as 0 | 1 })); // prettier-ignore
        if (turn === 0) return [];
        return [line("gphase", [turn], [...primitive.controls, ...bits], [], writer)];
      });
    case "MATRIX":
      return twoLevel(primitive.matrix, primitive.wires).flatMap(({ controls, wire, angles }) => {
        const [turn, a, b, c] = angles;
        const on = [...primitive.controls, ...controls];
        return [
          line("rz", [a], on, [wire], writer),
          line("ry", [b], on, [wire], writer),
          line("rz", [c], on, [wire], writer),
          line("gphase", [turn], on, [], writer),
        ];
      });
  }
}

/** Definitions by name, written when a gate is first used. */
type Definitions = Map<string, string>;

const wireName = (wire: number): string => `q${wire}`;

/** A gate with a name of its own here, defined by its lowering on its own wires. */
function defined(operation: GateOperation, definitions: Definitions): string {
  const { gate: name, wires, angles, word } = operation;
  const own = [`zf_${name.toLowerCase()}`, word?.toLowerCase(), gateWires(operation)].filter((part) => part !== undefined).join("_"); // prettier-ignore
  if (definitions.has(own)) return own;
  const on = wires.map((_, i) => i);
  const symbols = angles.map((_, i) => feature(i));
  const model = word === undefined ? gate(name, on, symbols) : pauliRot(word, on, symbols[0]!);
  const writer: Writer = { wire: wireName, angle: (angle) => angleText(angle, "", "t") };
  const body = lowered(model).flatMap((primitive) => primitiveLines(primitive, writer));
  const inputs = symbols.length === 0 ? "" : `(${symbols.map((_, i) => `t${i}`).join(", ")})`;
  const text = body.map((statement) => `  ${statement}\n`).join("");
  definitions.set(own, `gate ${own}${inputs} ${on.map(wireName).join(", ")} {\n${text}}`);
  return own;
}

/** The number of wires, where gates of one name may have several. */
function gateWires({ gate: name, wires }: GateOperation): number | undefined {
  return isNamedGate(name) && gateInfo(name).wires === null ? wires.length : undefined;
}

function operationLines(
  operation: GateOperation,
  definitions: Definitions,
  writer: Writer,
): readonly string[] {
  const { gate: name, wires, angles, controls = [] } = operation;
  if (!isNamedGate(name)) {
    return lowered(operation).flatMap((primitive) => primitiveLines(primitive, writer));
  }
  if (name === "GlobalPhase") {
    return lowered(operation).flatMap((primitive) => primitiveLines(primitive, writer));
  }
  const known = NAMES[name] ?? defined(operation, definitions);
  return [line(known, angles, controls, wires, writer)];
}

/**
 * The circuit as OpenQASM 3. Features become inputs x0, x1, …; parameters become inputs theta0, theta1, … behind them:
 * use `bind` to write numbers.
 *
 * @throws ArgumentError if the circuit prepares amplitudes
 */
export function toQasm(circuit: CircuitData): string {
  const { wires, operations, features, preparation } = circuit;
  if (preparation !== undefined) {
    throw new ArgumentError(
      "toQasm: argument `circuit` must consist of gates, but prepares amplitudes, which OpenQASM cannot say.",
    );
  }
  const channel = operations.find(({ kind }) => kind === "channel");
  if (channel !== undefined) {
    throw new ArgumentError(
      `toQasm: argument \`circuit\` must consist of gates, but has the channel ${nameOf(channel)}, which OpenQASM cannot say.`,
    );
  }
  const writer: Writer = {
    wire: (wire) => `q[${wire}]`,
    angle: (angle) => angleText(angle, "theta", "x"),
  };
  const definitions: Definitions = new Map();
  const body = operations.flatMap((operation) =>
    operation.kind === "gate"
      ? operationLines(operation, definitions, writer)
      : [`barrier ${operation.wires.map(writer.wire).join(", ")};`],
  );
  const used = operations.some((own) => own.kind === "gate" && own.angles.flatMap(symbolsOf).length > 0); // prettier-ignore
  const inputs = (name: string, count: number): string[] =>
    Array.from({ length: used ? count : 0 }, (_, i) => `input float[64] ${name}${i};`);
  return [
    "OPENQASM 3.0;",
    'include "stdgates.inc";',
    ...inputs("x", features),
    ...inputs("theta", parameterCount(circuit)),
    ...definitions.values(),
    `qubit[${wires}] q;`,
    ...body,
    "",
  ].join("\n");
}
