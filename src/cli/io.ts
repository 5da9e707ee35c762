// What the program needs from its surroundings. The process provides it; tests provide their own.

import type { Writable } from "node:stream";
import type { Work } from "../backend-auto.js";
import type { BenchSuites } from "./bench.js";
import type { Calibrate } from "./doctor/calibration.js";
import type { ModelRegistry } from "./models.js";

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Chooses a backend and says what it found. */
export type ChooseBackend = (
  name: string,
  options: { readonly threads?: number; readonly for?: Work },
) => Promise<BackendSummary>;

/** What is shown and stored of a backend. */
export type BackendSummary = {
  readonly name: string;
  readonly device: string;
  readonly threads: number;
  /** Where `auto` was asked for: why it is this one. */
  readonly why?: string;
  /** Whether a GPU is emulated on the processor, and what the device allows; of webgpu alone. */
  readonly software?: boolean;
  readonly limits?: Readonly<Record<string, number>>;
};

/** Where signals come from: the process. */
export type SignalSource = {
  on(signal: NodeJS.Signals, handler: () => void): unknown;
  off(signal: NodeJS.Signals, handler: () => void): unknown;
};

/** Streams, environment, place, models and signals of one call of the program. */
export type Io = {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly models: ModelRegistry;
  readonly chooseBackend: ChooseBackend;
  /** The benchmark suites; absent: those that come with zenoflow. */
  readonly benchSuites?: () => Promise<BenchSuites>;
  /** Measures the backends; absent: with what comes with zenoflow. */
  readonly calibrate?: Calibrate;
  /** Emits SIGINT, SIGTERM and SIGUSR2; absent: nothing interrupts. */
  readonly signals?: SignalSource;
  /** Program and arguments that start this program again; absent: it cannot be. */
  readonly program?: readonly string[];
  /** Ends the process at once; only for a second signal, or a first one with nothing to save. */
  exit(code: number): void;
};
