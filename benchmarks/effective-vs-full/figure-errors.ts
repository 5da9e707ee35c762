// Figures of the errors: over Γ with slopes, and of single networks against their bounds.

import {
  COLOR,
  decadeAxis,
  figure,
  grid,
  guideLayers,
  letter,
  lines,
  panelWidth,
  scatter,
  WIDTH,
  withLayers,
} from "../../src/figures/index.js";
import { KERNELS } from "./errors.js";
import { numberOf, rowsOf, select, valuesOf } from "./records.js";
import type { Guide, Series, Spec } from "../../src/figures/index.js";
import type { PointRecord } from "../campaign/store.js";
import type { Row } from "../harness.js";
import type { SuiteFigure } from "./figures.js";

const HEIGHT = 205;

/** Equations of the sweep with their look; those as printed are dashed. */
const LOOKS = [
  { equation: "as printed", color: COLOR.vermillion, dash: [4, 2] },
  { equation: "only μ repaired", color: COLOR.purple, dash: [4, 2] },
  { equation: "only Jᵀ repaired", color: COLOR.orange, dash: [4, 2] },
  { equation: "limit", color: COLOR.sky },
  { equation: "effective", color: COLOR.blue },
  { equation: "third order", color: COLOR.green },
  { equation: KERNELS[0], color: COLOR.grey, dash: [1.5, 2] },
] as const;

/** The shipped font has no raised T. */
const NAMES: Readonly<Record<string, string>> = { "only Jᵀ repaired": "only transpose repaired" };

function sweepSeries(rows: readonly Row[], records: readonly PointRecord[], N: number): Series[] {
  return LOOKS.map((look): Series => {
    const { equation, color } = look;
    const points = select(rows, { equation, N }).map((row) => {
      const point = records.find(
        ({ question, spec }) =>
          question === "errors" &&
          (["N", "z", "strength", "gamma"] as const).every((key) => spec[key] === row[key]),
      );
      // Bands for the equation in question; medians for the others, or nothing could be seen.
      const all = equation === "effective" ? point?.samples?.[equation] : undefined;
      return { x: numberOf(row, "gamma"), values: all ?? [numberOf(row, "median error")] };
    });
    const name = NAMES[equation] ?? equation;
    return { name, color, rows: points, ...("dash" in look && { dash: look.dash }) };
  });
}

/** Slopes where no curve runs, beside those they belong to. */
function slopes(N: number): Guide[] {
  const first: Guide = {
    from: [1500, 1.4e-2],
    to: [1e5, 2.1e-4],
    label: "1/Γ",
    at: "from",
    shift: [4, -5],
  };
  const second: Guide =
    N === 1
      ? { from: [700, 3.3e-4], to: [1e5, 1.6e-8], label: "1/Γ²", at: "from", shift: [4, -5] }
      : { from: [14, 1.6e-2], to: [3e4, 3.5e-9], label: "1/Γ²", at: "from", shift: [-16, 8] };
  return [first, second];
}

/** Median error of every equation over Γ, one panel for each number of inputs. */
export function gammaSweep(records: readonly PointRecord[]): SuiteFigure | undefined {
  const rows = select(rowsOf(records, "errors"), { z: 1, strength: 1 });
  const inputs = valuesOf(rows, "N").map(Number);
  if (inputs.length === 0) return undefined;
  const columns = Math.min(inputs.length, 3);
  const size = { width: panelWidth(WIDTH.double, columns), height: HEIGHT };
  const panels = inputs.map((N, i): Spec => {
    const x = decadeAxis("dissipation rate Γ (units of J)", [0, 5]);
    const y = decadeAxis("trace distance to the full steady state", [-9, 0]);
    const title = `${letter(i)}N = ${String(N)} input${N > 1 ? "s" : ""}`;
    const curves = lines({ series: sweepSeries(rows, records, N), x, y, ...size, title });
    return withLayers(curves, guideLayers(slopes(N), { x, y }));
  });
  const counts = inputs.map((N) => String(select(rows, { N })[0]!["draws"])).join(", ");
  return {
    name: "gamma-sweep",
    caption:
      "Error of the effective equation in all its variants against the full Lindblad steady state, z = 1. Medians; for the corrected equation also quartiles and the 5-95 % band. The corrected equation converges as 1/Γ² with one input and as 1/Γ with more; what is printed, and each repair alone, does not converge. Grey dots: rounding of the float32 kernel that solves the full equation.",
    spec: figure({
      body: grid(panels, columns, { sharedLegend: true }),
      title: "Error of the effective equation over the dissipation rate",
      subtitle: `Median over ${counts} random networks, J ~ N(0, 1), θ ~ U(0, π), z = 1; band: 5–95 % of the corrected equation. Dashed grey: slopes.`,
      width: WIDTH.double,
      description: "Trace distance of effective equations to the full steady state over Γ",
    }),
  };
}

/** Errors of single networks over the small parameter, with the bounds that `validity` promises. */
export function boundsFigure(records: readonly PointRecord[]): SuiteFigure | undefined {
  const points = records.filter(({ question, samples }) => question === "errors" && samples);
  const inputs = [1, 2, 3].filter((N) => points.some(({ spec }) => spec["N"] === N));
  if (inputs.length === 0) return undefined;
  const size = { width: panelWidth(WIDTH.double, inputs.length), height: 180 };
  const panels = inputs.map((N, i): Spec => {
    const x = decadeAxis("κ = (2/Γ) Σ ‖J‖", [-4, 1]);
    const y = decadeAxis("trace distance", [N === 1 ? -9 : -7, 0]);
    const cloudOf = (name: string, sample: string, color: string) => ({
      name,
      color,
      points: spreadOut(
        points
          .filter(({ spec }) => spec["N"] === N && spec["z"] === 1)
          .flatMap(({ samples }) =>
            samples!["kappa"]!.map((kappa, at) => [kappa, samples![sample]![at]!] as const),
          )
          .filter(
            ([kappa, error]) =>
              kappa > 1e-4 && kappa < 10 && error > (N === 1 ? 1e-9 : 1e-7) && error <= 1,
          ),
      ),
    });
    const clouds = [
      cloudOf("effective", "effective", COLOR.blue),
      cloudOf("its estimate from the third order", "estimate", COLOR.orange),
    ];
    const bound: Guide =
      N === 1
        ? { from: [1e-4, 1.5e-8], to: [0.8, 0.96], label: "1.5 κ²", shift: [-38, 4] }
        : { from: [1e-4, 4.5e-5], to: [2, 0.9], label: "0.45 κ", shift: [-44, 4] };
    const title = `${letter(i)}N = ${String(N)}`;
    return withLayers(scatter({ clouds, x, y, ...size, title }), guideLayers([bound], { x, y }));
  });
  return {
    name: "bounds",
    caption:
      "Errors of single networks over κ, which network.validity reports, at every Γ and strength of the couplings (z = 1). Dashed: the bound that goes with it. Orange: the distance between the third order and the effective equation, an estimate of the error that needs no full solution.",
    spec: figure({
      body: grid(panels, inputs.length, { sharedLegend: true }),
      title: "Single networks and the bound by κ",
      subtitle: `Evenly chosen from all networks of the sweep at z = 1: every Γ and strength of the couplings, at most ${String(MOST)} a cloud.`,
      width: WIDTH.double,
      description: "Errors of single networks over κ with bounds",
    }),
  };
}

const MOST = 700;

/** Evenly chosen, since a panel shows some hundreds of points and the first ones all have one Γ. */
function spreadOut<T>(all: readonly T[]): T[] {
  const step = Math.max(1, all.length / MOST);
  return Array.from({ length: Math.min(MOST, all.length) }, (_, i) => all[Math.floor(i * step)]!);
}
