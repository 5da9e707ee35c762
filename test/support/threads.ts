// A pool whose worker threads are known to work: starting them takes a while, in which the caller does everything.

import { streamKeys } from "../../kernels/philox/reference.js";
import { hostPool, setThreads } from "../../kernels/runtime/host/pool.js";
import { SCRATCH, STRIDE } from "../../kernels/runtime/host/protocol.js";
import type { HostPool } from "../../kernels/runtime/host/pool.js";

const ITEMS = 64;
const PATIENCE_MS = 20_000;

/** Draws normal numbers in many chunks; every thread that takes one writes to its scratch memory. */
function drawNormals(pool: HostPool): void {
  const count = 1024 * ITEMS;
  const keys = pool.alloc(16);
  pool.u32(keys, 4).set(streamKeys(1, 1));
  const args = [keys, pool.alloc(4 * count), count, 0, 0, 2, 0, 0, ITEMS];
  pool.run("philox", args, ITEMS, { chunk: 1, scratch: 64 });
  pool.release();
}

/** The first word of each thread's scratch memory in the last job. */
function scratchWords(pool: HostPool): Uint32Array[] {
  const control = pool.u32(0, 16);
  return Array.from({ length: pool.threads }, (_, thread) =>
    pool.u32(control[SCRATCH]! + thread * control[STRIDE]!, 1),
  );
}

const UNTOUCHED = 0x7fc0dead;

/** Waits until every thread of the pool has taken part in a job. */
export async function allWorking(pool: HostPool): Promise<void> {
  const working = new Set<number>();
  drawNormals(pool);
  for (const end = Date.now() + PATIENCE_MS; working.size < pool.threads;) {
    if (Date.now() > end) throw new Error(`${working.size} of ${pool.threads} threads take part`);
    for (const word of scratchWords(pool)) word[0] = UNTOUCHED;
    drawNormals(pool);
    scratchWords(pool).forEach((word, thread) => word[0] !== UNTOUCHED && working.add(thread));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** `setThreads`, and the threads at work. */
export async function startThreads(threads: number): Promise<void> {
  setThreads(threads);
  await allWorking(hostPool());
}
