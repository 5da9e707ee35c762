// The exponential of a constant generator as a method of fixed steps.

import { propagated, propagatorOf } from "../../../kernels/lindblad-evolution/index.js";
import type { Method } from "./methods.js";

/** `e^{𝓛h} ρ`, float32. */
export const exponential: Method = {
  nodes: [0],
  prepare: ([generator], h) => ({
    tensors: [propagatorOf(generator!, h)],
    step: ([propagator], rho) => propagated(propagator!, rho),
  }),
};
