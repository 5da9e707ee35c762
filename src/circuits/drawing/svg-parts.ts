// The pieces of an SVG drawing: boxes, dots, links, texts. Where they go is svg.ts.

import { angleText } from "./angle-text.js";
import { symbolsOf, type Angle } from "../angle.js";
import type { Mark } from "./marks.js";

/** Sizes in CSS pixels. */
export const SIZE = {
  row: 44,
  box: 30,
  gap: 12,
  dot: 4.5,
  ring: 9,
  cross: 5.5,
  left: 40,
  margin: 14,
  name: 12.5,
  angle: 9.5,
} as const;

const FONT = "Liberation Sans, Arial, Helvetica, sans-serif";
const INK = "#222222";
const WIRE = "#8A8F98";

/** What the angles of a box are made of: its colour tells. */
export type Role = "data" | "trainable" | "fixed" | "noise";

/** Okabe and Ito's blue, vermillion and a darker purple with pale fills; neutral for what is constant. */
export const COLORS: Readonly<Record<Role, { readonly fill: string; readonly line: string }>> = {
  data: { fill: "#E3F0F9", line: "#0072B2" },
  trainable: { fill: "#FCEBDD", line: "#D55E00" },
  fixed: { fill: "#FFFFFF", line: "#444B54" },
  noise: { fill: "#F6E8F1", line: "#A63D78" },
};

/** The role of a box by its angles. Trainable wins: scaled features are trainable too. */
export function roleOf(angles: readonly Angle[]): Role {
  const symbols = angles.flatMap(symbolsOf);
  if (symbols.some((symbol) => "parameter" in symbol)) return "trainable";
  return symbols.length > 0 ? "data" : "fixed";
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe inside SVG. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ENTITIES[character]!);
}

const f = (x: number): string => Number(x.toFixed(2)).toString();

/** A line. */
export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  style = `stroke="${INK}" stroke-width="1.3"`,
): string {
  return `<line x1="${f(x1)}" y1="${f(y1)}" x2="${f(x2)}" y2="${f(y2)}" ${style}/>`;
}

/** A wire from left to right. */
export function wireLine(x1: number, x2: number, y: number): string {
  return line([x1, y], [x2, y], `stroke="${WIRE}" stroke-width="1.1"`);
}

/** A text around a point; digits behind θ and x are lowered. */
export function text(
  content: string,
  [x, y]: readonly [number, number],
  options: { readonly size: number; readonly fill?: string; readonly weight?: string; readonly anchor?: string }, // prettier-ignore
): string {
  const { size, fill = INK, weight = "normal", anchor = "middle" } = options;
  const lowered = escaped(content).replace(
    /([θx])(\d+)(.?)/gu,
    (_all, letter: string, digits: string, next: string) =>
      `${letter}<tspan dy="${f(size * 0.22)}" font-size="${f(size * 0.75)}">${digits}</tspan>` +
      (next === "" ? "" : `<tspan dy="${f(-size * 0.22)}">${next}</tspan>`),
  );
  return `<text x="${f(x)}" y="${f(y + size * 0.35)}" font-family="${FONT}" font-size="${f(size)}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${lowered}</text>`;
}

/** About how wide a text is. */
export function widthOf(content: string, size: number): number {
  const units = [...content].map((c) => (/[.,·()/ il−-]/u.test(c) ? 0.36 : /[A-Zmw⊗]/u.test(c) ? 0.72 : 0.57)); // prettier-ignore
  return units.reduce((a, b) => a + b, 0) * size;
}

/** The angles of a box in one line. */
export function anglesText(angles: readonly Angle[]): string {
  return angles.map((angle) => angleText(angle, "unicode")).join(", ");
}

/** Width that a mark takes. */
export function markWidth(mark: Mark): number {
  if (mark.kind !== "box") return 2 * SIZE.ring;
  const needed = Math.max(widthOf(mark.name, SIZE.name), widthOf(anglesText(mark.angles), SIZE.angle)); // prettier-ignore
  return Math.max(SIZE.box, needed + 12);
}

/** A rounded box with a name, and angles below it. */
export function box(
  name: string,
  angles: readonly Angle[],
  [x, y]: readonly [number, number],
  width: number,
  role: Role,
): string {
  const { fill, line: stroke } = COLORS[role];
  const h = SIZE.box;
  const rect = `<rect x="${f(x - width / 2)}" y="${f(y - h / 2)}" width="${f(width)}" height="${h}" rx="5" fill="${fill}" stroke="${stroke}" stroke-width="1.2"/>`;
  const below = anglesText(angles);
  if (below === "") return rect + text(name, [x, y], { size: SIZE.name });
  return (
    rect +
    text(name, [x, y - 6], { size: SIZE.name }) +
    text(below, [x, y + 7.5], { size: SIZE.angle, fill: stroke })
  );
}

/** A control, an open control, a NOT, half a SWAP. */
export function sign(
  kind: "control" | "open" | "not" | "swap",
  [x, y]: readonly [number, number],
): string {
  const circle = (r: number, fill: string): string =>
    `<circle cx="${f(x)}" cy="${f(y)}" r="${r}" fill="${fill}" stroke="${INK}" stroke-width="1.3"/>`;
  switch (kind) {
    case "control":
      return circle(SIZE.dot, INK);
    case "open":
      return circle(SIZE.dot, "#FFFFFF");
    case "not":
      return circle(SIZE.ring, "#FFFFFF") + line([x - SIZE.ring, y], [x + SIZE.ring, y]) + line([x, y - SIZE.ring], [x, y + SIZE.ring]); // prettier-ignore
    case "swap": {
      const d = SIZE.cross;
      return line([x - d, y - d], [x + d, y + d]) + line([x - d, y + d], [x + d, y - d]);
    }
  }
}

/** A dashed line across wires. */
export function barrierLine(x: number, top: number, bottom: number): string {
  return line([x, top], [x, bottom], `stroke="${WIRE}" stroke-width="1.4" stroke-dasharray="4 3"`);
}

/** A measurement, with its left edge at the point. */
export function meter([x, y]: readonly [number, number]): string {
  const rect = `<rect x="${f(x)}" y="${f(y - 11)}" width="26" height="22" rx="4" fill="#F3F4F6" stroke="${WIRE}" stroke-width="1.1"/>`;
  const arc = `<path d="M ${f(x + 5)} ${f(y + 5)} a 8 8 0 0 1 16 0" fill="none" stroke="${INK}" stroke-width="1.2"/>`;
  return rect + arc + line([x + 13, y + 5], [x + 18.5, y - 6]);
}
