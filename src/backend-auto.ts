// Which backend `auto` takes: by a rule, or by what was measured on this machine. Starts none.
// The reasons are docs/decisions/0011-what-auto-chooses.md.

import { readCalibration, type BackendSpeed, type Calibration } from "./backend-calibration.js";

/**
 * What is computed mostly: `small-ops`, many operations on small tensors with our kernels between them, as in quantum
 * generators and small networks; `convolutions`, convolutional networks and large products.
 */
export type Work = "small-ops" | "convolutions";

/** The kinds of work. */
export const WORKS: readonly Work[] = ["small-ops", "convolutions"];

/** A backend that `auto` tries. */
export type Candidate = {
  readonly name: "wasm" | "webgpu" | "tensorflow";
  /** Only where its tensors live on a GPU. */
  readonly gpu?: boolean;
  /** Why it is taken, if it is there. */
  readonly why: string;
};

/** What the machine shows without loading anything. */
export type Signs = {
  /** Whether there may be a device of CUDA. */
  readonly cuda: boolean;
  /** Whether there may be a GPU. */
  readonly gpu: boolean;
};

/** How much faster than wasm another backend must have been: below, the difference is the noise of a measurement. */
const MARGIN = 1.2;

const HINTS = {
  "small-ops": "for small operations",
  convolutions: "for convolutions",
} as const;

/** Speed for a kind of work, larger is better. */
const SPEED: Readonly<Record<Work, (speed: BackendSpeed) => number>> = {
  "small-ops": ({ smallOp }) => 1 / smallOp,
  convolutions: ({ conv }) => conv,
};

/** How often faster than wasm a backend was for some work; undefined where one of them was not measured. */
function ratio({ backends }: Calibration, name: string, work: Work): number | undefined {
  const [own, wasm] = [backends[name], backends["wasm"]];
  if (own === undefined || wasm === undefined || own.software) return undefined;
  return SPEED[work](own) / SPEED[work](wasm);
}

/** Backends that were measured, the fastest for the work first, wasm before whatever is hardly faster. */
function measured(calibration: Calibration, work: Work): Candidate[] {
  const others = (["tensorflow", "webgpu"] as const).flatMap((name) => {
    const times = ratio(calibration, name, work);
    return times === undefined ? [] : [{ name, times }];
  });
  const faster = others.filter(({ times }) => times >= MARGIN).sort((a, b) => b.times - a.times);
  const when = `the calibration of ${calibration.date}`;
  const slower = others.map(({ name, times }) => `${name} at ${times.toPrecision(2)} of its speed`);
  const against = slower.length === 0 ? "no other backend" : slower.join(", ");
  return [
    ...faster.map(({ name, times }) => ({
      name,
      why: `${times.toPrecision(2)} times as fast as wasm ${HINTS[work]} by ${when}`,
    })),
    { name: "wasm", why: `fastest ${HINTS[work]} by ${when}, which found ${against}` },
  ];
}

/** A backend that was faster than wasm at everything. */
function fasterAtAll(calibration: Calibration): Candidate[] {
  return (["tensorflow", "webgpu"] as const).flatMap((name) => {
    const times = WORKS.map((work) => ratio(calibration, name, work) ?? 0);
    if (Math.min(...times) < MARGIN) return [];
    return [
      { name, why: `faster than wasm at everything by the calibration of ${calibration.date}` },
    ];
  });
}

/** GPUs that may be there, the better served one first. */
function gpus({ cuda, gpu }: Signs): Candidate[] {
  return [
    ...(cuda ? [{ name: "tensorflow", gpu: true, why: "a GPU that CUDA serves" } as const] : []),
    ...(gpu ? [{ name: "webgpu", why: "a GPU, and none that CUDA serves" } as const] : []),
  ];
}

/** The rule where nothing was measured. */
function byRule(work: Work | undefined, signs: Signs): Candidate[] {
  const wasm = (why: string): Candidate => ({ name: "wasm", why });
  if (work === "small-ops")
    return [wasm("small operations cost least where tensors lie in host memory without a library")];
  if (work === undefined) return [...gpus(signs), wasm("there is no GPU that can be used")];
  return [
    ...gpus(signs),
    { name: "tensorflow", why: "no GPU, and convolutions are fastest in the native library" },
    wasm("there is no GPU that can be used, and tensorflow is not set up"),
  ];
}

/**
 * The backends to try, the first that starts is taken; wasm is the last.
 *
 * @param work - what is computed mostly; left out: not known
 */
export function candidates(
  work: Work | undefined,
  calibration: Calibration | undefined,
  signs: Signs,
): readonly Candidate[] {
  const rule = byRule(work, signs);
  if (calibration?.backends["wasm"] === undefined) return rule;
  return work === undefined ? [...fasterAtAll(calibration), ...rule] : measured(calibration, work);
}

/** Whether one of these files is there. */
function anyFile(...paths: readonly string[]): Promise<boolean> {
  const { existsSync } = process.getBuiltinModule("node:fs");
  return Promise.resolve(paths.some((path) => existsSync(path)));
}

/** What this machine shows. In browsers, and where devices are not files, a GPU may always be there. */
async function signsHere(): Promise<Signs> {
  const { process } = globalThis as { process?: NodeJS.Process };
  const versions = process?.versions as { node?: string } | undefined;
  if (versions?.node === undefined) return { cuda: false, gpu: true };
  if (process!.platform !== "linux") return { cuda: process!.platform === "win32", gpu: true };
  const cuda = await anyFile("/dev/nvidiactl", "/proc/driver/nvidia/version", "/dev/dxg");
  return { cuda, gpu: cuda || (await anyFile("/dev/dri")) };
}

/** The backends to try on this machine. */
export async function candidatesHere(work: Work | undefined): Promise<readonly Candidate[]> {
  return candidates(work, await readCalibration(), await signsHere());
}
