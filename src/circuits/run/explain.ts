// What a run would do, before it is done: its path with the reason, its program, its memory.

import { ArgumentError } from "../../errors.js";
import { compile } from "../program/compile.js";
import { termsOf, type Observable } from "../observables.js";
import { canonical, type Canonical, type Inputs } from "./inputs.js";
import { checkPath, checkWiresOfRun, type Path } from "./path.js";
import { split } from "./prefix.js";
import { sizeOf } from "../source.js";
import * as tf from "@tensorflow/tfjs";
import type { CircuitData } from "../circuit.js";

/** A path with the reason for it, and the bytes of its largest tensors. */
export type Plan = {
  readonly path: Exclude<Path, "auto">;
  readonly why: string;
  readonly bytes: number;
};

/** What {@link explain} returns. */
export type Explanation = Plan & {
  readonly wires: number;
  /** Replicas and samples. */
  readonly population: number;
  readonly samples: number;
  /** Primitives of the program, and Pauli words that are measured. */
  readonly primitives: number;
  readonly words: number;
};

/** Most wires of paths that need matrices of the whole register. */
const MOST_MATRIX_WIRES: Readonly<Record<"heisenberg" | "dense", number>> = {
  heisenberg: 6,
  dense: 10,
};

function checkApplies(
  where: string,
  circuit: CircuitData,
  path: "heisenberg" | "dense",
  inputs: Canonical,
): void {
  const most = MOST_MATRIX_WIRES[path];
  if (circuit.wires > most) {
    throw new ArgumentError(`${where}: argument \`path\` must not be "${path}" beyond ${most} wires, but the circuit has ${circuit.wires}.`); // prettier-ignore
  }
  if (path === "dense") return;
  if (inputs.initial === undefined && split(circuit).alone !== null) return;
  throw new ArgumentError(
    `${where}: argument \`path\` must not be "heisenberg" here: before the last feature there must be gates on single wires only, and no initial state.`,
  );
}

function bytesOf(circuit: CircuitData, rows: number, words: number, path: Plan["path"]): number {
  const N = 2 ** circuit.wires;
  const { program } = compile(circuit, { globalPhase: false });
  const tablesBytes = 4 * rows * (program.sample + words);
  switch (path) {
    case "fused":
      return tablesBytes;
    case "composed":
      // One copy of the state for each primitive, kept for the backward pass.
      return tablesBytes + 8 * N * rows * (program.primitives.length + 2);
    case "dense":
      return tablesBytes + 16 * N * (N + 3 * rows);
    case "heisenberg":
      return tablesBytes + 16 * N * N * words + 4 * 4 ** circuit.wires * 2 * rows;
  }
}

const REASONS: Readonly<Record<Plan["path"], string>> = {
  fused: "asked for; first derivatives only",
  composed: "asked for",
  heisenberg: "asked for",
  dense: "asked for",
};

/** The path of a run, checked. */
export function plan(
  where: string,
  circuit: CircuitData,
  inputs: Canonical,
  words: readonly string[],
  asked: Path,
): Plan {
  checkPath(where, asked);
  checkWiresOfRun(where, circuit.wires);
  const rows = Math.max(1, inputs.population ?? 1) * sizeOf(inputs.batch);
  if (asked === "heisenberg" || asked === "dense") checkApplies(where, circuit, asked, inputs);
  const path = asked === "auto" ? "fused" : asked;
  const why =
    asked === "auto"
      ? "the kernel is fastest on this backend; derivatives beyond the first are composed"
      : REASONS[path];
  return { path, why, bytes: bytesOf(circuit, rows, words.length, path) };
}

/**
 * What {@link expectation} would do with the same arguments: nothing is computed.
 *
 * @throws ShapeError, ArgumentError as `expectation` does
 */
export function explain(
  circuit: CircuitData,
  options: Inputs & { readonly observables: readonly Observable[]; readonly path?: Path },
): Explanation {
  const { observables, path = "auto" } = options;
  const terms = observables.flatMap((own) => termsOf("explain", own, circuit.wires));
  const words = [...new Set(terms.map(({ word }) => word))];
  const result: { value?: Explanation } = {};
  tf.tidy(() => {
    const inputs = canonical("explain", circuit, options);
    result.value = {
      ...plan("explain", circuit, inputs, words, path),
      wires: circuit.wires,
      population: inputs.population ?? 1,
      samples: sizeOf(inputs.batch),
      primitives: compile(circuit, { globalPhase: false }).program.primitives.length,
      words: words.length,
    };
  });
  return result.value!;
}
