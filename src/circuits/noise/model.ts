// Noise models as data: which channels follow which gates, and how read bits err. Applied to a circuit they give a
// circuit.

import { ArgumentError } from "../../errors.js";
import { withAppend, type Circuit, type CircuitData } from "../circuit.js";
import { checkOperation } from "../checks.js";
import { nameOf, wiresOf, type GateOperation, type Operation } from "../operation.js";
import { CHANNELS } from "./kraus.js";
import type { ChannelOperation } from "./channels.js";
import type { ReadoutError } from "./readout.js";

/** A channel behind gates. All conditions that are given must hold. */
export type NoiseRule = {
  /** A channel without wires: on one wire it follows on each wire of the gate, on several on all of them together. */
  readonly channel: ChannelOperation;
  /** Gates by name; by default all. */
  readonly gates?: readonly string[];
  /** Gates on so many wires, controls counted. */
  readonly wires?: number;
  /** Wires that have this noise; a channel on several wires needs all of them. By default all wires. */
  readonly on?: readonly number[];
};

/** A device's noise. */
export type NoiseModel = {
  readonly rules: readonly NoiseRule[];
  /** For the option `readout` of runs. */
  readonly readout?: ReadoutError;
};

function applies({ gates, wires }: NoiseRule, operation: GateOperation): boolean {
  if (gates !== undefined && !gates.includes(nameOf(operation))) return false;
  return wires === undefined || wires === wiresOf(operation).length;
}

/** Number of wires that a channel acts on at once; null for those of the gate. */
function widthOf({ channel, operators }: ChannelOperation): number | null {
  if (operators !== undefined) return Math.log2(operators[0]!.re.length);
  return CHANNELS[channel].wires;
}

function behind(rule: NoiseRule, operation: GateOperation): readonly ChannelOperation[] {
  if (!applies(rule, operation)) return [];
  const all = wiresOf(operation);
  const { on = all, channel } = rule;
  const width = widthOf(channel);
  if (width === 1) {
    return all.filter((wire) => on.includes(wire)).map((wire) => ({ ...channel, wires: [wire] }));
  }
  const whole = all.every((wire) => on.includes(wire));
  return whole && all.length > 0 ? [{ ...channel, wires: all }] : [];
}

/**
 * The circuit with the channels of a noise model behind its gates, rule after rule.
 *
 * @throws ArgumentError if a rule's channel does not fit the gates that it follows, or has wires of its own
 * @example
 * const device = { rules: [{ channel: depolarizing(0.001), wires: 1 }, { channel: depolarizing(0.01), wires: 2 }] };
 * expectation(noisy(circuit, device), { parameters, observables: ["ZI"] });
 */
export function noisy(circuit: CircuitData, { rules }: NoiseModel): Circuit {
  rules.forEach(({ channel }, i) => {
    if (channel.wires.length === 0) return;
    throw new ArgumentError(
      `noisy: argument \`rules[${i}].channel\` must have no wires, since the rule says where it acts, but has [${channel.wires.join(", ")}].`,
    );
  });
  const operations = circuit.operations.flatMap((own): readonly Operation[] =>
    own.kind === "gate" ? [own, ...rules.flatMap((rule) => behind(rule, own))] : [own],
  );
  operations.forEach((own, i) => {
    checkOperation("noisy", own, i, circuit.wires);
  });
  return withAppend({ ...circuit, operations });
}
