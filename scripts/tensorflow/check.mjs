// Does what was set up run? Loads the package in a process of its own and tries a few operations.

import { spawnSync } from "node:child_process";
import { Failure, say } from "./failure.mjs";

const PROBE = `
const tf = require(process.env.ZENOFLOW_PROBED_PACKAGE);
const backend = tf.backend();
const near = (x, y) => { if (!(Math.abs(x - y) < 1e-5)) throw new Error(x + " is not " + y); };
const a = tf.tensor2d([[1, 2], [3, 4]]);
near(tf.sum(tf.matMul(a, a)).dataSync()[0], 54);
near(tf.grad((x) => tf.sum(tf.pow(x, 3)))(tf.scalar(2)).dataSync()[0], 12);
const type = { name: "T", type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT };
const adjoint = { name: "adjoint", type: backend.binding.TF_ATTR_BOOL, value: false };
near(backend.executeSingleOutput("MatrixSolve", [type, adjoint], [a, tf.tensor2d([[5], [11]])]).dataSync()[1], 2);
console.log("TensorFlow " + backend.binding.TF_Version + " on the " + (backend.isUsingGpuDevice ? "GPU" : "CPU"));
`;

/** Throws with what the process printed where the package does not load or computes something else. */
export function check(folder, gpu) {
  const env = {
    TF_CPP_MIN_LOG_LEVEL: gpu ? "1" : "2",
    TF_FORCE_GPU_ALLOW_GROWTH: "true",
    ...process.env,
    ZENOFLOW_PROBED_PACKAGE: folder,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", PROBE], {
    encoding: "utf8",
    env,
  });
  if (status !== 0)
    throw new Failure(`what is installed does not load or does not work:\n${stdout}${stderr}`);
  say(stdout.trim());
  if (gpu && !stdout.includes("on the GPU")) {
    process.stderr.write(stderr);
    say("no GPU is in use (see above); the CPU is.");
  }
}
