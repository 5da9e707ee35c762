// What a run would do, before it is done: its path with the reason, its program, its memory.

import { ArgumentError } from "../../errors.js";
import { compile } from "../program/compile.js";
import { termsOf, type Observable } from "../observables.js";
import { canonical, type Canonical, type Inputs } from "./inputs.js";
import { hasChannels } from "../derived.js";
import { checkDensityWires, densityBytes } from "./density.js";
import { checkPath, checkPure, checkWiresOfRun, type Path } from "./path.js";
import { stretches } from "./pauli-maps.js";
import { split, withOperations } from "./prefix.js";
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
  if (path === "density") return densityBytes(circuit, rows) + 4 * rows * words;
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
  density: "asked for",
};

/** Measured for 2 to 6 wires, 2 to 128 layers, 64 to 16384 samples, one thread: docs/circuits.md, "Paths". */
const WHY_FUSED =
  "the kernel: on wasm and tensorflow it was 7 to 700 times as fast as the dense and the Heisenberg path wherever measured; derivatives beyond the first are composed";
const WHY_DENSITY = "the circuit has channels, so its states are mixed";

/** The path that a run takes, and why. */
function chosen(circuit: CircuitData, asked: Path): Pick<Plan, "path" | "why"> {
  if (asked !== "auto") return { path: asked, why: REASONS[asked] };
  return hasChannels(circuit)
    ? { path: "density", why: WHY_DENSITY }
    : { path: "fused", why: WHY_FUSED };
}

/** The path of a run, checked. */
export function plan(
  where: string,
  circuit: CircuitData,
  inputs: Canonical,
  words: readonly string[],
  asked: Path,
): Plan {
  checkPath(where, asked);
  const { path, why } = chosen(circuit, asked);
  if (path === "density") checkDensityWires(where, circuit.wires);
  else {
    checkPure(where, circuit, path);
    checkWiresOfRun(where, circuit.wires);
  }
  const rows = Math.max(1, inputs.population ?? 1) * sizeOf(inputs.batch);
  if (path === "heisenberg" || path === "dense") checkApplies(where, circuit, path, inputs);
  return { path, why, bytes: bytesOf(circuit, rows, words.length, path) };
}

/** Primitives of the program; of each stretch between channels its own. */
function primitivesOf(circuit: CircuitData): number {
  return stretches(circuit.operations).reduce((sum, own) => {
    if (own[0]!.kind === "channel") return sum + 1;
    const { program } = compile(withOperations(circuit, own), { globalPhase: false });
    return sum + program.primitives.length;
  }, 0);
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
      primitives: primitivesOf(circuit),
      words: words.length,
    };
  });
  return result.value!;
}
