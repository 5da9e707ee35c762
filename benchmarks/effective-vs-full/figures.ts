// The figures of the suite, in the order of the page. Each is a function of the finished points and is left out where
// there are none.

import { batchScaling } from "./figure-cost.js";
import { boundsFigure, gammaSweep } from "./figure-errors.js";
import { stiffness, workPrecision } from "./figure-integration.js";
import { peersFigure } from "./figure-peers.js";
import { trainedModels } from "./figure-training.js";
import type { PointRecord } from "../campaign/store.js";
import type { Spec } from "../../src/figures/index.js";

/** A drawn answer. */
export type SuiteFigure = { readonly name: string; readonly caption: string; readonly spec: Spec };

/** All figures for which there are points. */
export function figuresOf(records: readonly PointRecord[]): SuiteFigure[] {
  const makers = [
    gammaSweep,
    boundsFigure,
    batchScaling,
    workPrecision,
    stiffness,
    trainedModels,
    peersFigure,
  ];
  return makers.map((make) => make(records)).filter((figure) => figure !== undefined);
}
