// How the calling thread and the worker threads share one job: control words in shared memory, and the two
// loops that read them. Imported by the pool, and embedded as text for the workers, so it imports nothing.

// Control words at byte 0 of the memory, as indices of an Int32Array.

/** Counts jobs; sleeping workers wait on it. */
export const EPOCH = 0;
/** Chunks not yet claimed. */
export const LEFT = 1;
/** Chunks not yet finished; the caller waits on it. */
export const BUSY = 2;
/** 1 if a kernel trapped. */
export const FAILED = 3;
/** Number of the kernel. */
export const KERNEL = 4;
/** Items per chunk. */
export const CHUNK = 5;
/** Items of the job. */
export const ITEMS = 6;
/** Address of the scratch memory of thread 0. */
export const SCRATCH = 7;
/** Bytes between the scratch memories of two threads. */
export const STRIDE = 8;
/** First argument. */
export const ARGS = 16;

/** Arguments a job may have. */
export const MAX_ARGS = 32;

/** First byte after the control words. */
export const HEAP = 1024;

/** A kernel works on items lo … hi - 1 of the job described at `args`, with scratch memory of its own. */
export type HostKernel = (args: number, lo: number, hi: number, scratch: number) => void;

/**
 * Takes chunks until none is left. The claim comes first: while one is held the job cannot end, so its
 * description is stable and threads that wake late do no harm.
 */
export function takeChunks(
  control: Int32Array,
  kernels: readonly HostKernel[],
  thread: number,
): void {
  for (let left; (left = Atomics.sub(control, LEFT, 1)) > 0;) {
    const chunk = control[CHUNK]!;
    const lo = (left - 1) * chunk;
    const hi = Math.min(lo + chunk, control[ITEMS]!);
    // Unsigned: addresses above 2 GiB are negative as int32.
    const scratch = (control[SCRATCH]! >>> 0) + thread * control[STRIDE]!;
    try {
      kernels[control[KERNEL]!]!(ARGS * 4, lo, hi, scratch);
    } catch {
      Atomics.store(control, FAILED, 1);
    }
    if (Atomics.sub(control, BUSY, 1) === 1) Atomics.notify(control, BUSY);
  }
}

/** Spins for a while, then sleeps, until the word differs from `seen`. */
export function waitWhile(control: Int32Array, word: number, seen: number, spin: number): void {
  for (let i = 0; i < spin; i++) if (Atomics.load(control, word) !== seen) return;
  Atomics.wait(control, word, seen);
}

/** The life of a worker thread: take chunks, sleep until the next job. Never returns. */
export function workForever(
  control: Int32Array,
  kernels: readonly HostKernel[],
  thread: number,
  spin: number,
): never {
  for (;;) {
    const seen = Atomics.load(control, EPOCH);
    takeChunks(control, kernels, thread);
    waitWhile(control, EPOCH, seen, spin);
  }
}
