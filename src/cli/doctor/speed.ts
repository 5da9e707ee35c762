// Checks of what `auto` takes here, and of what would make this machine faster. Measures nothing.

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Io } from "../io.js";
import type { Check } from "./check.js";

/** Whether the driver of an NVIDIA card is loaded. */
function hasNvidia(): boolean {
  return existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidiactl");
}

/** What `auto` tries first for each kind of work, with the reason. */
export async function autoCheck(env: Io["env"]): Promise<Check> {
  const { candidatesHere, WORKS } = await import("../../backend-auto.js");
  const { calibrationFile, isCalibrationDamaged, readCalibration } =
    await import("../../backend-calibration.js");
  const lines: string[] = [];
  for (const work of [...WORKS, undefined]) {
    const [first] = await candidatesHere(work);
    lines.push(`${work ?? "not said what for"}: ${first!.name}, ${first!.why}`);
  }
  const calibration = await readCalibration(env);
  if (await isCalibrationDamaged(env)) {
    lines.push(`${await calibrationFile(env)} is damaged and does not count`);
    const hint = "zenoflow doctor --calibrate writes it anew, or remove it";
    return { name: "auto", status: "warn", detail: lines.join("\n"), hint };
  }
  if (calibration === undefined) {
    const hint = "zenoflow doctor --calibrate measures this machine for it";
    return { name: "auto", status: "ok", detail: lines.join("\n"), hint };
  }
  lines.push(`calibrated ${calibration.date}, in ${await calibrationFile(env)}`);
  return { name: "auto", status: "ok", detail: lines.join("\n") };
}

/** What can be done for speed, given what the other checks found. */
export function speedCheck(found: readonly Check[], env: Io["env"]): Check {
  const named = (name: string): Check | undefined => found.find((check) => check.name === name);
  const advice: string[] = [];
  if (named("backend tensorflow")?.status === "absent")
    advice.push(
      hasNvidia()
        ? "an NVIDIA driver is here and tensorflow is not: npm run setup:tensorflow -- --gpu"
        : "tensorflow is not set up, which is faster for convolutional networks: npm run setup:tensorflow",
    );
  const tensorflow = named("backend tensorflow");
  if (tensorflow?.status === "ok" && hasNvidia() && !tensorflow.detail.startsWith("GPU"))
    advice.push("tensorflow does not use the NVIDIA card: npm run setup:tensorflow -- --gpu");
  if (named("backend webgpu")?.status === "warn")
    advice.push("webgpu runs on an emulated device, for tests: compute with another backend");
  const [threads, cores] = [Number(env["ZENOFLOW_THREADS"]), availableParallelism()];
  if (threads > 0 && threads < cores)
    advice.push(
      `ZENOFLOW_THREADS=${threads.toString()} leaves ${(cores - threads).toString()} of ${cores.toString()} cores idle`,
    );
  if (threads > cores)
    advice.push(
      `ZENOFLOW_THREADS=${threads.toString()} is more than the ${cores.toString()} cores: threads that wait slow the others down`,
    );
  if (typeof SharedArrayBuffer === "undefined")
    advice.push(
      "memory cannot be shared, so that one thread computes; in browsers isolate the page (COOP, COEP)",
    );
  const name = "faster";
  if (advice.length === 0) return { name, status: "ok", detail: "nothing that doctor knows of" };
  return { name, status: "ok", detail: advice.join("\n") };
}
