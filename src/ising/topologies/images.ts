// The graphs of the topology study: 6 × 6 images on Chimera and beside it, and the latent graph of 100 nodes.

import { checkChoice, checkInteger } from "../../checks.js";
import { subgraph } from "../parts.js";
import { chimera } from "./chimera.js";
import type { IsingGraph } from "../graph.js";

/** A graph for images, and which pixel each node stands for, row-major. */
export type ImageGraph = {
  readonly graph: IsingGraph;
  /** `[n]`. */
  readonly pixels: Int32Array;
};

const CORNERS: readonly number[] = [0, 5, 30, 35];

/**
 * The 32 qubits of 2 × 2 cells for the 36 pixels of 6 × 6 images: the corners are left out, the other pixels follow
 * row by row.
 */
export function chimera2x2Corners(): ImageGraph {
  const pixels = Array.from({ length: 36 }, (_, i) => i).filter((i) => !CORNERS.includes(i));
  return { graph: chimera(2, 2, 4), pixels: Int32Array.from(pixels) };
}

/**
 * A Chimera lattice of 36 qubits, one a pixel of 6 × 6 images: 3 × 3 cells of 2 + 2 qubits (60 edges), or 3 × 2 cells
 * of 3 + 3 (75 edges).
 *
 * @throws ArgumentError
 */
export function chimera36(cells: "3x3" | "3x2" = "3x3"): ImageGraph {
  checkChoice("chimera36", "cells", cells, ["3x3", "3x2"]);
  const graph = cells === "3x3" ? chimera(3, 3, 2) : chimera(3, 2, 3);
  return { graph, pixels: Int32Array.from({ length: 36 }, (_, i) => i) };
}

/** The first `nodes` qubits of 4 × 4 cells, by default the 100 of the latent space (264 edges, connected). */
export function chimeraLatent(nodes = 100): IsingGraph {
  checkInteger("chimeraLatent", "nodes", nodes, 1, 128);
  const whole = chimera(4, 4, 4);
  const kept = Array.from({ length: nodes }, (_, i) => i);
  return subgraph(whole, kept, `first ${nodes} nodes of ${whole.name}`);
}
