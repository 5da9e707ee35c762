// `doctor --calibrate`: how fast every backend of this machine is, as a table, kept for `useBackend("auto")`.

import { availableParallelism, loadavg } from "node:os";
import { dirname } from "node:path";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import type { BackendSpeed, Calibration } from "../../backend-calibration.js";
import type { Context } from "../context.js";
import { figure, table } from "../table.js";

/** A calibration and the backends that are not there, with the reasons. */
export type Calibrated = {
  readonly calibration: Calibration;
  readonly absent: Readonly<Record<string, string>>;
};

/** Measures every backend, each in a process of its own. */
export type Calibrate = (log: (line: string) => void) => Promise<Calibrated>;

// benchmarks/ stands beside src/ and imports from it, as in `zenoflow bench`.
const installed: Calibrate = async (log) => {
  const address = new URL("../../../benchmarks/backends/calibration.js", import.meta.url);
  const { calibrateMachine } = (await import(address.href)) as {
    readonly calibrateMachine: Calibrate;
  };
  return calibrateMachine(log);
};

type Quantity = readonly [title: string, value: (speed: BackendSpeed) => number | undefined];

const QUANTITIES: readonly Quantity[] = [
  ["first result, ms", ({ firstResult }) => firstResult],
  ["a small operation, µs", ({ smallOp }) => smallOp],
  ["additions, 10⁹/s", (speed) => speed.elementwise],
  ["matrix product, GFLOP/s", ({ matMul }) => matMul],
  ["convolution and gradients, GFLOP/s", ({ conv }) => conv],
];

/** Of a quantity, the default backend's value and the others' with their ratio to it. */
function cellsOf([title, value]: Quantity, speeds: readonly BackendSpeed[]): string[] {
  const [first, ...others] = speeds.map(value);
  const cell = (x: number | undefined): string => {
    if (x === undefined) return "";
    const times = first === undefined ? "" : ` (×${figure(Number((x / first).toPrecision(2)))})`;
    return `${figure(Number(x.toPrecision(3)))}${times}`;
  };
  const own = first === undefined ? "" : figure(Number(first.toPrecision(3)));
  return [title, own, ...others.map(cell)];
}

/** The backends side by side, wasm first, whatever was measured of them. */
export function calibrationTable(
  { backends }: Calibration,
  header: (line: string) => string,
): string {
  const names = ["wasm", ...Object.keys(backends).filter((name) => name !== "wasm")].filter(
    (name) => name in backends,
  );
  const speeds = names.map((name) => backends[name]!);
  const kernels = [...new Set(speeds.flatMap((speed) => Object.keys(speed.kernels)))];
  const rows = [
    ["threads", ...speeds.map(({ threads }) => threads.toString())],
    ...QUANTITIES.map((quantity) => cellsOf(quantity, speeds)),
    ...kernels.map((kernel) =>
      cellsOf([`${kernel}, samples/s`, (speed) => speed.kernels[kernel]], speeds),
    ),
  ];
  const titles = names.map((name) => (backends[name]!.software ? `${name} (emulated)` : name));
  return table(["calibration", ...titles], rows, { header });
}

/** Measures, keeps and shows; the calibration for the JSON document. */
export async function calibrate(context: Context): Promise<Calibrated & { readonly file: string }> {
  const { terminal, io } = context;
  terminal.note("measuring every backend, some seconds each");
  const [load = 0] = loadavg();
  if (load > availableParallelism())
    terminal.note(
      `other programs keep this machine busy (load ${load.toFixed(0)}): calibrate again when they are done`,
    );
  const measured = await (io.calibrate ?? installed)((name) => {
    terminal.note(`calibrating ${name}`);
  });
  // It loads tensors.
  const { calibrationFile, withCalibration } = await import("../../backend-calibration.js");
  const file = await calibrationFile(io.env);
  makeFolder(dirname(file));
  writeAtomically(file, await withCalibration(file, measured.calibration));
  terminal.note(`kept in ${file}, where useBackend("auto") reads it`);
  return { ...measured, file };
}
