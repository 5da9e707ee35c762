// Draws the figures of docs/open-systems.md into docs/images/: each computes what the example beside it computes.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { figure, grid, letter, lines, panelWidth, renderSvg, WIDTH } from "../src/figures/index.js";
import { renderPng } from "../src/figures/png.js";
import { openSystems as os, useBackend } from "../src/index.js";
import type { Axis, Series, Spec } from "../src/figures/index.js";
import type { LegendPlace } from "../src/figures/panel.js";

type Curve = {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
};

/** A curve that others are compared with is dashed, without a legend of its own. */
function seriesOf({ name, x, y }: Curve, look: Partial<Series> = {}): Series {
  return { name, rows: Array.from(x, (at, i) => ({ x: at, values: [y[i]!] })), ...look };
}

/** A law that a curve is compared with. */
const DOTTED = { color: "#000000", dash: [2, 3], companion: true } as const;

const range = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

type Panel = {
  readonly x: Axis;
  readonly y: Axis;
  readonly title: string;
  readonly series: readonly Series[];
  readonly legend: LegendPlace;
};

function panelsOf(panels: readonly Panel[]): Spec {
  const size = { width: panelWidth(WIDTH.double, panels.length), height: 165 };
  const drawn = panels.map(({ x, y, title, series, legend }, i) =>
    lines({ series, x, y, ...size, title: `${letter(i)}${title}`, legend }),
  );
  return grid(drawn, panels.length);
}

const upper = (): os.Complex => os.projector(2, 0);

/** Resonance fluorescence: population over detuning, and the way there. */
async function drivenQubit(): Promise<Spec> {
  const detuning = range(-3, 3, 81);
  const drives = [0.5, 1, 2];
  const steady: Series[] = [];
  for (const drive of drives) {
    const H = os.sum(os.scale(upper(), tf.tensor1d(detuning)), os.scale(os.sigmaX(), drive / 2));
    const y = await os.expect(upper(), os.steadyState(H, [os.lower()]).rho).data();
    const law = detuning.map((d) => drive ** 2 / 4 / (d * d + 0.25 + drive ** 2 / 2));
    steady.push(seriesOf({ name: `Ω = ${String(drive)} γ`, x: detuning, y }));
    steady.push(seriesOf({ name: `law ${String(drive)}`, x: detuning, y: law }, DOTTED));
  }
  const times = range(0, 8, 121);
  const moving: Series[] = [];
  for (const drive of [1, 2, 5]) {
    const H = os.scale(os.sigmaX(), drive / 2);
    const { expectations } = os.evolve(H, [os.lower()], os.basis(2, 1), times, {
      observe: [upper()],
    });
    moving.push(
      seriesOf({ name: `Ω = ${String(drive)} γ`, x: times, y: await expectations!.data() }),
    );
  }
  const population: Axis = {
    title: "population of the upper level",
    domain: [0, 0.5],
    tickCount: 5,
  };
  return panelsOf([
    {
      x: { title: "detuning Δ (γ)", domain: [-3, 3] },
      y: population,
      title: "steady state; dotted: closed form",
      series: steady,
      legend: "top-left",
    },
    {
      x: { title: "time (1/γ)", domain: [0, 8] },
      y: { ...population, domain: [0, 1] },
      title: "from the lower level, Δ = 0",
      series: moving,
      legend: "top-right",
    },
  ]);
}

/** Light of excited qubits that decay together and apart. */
async function collectiveDecay(): Promise<Spec> {
  const count = 4;
  const dims = new Array<number>(count).fill(2);
  const each = dims.map((_, site) => os.embed(os.lower(), site, dims));
  const together = os.sum(each[0]!, ...each.slice(1));
  const H = os.scale(os.identity(2 ** count), 0);
  const times = range(0, 3, 121);
  const energy = os.sum(...(dims.map((_, site) => os.embed(upper(), site, dims)) as [os.Complex]));
  const decay = async (
    jumpOps: readonly os.Complex[],
  ): Promise<{ light: number[]; left: number[] }> => {
    const observe = [energy, ...jumpOps.map((L) => os.matMul(os.adjoint(L), L))];
    const start = os.basis(2 ** count, 0);
    const { expectations } = os.evolve(H, jumpOps, start, times, { observe, method: "dopri5" });
    const [left, ...rates] = await Promise.all(
      tf.unstack(expectations!).map((row) => row.data<"float32">()),
    );
    const light = times.map((_, i) => rates.reduce((sum, row) => sum + row[i]!, 0) / count);
    return { light, left: Array.from(left!, (x) => x / count) };
  };
  const [collective, apart] = [await decay([together]), await decay(each)];
  const one = times.map((t) => Math.exp(-t));
  const x = { title: "time (1/γ)", domain: [0, 3] } as const;
  const curves = (of: "light" | "left"): Series[] => [
    seriesOf({ name: "together", x: times, y: collective[of] }),
    seriesOf({ name: "apart (dotted: exp(-γt))", x: times, y: apart[of] }),
    seriesOf({ name: "law", x: times, y: one }, DOTTED),
  ];
  const light = {
    title: "photons per time and qubit (γ)",
    domain: [0, 1.5],
    tickCount: 4,
  } as const;
  const left = { title: "energy left per qubit", domain: [0, 1], tickCount: 5 } as const;
  return panelsOf([
    {
      x,
      y: light,
      title: "light of 4 excited qubits",
      series: curves("light"),
      legend: "top-right",
    },
    { x, y: left, title: "what is left", series: curves("left"), legend: "top-right" },
  ]);
}

/** The vacuum Rabi splitting of a cavity with one atom. */
async function jaynesCummings(): Promise<Spec> {
  const dims = [8, 2];
  const a = os.embed(os.destroy(8), 0, dims);
  const down = os.embed(os.lower(), 1, dims);
  const photons = os.embed(os.number(8), 0, dims);
  const excited = os.embed(upper(), 1, dims);
  const exchange = os.add(os.matMul(os.adjoint(a), down), os.matMul(a, os.adjoint(down)));
  const drive = os.scale(os.add(a, os.adjoint(a)), 0.05);
  const jumpOps = [os.scale(a, Math.sqrt(0.2)), os.scale(down, Math.sqrt(0.1))];
  const detuning = range(-2, 2, 321);
  const spectra: Series[] = [];
  for (const g of [0, 0.3, 1]) {
    const H = os.sum(
      os.scale(os.add(photons, excited), tf.tensor1d(detuning)),
      os.scale(exchange, g),
      drive,
    );
    const y = await os.expect(photons, os.steadyState(H, jumpOps).rho).data();
    spectra.push(seriesOf({ name: `g = ${String(g)}`, x: detuning, y }));
  }
  const times = range(0, 20, 201);
  const start = os.tensor(os.basis(8, 0), os.basis(2, 0));
  const { expectations } = os.evolve(exchange, jumpOps, start, times, {
    observe: [photons, excited],
  });
  const [light, atom] = await Promise.all(
    tf.unstack(expectations!).map((row) => row.data<"float32">()),
  );
  return panelsOf([
    {
      x: { title: "detuning of the drive", domain: [-2, 2] },
      y: { title: "photons in the cavity", domain: [0, 0.26], tickCount: 5 },
      title: "spectrum",
      series: spectra,
      legend: "top-right",
    },
    {
      x: { title: "time", domain: [0, 20] },
      y: { title: "excitations", domain: [0, 1], tickCount: 5 },
      title: "an excited atom in the empty cavity, g = 1",
      series: [
        seriesOf({ name: "atom", x: times, y: atom! }),
        seriesOf({ name: "cavity", x: times, y: light! }),
      ],
      legend: "top-right",
    },
  ]);
}

/** A pure entangled state as the steady state of driven qubits with one common decay. */
async function entanglement(): Promise<Spec> {
  const dims = [2, 2];
  const on = (A: os.Complex, site: number): os.Complex => os.embed(A, site, dims);
  const both = (A: os.Complex): os.Complex => os.add(on(A, 0), on(A, 1));
  const apart = os.sub(on(os.sigmaZ(), 0), on(os.sigmaZ(), 1));
  const s = Math.SQRT1_2;
  const singlet = os.fromArrays([[0], [s], [-s], [0]], [[0], [0], [0], [0]]);
  const ratio = range(0.05, 8, 121);
  const local = (rate: number): os.Complex[] =>
    rate === 0 ? [] : [0, 1].map((site) => os.scale(on(os.lower(), site), Math.sqrt(rate)));
  const H = os.sum(
    os.scale(both(os.sigmaX()), tf.tensor1d(ratio.map((x) => x / 4))),
    os.scale(apart, 0.25),
  );
  const steady: Series[] = [];
  for (const rate of [0, 0.01, 0.1]) {
    const { rho } = os.steadyState(H, [both(os.lower()), ...local(rate)]);
    const y = await os.fidelityToPure(singlet, rho).data();
    steady.push(seriesOf({ name: `own decay ${String(rate)} γ`, x: ratio, y }));
  }
  const law = ratio.map((x) => (x * x) / (x * x + 2));
  steady.push(seriesOf({ name: "law", x: ratio, y: law }, DOTTED));
  const times = range(0, 60, 121);
  const moving: Series[] = [];
  for (const x of [1, 2, 4]) {
    const driven = os.add(os.scale(both(os.sigmaX()), x / 4), os.scale(apart, 0.25));
    const observe = [os.densityMatrix(singlet)];
    const { expectations } = os.evolve(driven, [both(os.lower())], os.basis(4, 3), times, {
      observe,
    });
    moving.push(seriesOf({ name: `Ω = ${String(x)} δ`, x: times, y: await expectations!.data() }));
  }
  const y = { title: "fidelity to the singlet", domain: [0, 1], tickCount: 5 } as const;
  return panelsOf([
    {
      x: { title: "drive Ω (δ)", domain: [0, 8] },
      y,
      title: "steady state; dotted: closed form",
      series: steady,
      legend: "bottom-right",
    },
    {
      x: { title: "time (1/γ)", domain: [0, 60] },
      y,
      title: "from the ground state",
      series: moving,
      legend: "bottom-right",
    },
  ]);
}

const FIGURES = {
  "driven-qubit": { make: drivenQubit, title: "A driven qubit" },
  "collective-decay": {
    make: collectiveDecay,
    title: "Superradiance: four qubits with one common decay",
  },
  "jaynes-cummings": { make: jaynesCummings, title: "A cavity with one atom" },
  entanglement: { make: entanglement, title: "Entanglement by dissipation, δ = γ/2" },
} as const;

await useBackend("wasm");
for (const [name, { make, title }] of Object.entries(FIGURES)) {
  const spec = figure({ body: await make(), title, width: WIDTH.double, description: title });
  const png = await renderPng(await renderSvg(spec), { scale: 2 });
  const file = fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url));
  writeFileSync(file, png);
  process.stdout.write(`docs/images/${name}.png\n`);
}
