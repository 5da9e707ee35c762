// The suites by name, as `zenoflow bench` knows them.

import { backendAgreement } from "./backend-agreement.js";
import { backendCost } from "./backend-cost.js";
import { backendMemory } from "./backend-memory.js";
import { circuitPeers } from "./circuit-peers.js";
import { circuits } from "./circuits.js";
import { dqganAcceptance } from "./dqgan-acceptance.js";
import { dqganCost } from "./dqgan-cost.js";
import { effectivePeers } from "./effective-peers.js";
import { effective } from "./effective.js";
import { evolve } from "./evolve.js";
import { effectiveVsFull } from "./effective-vs-full/index.js";
import { exact } from "./exact.js";
import { isingAnnealing } from "./ising-annealing.js";
import { hybridAcceptance } from "./hybrid-acceptance.js";
import { isingPeers } from "./ising-peers.js";
import { ising } from "./ising.js";
import { kernels } from "./kernels.js";
import { products } from "./products.js";
import { qaaanAcceptance } from "./qaaan-acceptance.js";
import { qaaanCost } from "./qaaan-cost.js";
import { random } from "./random.js";
import { sweepRows } from "./sweep-rows.js";
import { sweeps } from "./sweeps.js";
import { topologyStudy } from "./topology-study.js";
import type { Suite } from "./harness.js";

/** Suites by name. */
export const suites: Readonly<Record<string, Suite>> = {
  "backend-agreement": backendAgreement,
  "backend-cost": backendCost,
  "backend-memory": backendMemory,
  circuits,
  "circuit-peers": circuitPeers,
  "effective-vs-full": effectiveVsFull,
  effective,
  "effective-peers": effectivePeers,
  evolve,
  exact,
  ising,
  "ising-annealing": isingAnnealing,
  "ising-peers": isingPeers,
  kernels,
  products,
  random,
  "dqgan-cost": dqganCost,
  "dqgan-acceptance": dqganAcceptance,
  "qaaan-cost": qaaanCost,
  sweeps,
  "sweep-rows": sweepRows,
  "topology-study": topologyStudy,
  "hybrid-acceptance": hybridAcceptance,
  "qaaan-acceptance": qaaanAcceptance,
};
