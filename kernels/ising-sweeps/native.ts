// How sweeps whose spins are wanted as a tensor run on the backend `tensorflow` where tensors lie on a GPU. No tensor goes in,
// so that the host's sweeps cost one upload: the composed form, which has their bits in exact mode, runs where it may pay.

import { composedSweeps } from "./composed.js";
import { scheduleOf } from "./coefficients.js";
import { prepareSweeps } from "./prepare.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { SweepAttrs } from "./contract.js";

/** Its blocks of couplings are dense: `n²` numbers a model. */
const MOST_NODES = 4096;
const MOST_COUPLINGS = 2 ** 26;

/** Decisions of a colour at which its ten operations keep a card busy for longer than they take to start: not measured. */
const MANY = 2 ** 18;

function fits({ model, mode, call }: SweepAttrs): boolean {
  const { population, graph } = model;
  if (call.chains === 0 || graph.n > MOST_NODES || population * graph.n ** 2 > MOST_COUPLINGS)
    return false;
  // In fast mode decisions within 1e-6 of their probability would depend on the device.
  return mode === "exact" || (mode === "auto" && prepareSweeps(model, mode).mode === "exact");
}

/** A GPU pays for large colours, and one table of thresholds a model. */
function pays({ model, call }: SweepAttrs): boolean {
  const { population, graph } = model;
  const colours = new Set(graph.colour).size;
  const decisions = (population * call.chains * graph.n) / colours;
  return decisions >= MANY && scheduleOf(call).shape[2] === 1;
}

/** Form of `ZenoIsingSweeps`. */
export const sweepsNative: NativeForm<SweepAttrs> = {
  by: "composed",
  double: false,
  serves: (_, attrs, use) => fits(attrs) && (use === "asked" || pays(attrs)),
  run: (_, { model, mode, call }) => [composedSweeps(prepareSweeps(model, mode), call)],
};
