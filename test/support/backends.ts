// The backends that a suite is tried on. One that is missing is skipped visibly, with the reason; `REQUIRE_BACKENDS`
// (names with commas) turns the skip into a failure.

import * as tf from "@tensorflow/tfjs";
import { useNativeForms } from "../../kernels/runtime/tensorflow/define.js";
import { BackendError } from "../../src/errors.js";
import { useBackend } from "../../src/backend.js";

/** Every backend of the architecture, present or not. */
export const BACKENDS = ["cpu", "wasm", "webgpu", "tensorflow"] as const;

/** One of {@link BACKENDS}. */
export type TestedBackend = (typeof BACKENDS)[number];

/** Whether `REQUIRE_BACKENDS` lists the backend. */
export function isRequired(
  name: TestedBackend,
  list: string = process.env["REQUIRE_BACKENDS"] ?? "",
): boolean {
  return list.split(",").some((entry) => entry.trim() === name);
}

// Where webgpu is required it runs on a software device, so that it computes the same on every machine; 0 asks for a GPU.
if (isRequired("webgpu")) process.env["ZENOFLOW_WEBGPU_SOFTWARE"] ??= "1";

/** Why a backend is not to be had here, or null. It stays active where it is. */
export async function whyMissing(
  name: TestedBackend,
  use: (name: TestedBackend) => Promise<unknown> = useBackend,
): Promise<string | null> {
  try {
    await use(name);
    // Else operations on small tensors run on the host, and the programs of the device are not tried.
    if (name === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false);
    return null;
  } catch (error) {
    if (error instanceof BackendError) return error.message;
    throw error;
  }
}

/** What a missing backend means for the tests: an error where it is required, else the reason to skip. */
export function skipReason(name: TestedBackend, reason: string, list?: string): string {
  if (isRequired(name, list)) throw new Error(`REQUIRE_BACKENDS lists ${name}, but: ${reason}`);
  return reason;
}

/** A backend, or one whose kernels run as they do where tensors lie on a GPU, on the processor. */
export type TestedRow = TestedBackend | typeof NATIVE;

/** The row of `tensorflow` with native kernels: there is the same library on a GPU. */
export const NATIVE = "tensorflow, native operations";

/** Why a row is not to be had here, or null; then it is the active one. */
export async function whyRowMissing(row: TestedRow): Promise<string | null> {
  const reason = await whyMissing(row === NATIVE ? "tensorflow" : row);
  if (reason === null && row === NATIVE) useNativeForms("asked");
  return reason;
}

/**
 * Declares a suite once for each backend, as "title on wasm". Where the backend is missing one test is left of it,
 * which is skipped or fails.
 *
 * @param body - declares the tests; the backend is active when they and their hooks run, if it is there
 */
export function onEachBackend(title: string, body: (backend: TestedBackend) => void): void {
  for (const backend of BACKENDS) onRow(title, backend, () => body(backend));
}

/** The same and, where something runs natively, with a further row, {@link NATIVE}. */
export function onEachRow(title: string, native: boolean, body: (row: TestedRow) => void): void {
  onEachBackend(title, body);
  if (native) onRow(title, NATIVE, () => body(NATIVE));
}

function onRow(title: string, row: TestedRow, body: () => void): void {
  const backend = row === NATIVE ? "tensorflow" : row;
  describe(`${title} on ${row}`, function () {
    let reason: string | null = null;
    before(async () => {
      reason = await whyRowMissing(row);
      if (reason !== null) keepFirst(this);
    });
    // What comes next has chosen the same backend perhaps, and does not choose again.
    after(() => {
      if (row === NATIVE) useNativeForms("host");
    });

    it("is tried", function () {
      if (reason === null) return;
      // The reporter prints it behind the name of the test.
      Object.assign(this.test!, { skipReason: skipReason(backend, reason) });
      this.skip();
    });

    body();
  });
}

/** Not a line for each of hundreds of tests that have the same reason to be skipped. */
function keepFirst(suite: Mocha.Suite): void {
  suite.tests.splice(1);
  suite.suites.splice(0);
}
