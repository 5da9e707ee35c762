// The public surface, name by name: a change of this list is a change for users and has to be meant.

import { expect } from "chai";
import * as zenoflow from "../src/index.js";
import * as models from "../src/models/index.js";
import type { BackendInfo, BackendName, BackendOptions } from "../src/index.js";
import type {
  DataConfig,
  DataFiles,
  DeepPartial,
  DqganConfig,
  DqganOptions,
  EvaluateConfig,
  Evaluation,
  Figure,
  HistoryRow,
  Measure,
  ModelConfig,
  ModelDefinition,
  Samples,
  Snapshot,
  SnapshotTensor,
  TrainConfig,
  TrainEvent,
} from "../src/models/index.js";

const names = (module: object): string[] =>
  Object.keys(module).filter((name) => name !== "default");

const SURFACE: Readonly<Record<string, readonly [object, readonly string[]]>> = {
  zenoflow: [
    zenoflow,
    [
      "BACKENDS",
      "backendInfo",
      "useBackend",
      "random",
      "linalg",
      "openSystems",
      "network",
      "metrics",
      "data",
      "ArgumentError",
      "BackendError",
      "ConvergenceError",
      "DataError",
      "ShapeError",
      "VERSION",
    ],
  ],
  "zenoflow.random": [
    zenoflow.random,
    ["MAX_EVENT", "PURPOSES", "normal", "normalArray", "stream", "uniform", "uniformArray"],
  ],
  "zenoflow.linalg": [zenoflow.linalg, ["eigenvalues", "solve"]],
  "zenoflow.openSystems": [
    zenoflow.openSystems,
    [
      "VERDICTS",
      "add",
      "adjoint",
      "anticommutator",
      "basis",
      "blochVector",
      "checkSteadyState",
      "coherent",
      "commutator",
      "complex",
      "conj",
      "create",
      "densityMatrix",
      "destroy",
      "dissipator",
      "eigenvalues",
      "embed",
      "entropy",
      "expect",
      "expectComplex",
      "fidelityToPure",
      "fromArrays",
      "identity",
      "liouvillian",
      "lower",
      "matMul",
      "maximallyMixed",
      "number",
      "partialTrace",
      "projector",
      "purity",
      "qubitFidelity",
      "raise",
      "scale",
      "sigmaX",
      "sigmaY",
      "sigmaZ",
      "spost",
      "spre",
      "sprepost",
      "steadyState",
      "sub",
      "sum",
      "tensor",
      "thermal",
      "trace",
      "traceDistance",
      "unvectorize",
      "vectorize",
    ],
  ],
  "zenoflow.network": [zenoflow.network, ["steadyState", "steadyStateAndGradients", "validity"]],
  "zenoflow.metrics": [
    zenoflow.metrics,
    [
      "binEdges",
      "histogram",
      "histogram2d",
      "probabilities",
      "hellinger",
      "overlap",
      "totalVariation",
      "jensenShannon",
      "jsDistance",
      "wasserstein1",
      "wasserstein1Normal",
      "kolmogorovSmirnov",
      "kolmogorovSmirnovNormal",
      "normalCdf",
      "normalQuantile",
      "lineFit",
      "medianHeuristic",
      "mmd2",
      "energyDistance2",
      "nearestNeighbours",
      "modeCoverage",
    ],
  ],
  "zenoflow.data": [zenoflow.data, ["lineSource", "csvSource", "parseCsv"]],
  "zenoflow/models": [
    models,
    ["dqgan", "dqganConfig", "dqganPresets", "dqganSchema", "trainDqgan"],
  ],
  "zenoflow/models.dqgan": [
    models.dqgan,
    ["name", "title", "schema", "presets", "train", "evaluate", "sample", "figures"],
  ],
};

/** The exported types: that this compiles is the test. */
export type Types = [
  BackendInfo,
  BackendName,
  BackendOptions,
  DataConfig,
  DataFiles,
  DeepPartial<DqganConfig>,
  DqganConfig,
  DqganOptions,
  EvaluateConfig,
  Evaluation,
  Figure,
  HistoryRow,
  Measure,
  ModelConfig,
  ModelDefinition<DqganConfig>,
  Samples,
  Snapshot,
  SnapshotTensor,
  TrainConfig,
  TrainEvent,
];

describe("the public surface", () => {
  for (const [module, [exports, wanted]] of Object.entries(SURFACE)) {
    it(`of ${module} is what is listed here`, () => {
      expect(names(exports)).to.have.members([...wanted]);
    });
  }

  it("has errors that are told apart by class and name", () => {
    const { ArgumentError, BackendError, ConvergenceError, DataError, ShapeError } = zenoflow;
    const classes = { ArgumentError, BackendError, ConvergenceError, DataError, ShapeError };
    for (const [name, Own] of Object.entries(classes)) {
      const error = new Own("text", { cause: "why" });
      expect(error).to.be.instanceOf(Error);
      expect(error).to.include({ name, message: "text", cause: "why" });
      const others = Object.values(classes).filter((other) => other !== Own);
      expect(others.some((other) => error instanceof other)).to.equal(false);
    }
  });
});
