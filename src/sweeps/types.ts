// What the parts of a sweep tell each other: study, trial, block, row. Types only, all of them plain JSON.

/** Value of a parameter in a trial; null where it is inactive (`when`). Static parameters may be lists and groups. */
export type ParameterValue =
  | number
  | string
  | boolean
  | null
  | readonly ParameterValue[]
  | { readonly [key: string]: ParameterValue };

/** A measured number that a study ranks trials by. */
export type Metric = {
  /** A metric of the task's last event, or `losses.<name>`. */
  readonly name: string;
  readonly goal: "minimize" | "maximize";
  readonly target?: number;
};

/** How the values of one parameter are spread; everything optional in a study file is filled in. */
export type Distribution =
  | {
      readonly kind: "choice";
      readonly values: readonly ParameterValue[];
      readonly probabilities?: readonly number[];
    }
  | {
      /** Whether values are rounded down to integers is decided by the task's schema, not by how bounds are written. */
      readonly kind: "integer" | "real";
      readonly scale: "linear" | "log";
      readonly min: number;
      readonly max: number;
      readonly step?: number;
      /** Points of a grid, both ends included. */
      readonly count?: number;
    }
  | { readonly kind: "normal" | "logNormal"; readonly mu: number; readonly sigma: number };

/** One parameter of a study. */
export type Parameter = Distribution & {
  /** Active only where these other parameters have one of these values. */
  readonly when?: Readonly<Record<string, readonly ParameterValue[]>>;
  /** Whether it changes a shape, a graph or a code path: static ones group trials, the others become population tensors. */
  readonly isStatic: boolean;
};

/** A checked study: what is tried, how it is judged. Where it came from and where it runs is not part of it. */
export type Study = {
  readonly format: 1;
  /** A label; not hashed. */
  readonly name: string;
  /** A registered task, `<model>.train`, or a module of the user's, as written. */
  readonly task: string;
  /** Where the task is a module: the hash of its text. */
  readonly module?: { readonly sha256: string };
  /** Fixed settings of the task, nested as in its configuration; complete but for what parameters set. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The first one decides in halving. */
  readonly metrics: readonly Metric[];
  readonly method: "grid" | "random" | "sobol" | "ask-tell";
  readonly seed: number | string;
  /** Rows in total, replicates included; not hashed. */
  readonly trials: number;
  /** Rows with the same parameters and other seeds, next to each other. */
  readonly replicates: number;
  /** By dotted key of the configuration. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Steps of a trial: `max` without halving. */
  readonly budget: { readonly unit: "step"; readonly min: number; readonly max: number };
  readonly halving: {
    readonly eta: number;
    /** Consecutive trials that compete. */
    readonly cohort: number;
    readonly scope: "group" | "cohort";
  } | null;
  /** With method ask-tell: the module that proposes points, the hash of its text, configurations per generation. */
  readonly ask?: { readonly module: string; readonly sha256: string; readonly generation: number };
  /** Not hashed. Seconds; fraction of failed rows. */
  readonly limits: { readonly seconds?: number; readonly failures?: number };
};

/** SHA-256 of all that changes numbers, and the key of the study's random numbers. */
export type StudyIdentity = {
  /** 64 hexadecimal digits. */
  readonly hash: string;
  /** Its first two little-endian 32-bit words. */
  readonly key: readonly [number, number];
};

/** Trial i of a study: a pure function of the study and i. */
export type Trial = {
  readonly index: number;
  /** In the order of the sorted parameter names. */
  readonly values: readonly ParameterValue[];
  /** Seed of its training, an integer of at least 0 and below 2³¹. */
  readonly seed: number;
};

/** A unit of work and of commit: rows of one cohort and one group that train together, to one rung. */
export type Block = {
  /** `b-` and 12 hexadecimal digits, from study hash, rung, generation and rows. */
  readonly id: string;
  readonly cohort: number;
  /** Canonical JSON of the static parameters' values. */
  readonly group: string;
  readonly rung: number;
  /** Steps at the end of this rung. */
  readonly budget: number;
  /** 0, and one more with every `--retry`. */
  readonly generation: number;
  /** Indices of trials, ascending. */
  readonly trials: readonly number[];
  /** Method ask-tell only: the points that were proposed, one row a trial, each coordinate in [0, 1). */
  readonly u?: readonly (readonly number[])[];
  /** Rows that are computed again, of method ask-tell: the values that their rows have, in the order of the sorted names. */
  readonly values?: readonly (readonly ParameterValue[])[];
};

/** How a trial ended: only `error` counts as a failure. */
export type RowStatus = "ok" | "diverged" | "pruned" | "error";

/** One committed row, as it stands in a batch file. Numbers that are not finite travel as strings. */
export type Row = {
  /** Trial. */
  readonly t: number;
  readonly s: RowStatus;
  /** Value of the first metric; null where there is none. */
  readonly v: number | null;
  /** All metrics. */
  readonly m: Readonly<Record<string, number>>;
  /** Steps done. */
  readonly n: number;
  /** First loss after 16 steps, for comparisons across machines. */
  readonly probe?: number;
  /** Parameters by name. */
  readonly p: Readonly<Record<string, ParameterValue>>;
  /** Why, for `error`; the step, for `diverged`. */
  readonly why?: string;
};

/** The first line of a batch file. */
export type BatchHeader = {
  readonly format: 1;
  readonly study: string;
  readonly batch: string;
  readonly rung: number;
  readonly generation: number;
  readonly rows: number;
  readonly backend: string;
  readonly device: string;
  readonly numerics: number;
  readonly host: string;
  /** ISO 8601; a clock may jump, nothing depends on it. */
  readonly started: string;
  /** Seconds of training. */
  readonly seconds: number;
};
