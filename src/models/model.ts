// What every generative model offers to the run folder and the command line. Types only.

import type { z } from "zod";

/** All that is needed to continue a training exactly: named arrays on the host. */
export type Snapshot = {
  /** Steps done so far. */
  readonly step: number;
  readonly tensors: Readonly<Record<string, SnapshotTensor>>;
};

/** One named array of a snapshot, row-major. */
export type SnapshotTensor = {
  readonly shape: readonly number[];
  readonly values: Float32Array;
};

/** What a training reports; yielded every few steps. */
export type TrainEvent = {
  /** Steps done so far, and in total. */
  readonly step: number;
  readonly steps: number;
  /** Mean of each loss since the previous event, one number per replica. */
  readonly losses: Readonly<Record<string, readonly number[]>>;
  /** Present when this step was evaluated: one number per replica and metric. */
  readonly metrics?: Readonly<Record<string, readonly number[]>>;
  /** The state after this step. Valid until the next event is asked for. */
  snapshot(): Promise<Snapshot>;
  /** Of models of images, where this step was evaluated: what the first replica draws now. Valid as long as `snapshot`. */
  readonly images?: () => Promise<ImageSheet>;
};

/** Some images. */
export type ImageSheet = {
  /** In [−1, 1], row-major. */
  readonly values: Float32Array;
  /** Number, height, width, channels. */
  readonly shape: readonly [n: number, height: number, width: number, channels: number];
};

/** One measured figure of an evaluation, with what it should be compared to. */
export type Measure = {
  readonly name: string;
  /** A few words for tables. */
  readonly label: string;
  readonly value: number;
  /** The same measure between two real samples of the same sizes: the least that can be expected. */
  readonly floor?: number;
  /** The value published in the paper, where there is one. */
  readonly published?: number;
  readonly note?: string;
};

/** The result of `evaluate`: measures of the best replica, of all of them, and the arrays figures need. */
export type Evaluation = {
  readonly model: string;
  /** Sentences that state the protocol: sample sizes, bins, how the best replica was chosen. */
  readonly protocol: readonly string[];
  /** Index of the replica with the smallest validation distance; `measures` describes it. */
  readonly best: number;
  readonly measures: readonly Measure[];
  /** One row per replica: validation distance first, then the test measures by name. */
  readonly replicas: readonly Readonly<Record<string, number>>[];
  /** Named arrays for figures (histograms, edges, samples). */
  readonly arrays: Readonly<Record<string, readonly number[]>>;
  /** Names of the data columns, in the order in which `arrays` counts them. */
  readonly columns: readonly string[];
  /** Rows compared in the test and in the validation; fewer than asked for where the data hold fewer. */
  readonly rows: { readonly test: number; readonly validation: number };
};

/** Rows drawn from a trained model, in the units of the data. */
export type Samples = {
  readonly columns: readonly string[];
  /** Row-major, `n × columns.length`. */
  readonly values: Float32Array;
};

/** One line of `metrics.jsonl`. */
export type HistoryRow = {
  readonly step: number;
  readonly losses: Readonly<Record<string, readonly number[]>>;
  readonly metrics?: Readonly<Record<string, readonly number[]>>;
};

/** A figure: a Vega-Lite specification with its data inside. */
export type Figure = {
  /** File name without extension. */
  readonly name: string;
  /** The sentence under the figure. */
  readonly caption: string;
  readonly spec: Readonly<Record<string, unknown>>;
};

/**
 * A model as the command line sees it. `schema` is cheap to load (zod only); the functions load tensors.
 * Data files are read by the caller and handed in as text, so that models run in a browser.
 */
export type ModelDefinition<Config> = {
  readonly name: string;
  readonly title: string;
  readonly schema: z.ZodType<Config>;
  /**
   * Goes up by one with every change of the numbers that a configuration and a seed give, in training or in validation:
   * of an equation, a default, the order of random numbers, or a rounding. Sweeps do not mix rows of two versions.
   */
  readonly numericsVersion: number;
  /** Named partial configurations, merged over the schema's defaults and under everything the user sets. */
  readonly presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /**
   * Yields every few steps; stops when the consumer stops asking. A replica that is not finite any more has losses that
   * are not from then on, and never changes the others.
   *
   * @throws ArgumentError, DataError at the start; ConvergenceError when no replica is finite any more
   */
  train(config: Config, options?: TrainOptions): AsyncGenerator<TrainEvent, void, void>;
  evaluate(
    config: Config,
    snapshot: Snapshot,
    options?: { readonly files?: DataFiles; readonly n?: number; readonly seed?: number },
  ): Promise<Evaluation>;
  sample(
    config: Config,
    snapshot: Snapshot,
    options: {
      readonly n: number;
      readonly seed?: number;
      readonly replica?: number;
      readonly files?: DataFiles;
    },
  ): Promise<Samples>;
  figures(
    config: Config,
    history: readonly HistoryRow[],
    evaluation: Evaluation,
  ): readonly Figure[];
};

/** Options of a model's `train`. */
export type TrainOptions = {
  /** Continue where this snapshot was taken. */
  readonly resume?: Snapshot;
  readonly files?: DataFiles;
  /**
   * The last step of this call: an event with metrics is yielded there, and the generator ends. Default all steps of
   * the configuration, on which schedules depend; a training in parts gives the bits of one in a piece.
   */
  readonly until?: number;
};

/** Text of the data files a configuration names, by the path as written in the configuration. */
export type DataFiles = Readonly<Record<string, string>>;
