// Reading tokens one by one.

import { fault, type Token } from "./lexer.js";

/** A place in a list of tokens. */
export type Cursor = {
  /** The token that comes next. */
  readonly peek: () => Token;
  /** Takes it. */
  readonly next: () => Token;
  /** Takes it if it has this text. */
  readonly accept: (text: string) => boolean;
  /** Takes it, or throws. */
  readonly expect: (text: string) => Token;
  /** Takes a name, or throws. */
  readonly name: (what: string) => Token;
};

/** A cursor at the start of a list of tokens, the last of which is the end. */
export function cursor(list: readonly Token[]): Cursor {
  let at = 0;
  const peek = (): Token => list[at]!;
  const next = (): Token => list[Math.min(at++, list.length - 1)]!;
  const accept = (text: string): boolean => {
    const fits = peek().text === text && peek().kind !== "string";
    if (fits) next();
    return fits;
  };
  const expect = (text: string): Token => {
    const token = peek();
    if (accept(text)) return token;
    throw fault(token, `expected "${text}", but found "${token.text}"`);
  };
  const name = (what: string): Token => {
    const token = next();
    if (token.kind === "name") return token;
    throw fault(token, `expected ${what}, but found "${token.text}"`);
  };
  return { peek, next, accept, expect, name };
}
