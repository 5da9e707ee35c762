// From a circuit to the program of kernels/circuit: primitives with masks, and the two tables of angles that they
// point into. Passes: what cancels or does nothing is dropped, rotations that follow each other are merged.

import {
  angleOf,
  constantAngle,
  gateProgram,
  type Angle as KernelAngle,
  type GateProgram,
  type Primitive as KernelPrimitive,
} from "../../../kernels/circuit/index.js";
import { affine, symbolsOf, type Angle } from "../angle.js";
import { controlledMatrix } from "../matrix.js";
import { bitOf, pauliMasks } from "../pauli.js";
import { lowered, type Primitive } from "../lowering.js";
import { parameterCount, type CircuitData } from "../circuit.js";
import type { Control } from "../operation.js";
import { simplified } from "./passes.js";

/** A program and how its tables are filled. */
export type Compiled = {
  readonly program: GateProgram;
  /** Columns of the table that all samples share, behind the parameters themselves. */
  readonly shared: readonly Angle[];
  /** Columns of the table with a row for each sample, behind the features themselves. */
  readonly sample: readonly Angle[];
};

/** Columns behind the first ones, each expression once. */
type Columns = { readonly extra: readonly Angle[]; readonly columnOf: (core: Angle) => number };

function columnsBehind(first: number): Columns {
  const extra: Angle[] = [];
  const seen = new Map<string, number>();
  const columnOf = (core: Angle): number => {
    const key = JSON.stringify(core);
    const column = seen.get(key) ?? first + extra.push(core) - 1;
    seen.set(key, column);
    return column;
  };
  return { extra, columnOf };
}

type Masks = (on: readonly Control[]) => { readonly controls: number; readonly values: number };

function kernelAngle(of: Angle, shared: Columns, sample: Columns): KernelAngle {
  const { coefficient, core, offset } = affine(of);
  if (core === null) return constantAngle(offset);
  if ("parameter" in core) return angleOf("shared", core.parameter, coefficient, offset);
  if ("feature" in core) return angleOf("sample", core.feature, coefficient, offset);
  const perSample = symbolsOf(core).some((symbol) => "feature" in symbol);
  const table = perSample ? "sample" : "shared";
  const column = (perSample ? sample : shared).columnOf(core);
  return angleOf(table, column, coefficient, offset);
}

/** Writes kernel primitives of a circuit with this many wires. */
function encoder(
  wires: number,
  shared: Columns,
  sample: Columns,
): (primitive: Primitive) => readonly KernelPrimitive[] {
  const maskOf: Masks = (on) => ({
    controls: on.reduce((bits, { wire }) => bits | bitOf(wire, wires), 0),
    values: on.reduce((bits, { wire, value }) => bits | (value * bitOf(wire, wires)), 0),
  });
  const angle = (of: Angle): KernelAngle => kernelAngle(of, shared, sample);
  const none = { controls: 0, values: 0 };
  return (primitive: Primitive): readonly KernelPrimitive[] => {
    switch (primitive.op) {
      case "ROT": {
        const { x, z } = pauliMasks(primitive.word, primitive.wires, wires);
        const on = maskOf(primitive.controls);
        return [{ kind: "rotation", ...on, x, z, angle: angle(primitive.angle) }];
      }
      case "PHASE":
        return [{ kind: "phase", ...maskOf(primitive.controls), angle: angle(primitive.angle) }];
      case "SCALE": {
        const { factor, offset, ...rest } = angle(primitive.angle);
        return [
          { kind: "phase", ...none, angle: { ...rest, factor: 0 - factor, offset: 0 - offset } },
        ];
      }
      case "MCX":
        return [{ kind: "flip", ...maskOf(primitive.controls), x: bitOf(primitive.target, wires) }];
      case "MATRIX": {
        const { controls, matrix } = primitive;
        const full = controlledMatrix(matrix, controls.map(({ value }) => value)); // prettier-ignore
        const on = [...controls.map(({ wire }) => wire), ...primitive.wires];
        return [{ kind: "unitary", wires: on, re: full.re.flat(), im: full.im.flat() }];
      }
      case "DIAGONAL":
        return diagonalPhases(primitive, maskOf);
    }
  };
}

/** A diagonal as a phase for each of its entries that is not 1. */
function diagonalPhases(
  { wires, controls, matrix }: Extract<Primitive, { op: "DIAGONAL" }>,
  maskOf: Masks,
): readonly KernelPrimitive[] {
  return matrix.re[0]!.flatMap((re, index) => {
    const turn = Math.atan2(matrix.im[0]![index]!, re);
    if (turn === 0) return [];
    const bits = wires.map((wire, i) => {
      const value = (index >> (wires.length - 1 - i)) & 1;
      return { wire, value: value as 0 | 1 };
    });
    const on = maskOf([...controls, ...bits]);
    return [{ kind: "phase" as const, ...on, angle: constantAngle(turn) }];
  });
}

/** Options of {@link compile}. */
export type CompileOptions = {
  /** Whether a phase common to all amplitudes matters: it does in states alone. */
  readonly globalPhase: boolean;
};

const CACHE = new WeakMap<CircuitData["operations"], Map<string, Compiled>>();

/** The program of a circuit, compiled once for its structure and never by values of its parameters. */
export function compile(circuit: CircuitData, { globalPhase }: CompileOptions): Compiled {
  const own = CACHE.get(circuit.operations) ?? new Map<string, Compiled>();
  CACHE.set(circuit.operations, own);
  // Circuits may share a list of operations and have other registers or numbers of symbols.
  const key = [circuit.wires, parameterCount(circuit), circuit.features, globalPhase].join();
  const compiled = own.get(key) ?? compileAnew(circuit, globalPhase);
  own.set(key, compiled);
  return compiled;
}

function compileAnew(circuit: CircuitData, globalPhase: boolean): Compiled {
  const shared = columnsBehind(parameterCount(circuit));
  const sample = columnsBehind(circuit.features);
  const encode = encoder(circuit.wires, shared, sample);
  const gates = circuit.operations.flatMap((own) => (own.kind === "gate" ? lowered(own) : []));
  const primitives = simplified(gates.flatMap(encode), globalPhase, circuit.wires);
  const columns = {
    shared: parameterCount(circuit) + shared.extra.length,
    sample: circuit.features + sample.extra.length,
  };
  return {
    program: gateProgram(circuit.wires, primitives, columns),
    shared: shared.extra,
    sample: sample.extra,
  };
}
