// Parametrised quantum circuits: data that is built, drawn, counted, read and written, and run over populations and
// batches with gradients.

export { circuit, MAX_WIRES, parameterCount } from "./circuit.js";
export type { Appendable, Circuit, CircuitData } from "./circuit.js";
export {
  barrier,
  controlled,
  controlledUnitary,
  diagonalUnitary,
  gate,
  multiControlledX,
  pauliRot,
  unitary,
} from "./operation.js";
export type { Barrier, Control, GateOperation, Operation } from "./operation.js";
export {
  amplitudeDamping,
  bitFlip,
  bitPhaseFlip,
  depolarizing,
  depolarizingTo,
  generalizedAmplitudeDamping,
  kraus,
  krausOperators,
  pauliChannel,
  phaseDamping,
  phaseFlip,
  reset,
  thermalRelaxation,
} from "./noise/channels.js";
export type { ChannelOperation, ChannelWires } from "./noise/channels.js";
export type { ChannelName } from "./noise/kraus.js";
export { noisy } from "./noise/model.js";
export type { NoiseModel, NoiseRule } from "./noise/model.js";
export type { ReadoutError } from "./noise/readout.js";
export { feature, parameter } from "./angle.js";
export type { Angle } from "./angle.js";
export { features, parameters, values } from "./source.js";
export type { ParameterGroup, Source } from "./source.js";
export { bind, compose, controlledCircuit, inverse, onWires } from "./derived.js";
export type { Binding } from "./derived.js";
export {
  amplitudeEmbedding,
  angleEmbedding,
  basisEmbedding,
  iqpEmbedding,
} from "./templates/embeddings.js";
export type { AmplitudeOptions, Axis } from "./templates/embeddings.js";
export {
  basicEntangler,
  hardwareEfficient,
  realAmplitudes,
  rotationsAndRing,
  stronglyEntangling,
} from "./templates/layers.js";
export type {
  BasicEntanglerOptions,
  LayerName,
  LayersOptions,
  StronglyEntanglingOptions,
} from "./templates/layers.js";
export { dataReuploading } from "./templates/reuploading.js";
export type { ReuploadingOptions } from "./templates/reuploading.js";
export type { Ansatz, Preparation, Template } from "./templates/template.js";
export { gateMatrix, gateInfo, NAMED_GATES } from "./gates/table.js";
export type { GateInfo, GateName, NamedGate } from "./gates/table.js";
export type { MatrixData } from "./matrix.js";
export { hermitian, measurementGroups, pauli, pauliSum, projector } from "./observables.js";
export type { MeasurementGroup, Observable, PauliSum } from "./observables.js";
export { expectation, variance } from "./run/expectation.js";
export type { ExpectationOptions } from "./run/expectation.js";
export { explain } from "./run/explain.js";
export type { Explanation } from "./run/explain.js";
export type { Inputs } from "./run/inputs.js";
export type { Path, RunOptions } from "./run/path.js";
export { density, entropy, probabilities, purity, reduced, state } from "./run/state.js";
export type {
  EntropyOptions,
  ProbabilitiesOptions,
  StateOptions,
  WiresOptions,
} from "./run/state.js";
export { checkAmplitudes, counts, estimate, samples } from "./run/shots.js";
export type { Counts, Estimate, EstimateOptions, SampleOptions, ShotOptions } from "./run/shots.js";
export { shiftRule } from "./gradients/shift-rule.js";
export type { ShiftRuleOptions, ShiftTerm } from "./gradients/shift-rule.js";
export { jacobian } from "./gradients/jacobian.js";
export type { GradientMethod, JacobianOptions, StepOptions } from "./gradients/jacobian.js";
export { hessian } from "./gradients/hessian.js";
export type { HessianOptions } from "./gradients/hessian.js";
export { estimateJacobian } from "./gradients/estimates.js";
export type {
  EstimateJacobianOptions,
  JacobianEstimate,
  ShotMethod,
} from "./gradients/estimates.js";
export { spsa } from "./gradients/spsa.js";
export type { SpsaLoss, SpsaOptions, SpsaResult } from "./gradients/spsa.js";
export { metricTensor, naturalGradient, quantumFisher } from "./gradients/metric.js";
export type { MetricOptions, NaturalGradientOptions } from "./gradients/metric.js";
export { trajectories } from "./run/trajectories.js";
export type { TrajectoryEstimate, TrajectoryOptions } from "./run/trajectories.js";
export type { By } from "./run/flat.js";
export { simulate } from "./oracle.js";
export type { Amplitudes, Point } from "./oracle.js";
export { draw } from "./drawing/text.js";
export type { DrawOptions } from "./drawing/text.js";
export { drawSvg } from "./drawing/svg.js";
export type { SvgOptions } from "./drawing/svg.js";
export { resources } from "./resources.js";
export type { Resources } from "./resources.js";
export { fromJson } from "./json.js";
export { fromQasm } from "./qasm/import.js";
export { toQasm } from "./qasm/export.js";
