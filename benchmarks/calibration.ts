// The calibration kernel: Philox words per nanosecond on one thread. Integer arithmetic in registers with hardly any
// memory traffic, so that it says how fast a core of this machine is; every throughput is also given in its units.

import { startPool } from "../kernels/runtime/host/pool.js";
import { drawInto } from "../kernels/philox/host.js";

const COUNT = 1 << 18;
const REPETITIONS = 25;

/** Philox words per nanosecond, the median of several runs on one thread. */
export function calibrate(): number {
  const pool = startPool({ threads: 1 });
  const times: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const start = performance.now();
    drawInto(pool, { seeds: [[1, i]], count: COUNT, offset: 0, law: "words", scale: 1, shift: 0 });
    times.push(performance.now() - start);
    pool.release();
  }
  times.sort((a, b) => a - b);
  return COUNT / (times[REPETITIONS >> 1]! * 1e6);
}
