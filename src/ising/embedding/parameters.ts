// The parameters of an embedded model: biases split over chains, couplings over couplers, and the coupling that holds a chain
// together.

import { ArgumentError } from "../../errors.js";
import { model, type HostModel } from "../model.js";
import { CHAIN_EDGE, hostRoles, verifyEmbedding, type Embedding } from "./embedding.js";

/**
 * The coupling of every coupler inside a chain, in the sign where positive couplings align. `"rms"` is
 * `√2 rms(J) √(mean degree)` of the logical model.
 */
export type ChainStrength = number | "rms";

/** dwave-system writes √2 as this. */
const RMS_PREFACTOR = 1.414;

/**
 * The model on the host: `b_i` in equal parts on the qubits of chain i, `J_e` in equal parts on the couplers between its
 * chains, `strength` on the couplers inside chains, 0 elsewhere. A chain that is not broken has the logical energy, up to a
 * constant.
 *
 * @param logical - on the embedding's logical graph; a population keeps its axis
 * @param strength - default 1, the paper's: the largest coupling of the hardware, whose own sign makes it −1
 * @returns a model on the embedding's host
 * @throws ArgumentError if the graphs differ, the embedding is none, or the strength is not positive
 */
export function embedModel(
  logical: HostModel,
  embedding: Embedding,
  strength: ChainStrength = 1,
): HostModel {
  checkGraph(logical, embedding);
  verifyEmbedding(embedding);
  const { spin, role, couplers } = hostRoles(embedding);
  const strengths = chainStrengths(logical, strength);
  const { n } = logical.graph;
  const edges = couplers.length;
  const replicas = Array.from({ length: logical.population }, (_, p) => p);
  const lengths = embedding.chains.map((chain) => chain.length);
  const biases = replicas.map((p) =>
    Float64Array.from(spin, (i) => (i < 0 ? 0 : logical.biases[p * n + i]! / lengths[i]!)),
  );
  const couplings = replicas.map((p) =>
    Float64Array.from(role, (e) => {
      if (e === CHAIN_EDGE) return strengths[p]!;
      return e < 0 ? 0 : logical.couplings[p * edges + e]! / couplers[e]!;
    }),
  );
  const { offset } = logical;
  if (logical.batched) return model(embedding.host, { biases, couplings, offset });
  return model(embedding.host, {
    biases: biases[0]!,
    couplings: couplings[0]!,
    offset: offset[0]!,
  });
}

/**
 * The chain strength of each replica.
 *
 * @returns `[P]`; with `"rms"` 1 for a replica whose couplings are all 0
 * @throws ArgumentError if the strength is not positive and finite
 */
export function chainStrengths(logical: HostModel, strength: ChainStrength): Float64Array {
  if (strength === "rms") return rmsStrengths(logical);
  if (!Number.isFinite(strength) || strength <= 0) {
    throw new ArgumentError(
      `embedModel: argument \`strength\` must be positive and finite, or "rms", but is ${strength}.`,
    );
  }
  return new Float64Array(logical.population).fill(strength);
}

function rmsStrengths({ graph, couplings, population }: HostModel): Float64Array {
  const edges = graph.edges.length / 2;
  const degree = (2 * edges) / graph.n;
  return Float64Array.from({ length: population }, (_, p) => {
    const own = couplings.subarray(p * edges, (p + 1) * edges);
    const squares = own.reduce((sum, J) => sum + J * J, 0);
    return squares === 0 ? 1 : RMS_PREFACTOR * Math.sqrt(squares / edges) * Math.sqrt(degree);
  });
}

function checkGraph({ graph }: HostModel, { logical }: Embedding): void {
  const same =
    graph === logical ||
    (graph.n === logical.n &&
      graph.edges.length === logical.edges.length &&
      graph.edges.every((node, at) => node === logical.edges[at]));
  if (same) return;
  throw new ArgumentError(
    `embedModel: argument \`embedding\` must be of the model's graph ${graph.name}, but is of ${logical.name}. ` +
      "Use { ...embedding, logical: graph } for a part of that graph.",
  );
}
