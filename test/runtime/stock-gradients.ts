// A process that runs every probe without its patch, all others in place, on the backend of its argument, and prints
// what comes out: numbers, or the error. What patches.test.ts compares with.

import * as tf from "@tensorflow/tfjs";
import { probes } from "./patch-probes.js";

// Before the patches, which come with the backend, replace them.
const stock = new Map(probes.map(({ patch }) => [patch, tf.getGradient(patch)]));
const { useBackend } = await import("../../src/backend.js");
await useBackend(process.argv[2] as "cpu" | "wasm");

/** Registers a gradient, or none. */
function setGradient(name: string, gradient: tf.GradConfig | undefined): void {
  // Typed as if there always were one.
  const current = tf.getGradient(name) as tf.GradConfig | undefined;
  if (current !== undefined) tf.unregisterGradient(name);
  if (gradient !== undefined) tf.registerGradient(gradient);
}

const results: (number[] | string)[] = [];
for (const { patch, compute } of probes) {
  const patched = tf.getGradient(patch);
  setGradient(patch, stock.get(patch));
  try {
    results.push([...(await tf.tidy(compute).data())]);
  } catch (error) {
    results.push((error as Error).message);
  } finally {
    setGradient(patch, patched);
  }
}
console.log(JSON.stringify(results));
