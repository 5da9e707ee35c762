// Circuits as SVG: a string that needs nothing else, boxes coloured by what their angles are made of.

import { columns, spanOf } from "../schedule.js";
import { marksOf } from "./marks.js";
import {
  barrierLine,
  box,
  COLORS,
  escaped,
  line,
  markWidth,
  meter,
  roleOf,
  sign,
  SIZE,
  text,
  widthOf,
  wireLine,
  type Role,
} from "./svg-parts.js";
import { measuredLetters } from "./text.js";
import type { CircuitData } from "../circuit.js";
import type { Observable } from "../observables.js";
import type { Operation } from "../operation.js";

/** Options of {@link drawSvg}. */
export type SvgOptions = {
  /** What screen readers and tooltips say. Default: wires and gates. */
  readonly title?: string;
  /** Pixels after which the drawing goes on below. Default 960. */
  readonly width?: number;
  /** What is measured at the end. */
  readonly observables?: readonly Observable[];
};

/** A column on its row: where its centre is and how wide it is. */
type Placed = {
  readonly operations: readonly Operation[];
  readonly row: number;
  readonly x: number;
  readonly width: number;
};

function columnWidth(operations: readonly Operation[]): number {
  return Math.max(...operations.flatMap(marksOf).map(markWidth));
}

/** Columns from left to right, on a new row where one is full. */
function placed(
  all: readonly (readonly Operation[])[],
  room: number,
): { readonly places: readonly Placed[]; readonly ends: readonly number[] } {
  const ends: number[] = [SIZE.left];
  const places = all.map((operations) => {
    const own = columnWidth(operations);
    const width = own + SIZE.gap;
    if (ends.at(-1)! + width > room && ends.at(-1)! > SIZE.left) ends.push(SIZE.left);
    const row = ends.length - 1;
    const x = ends[row]! + width / 2;
    ends[row]! += width;
    return { operations, row, x, width: own };
  });
  return { places, ends };
}

function drawnOperation(
  operation: Operation,
  { x, width }: Placed,
  y: (wire: number) => number,
): string {
  const span = spanOf(operation);
  const [top, bottom] = [y(span[0]!), y(span.at(-1)!)];
  if (operation.kind === "barrier") {
    return barrierLine(x, top - SIZE.row / 2 + 4, bottom + SIZE.row / 2 - 4);
  }
  const link = span.length > 1 ? line([x, top], [x, bottom]) : "";
  const marks = marksOf(operation);
  const role = operationRole(operation);
  const parts = marks.map((mark) => {
    if (mark.kind === "box") return box(mark.name, mark.angles, [x, y(mark.wire)], width, role);
    return mark.kind === "barrier" ? "" : sign(mark.kind, [x, y(mark.wire)]);
  });
  return `<g>${link}${parts.join("")}</g>`;
}

function operationRole(operation: Operation): Role {
  if (operation.kind === "channel") return "noise";
  return roleOf(operation.kind === "gate" ? operation.angles : []);
}

const LEGEND: Readonly<Record<Role, string>> = {
  data: "features",
  trainable: "trainable",
  fixed: "fixed",
  noise: "noise",
};

function legend(roles: readonly Role[], y: number): string {
  let x: number = SIZE.left;
  return roles
    .map((role) => {
      const { fill, line: stroke } = COLORS[role];
      const swatch = `<rect x="${x}" y="${y - 5}" width="10" height="10" rx="2.5" fill="${fill}" stroke="${stroke}"/>`;
      const label = text(LEGEND[role], [x + 15, y], { size: 10, anchor: "start", fill: "#555B63" });
      x += 15 + widthOf(LEGEND[role], 10) + 18;
      return swatch + label;
    })
    .join("");
}

function rolesOf({ operations }: CircuitData): readonly Role[] {
  const used = new Set(operations.map((own) => operationRole(own)));
  const symbolic = (["data", "trainable", "noise"] as const).filter((role) => used.has(role));
  return symbolic.length === 0 ? [] : [...symbolic, ...(used.has("fixed") ? (["fixed"] as const) : [])]; // prettier-ignore
}

/**
 * The circuit as an SVG document in one string: no scripts, no fonts or styles from elsewhere.
 *
 * @throws ArgumentError if an observable does not fit the circuit
 */
export function drawSvg(circuit: CircuitData, options: SvgOptions = {}): string {
  const { wires, operations } = circuit;
  const gates = operations.filter(({ kind }) => kind === "gate").length;
  const { title = `Circuit: ${wires} wires, ${gates} gates`, width: most = 960 } = options;
  const letters = measuredLetters(options.observables ?? [], wires);
  const tail = Math.max(0, ...letters.map((own) => (own === "" ? 0 : widthOf(own, 12) + 34)));
  const { places, ends } = placed(columns(circuit), most - SIZE.margin - tail);
  const height = wires * SIZE.row;
  const y = (row: number, wire: number): number =>
    SIZE.margin + row * (height + SIZE.gap) + (wire + 0.5) * SIZE.row;
  const right = Math.max(...ends) + SIZE.gap / 2;
  const rows = ends.flatMap(
    (_, row) =>
    letters.map((own, wire) => wireWithEnds(circuit, own, right, y(row, wire), wire, row, ends.length)), // prettier-ignore
  );
  const body = places.map((place) =>
    place.operations
      .map((operation) => drawnOperation(operation, place, (wire) => y(place.row, wire)))
      .join(""),
  );
  const roles = rolesOf(circuit);
  const bottom = SIZE.margin + ends.length * (height + SIZE.gap) - SIZE.gap;
  const total = [right + tail + SIZE.margin, bottom + (roles.length > 0 ? 22 : 0) + SIZE.margin];
  const [w, h] = total.map(Math.ceil);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w!}" height="${h!}" viewBox="0 0 ${w!} ${h!}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${w!}" height="${h!}" fill="#FFFFFF"/>`,
    ...rows,
    ...body,
    legend(roles, bottom + 14),
    "</svg>",
  ].join("\n");
}

/** A wire with its name at the left and, on the last row, what is measured at the right. */
function wireWithEnds(
  { preparation }: CircuitData,
  letters: string,
  right: number,
  y: number,
  wire: number,
  row: number,
  rows: number,
): string {
  const start = preparation === undefined || row > 0 ? String(wire) : `ψ ${wire}`;
  const name = text(start, [SIZE.left - 12, y], { size: 12, fill: "#555B63", anchor: "end" });
  const measured = row === rows - 1 && letters !== "";
  const end = measured ? meter([right, y]) + text(letters, [right + 31, y], { size: 12, anchor: "start" }) : ""; // prettier-ignore
  return wireLine(SIZE.left - 6, right, y) + name + end;
}
