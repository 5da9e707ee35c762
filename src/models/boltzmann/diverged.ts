// Replicas whose parameters are not finite any more: samplers get parameters 0 in their place, since they refuse others, and
// what is measured of them is NaN.

import { withParameters, type BoltzmannMachine } from "../../boltzmann/index.js";
import { finiteReplicas } from "../checks.js";

/** Whether the parameters of each replica are finite. */
export function finiteMachines({ model }: BoltzmannMachine): boolean[] {
  return finiteReplicas([model.biases, model.couplings], model.population);
}

/** The machine with parameters 0 for replicas that are not finite; the same one if all are. */
export function samplable(machine: BoltzmannMachine, finite: readonly boolean[]): BoltzmannMachine {
  if (finite.every((alive) => alive)) return machine;
  const kept = (values: Float64Array): Float64Array => {
    const width = values.length / finite.length;
    return values.map((value, at) => (finite[Math.floor(at / width)]! ? value : 0));
  };
  return withParameters(machine, kept(machine.model.biases), kept(machine.model.couplings));
}

/** NaN for replicas that are not finite. */
export function orNaN(values: readonly number[], finite: readonly boolean[]): number[] {
  return values.map((value, p) => (finite[p]! ? value : NaN));
}
