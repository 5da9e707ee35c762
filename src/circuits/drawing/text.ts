// Circuits as text: one line for each wire, operations as early as they can happen.

import { termsOf, type Observable } from "../observables.js";
import { columns, spanOf } from "../schedule.js";
import { angleText, type Charset } from "./angle-text.js";
import { marksOf, type Mark } from "./marks.js";
import type { CircuitData } from "../circuit.js";
import type { Operation } from "../operation.js";

/** Options of {@link draw}. */
export type DrawOptions = {
  /** Default `unicode`. */
  readonly charset?: Charset;
  /** Characters of a line after which the drawing goes on below. Default 100. */
  readonly width?: number;
  /** What is measured at the end, written behind its wires. */
  readonly observables?: readonly Observable[];
};

type Signs = Readonly<Record<"wire" | "control" | "open" | "not" | "swap" | "barrier" | "link", string>>; // prettier-ignore

const SIGNS: Readonly<Record<Charset, Signs>> = {
  unicode: { wire: "─", control: "●", open: "○", not: "⊕", swap: "×", barrier: "░", link: "│" },
  ascii: { wire: "-", control: "o", open: "0", not: "X", swap: "x", barrier: "#", link: "|" },
};

const PLAIN: Readonly<Record<string, string>> = { "†": "+", "√": "V", "²": "2" };

function plain(text: string, charset: Charset): string {
  if (charset === "unicode") return text;
  return [...text]
    .map((c) => PLAIN[c] ?? (c >= "₀" && c <= "₉" ? String(c.charCodeAt(0) - 0x2080) : c))
    .join("");
}

function label(mark: Mark, charset: Charset): string {
  if (mark.kind !== "box") return SIGNS[charset][mark.kind];
  const angles = mark.angles.map((angle) => angleText(angle, charset)).join(",");
  return plain(mark.name, charset) + (angles === "" ? "" : `(${angles})`);
}

/** One column: a text for each wire, all of the same length. */
function columnText(
  operations: readonly Operation[],
  wires: number,
  charset: Charset,
): readonly string[] {
  const signs = SIGNS[charset];
  const cells = new Array<string>(wires).fill("");
  for (const operation of operations) {
    for (const wire of spanOf(operation)) {
      cells[wire] = operation.kind === "barrier" ? "" : signs.link;
    }
    for (const mark of marksOf(operation)) cells[mark.wire] = label(mark, charset);
  }
  const width = Math.max(...cells.map((cell) => [...cell].length));
  return cells.map((cell) => {
    const missing = width - [...cell].length;
    const before = Math.floor(missing / 2);
    return signs.wire.repeat(before) + cell + signs.wire.repeat(missing - before) + signs.wire;
  });
}

/** The letters that observables have on each wire. */
export function measuredLetters(
  observables: readonly Observable[],
  wires: number,
): readonly string[] {
  const words = observables.flatMap((observable) =>
    termsOf("draw", observable, wires).map(({ word }) => word),
  );
  return Array.from({ length: wires }, (_, wire) => {
    const letters = new Set(words.map((word) => word[wire]!).filter((letter) => letter !== "I"));
    return [...letters].sort().join(",");
  });
}

/** Columns in blocks that fit the width. */
function blocks(
  texts: readonly (readonly string[])[],
  room: number,
): readonly (readonly (readonly string[])[])[] {
  const out: (readonly string[])[][] = [[]];
  let used = 0;
  for (const text of texts) {
    const width = [...text[0]!].length;
    if (used + width > room && used > 0) {
      out.push([]);
      used = 0;
    }
    out.at(-1)!.push(text);
    used += width;
  }
  return out;
}

/**
 * The circuit as text, one line for each wire.
 *
 * @throws ArgumentError if an observable does not fit the circuit
 * @example
 * draw(circuit, { charset: "ascii", observables: ["ZI"] });
 * // 0: -RX(x0)-o- <Z>
 * // 1: --------X-
 */
export function draw(circuit: CircuitData, options: DrawOptions = {}): string {
  const { charset = "unicode", width = 100, observables = [] } = options;
  const { wires } = circuit;
  const { wire: line } = SIGNS[charset];
  const digits = String(wires - 1).length;
  const names = Array.from({ length: wires }, (_, q) => `${String(q).padStart(digits)}: ${line}`);
  const ends = measuredLetters(observables, wires).map((own) => (own === "" ? "" : ` <${own}>`));
  const state = circuit.preparation === undefined ? [] : [prepared(wires, line)];
  const texts = [...state, ...columns(circuit).map((own) => columnText(own, wires, charset))];
  const parts = blocks(texts, width - digits - 3);
  return parts
    .map((part, i) =>
      names
        .map((name, q) => {
          const end = i === parts.length - 1 ? ends[q]! : "";
          return name + part.map((column) => column[q]!).join("") + end;
        })
        .join("\n"),
    )
    .join("\n\n");
}

function prepared(wires: number, line: string): readonly string[] {
  return Array.from({ length: wires }, () => `|psi${line}`);
}
