// `zenoflow verify`: the files of a sweep byte by byte, and random rows computed again.

import { TIMING, type EngineOptions } from "../../sweeps/engines/engine.js";
import { drawTrials, rerunTrials, type Rerun } from "../../sweeps/execution/rerun.js";
import { checkBytes, damageText, type ByteCheck, type Store } from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXECUTOR } from "../executor-call.js";
import { EXIT } from "../exit-codes.js";
import { near } from "../places.js";
import { placeSettings } from "../use/load-run.js";
import { failing } from "./failing.js";
import { findSweep } from "./folder.js";
import type { SweepPlaceOptions } from "./options.js";
import { grouped } from "./readings.js";

/** The flags of `verify`. */
export type VerifyOptions = SweepPlaceOptions & {
  readonly trials: number;
  readonly microBatch?: number;
};

// Odd and small: another cut than any power of two that a sweep has used.
const MICRO_BATCH = 3;

function engineOptions(
  store: Store,
  options: VerifyOptions,
  { io }: Context,
  backend: string,
  threads: number | null,
): EngineOptions {
  const [earlier = "auto"] = store.scan().backends.filter((name) => name !== "none");
  return {
    executor: [...(io.program ?? []), EXECUTOR],
    env: io.env,
    cwd: io.cwd,
    backend: options.backend === undefined ? earlier : backend,
    threads,
    workers: 1,
    failFast: false,
    seconds: null,
    microBatch: null,
    timing: TIMING,
    stop: new AbortController().signal,
  };
}

function filesText(check: ByteCheck): readonly string[] {
  const { files, rows, damaged, differences, overlapping } = check;
  return [
    `files   ${grouped(files)} with ${grouped(rows)} rows, ${damaged.length === 0 ? "all whole" : `${damaged.length.toString()} damaged`}`,
    ...damaged.map((damage) => `        ${damageText(damage)}`),
    ...(overlapping === 0
      ? []
      : [`twice   ${grouped(overlapping)} rows, ${differences.length.toString()} of them differ`]),
    ...differences.map(
      ({ trial, rung, why }) =>
        `        trial ${trial.toString()} at rung ${(rung + 1).toString()}: ${why.join("; ")}`,
    ),
  ];
}

function rowsText({ trials, bits, mismatches, backend }: Rerun): readonly string[] {
  if (trials.length === 0) return [];
  const how = bits ? "bit for bit" : "in their first losses, to 1e-3";
  const verdict =
    mismatches.length === 0
      ? `agree ${how}`
      : `${mismatches.length.toString()} do not agree ${how}`;
  return [
    `again   ${trials.length.toString()} rows on ${backend?.name ?? "no backend"}: ${verdict}`,
    ...mismatches.map(({ trial, why }) => `        trial ${trial.toString()}: ${why.join("; ")}`),
  ];
}

/** Runs `zenoflow verify`; resolves with the exit code. */
export async function verify(
  name: string | undefined,
  options: VerifyOptions,
  context: Context,
): Promise<number> {
  const { io, terminal } = context;
  const store = findSweep(name, options, context);
  const check = checkBytes(store);
  const { backend, threads } = placeSettings(options, context);
  const trials = drawTrials(store, options.trials);
  const how = engineOptions(store, options, context, backend, threads);
  const rerun = await failing(rerunTrials(store, trials, options.microBatch ?? MICRO_BATCH, how));
  const isRight = check.damaged.length + check.differences.length + rerun.mismatches.length === 0;
  if (terminal.options.json) {
    const { missing, ...files } = check;
    const document = {
      sweep: store.folder,
      ok: isRight,
      files: { ...files, missing: missing.length },
      again: rerun,
    };
    await terminal.json({ schema: "zenoflow.verify/1", ...document });
  } else {
    const lines = [near(io.cwd, store.folder), ...filesText(check), ...rowsText(rerun)];
    await terminal.print(`${lines.join("\n")}\n`);
  }
  return isRight ? EXIT.done : EXIT.different;
}
