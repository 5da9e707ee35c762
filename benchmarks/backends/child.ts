// The process of a backend: the measurements by name. Each loads what it needs when it is asked for.

import { serve } from "./serve.js";

await serve({
  start: (_, started) => Promise.resolve(started),
  calibrate: async (options, started) =>
    (await import("./calibrate.js")).calibrateBackend(options, started),
  "critic-step": async (options, started) =>
    (await import("./critic-step.js")).criticStep(options, started),
  "dqgan-distances": async (options, started) =>
    (await import("./dqgan-distances.js")).dqganDistances(options, started),
  "dqgan-step": async (options, started) =>
    (await import("./dqgan-step.js")).dqganStep(options, started),
  memory: async (options, started) =>
    (await import("./memory.js")).trainingMemory(options, started),
});
