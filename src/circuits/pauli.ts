// Pauli words: their masks on an amplitude's index, products, and matrices. Wire 0 is the first letter and the most
// significant bit.

import { matrixOf, type MatrixData } from "./matrix.js";

/** A word as masks: `(P ψ)_j = i^y (−1)^popcount((j ^ x) & z) ψ_{j ^ x}`, y the number of letters Y. */
export type PauliMasks = { readonly x: number; readonly z: number; readonly y: number };

/** The number of bits that are 1. */
export function popcount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The bit of a wire in an amplitude's index. */
export function bitOf(wire: number, wires: number): number {
  return 2 ** (wires - 1 - wire);
}

/** The masks of a word whose letters stand on these wires of a register. */
export function pauliMasks(word: string, on: readonly number[], wires: number): PauliMasks {
  let [x, z, y] = [0, 0, 0];
  [...word].forEach((letter, i) => {
    const bit = bitOf(on[i]!, wires);
    if (letter === "X" || letter === "Y") x |= bit;
    if (letter === "Z" || letter === "Y") z |= bit;
    if (letter === "Y") y++;
  });
  return { x, z, y };
}

/** The word on all wires with these masks. */
export function wordOf(x: number, z: number, wires: number): string {
  return Array.from({ length: wires }, (_, wire) => {
    const bit = bitOf(wire, wires);
    return "IZXY"[(x & bit ? 2 : 0) + (z & bit ? 1 : 0)]!;
  }).join("");
}

const LETTER_PRODUCTS: Readonly<Record<string, readonly [letter: string, power: number]>> = {
  XY: ["Z", 1],
  YZ: ["X", 1],
  ZX: ["Y", 1],
  YX: ["Z", 3],
  ZY: ["X", 3],
  XZ: ["Y", 3],
};

/** The product of two words on the same wires: a word and the power of i before it. */
export function multiplyWords(a: string, b: string): readonly [word: string, power: number] {
  let power = 0;
  const letters = [...a].map((letter, i) => {
    const other = b[i]!;
    if (letter === other) return "I";
    if (letter === "I" || other === "I") return letter === "I" ? other : letter;
    const [product, turn] = LETTER_PRODUCTS[letter + other]!;
    power += turn;
    return product;
  });
  return [letters.join(""), power % 4];
}

/** Whether two words commute wire by wire: where both have a letter, it is the same. */
export function commuteWirewise(a: string, b: string): boolean {
  return [...a].every((letter, i) => letter === "I" || b[i] === "I" || letter === b[i]);
}

/** `i^power` as a pair. */
export function powerOfI(power: number): readonly [number, number] {
  return ([[1, 0], [0, 1], [-1, 0], [0, -1]] as const)[((power % 4) + 4) % 4]!; // prettier-ignore
}

/** The matrix of a word. */
export function pauliMatrix(word: string): MatrixData {
  const on = [...word].map((_, i) => i);
  const { x, z, y } = pauliMasks(word, on, word.length);
  const [re, im] = powerOfI(y);
  return matrixOf(2 ** word.length, (i, j) => {
    if ((i ^ x) !== j) return [0, 0];
    const sign = popcount(j & z) % 2 === 0 ? 1 : -1;
    return [sign * re, sign * im];
  });
}
