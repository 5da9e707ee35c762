// The tokens of OpenQASM, each with its line and column.

import { DataError } from "../../errors.js";

/** Where a token stands, from 1. */
export type Place = { readonly line: number; readonly column: number };

/** One token. */
export type Token = Place & {
  readonly kind: "name" | "number" | "string" | "symbol" | "end";
  readonly text: string;
};

/** An error at a place of the text. */
export function fault({ line, column }: Place, what: string): DataError {
  return new DataError(`fromQasm: line ${line}, column ${column}: ${what}`);
}

const PATTERNS: readonly (readonly [Token["kind"] | "space", RegExp])[] = [
  ["space", /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/uy],
  ["string", /"[^"\n]*"/uy],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/uy],
  ["name", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["symbol", /(?:\*\*|->|==|[{}()[\],;:@+\-*/=^<>#])/uy],
];

/** The tokens of a text, with one of kind `end` behind them. */
export function tokens(text: string): readonly Token[] {
  const out: Token[] = [];
  let [at, line, start] = [0, 1, 0];
  const place = (): Place => ({ line, column: at - start + 1 });
  while (at < text.length) {
    const found = match(text, at);
    if (found === null) throw fault(place(), `unexpected character "${text[at]!}"`);
    const [kind, own] = found;
    if (kind !== "space") out.push({ ...place(), kind, text: own });
    const lines = own.split("\n");
    line += lines.length - 1;
    if (lines.length > 1) start = at + own.length - lines.at(-1)!.length;
    at += own.length;
  }
  out.push({ ...place(), kind: "end", text: "the end" });
  return out;
}

function match(text: string, at: number): readonly [Token["kind"] | "space", string] | null {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return [kind, found[0]];
  }
  return null;
}
