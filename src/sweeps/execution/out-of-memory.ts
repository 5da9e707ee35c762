// How a shortage of memory shows, in errors of the executor and in how its process ended; and what a process said last.

const SIGNS: readonly RegExp[] = [
  /OOM when allocating/,
  /RESOURCE_EXHAUSTED/,
  /out of memory/i,
  /Aborted\(OOM\)/,
  /Cannot enlarge memory/,
];

// A RangeError may be a mistake too; only these come from an allocation.
const RANGE_SIGNS: readonly RegExp[] = [
  /Array buffer allocation failed/,
  /offset is out of bounds/,
  /Invalid typed array length/,
  /WebAssembly\.Memory\.grow/,
  /32-bit memory/,
  /Invalid string length/,
];

/** Whether an error says that memory ran out. */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { message } = error;
  if (SIGNS.some((sign) => sign.test(message))) return true;
  return error instanceof RangeError && RANGE_SIGNS.some((sign) => sign.test(message));
}

/** How a process ended. */
export type ProcessEnd = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote last. */
  readonly tail: string;
  /** Whether the kernel counted another kill for memory since the process started. */
  readonly killedForMemory: boolean;
};

/** Whether a process ended because memory ran out: V8's heap limit, or the kernel's. */
export function endedOutOfMemory({ code, signal, tail, killedForMemory }: ProcessEnd): boolean {
  if (signal === "SIGKILL") return killedForMemory;
  const aborted = code === 134 || signal === "SIGABRT";
  // V8 aborts for other reasons as well; only its own words tell them apart.
  return aborted && /heap out of memory|Allocation failed|Fatal process out of memory/.test(tail);
}

/** The line of a process's last words that says most. */
export function lastWords(tail: string): string {
  const lines = tail.split("\n").filter((line) => /[a-z]/i.test(line));
  const told = lines.findLast((line) => /FATAL ERROR|Error\b/.test(line)) ?? lines.at(-1) ?? "";
  return told.trim().slice(0, 200);
}
