// Tests of the host pool in this process: chunks, threads, traps, memory. What needs a process of its own is in
// processes.test.ts.

import { expect } from "chai";
import { philoxWords, streamKeys } from "../../kernels/philox/reference.js";
import { hostPool, setThreads, startPool } from "../../kernels/runtime/host/pool.js";
import { wordOf } from "../../kernels/runtime/host/words.js";
import { allWorking } from "../support/threads.js";
import type { HostPool } from "../../kernels/runtime/host/pool.js";

const KEYS = streamKeys(42, 7);
const WORDS_PER_ITEM = 1024;

/** Draws `count` words of one stream into new memory of the pool, in chunks of `chunk` items of 1024 words. */
function drawWords(pool: HostPool, count: number, chunk?: number): number {
  const keys = pool.alloc(16);
  pool.u32(keys, 4).set(KEYS);
  const out = pool.alloc(4 * count);
  const items = Math.ceil(count / WORDS_PER_ITEM);
  const args = [keys, out, count, 0, 0, 0, 0, 0, items];
  pool.run("philox", args, items, { scratch: 64, ...(chunk !== undefined && { chunk }) });
  return out;
}

/** Normal numbers, which the kernel makes in scratch memory, in chunks of one item. */
function drawNormals(pool: HostPool): Float32Array {
  const [count, items] = [20_000, 20];
  const keys = pool.alloc(16);
  pool.u32(keys, 4).set(KEYS);
  const out = pool.alloc(4 * count);
  const one = wordOf(1);
  const args = [keys, out, count, 0, 0, 2, one, 0, items];
  pool.run("philox", args, items, { chunk: 1, scratch: 64 });
  const numbers = pool.f32(out, count).slice();
  pool.release();
  return numbers;
}

/** A job whose kernel reads beyond the memory. */
function trap(pool: HostPool, items: number, chunk: number): void {
  const beyond = 2 ** 31;
  pool.run("meanLogSigmoid", [beyond, 64, 0, beyond, 0, 0], items, { chunk, scratch: 32 });
}

describe("startPool()", () => {
  const expected = philoxWords(42, 7, 20_000);
  let pools: HostPool[] = [];

  /** A pool that is closed after the test. */
  function start(threads: number): HostPool {
    const pool = startPool({ threads });
    pools.push(pool);
    return pool;
  }

  afterEach(() => {
    for (const pool of pools) pool.close();
    pools = [];
  });

  for (const threads of [1, 2, 3])
    it(`does every item once, for chunks of any size, with ${threads} threads`, () => {
      const pool = start(threads);
      expect(pool.threads).to.equal(threads);
      for (const count of [1, 1024, 1025, 20_000])
        for (const chunk of [1, 3, 7, 1000, undefined]) {
          const at = drawWords(pool, count, chunk);
          // An item done twice would show in no word; one left out leaves what was there.
          expect(pool.u32(at, count)).to.deep.equal(expected.subarray(0, count));
          pool.u32(at, count).fill(0);
          pool.release();
        }
    });

  it("runs thousands of jobs in a row, with workers awake and asleep", () => {
    const pool = start(3);
    const word = new Int32Array(new SharedArrayBuffer(4));
    for (let i = 0; i < 3000; i++) {
      const at = drawWords(pool, 4000, 1);
      expect(pool.u32(at, 4000)[i]).to.equal(expected[i]);
      pool.u32(at, 4000).fill(0);
      pool.release();
      // Long enough for the workers to stop polling and to sleep.
      if (i % 500 === 0) Atomics.wait(word, 0, 0, 5);
    }
  });

  it("has all threads at work, each with scratch memory of its own", async () => {
    const [alone, together] = [start(1), start(3)];
    await allWorking(together);
    const expectedNormals = drawNormals(alone);
    for (let i = 0; i < 200; i++) expect(drawNormals(together)).to.deep.equal(expectedNormals);
  });

  it("does nothing for no items", () => {
    const pool = start(2);
    pool.run("philox", [], 0);
    expect(() => pool.run("nothing", [], 0)).to.throw('no kernel named "nothing"');
  });

  for (const threads of [1, 3])
    it(`turns a trap into an error and works on, with ${threads} threads`, () => {
      const pool = start(threads);
      for (const chunk of [1, 16]) {
        expect(() => trap(pool, 16, chunk)).to.throw(Error, '"meanLogSigmoid" trapped');
        const at = drawWords(pool, 20_000, 1);
        expect(pool.u32(at, 20_000)).to.deep.equal(expected);
        pool.release();
      }
    });

  it("refuses more arguments than a job has room for", () => {
    const pool = start(1);
    expect(() => pool.run("philox", new Array<number>(33).fill(0), 1)).to.throw(
      "too many arguments",
    );
  });

  it("gives memory that is aligned and its own until it is released", () => {
    const pool = start(1);
    const [a, b, c] = [pool.alloc(1), pool.alloc(17), pool.alloc(0)];
    for (const at of [a, b, c]) expect(at % 16).to.equal(0);
    expect(b - a).to.be.at.least(1);
    expect(c - b).to.be.at.least(17);
    pool.release();
    expect(pool.alloc(1)).to.equal(a);
  });

  it("grows its memory, which all threads see", () => {
    const pool = start(3);
    const small = pool.f32(pool.alloc(16), 4);
    small.fill(3);
    // The memory starts with 1 MiB.
    const at = drawWords(pool, 3 * 2 ** 20, 64);
    expect(at).to.be.below(2 ** 20);
    const words = pool.u32(at, 3 * 2 ** 20);
    expect(words.subarray(0, 20_000)).to.deep.equal(expected);
    const last = 3 * 2 ** 20 - 8;
    expect(words.subarray(last)).to.deep.equal(philoxWords(42, 7, 8, last));
    expect([...small]).to.deep.equal([3, 3, 3, 3]);
  });

  it("works beyond 2 GiB, where addresses are negative as int32", () => {
    const pool = start(2);
    pool.alloc(2 ** 31);
    const at = drawWords(pool, 5000, 1);
    expect(at).to.be.above(2 ** 31);
    expect(pool.u32(at, 5000)).to.deep.equal(expected.subarray(0, 5000));
  });

  it("refuses more than a 32-bit memory, and works on after a release", () => {
    const pool = start(1);
    expect(() => pool.alloc(2 ** 32)).to.throw(RangeError, "Use a smaller batch");
    pool.release();
    const at = drawWords(pool, 100);
    expect(pool.u32(at, 100)).to.deep.equal(expected.subarray(0, 100));
  });
});

describe("setThreads()", () => {
  let before: number;
  beforeEach(() => {
    before = hostPool().threads;
  });
  afterEach(() => {
    setThreads(before);
  });

  it("replaces the pool of the process, unless it has that many threads", () => {
    setThreads(2);
    const pool = hostPool();
    expect(pool.threads).to.equal(2);
    setThreads(2);
    expect(hostPool()).to.equal(pool);
    setThreads(1);
    expect(hostPool()).to.not.equal(pool);
    expect(hostPool().threads).to.equal(1);
  });
});
