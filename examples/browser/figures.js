// The figures of a training, from what its worker has told. Every call draws them whole.

import { band, cells, line, panel, rule, steps, words } from "./canvas.js";

const BLUE = "#0072b2";
const VERMILLION = "#d55e00";
const REAL = "#c4c4c4";

const canvasOf = (id) => document.getElementById(id);

/** Median, smallest and largest of the finite numbers. */
function spread(values) {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { median, low: sorted[0], high: sorted.at(-1), any: sorted.length > 0 };
}

/** Points of a median and its band: rows `{ step, values }`. */
function series(rows) {
  const known = rows
    .map(({ step, values }) => ({ step, ...spread(values) }))
    .filter(({ any }) => any);
  return {
    line: known.map(({ step, median }) => [step, median]),
    band: known.map(({ step, low, high }) => [step, low, high]),
  };
}

function thousands(step) {
  return step >= 1000 ? `${String(step / 1000)}k` : String(step);
}

/** With the sign that is as wide as a plus. */
function signed(value) {
  return String(value).replace("-", "−");
}

/** Ticks at round numbers, about `count` of them. */
function ticksOf(lo, hi, count) {
  const raw = (hi - lo) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const unit = [1, 2, 5, 10].find((factor) => factor * power >= raw) * power;
  const first = Math.ceil(lo / unit - 1e-9);
  const last = Math.floor(hi / unit + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * unit).toPrecision(12)),
  );
}

const stepAxis = (total) => ({
  ...{ lo: 0, hi: total, ticks: ticksOf(0, total, 4) },
  ...{ title: "step", format: thousands },
});

const angleAxis = (title) => ({
  ...{ lo: 0, hi: Math.PI, ticks: [0, Math.PI / 2, Math.PI] },
  ...{ title, format: (x) => ({ 0: "0", 1: "π/2", 2: "π" })[Math.round((2 * x) / Math.PI)] },
});

function drawLosses(total, events) {
  const rules = [
    [-2 * Math.LN2, "−2 ln 2"],
    [-Math.LN2, "−ln 2"],
  ];
  const of = (name) => series(events.map(({ step, losses }) => ({ step, values: losses[name] })));
  const drawn = [
    [of("discriminator"), BLUE],
    [of("generator"), VERMILLION],
  ];
  const all = drawn.flatMap(([{ band }]) => band.flatMap(([, low, high]) => [low, high]));
  const lo = Math.min(-1.6, ...all);
  const hi = Math.max(-0.4, ...all);
  const y = { lo, hi, ticks: ticksOf(lo, hi, 4), title: "loss (maximised)", format: signed };
  const target = panel(canvasOf("losses"), stepAxis(total), y);
  for (const [value, label] of rules) rule(target, value, label);
  for (const [{ band: area }, color] of drawn) band(target, area, color);
  for (const [{ line: points }, color] of drawn) line(target, points, color);
}

function drawDistance(total, events) {
  const known = events.filter(({ metrics }) => metrics !== undefined);
  const rows = known.map(({ step, metrics }) => ({ step, values: metrics.jointDistance }));
  const { line: points, band: area } = series(rows);
  const y = {
    ...{ lo: 0.02, hi: 1, log: true, ticks: [0.02, 0.05, 0.1, 0.2, 0.5, 1] },
    ...{ title: "distance", format: String },
  };
  const target = panel(canvasOf("distance"), stepAxis(total), y);
  const floor = known.at(-1)?.metrics.jointFloor[0];
  if (floor !== undefined) rule(target, floor, "floor: real beside real", "left");
  rule(target, 0.094, "published: 0.094", "left");
  band(target, area, BLUE);
  line(target, points, BLUE);
}

function drawJoint({ arrays }) {
  const real = arrays["jointReal.0.1"];
  const generated = arrays["jointGenerated.0.1"] ?? [];
  const edges = arrays.jointEdges;
  const top = Math.max(...real) * 0.8;
  const [x, y] = [angleAxis("θ₁"), angleAxis("θ₂")];
  for (const [name, values] of Object.entries({ real, generated })) {
    const target = panel(canvasOf(name), x, y);
    cells(target, edges, values, top);
    words(target, name);
  }
}

function drawMarginals({ arrays }) {
  const edges = arrays.marginalEdges;
  for (const c of [0, 1]) {
    const real = arrays[`marginalReal.${String(c)}`];
    const generated = arrays[`marginalGenerated.${String(c)}`] ?? [];
    const hi = 1.1 * Math.max(...real, ...generated);
    const y = { lo: 0, hi, hidden: true, ticks: [] };
    const target = panel(canvasOf(`marginal${String(c)}`), angleAxis(["θ₁", "θ₂"][c]), y);
    steps(target, edges, real, REAL, true);
    steps(target, edges, generated, VERMILLION, false);
  }
}

function drawEmpty() {
  for (const name of ["real", "generated"]) {
    words(panel(canvasOf(name), angleAxis("θ₁"), angleAxis("θ₂")), name);
  }
  const y = { lo: 0, hi: 1, hidden: true, ticks: [] };
  for (const c of [0, 1]) panel(canvasOf(`marginal${String(c)}`), angleAxis(["θ₁", "θ₂"][c]), y);
}

/**
 * Draws all figures.
 *
 * @param training - `{ total, events, evaluation }`: steps in all, what was reported, the last evaluation if any
 */
export function drawFigures({ total, events, evaluation }) {
  drawLosses(total, events);
  drawDistance(total, events);
  if (evaluation === undefined) return drawEmpty();
  drawJoint(evaluation);
  drawMarginals(evaluation);
}
