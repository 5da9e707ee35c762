// The backends this process has, and changing from one to another between points.

import { backendInfo, useBackend } from "../../src/backend.js";
import { BackendError } from "../../src/errors.js";

/** A backend to measure on. */
export type Place = {
  readonly backend: "wasm" | "tensorflow" | "webgpu" | "cpu";
  readonly threads: number;
};

let current = "";

/** Makes a backend the one in use; a point of another question may have chosen a different one. */
export async function activate(backend: Place["backend"], threads: number): Promise<void> {
  const wanted = `${backend} ${String(threads)}`;
  if (wanted === current) return;
  current = "";
  await useBackend(backend, { threads });
  current = wanted;
}

/** What the machine has, and why the rest is not there. */
export async function presentBackends(): Promise<{
  readonly present: readonly Place["backend"][];
  readonly missing: Readonly<Record<string, string>>;
}> {
  const present: Place["backend"][] = [];
  const missing: Record<string, string> = {};
  for (const name of ["cpu", "tensorflow", "webgpu", "wasm"] as const) {
    try {
      await useBackend(name);
      present.push(name);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      missing[name] = error.message;
    }
  }
  current = "";
  return { present, missing };
}

/** Threads that the host kernels would take by themselves. */
export async function allThreads(): Promise<number> {
  await useBackend("wasm");
  current = "";
  return backendInfo().threads;
}
