// Observables as data, and as weighted sums of Pauli words on all wires, which is what kernels measure.

import { ArgumentError } from "../errors.js";
import { checkHermitian } from "./unitary.js";
import { checkWires, checkWord } from "./checks.js";
import { matrix as matrixData, type MatrixData } from "./matrix.js";
import { commuteWirewise, multiplyWords, pauliMasks, popcount, powerOfI } from "./pauli.js";

/** One weighted Pauli word; `wires` says where its letters stand, by default one for each wire of the circuit. */
export type PauliTerm = {
  readonly coefficient: number;
  readonly word: string;
  readonly wires?: readonly number[];
};

/** A weighted sum of Pauli words. */
export type PauliSum = { readonly kind: "sum"; readonly terms: readonly PauliTerm[] };

/** A Hermitian matrix on listed wires, the first the most significant. */
export type HermitianObservable = {
  readonly kind: "hermitian";
  readonly matrix: MatrixData;
  readonly wires: readonly number[];
};

/** The projector on basis states with these bits on these wires. */
export type Projector = {
  readonly kind: "projector";
  readonly bits: readonly number[];
  readonly wires: readonly number[];
};

/** What can be measured: a Pauli word with a letter for each wire, or data made by the functions of this file. */
export type Observable = string | PauliSum | HermitianObservable | Projector;

/** A term on all wires. */
export type WholeTerm = { readonly coefficient: number; readonly word: string };

/** Most wires of a Hermitian matrix: it has 4^k Pauli words. */
const MOST_HERMITIAN_WIRES = 6;

/** A Pauli word on some wires: `pauli("XY", [0, 3])`. */
export function pauli(word: string, wires: number | readonly number[]): PauliSum {
  const on = typeof wires === "number" ? [wires] : wires;
  return { kind: "sum", terms: [{ coefficient: 1, word, wires: on }] };
}

/**
 * A weighted sum of Pauli words, for example a Hamiltonian.
 *
 * @param terms - `[coefficient, word]`, or `[coefficient, word, wires]`
 * @throws ArgumentError if a coefficient is not finite
 */
export function pauliSum(
  terms: readonly (readonly [number, string] | readonly [number, string, readonly number[]])[],
): PauliSum {
  terms.forEach(([coefficient, word]) => {
    if (Number.isFinite(coefficient)) return;
    throw new ArgumentError(
      `pauliSum: argument \`terms\` must have finite coefficients, but that of "${word}" is ${coefficient}.`,
    );
  });
  return {
    kind: "sum",
    terms: terms.map(([coefficient, word, wires]) => ({
      coefficient,
      word,
      ...(wires && { wires }),
    })),
  };
}

/**
 * A Hermitian matrix on at most six wires.
 *
 * @throws ArgumentError if `|A − A†| > 1e-6 max|A|`
 */
export function hermitian(
  matrix: { readonly re: MatrixData["re"]; readonly im?: MatrixData["im"] },
  wires: number | readonly number[],
): HermitianObservable {
  const on = typeof wires === "number" ? [wires] : wires;
  if (on.length > MOST_HERMITIAN_WIRES) {
    throw new ArgumentError(
      `hermitian: argument \`wires\` must be at most ${MOST_HERMITIAN_WIRES} wires, but are ${on.length}. Write the observable with \`pauliSum\`.`,
    );
  }
  const data = matrixData(matrix.re, matrix.im);
  checkHermitian("hermitian", data, on.length);
  return { kind: "hermitian", matrix: data, wires: on };
}

/** The projector on the basis states that have these bits on these wires. Its expectation value is a probability. */
export function projector(bits: readonly number[], wires: readonly number[]): Projector {
  if (bits.length !== wires.length || !bits.every((bit) => bit === 0 || bit === 1)) {
    throw new ArgumentError(
      `projector: argument \`bits\` must be a 0 or 1 for each of ${wires.length} wires, but is [${bits.join(", ")}].`,
    );
  }
  return { kind: "projector", bits, wires };
}

function spread(word: string, on: readonly number[], wires: number): string {
  const letters = new Array<string>(wires).fill("I");
  [...word].forEach((letter, i) => (letters[on[i]!] = letter));
  return letters.join("");
}

function wholeTerm(where: string, term: PauliTerm, wires: number): WholeTerm {
  const { coefficient, word, wires: on = Array.from({ length: wires }, (_, i) => i) } = term;
  checkWires(where, `the word "${word}"`, on, wires);
  checkWord(where, "an observable", word, on.length);
  return { coefficient, word: spread(word, on, wires) };
}

function words(letters: string, length: number): readonly string[] {
  if (length === 0) return [""];
  const shorter = words(letters, length - 1);
  return [...letters].flatMap((letter) => shorter.map((rest) => letter + rest));
}

/** `tr(P A) / 2^k` for every word P. */
export function pauliCoefficients(A: MatrixData): readonly WholeTerm[] {
  const size = A.re.length;
  const k = Math.log2(size);
  const on = Array.from({ length: k }, (_, i) => i);
  return words("IXYZ", k).map((word) => {
    const { x, z, y } = pauliMasks(word, on, k);
    const [c, s] = powerOfI(y);
    let total = 0;
    for (let j = 0; j < size; j++) {
      // P has i^y (−1)^|(j ^ x) & z| at [j, j ^ x].
      const sign = popcount((j ^ x) & z) % 2 === 0 ? 1 : -1;
      total += sign * (c * A.re[j ^ x]![j]! - s * A.im[j ^ x]![j]!);
    }
    return { coefficient: total / size, word };
  });
}

/** Equal words as one, without those that have no weight. Of an observable that is 0, the identity with weight 0. */
export function collected(terms: readonly WholeTerm[], wires: number): readonly WholeTerm[] {
  const sums = new Map<string, number>();
  for (const { coefficient, word } of terms) sums.set(word, (sums.get(word) ?? 0) + coefficient);
  const found = [...sums]
    .filter(([, coefficient]) => coefficient !== 0)
    .map(([word, coefficient]) => ({ coefficient, word }));
  return found.length > 0 ? found : [{ coefficient: 0, word: "I".repeat(wires) }];
}

/**
 * The observable as weighted Pauli words on all wires.
 *
 * @throws ArgumentError if a wire does not exist or a word has another length
 */
export function termsOf(
  where: string,
  observable: Observable,
  wires: number,
): readonly WholeTerm[] {
  if (typeof observable === "string") {
    return [wholeTerm(where, { coefficient: 1, word: observable }, wires)];
  }
  if (observable.kind === "sum") {
    return collected(
      observable.terms.map((term) => wholeTerm(where, term, wires)),
      wires,
    );
  }
  checkWires(where, `an observable (${observable.kind})`, observable.wires, wires);
  const own =
    observable.kind === "hermitian"
      ? pauliCoefficients(observable.matrix)
      : projectorTerms(observable.bits);
  return collected(
    own.map((term) => wholeTerm(where, { ...term, wires: observable.wires }, wires)),
    wires,
  );
}

/** `Π (1 + (−1)^bit Z) / 2`. */
function projectorTerms(bits: readonly number[]): readonly WholeTerm[] {
  return words("IZ", bits.length).map((word) => {
    const turns = [...word].filter((letter, i) => letter === "Z" && bits[i] === 1).length;
    return { coefficient: (turns % 2 === 0 ? 1 : -1) / 2 ** bits.length, word };
  });
}

/** The terms of `O − tr(O)/N`: it has the variance of O, whose square would drown it in a large constant. */
export function traceless(terms: readonly WholeTerm[], wires: number): readonly WholeTerm[] {
  return collected(
    terms.filter(({ word }) => /[^I]/u.test(word)),
    wires,
  );
}

/** The terms of `O²`. */
export function squared(terms: readonly WholeTerm[], wires: number): readonly WholeTerm[] {
  return collected(
    terms.flatMap((a) =>
      terms.map((b) => {
        const [word, power] = multiplyWords(a.word, b.word);
        // Of two words that do not commute the products cancel in pairs: what stays is real.
        const real = powerOfI(power)[0];
        return { coefficient: real * a.coefficient * b.coefficient, word };
      }),
    ),
    wires,
  );
}

/** Terms that can be measured together, in the basis that has a letter wherever one of them has. */
export type MeasurementGroup = { readonly basis: string; readonly terms: readonly WholeTerm[] };

function joined(a: string, b: string): string {
  return [...a].map((letter, i) => (letter === "I" ? b[i]! : letter)).join("");
}

/**
 * Groups of terms that commute wire by wire: each is measured by one setting of the device. Greedy, in the order of
 * falling weight.
 */
export function groupTerms(terms: readonly WholeTerm[]): readonly MeasurementGroup[] {
  const groups: { basis: string; terms: WholeTerm[] }[] = [];
  const sorted = [...terms].sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient));
  for (const term of sorted) {
    const group = groups.find(({ basis }) => commuteWirewise(basis, term.word));
    if (group === undefined) groups.push({ basis: term.word, terms: [term] });
    else {
      group.basis = joined(group.basis, term.word);
      group.terms.push(term);
    }
  }
  return groups;
}

/**
 * The settings in which an observable is measured.
 *
 * @param wires - size of the register
 */
export function measurementGroups(
  observable: Observable,
  wires: number,
): readonly MeasurementGroup[] {
  return groupTerms(termsOf("measurementGroups", observable, wires));
}
