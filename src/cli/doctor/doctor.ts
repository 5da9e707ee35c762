// `zenoflow doctor`: what works on this machine, as a table.

import { resolve } from "node:path";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { table } from "../table.js";
import type { Style } from "../terminal.js";
import { placeSettings, type PlaceOptions } from "../use/load-run.js";
import { backendCheck, hostKernelCheck, optionalBackendCheck, precisionCheck } from "./backends.js";
import { calibrate, calibrationTable } from "./calibration.js";
import { dataSetsCheck } from "./data-sets.js";
import { guarded, type Check, type CheckStatus } from "./check.js";
import { figuresCheck } from "./figures.js";
import { nodeCheck, threadsCheck } from "./node.js";
import { runFolderCheck } from "./run-folder.js";
import { autoCheck, speedCheck } from "./speed.js";
import { executorsCheck, hardLinksCheck, redisCheck, slurmCheck } from "./sweeps.js";

/** The flags of `doctor`. */
export type DoctorOptions = PlaceOptions & {
  /** Also measure every backend. */
  readonly calibrate?: boolean;
};

const STYLES: Readonly<Record<CheckStatus, Style>> = {
  ok: "green",
  warn: "yellow",
  fail: "red",
  absent: "dim",
};

const WORDS_PER_LINE = 7;

function wrap(words: readonly string[]): string {
  const lines = Array.from({ length: Math.ceil(words.length / WORDS_PER_LINE) }, (_, i) =>
    words.slice(i * WORDS_PER_LINE, (i + 1) * WORDS_PER_LINE).join(" "),
  );
  return lines.join("\n");
}

async function patchesCheck(): Promise<Check> {
  const patches = await import("../../../kernels/runtime/patches/index.js");
  const names = [...new Set(patches.patchNames())].sort();
  const few = (list: readonly string[]): string => ` ${list.join(" ")}`;
  const detail = `${names.length.toString()} gradients of tfjs repaired:\n${wrap(names)}\nkernels of wasm replaced:\n${wrap(patches.WASM_REPLACEMENTS)}\nkernels of cpu replaced:${few(patches.CPU_REPLACEMENTS)}\nkernels of tensorflow replaced:${few(patches.TENSORFLOW_REPLACEMENTS)}\nkernels of webgpu replaced:\n${wrap(patches.WEBGPU_REPLACEMENTS)}`;
  return { name: "patches", status: "ok", detail };
}

// The wasm backend comes last of the backends, so that the checks behind it run where most users compute.
async function checks(context: Context, runs: string): Promise<readonly Check[]> {
  const { chooseBackend } = context.io;
  let threads = 1;
  const wasm = async (): Promise<Check> => {
    const check = await backendCheck("wasm", chooseBackend);
    threads = (await chooseBackend("wasm", {})).threads;
    return check;
  };
  const found = [
    nodeCheck(process.versions.node),
    threadsCheck(),
    await guarded("backend tensorflow", () => optionalBackendCheck("tensorflow", chooseBackend)),
    await guarded("backend webgpu", () => optionalBackendCheck("webgpu", chooseBackend)),
    await guarded("backend cpu", () => backendCheck("cpu", chooseBackend)),
    await guarded("backend wasm", wasm),
    await guarded("host kernels", () => hostKernelCheck(threads)),
    await guarded("float32", precisionCheck),
    await guarded("patches", patchesCheck),
    await guarded("figures", figuresCheck),
    await guarded("run folder", () => runFolderCheck(runs)),
    await guarded("hard links", () => hardLinksCheck(runs)),
    executorsCheck(process.platform, context.io.env),
    await guarded("redis", () => redisCheck(context.io)),
    await guarded("slurm", () => slurmCheck(context.io)),
    await guarded("data sets", () => dataSetsCheck(context.io.env)),
    await guarded("auto", () => autoCheck(context.io.env)),
  ];
  return [...found, speedCheck(found, context.io.env)];
}

function rows(found: readonly Check[], context: Context): readonly (readonly string[])[] {
  return found.flatMap(({ name, status, detail, hint }) => {
    const [first = "", ...more] = detail.split("\n");
    const below = hint === undefined ? more : [...more, `hint: ${hint}`];
    const shown = context.terminal.style(STYLES[status], status);
    return [[name, shown, first], ...below.map((line) => ["", "", line])];
  });
}

// Only what was asked for decides: a machine without a GPU is healthy.
function exitCode(found: readonly Check[], backend: string): number {
  const asked = found.find(({ name }) => name === `backend ${backend}`);
  if (asked !== undefined && asked.status !== "ok") return EXIT.unavailable;
  return found.some(({ status }) => status === "fail") ? EXIT.unavailable : EXIT.done;
}

/** Runs `zenoflow doctor`; resolves with the exit code. */
export async function doctor(options: DoctorOptions, context: Context): Promise<number> {
  const { terminal, io, version } = context;
  const settings = placeSettings(options, context);
  const calibrated = options.calibrate === true ? await calibrate(context) : undefined;
  const found = await checks(context, resolve(io.cwd, settings.runs));
  const exit = exitCode(found, settings.backend);
  if (terminal.options.json) {
    await terminal.json({
      schema: "zenoflow.doctor/1",
      version,
      exit,
      checks: found,
      ...calibrated,
    });
    return exit;
  }
  await terminal.print(`zenoflow ${version}\n`);
  const bold = (line: string): string => terminal.style("bold", line);
  await terminal.print(table(["check", "status", ""], rows(found, context), { header: bold }));
  if (calibrated !== undefined) {
    await terminal.print(`\n${calibrationTable(calibrated.calibration, bold)}`);
    for (const [name, why] of Object.entries(calibrated.absent))
      terminal.note(`${name} was not measured: ${why}`);
  }
  return exit;
}
