// Which graph a configuration asks for, and which column of the data each of its visible units stands for.

import { DataError } from "../../errors.js";
import { boltzmannMachine, type BoltzmannMachine } from "../../boltzmann/index.js";
import {
  bipartite,
  chimera,
  chimera2x2Corners,
  chimera36,
  complete,
  subgraph,
  type ImageGraph,
  type IsingGraph,
} from "../../ising/index.js";
import type { BoltzmannConfig } from "./config.js";

/** The size of images whose pixels are columns of data, row by row. */
export type ImageSize = { readonly height: number; readonly width: number };

/** A graph and what its units stand for. */
export type Layout = {
  readonly graph: IsingGraph;
  /** `[nᵥ]`, the column of each visible unit. */
  readonly columns: Int32Array;
  /** Units beyond the visible ones, which come first. */
  readonly hidden: Int32Array;
};

/**
 * The layout of a configuration.
 *
 * @param config - its topology
 * @param width - columns of the data
 * @param image - their size, if they are pixels
 * @throws DataError if the topology is for other data
 */
export function layoutOf(
  { model: { topology, corners, hidden } }: BoltzmannConfig,
  width: number,
  image: ImageSize | null,
): Layout {
  const small = image?.height === 6 && image.width === 6;
  const drop = small && (corners === "drop" || (corners === "auto" && topology === "chimera"));
  const columns = drop ? chimera2x2Corners().pixels : sequence(width);
  switch (topology) {
    case "complete":
      return visibleOnly({ graph: complete(columns.length), pixels: columns });
    case "bipartite":
      return visibleOnly(chessboard(columns, image));
    case "chimera":
      return visibleOnly(drop ? chimera2x2Corners() : firstQubits(columns));
    case "chimera36":
      if (!small) {
        throw new DataError(
          `boltzmann: topology chimera36 must have data of 6 × 6 pixels, but these have ${width} columns. Use chimera.`,
        );
      }
      return visibleOnly(chimera36());
    case "restricted": {
      const graph = bipartite(columns.length, hidden);
      return { graph, columns, hidden: sequence(hidden).map((j) => columns.length + j) };
    }
  }
}

/** A machine of P replicas with all parameters 0. */
export function machineOf(config: BoltzmannConfig, { graph, hidden }: Layout): BoltzmannMachine {
  const { replicas, model } = config;
  return boltzmannMachine(graph, { population: replicas, hidden, beta: model.beta });
}

function sequence(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i);
}

function visibleOnly({ graph, pixels }: ImageGraph): Layout {
  return { graph, columns: pixels, hidden: new Int32Array(0) };
}

/** Columns of one colour of a chessboard first; of data that are no image, every other column. */
function chessboard(columns: Int32Array, image: ImageSize | null): ImageGraph {
  const isWhite = (column: number): boolean =>
    image === null
      ? column % 2 === 0
      : (Math.floor(column / image.width) + (column % image.width)) % 2 === 0;
  const left = columns.filter((column) => isWhite(column));
  const right = columns.filter((column) => !isWhite(column));
  return {
    graph: bipartite(left.length, right.length),
    pixels: Int32Array.from([...left, ...right]),
  };
}

/** The first qubits of the smallest square of Chimera cells that has enough. */
function firstQubits(columns: Int32Array): ImageGraph {
  const cells = Math.ceil(Math.sqrt(columns.length / 8));
  const whole = chimera(cells, cells, 4);
  if (whole.n === columns.length) return { graph: whole, pixels: columns };
  const kept = Array.from({ length: columns.length }, (_, i) => i);
  const graph = subgraph(whole, kept, `first ${columns.length} nodes of ${whole.name}`);
  return { graph, pixels: columns };
}
