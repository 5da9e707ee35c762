// What a check of `doctor` says. No check lives here.

/** ok; warn: works, but something is to be known; fail: does not work; absent: not there, and optional. */
export type CheckStatus = "ok" | "warn" | "fail" | "absent";

/** One line of the doctor's table. */
export type Check = {
  readonly name: string;
  readonly status: CheckStatus;
  readonly detail: string;
  readonly hint?: string;
};

/** Runs a check; what it throws becomes a failed line. */
export async function guarded(name: string, check: () => Promise<Check> | Check): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    return { name, status: "fail", detail: error instanceof Error ? error.message : String(error) };
  }
}
