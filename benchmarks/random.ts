// How fast are random tensors, beside the ones that tfjs draws on the host?

import * as tf from "@tensorflow/tfjs";
import { philoxNormals, philoxUniforms } from "../kernels/philox/reference.js";
import { normal, stream, uniform } from "../src/random.js";
import { calibrate } from "./calibration.js";
import { oneThreadThenAll, report, requireError, round, throughput, time } from "./harness.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Report, Row, Suite, SuiteOptions } from "./harness.js";

const COUNT = 1 << 20;
const CHECKED = 4096;

async function errorOf(draw: Tensor, expected: Float64Array): Promise<number> {
  const values = await draw.data();
  draw.dispose();
  return expected.reduce((worst, x, i) => Math.max(worst, Math.abs(x - values[i]!)), 0);
}

async function run({ profile, log }: SuiteOptions): Promise<Report> {
  const calibration = calibrate();
  const from = stream(1, "problemGenerators");
  const rows: Row[] = [];
  for await (const threads of oneThreadThenAll()) {
    log(`random: ${String(threads)} threads`);
    const errors = {
      uniform: await errorOf(
        uniform(from, [CHECKED]),
        philoxUniforms(from.seed, from.substream, CHECKED),
      ),
      normal: await errorOf(
        normal(from, [CHECKED]),
        philoxNormals(from.seed, from.substream, CHECKED),
      ),
    };
    requireError("uniform", errors.uniform, 0);
    requireError("normal", errors.normal, 2e-6);
    for (const [law, draw] of Object.entries({ uniform, normal })) {
      const timing = time(profile, () => draw(from, [COUNT]).dispose());
      const error = round(errors[law as keyof typeof errors], 2);
      rows.push({
        threads,
        what: `zenoflow ${law}`,
        error,
        ...throughput(COUNT, timing, calibration),
      });
    }
  }
  // The stock generators, whose seeded stream restarts at every call.
  for (const [what, draw] of Object.entries({
    "tfjs randomUniform": () => tf.randomUniform([COUNT], 0, 1, "float32", 1),
    "tfjs randomNormal": () => tf.randomNormal([COUNT], 0, 1, "float32", 1),
  })) {
    const timing = time(profile, () => draw().dispose());
    rows.push({ threads: 1, what, error: null, ...throughput(COUNT, timing, calibration) });
  }
  return report(
    rows,
    [`${COUNT.toLocaleString("en")} numbers a call, into a tensor of the wasm backend.`],
    calibration,
  );
}

/** The suite `random`. */
export const random: Suite = { title: "random tensors: zenoflow's streams beside tfjs's", run };
