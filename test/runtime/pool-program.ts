// A process that starts a pool, draws with it and ends by itself: what processes.test.ts looks at. With the
// argument "unshared" it has no SharedArrayBuffer, as a page without isolation headers.

if (process.argv[2] === "unshared") {
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
}
const { streamKeys } = await import("../../kernels/philox/reference.js");
const { hostPool } = await import("../../kernels/runtime/host/pool.js");

const pool = hostPool();
const count = 20_000;
const keys = pool.alloc(16);
pool.u32(keys, 4).set(streamKeys(42, 7));
const out = pool.alloc(4 * count);
const items = Math.ceil(count / 1024);
pool.run("philox", [keys, out, count, 0, 0, 0, 0, 0, items], items, { scratch: 64, chunk: 1 });

const words = [...pool.u32(out, count).subarray(count - 3)];
console.log(JSON.stringify({ threads: pool.threads, words }));
