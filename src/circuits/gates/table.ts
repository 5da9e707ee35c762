// The gate set: the gates of base.ts and their controlled forms, under the names that circuits use.

import { controlledMatrix, type MatrixData } from "../matrix.js";
import { BASE_GATES, type BaseGate, type BaseGateName, type Structure } from "./base.js";
import { mcx, type Step } from "./steps.js";

/** A gate that is another one under control; the controls are listed first. */
export type ControlledGate = {
  readonly of: BaseGateName;
  readonly controls: number;
  readonly structure: Structure;
  readonly frequencies: readonly (readonly number[])[];
  /** Own primitives, where fewer are needed than by controlling those of the gate. */
  readonly lowering?: readonly Step[];
};

const HALF = [0.5, 1];

/** Name of a controlled gate. */
// prettier-ignore
export type ControlledGateName =
  | "CNOT" | "CY" | "CZ" | "CH" | "CRX" | "CRY" | "CRZ" | "CRot" | "CPhase" | "CU"
  | "Toffoli" | "CCZ" | "CSWAP";

/** The controlled gates by name. */
export const CONTROLLED_GATES: Readonly<Record<ControlledGateName, ControlledGate>> = {
  CNOT: { of: "X", controls: 1, structure: "permutation", frequencies: [] },
  CY: { of: "Y", controls: 1, structure: "phased permutation", frequencies: [] },
  CZ: { of: "Z", controls: 1, structure: "diagonal", frequencies: [] },
  CH: { of: "H", controls: 1, structure: "dense", frequencies: [] },
  CRX: { of: "RX", controls: 1, structure: "dense", frequencies: [HALF] },
  CRY: { of: "RY", controls: 1, structure: "dense", frequencies: [HALF] },
  CRZ: { of: "RZ", controls: 1, structure: "diagonal", frequencies: [HALF] },
  CRot: { of: "Rot", controls: 1, structure: "dense", frequencies: [HALF, HALF, HALF] },
  CPhase: { of: "PhaseShift", controls: 1, structure: "diagonal", frequencies: [[1]] },
  CU: { of: "U", controls: 1, structure: "dense", frequencies: [HALF, [1], [1], [1]] },
  Toffoli: { of: "X", controls: 2, structure: "permutation", frequencies: [] },
  CCZ: { of: "Z", controls: 2, structure: "diagonal", frequencies: [] },
  CSWAP: {
    of: "SWAP",
    controls: 1,
    structure: "permutation",
    frequencies: [],
    lowering: [mcx([2], 1), mcx([0, 1], 2), mcx([2], 1)],
  },
};

/** Name of a gate with a fixed meaning. Matrices are gates too: `Unitary` and `DiagonalUnitary`. */
export type NamedGate = BaseGateName | ControlledGateName;

/** Name of a gate. */
export type GateName = NamedGate | "Unitary" | "DiagonalUnitary";

/** What a gate is, whichever table it stands in. */
export type GateInfo = {
  readonly base: BaseGate;
  readonly baseName: BaseGateName;
  /** Number of wires at the front that control. */
  readonly controls: number;
  /** Number of wires with the controls; null for any number. */
  readonly wires: number | null;
  readonly parameters: readonly string[];
  readonly structure: Structure;
  readonly frequencies: readonly (readonly number[])[];
  readonly lowering?: readonly Step[];
};

function isControlled(name: string): name is ControlledGateName {
  return Object.hasOwn(CONTROLLED_GATES, name);
}

/** Whether this is the name of a gate with a fixed meaning. */
export function isNamedGate(name: string): name is NamedGate {
  return isControlled(name) || Object.hasOwn(BASE_GATES, name);
}

/** The names of `isNamedGate`. */
export const NAMED_GATES: readonly NamedGate[] = [
  ...(Object.keys(BASE_GATES) as BaseGateName[]),
  ...(Object.keys(CONTROLLED_GATES) as ControlledGateName[]),
];

/** What the tables say of a gate. */
export function gateInfo(name: NamedGate): GateInfo {
  if (!isControlled(name)) {
    const base: BaseGate = BASE_GATES[name];
    const { wires, parameters, structure, frequencies } = base;
    return { base, baseName: name, controls: 0, wires, parameters, structure, frequencies };
  }
  const { of, ...own }: ControlledGate = CONTROLLED_GATES[name];
  const base: BaseGate = BASE_GATES[of];
  const wires = base.wires === null ? null : base.wires + own.controls;
  return { base, baseName: of, wires, parameters: base.parameters, ...own };
}

/** The controlled form of a gate that has a name of its own, or null. */
export function controlledName(of: BaseGateName, controls: number): NamedGate | null {
  if (controls === 0) return of;
  const found = Object.entries(CONTROLLED_GATES).find(
    ([, gate]) => gate.of === of && gate.controls === controls,
  );
  return found === undefined ? null : (found[0] as ControlledGateName);
}

/**
 * The matrix of a gate.
 *
 * @param name - for example `"CRX"`
 * @param angles - its parameters
 * @param word - the word of `PauliRot`; any word of the right length for `MultiRZ`
 * @returns row-major, the first listed wire the most significant, controls first
 */
export function gateMatrix(name: NamedGate, angles: readonly number[] = [], word = ""): MatrixData {
  const { base, controls } = gateInfo(name);
  return controlledMatrix(base.matrix(angles, word), new Array<number>(controls).fill(1));
}
