// The structure of the half system, checked against the generator of the reference: which components are kept, and that
// the words hold every entry of it once.

import { expect } from "chai";
import { halfSystem } from "../../kernels/exact-steady-state/half-system.js";
import { generator } from "../../kernels/exact-steady-state/reference.js";

/** Components that are kept and eliminated, and the longest row or column of one that is eliminated. */
function decoded(N: number): {
  readonly kept: readonly number[];
  readonly rows: ReadonlyMap<number, readonly number[]>;
  readonly longest: number;
} {
  const { words } = halfSystem(N);
  const [kept, eliminated, direct] = words as unknown as [number, number, number];
  const rows = new Map<number, readonly number[]>();
  let at = 3 + kept + 2 * direct;
  let longest = 0;
  for (let i = 0; i < eliminated; i++) {
    const [component, inColumn, inRow] = words.subarray(at, at + 3) as unknown as [
      number,
      number,
      number,
    ];
    const row = Array.from({ length: inRow }, (_, j) => words[at + 3 + 3 * (inColumn + j) + 1]!);
    rows.set(component, row);
    longest = Math.max(longest, inColumn, inRow);
    at += 3 + 3 * (inColumn + inRow);
  }
  expect(at, "words").to.equal(words.length);
  return { kept: Array.from(words.subarray(3, 3 + kept)), rows, longest };
}

describe("halfSystem()", () => {
  for (const [N, size] of [
    [2, 27],
    [3, 117],
  ] as const)
    it(`keeps ${String(size)} components for ${String(N)} inputs, and couples the others as the generator does`, () => {
      const { kept, rows, longest } = decoded(N);
      expect(kept.length).to.equal(size);
      expect(kept.length + rows.size).to.equal(4 ** (N + 1) - 4);
      // A vector of the matrix's columns holds each of them.
      expect(longest).to.be.at.most(size + 4);
      const couplings = [1, 2, 3].map((k) => [1, 2, 3].map((l) => k + Math.sqrt(l)));
      const angles = Array.from({ length: N }, () => 0.4);
      const J = angles.map(() => couplings);
      const K = generator({ theta: angles, J, gamma: 1, polarization: 0 });
      for (const [component, row] of rows) {
        const expected = [...K[component]!.keys()].filter((from) => K[component]![from] !== 0);
        const raised = Array.from({ length: N }, (_, n) => 4 ** (n + 1))
          .filter((step) => Math.floor(component / step) % 4 === 3)
          .map((step) => component - 3 * step);
        expect([...row].sort((a, b) => a - b)).to.deep.equal(
          [...new Set([...expected, ...raised])].sort((a, b) => a - b),
        );
      }
    });
});
