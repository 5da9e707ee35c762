// A worker of a queue as a process of its own, with a test's little patience: folder, address of Redis, timing.

import { connect } from "../../src/sweeps/engines/bullmq/connection.js";
import type { QueueTiming } from "../../src/sweeps/engines/bullmq/jobs.js";
import { serveQueue } from "../../src/sweeps/engines/bullmq/worker.js";
import { openStore } from "../../src/sweeps/store/index.js";
import { engineOptions } from "./swarm-sweep.js";

const [folder = "", redis = "", timing = "{}"] = process.argv.slice(2);
const controller = new AbortController();
process.on("SIGTERM", () => {
  controller.abort();
});
const connection = await connect(redis);
const end = await serveQueue({
  store: openStore(folder),
  connection,
  timing: JSON.parse(timing) as QueueTiming,
  options: engineOptions({ stop: controller.signal, owner: process.pid.toString() }),
  events: {
    backend: () => undefined,
    progress: () => undefined,
    done: () => undefined,
    trouble: (message) => process.stderr.write(`${message}\n`),
  },
  index: 0,
  isOver: () => false,
});
connection.close();
process.exitCode = end === "finished" ? 0 : 75;
