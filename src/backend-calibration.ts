// What was measured of the backends of this machine, and where it is kept. `zenoflow doctor --calibrate` writes it and
// `useBackend("auto")` reads it. Measures nothing; without a file system there is no calibration.

import { version_core } from "@tensorflow/tfjs";
import { VERSION } from "./version.js";

/** The speed of a backend, in one process, with the threads it takes by default. */
export type BackendSpeed = {
  readonly device: string;
  /** Backend `webgpu`: whether the device is emulated on the processor. */
  readonly software: boolean;
  readonly threads: number;
  /** Milliseconds from the start of a process to the first steady state on the host. */
  readonly firstResult: number;
  /** Microseconds of one operation on a small tensor. */
  readonly smallOp: number;
  /** Elementwise additions, 10⁹ numbers a second. */
  readonly elementwise: number;
  /** Matrix products, GFLOP/s. */
  readonly matMul: number;
  /** A convolution with both gradients, GFLOP/s. */
  readonly conv: number;
  /** Samples a second of the kernels on a standard problem; absent where the time was over. */
  readonly kernels: Readonly<Record<string, number>>;
};

/** What was measured on a machine. */
export type Calibration = {
  readonly date: string;
  readonly backends: Readonly<Record<string, BackendSpeed>>;
};

type CalibrationFile = {
  readonly schema: typeof SCHEMA;
  /** By machine and versions: a home folder may be shared by several. */
  readonly machines: Readonly<Record<string, Calibration>>;
};

const SCHEMA = "zenoflow.calibration/1";

/** Node's process, where there is one; browsers have no file to read. */
function node(): NodeJS.Process | undefined {
  const { process } = globalThis as { process?: NodeJS.Process };
  const versions = process?.versions as { node?: string } | undefined;
  return versions?.node === undefined ? undefined : process;
}

/** The file of calibrations: `$XDG_CACHE_HOME/zenoflow/calibration.json`, else in `~/.cache`. */
export function calibrationFile(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { join } = process.getBuiltinModule("node:path");
  const { homedir } = process.getBuiltinModule("node:os");
  const cache = env["XDG_CACHE_HOME"];
  const own = cache !== undefined && cache !== "";
  const root = own ? cache : join(env["HOME"] ?? homedir(), ".cache");
  return Promise.resolve(join(root, "zenoflow", "calibration.json"));
}

/** What a calibration holds for: the machine, and the versions whose speed it is. */
export function calibrationKey(): Promise<string> {
  const { arch, availableParallelism, cpus, hostname, platform } =
    process.getBuiltinModule("node:os");
  const cpu = cpus()[0]?.model ?? "unknown processor";
  const machine = `${hostname()}, ${availableParallelism().toString()} × ${cpu}, ${platform()} ${arch()}`;
  return Promise.resolve(
    `${machine}, node ${process.versions.node}, tfjs ${version_core}, zenoflow ${VERSION}`,
  );
}

/** What a file holds; undefined where there is none, or it is damaged. */
async function readAll(file: string): Promise<CalibrationFile["machines"] | undefined> {
  const { readFile } = process.getBuiltinModule("node:fs/promises");
  try {
    const { schema, machines } = JSON.parse(await readFile(file, "utf8")) as {
      readonly schema: unknown;
      readonly machines: CalibrationFile["machines"] | null | undefined;
    };
    return schema === SCHEMA && typeof machines === "object" ? (machines ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is one: what was written by hand, or cut off, must not decide or stop anything. */
function isCalibration(found: unknown): found is Calibration {
  const { date, backends } = (found ?? {}) as Partial<Record<keyof Calibration, unknown>>;
  if (typeof date !== "string" || typeof backends !== "object" || backends === null) return false;
  return Object.values(backends as Record<string, Partial<BackendSpeed> | null>).every((speed) =>
    [speed?.smallOp, speed?.conv].every((x) => typeof x === "number" && x > 0 && x < Infinity),
  );
}

/** The calibration of this machine and these versions, if there is one. */
export async function readCalibration(
  env: Readonly<Record<string, string | undefined>> | undefined = node()?.env,
): Promise<Calibration | undefined> {
  if (env === undefined || node() === undefined) return undefined;
  const found = (await readAll(await calibrationFile(env)))?.[await calibrationKey()];
  return isCalibration(found) ? found : undefined;
}

/** Whether there is a file that cannot be read, or whose numbers for this machine are none: `auto` goes by its rule then. */
export async function isCalibrationDamaged(
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const file = await calibrationFile(env);
  if (!process.getBuiltinModule("node:fs").existsSync(file)) return false;
  const machines = await readAll(file);
  const own = machines?.[await calibrationKey()];
  return machines === undefined || (own !== undefined && !isCalibration(own));
}

/** The text of the file with the calibration of this machine renewed and those of others kept. */
export async function withCalibration(file: string, calibration: Calibration): Promise<string> {
  const machines = { ...(await readAll(file)), [await calibrationKey()]: calibration };
  return `${JSON.stringify({ schema: SCHEMA, machines }, null, 2)}\n`;
}
