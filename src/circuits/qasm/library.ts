// The gates of stdgates.inc and qelib1.inc, and the built-in ones, as operations. Phases are those that matter under
// control: the built-in U of 3.x is e^{it/2} U3, u3 of stdgates.inc is e^{−i(p+l)/2} U3, and those of 2.0 have none.

import { addAngles, mulAngles, type Angle } from "../angle.js";
import { controlled, gate, type GateOperation } from "../operation.js";
import type { NamedGate } from "../gates/table.js";

/** The version of the language. */
export type Version = 2 | 3;

/** How a name of the language is written with the gate set. */
export type LibraryGate = {
  readonly wires: number;
  readonly angles: number;
  readonly build: (wires: readonly number[], angles: readonly Angle[]) => readonly GateOperation[];
};

function same(name: NamedGate, wires: number, angles = 0): LibraryGate {
  return { wires, angles, build: (on, t) => [gate(name, on, t)] };
}

const half = (angle: Angle): Angle => mulAngles(0.5, angle);

/** `e^{ig} U3(t, p, l)` with the phase inside of the gate, where control finds it. */
function phased(
  angles: number,
  of: (t: readonly Angle[]) => readonly [t: Angle, p: Angle, l: Angle, g: Angle],
): LibraryGate {
  return { wires: 1, angles, build: (on, t) => [gate("U", on, of(t))] };
}

/** A gate on the last wire where all others are 1. */
function conditional(name: "X" | "SX", wires: number): LibraryGate {
  const build: LibraryGate["build"] = (on) => [controlled(gate(name, on.at(-1)!), on.slice(0, -1))];
  return { wires, angles: 0, build };
}

/** A Toffoli gate up to phases: gates on the last wire, and numbers of wires that control an X there. */
function relativePhase(wires: number, steps: readonly (NamedGate | number)[]): LibraryGate {
  const build: LibraryGate["build"] = (on) =>
    steps.map((step) =>
      typeof step === "number" ? gate("CNOT", [on[step]!, on.at(-1)!]) : gate(step, on.at(-1)!),
    );
  return { wires, angles: 0, build };
}

const minusHalfSum = (p: Angle, l: Angle): Angle => mulAngles(-0.5, addAngles(p, l));

const COMMON: Readonly<Record<string, LibraryGate>> = {
  id: same("I", 1),
  x: same("X", 1),
  y: same("Y", 1),
  z: same("Z", 1),
  h: same("H", 1),
  s: same("S", 1),
  sdg: same("Sdg", 1),
  t: same("T", 1),
  tdg: same("Tdg", 1),
  sx: same("SX", 1),
  sxdg: same("SXdg", 1),
  rx: same("RX", 1, 1),
  ry: same("RY", 1, 1),
  rz: same("RZ", 1, 1),
  p: same("PhaseShift", 1, 1),
  phase: same("PhaseShift", 1, 1),
  u1: same("PhaseShift", 1, 1),
  cx: same("CNOT", 2),
  CX: same("CNOT", 2),
  cy: same("CY", 2),
  cz: same("CZ", 2),
  ch: same("CH", 2),
  cp: same("CPhase", 2, 1),
  cphase: same("CPhase", 2, 1),
  cu1: same("CPhase", 2, 1),
  crx: same("CRX", 2, 1),
  cry: same("CRY", 2, 1),
  crz: same("CRZ", 2, 1),
  cu: same("CU", 2, 4),
  cu3: { wires: 2, angles: 3, build: (on, t) => [gate("CU", on, [...t, 0])] },
  swap: same("SWAP", 2),
  ccx: same("Toffoli", 3),
  cswap: same("CSWAP", 3),
  rxx: same("IsingXX", 2, 1),
  ryy: same("IsingYY", 2, 1),
  rzz: same("IsingZZ", 2, 1),
};

const OF_VERSION: Readonly<Record<Version, Readonly<Record<string, LibraryGate>>>> = {
  2: {
    U: same("U3", 1, 3),
    u: same("U3", 1, 3),
    u3: same("U3", 1, 3),
    u2: same("U2", 1, 2),
    u0: { wires: 1, angles: 1, build: (on) => [gate("I", on)] },
    csx: conditional("SX", 2),
    c3sqrtx: conditional("SX", 4),
    c3x: conditional("X", 4),
    c4x: conditional("X", 5),
    rccx: relativePhase(3, ["H", "T", 1, "Tdg", 0, "T", 1, "Tdg", "H"]),
    rc3x: relativePhase(4, ["H", "T", 2, "Tdg", "H", 0, "T", 1, "Tdg", 0, "T", 1, "Tdg", "H", "T", 2, "Tdg", "H"]), // prettier-ignore
  },
  3: {
    U: phased(3, ([t, p, l]) => [t!, p!, l!, half(t!)]),
    u: phased(3, ([t, p, l]) => [t!, p!, l!, half(t!)]),
    u3: phased(3, ([t, p, l]) => [t!, p!, l!, minusHalfSum(p!, l!)]),
    u2: phased(2, ([p, l]) => [Math.PI / 2, p!, l!, minusHalfSum(p!, l!)]),
  },
};

/** The gate with this name, or null. Names of the included files need no include here. */
export function libraryGate(name: string, version: Version): LibraryGate | null {
  const own = OF_VERSION[version];
  if (Object.hasOwn(own, name)) return own[name]!;
  return Object.hasOwn(COMMON, name) ? COMMON[name]! : null;
}
