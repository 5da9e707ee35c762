// Drawing samples from trained generators: with exact expectation values, or with as many shots as a device would take.

import * as tf from "@tensorflow/tfjs";
import { depolarizing, noisy, samples } from "../../circuits/index.js";
import { stream } from "../../random.js";
import { anglesOf, drawLatent, generate, toOutput, trainedAngles } from "./generator.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Generator } from "./generator.js";

/** Which event of the purpose "generation". */
const EVENTS = { validation: 0, test: 1, sample: 2 } as const;

/** Amplitudes on the device at a time. */
const CHUNK = 2 ** 18;
/** Outcomes on the device at a time. */
const SHOT_CHUNK = 2 ** 20;

/** What to draw. */
export type GenerationOptions = {
  readonly n: number;
  readonly seed: number;
  /** Samples for different uses come from different streams. */
  readonly use: keyof typeof EVENTS;
};

/** The largest multiple of 4 up to a limit, at least 4: streams can be entered there. */
const chunkOf = (limit: number): number => 4 * Math.max(1, Math.floor(limit / 4));

/** Parameters of one replica, `[1, K]`. */
function replica(generators: Tensor, p: number): Tensor {
  return tf.slice(generators, [p, 0], [1, generators.shape[1]!]);
}

/**
 * Samples of one replica's generator, `n × d` row-major. The first rows do not depend on n.
 *
 * @param generators - parameters of the population, `[P, K]`
 * @param p - which replica
 */
export async function generatedRows(
  generator: Generator,
  generators: Tensor,
  p: number,
  { n, seed, use }: GenerationOptions,
): Promise<Float32Array> {
  const { model, d } = generator;
  const from = [stream(seed, "generation", EVENTS[use])];
  const rows = new Float32Array(n * d);
  const chunk = chunkOf(CHUNK / 2 ** model.qubits);
  for (let first = 0; first < n; first += chunk) {
    const values = tf.tidy(() => {
      const latent = drawLatent(from, Math.min(chunk, n - first), model, first);
      return generate(generator, replica(generators, p), latent);
    });
    rows.set(await values.data<"float32">(), first * d);
    values.dispose();
  }
  return rows;
}

/** What is wrong with a device. */
export type Device = {
  /** Depolarizing probability behind every gate on two qubits; a tenth of it behind the others. */
  readonly gateError: number;
  /** Probability of reading a bit wrongly, either way. */
  readonly readoutError: number;
};

/** The circuit as the device runs it: unchanged where its gates are perfect. */
function onDevice(circuit: Generator["circuit"], { gateError }: Device): Generator["circuit"] {
  if (gateError === 0) return circuit;
  return noisy(circuit, {
    rules: [
      { channel: depolarizing(gateError / 10), wires: 1 },
      { channel: depolarizing(gateError), wires: 2 },
    ],
  });
}

/**
 * The same samples with every ⟨Z⟩ estimated from shots on a device; one set of shots gives all columns of a sample.
 */
export async function rowsFromShots(
  perfect: Generator,
  generators: Tensor,
  p: number,
  {
    n,
    seed,
    use,
    shots,
    device,
  }: GenerationOptions & { readonly shots: number; readonly device: Device },
): Promise<Float32Array> {
  const generator = { ...perfect, circuit: onDevice(perfect.circuit, device) };
  const { model, d } = generator;
  const { readoutError } = device;
  const from = [stream(seed, "generation", EVENTS[use])];
  const rows = new Float32Array(n * d);
  const chunk = chunkOf(SHOT_CHUNK / Math.max(shots, 2 ** model.qubits));
  for (let first = 0, event = 0; first < n; first += chunk, event++) {
    const latent = { first, count: Math.min(chunk, n - first) };
    const values = await shotChunk(generator, generators, p, {
      from,
      latent,
      seed,
      shots,
      event,
      readoutError,
    });
    rows.set(values, first * d);
  }
  return rows;
}

async function shotChunk(
  generator: Generator,
  generators: Tensor,
  p: number,
  {
    from,
    latent,
    seed,
    shots,
    event,
    readoutError,
  }: {
    readonly from: readonly ReturnType<typeof stream>[];
    readonly latent: { readonly first: number; readonly count: number };
    readonly seed: number;
    readonly shots: number;
    readonly event: number;
    readonly readoutError: number;
  },
): Promise<Float32Array> {
  const { circuit, model, d } = generator;
  const inputs = tf.tidy(() => {
    const own = replica(generators, p);
    const numbers = drawLatent(from, latent.count, model, latent.first);
    return { own, features: anglesOf(generator, own, numbers), blocks: trainedAngles(generator, own) }; // prettier-ignore
  });
  const wires = Array.from({ length: d }, (_, c) => c);
  const bits = await samples(circuit, {
    features: inputs.features,
    replicated: inputs.blocks !== undefined,
    ...(inputs.blocks && { parameters: inputs.blocks }),
    wires,
    shots,
    seed,
    event,
    ...(readoutError > 0 && { readout: { p1given0: readoutError, p0given1: readoutError } }),
  });
  // Bit 0 is ⟨Z⟩ = +1, bit 1 is -1.
  const output = tf.tidy(() => {
    const ones = tf.mean(tf.cast(tf.reshape(bits, [1, latent.count, shots, d]), "float32"), 2);
    return toOutput(generator, inputs.own, tf.sub(1, tf.mul(ones, 2)));
  });
  const values = await output.data<"float32">();
  tf.dispose([inputs, bits, output]);
  return values;
}
