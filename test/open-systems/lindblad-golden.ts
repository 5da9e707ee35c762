// The golden cases of the Lindblad layer, typed, and as tensors. They were computed in float64.

import { readFileSync } from "node:fs";
import { fromArrays } from "../../src/open-systems/index.js";
import type { Complex } from "../../src/open-systems/index.js";

type Nested = number | readonly Nested[];

/** A complex array of the file. */
export type Pair = { readonly re: readonly Nested[]; readonly im: readonly Nested[] };

type Case = {
  readonly name: string;
  readonly tolerance: Readonly<
    Record<"float64" | "float32" | "float64Grad" | "float32Grad", number>
  >;
};

/** Superoperators of two operators, or of a Lindblad equation. */
export type VectoriseCase = Case & {
  readonly kind: "vectorise";
  readonly jumps?: readonly Pair[];
} & Readonly<Record<string, Pair>>;

/** A steady state, with gradients of `Re Tr(cotangent† rho)`. */
export type SteadyCase = Case & {
  readonly kind: "steady";
  readonly H: Pair;
  readonly jumps: readonly Pair[];
  readonly rho: Pair;
  readonly rcond1?: number;
  readonly cotangent?: Pair;
  readonly grad_H?: Pair;
  readonly grad_jumps?: readonly Pair[];
};

/** Operators without a unique steady state, or nearly so. */
export type NonUniqueCase = Case & {
  readonly kind: "nonUnique";
  readonly H: Pair;
  readonly jumps: readonly Pair[];
  readonly zeroModes: number;
  readonly rho?: Pair;
};

const file = JSON.parse(readFileSync("test/golden/lindblad.json", "utf8")) as {
  readonly cases: readonly (VectoriseCase | SteadyCase | NonUniqueCase)[];
};

/** The cases of one kind. */
export function casesOf<K extends "vectorise" | "steady" | "nonUnique">(
  kind: K,
): readonly Extract<(typeof file.cases)[number], { kind: K }>[] {
  return file.cases.filter((one) => one.kind === kind) as never;
}

/** As tensors. */
export function tensorsOf({ re, im }: Pair): Complex {
  return fromArrays(re, im);
}

/** Real parts, then imaginary parts, row-major. */
export function flat({ re, im }: Pair): number[] {
  return [...(re as Nested[]).flat(4), ...(im as Nested[]).flat(4)] as number[];
}
