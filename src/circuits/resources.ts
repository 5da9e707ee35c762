// What a circuit costs: counts of gates, depths, parameters.

import { depth } from "./schedule.js";
import { nameOf, wiresOf, type GateOperation } from "./operation.js";
import { parameterCount, type CircuitData } from "./circuit.js";

/** Counts of a circuit. */
export type Resources = {
  readonly wires: number;
  readonly gates: number;
  readonly byName: Readonly<Record<string, number>>;
  /** Steps when every gate takes one and starts as early as it can. */
  readonly depth: number;
  /** Gates on more than one wire, and the depth when only these take a step. */
  readonly multiQubitGates: number;
  readonly multiQubitDepth: number;
  /** Angles of all gates, constants included. */
  readonly parameters: number;
  /** Trainable parameters, and features. */
  readonly trainable: number;
  readonly features: number;
};

/** Counts gates, depths and parameters. Barriers count nothing. */
export function resources(circuit: CircuitData): Resources {
  const gates = circuit.operations.filter((own): own is GateOperation => own.kind === "gate");
  const byName: Record<string, number> = {};
  for (const gate of gates) byName[nameOf(gate)] = (byName[nameOf(gate)] ?? 0) + 1;
  return {
    wires: circuit.wires,
    gates: gates.length,
    byName,
    depth: depth(circuit),
    multiQubitGates: gates.filter((gate) => wiresOf(gate).length > 1).length,
    multiQubitDepth: depth(circuit, true),
    parameters: gates.reduce((sum, { angles }) => sum + angles.length, 0),
    trainable: parameterCount(circuit),
    features: circuit.features,
  };
}
