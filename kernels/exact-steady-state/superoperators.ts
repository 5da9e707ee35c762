// The numbers of which the generator of the full equation is made, without data: README.md, "The system".

/** A matrix by its rows. */
export type Matrix = readonly (readonly number[])[];

/** The superoperators C = -i[σ_k, ·] and A = {σ_k, ·}/2 on (1, x', y', z' - z), for k = x, y, z. */
export function pauliMaps(z: number): {
  readonly C: readonly Matrix[];
  readonly A: readonly Matrix[];
} {
  const w = 1 - z * z;
  return {
    C: [
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [-2 * z, 0, 0, -2],
        [0, 0, 2, 0],
      ],
      [
        [0, 0, 0, 0],
        [2 * z, 0, 0, 2],
        [0, 0, 0, 0],
        [0, -2, 0, 0],
      ],
      [
        [0, 0, 0, 0],
        [0, 0, -2, 0],
        [0, 2, 0, 0],
        [0, 0, 0, 0],
      ],
    ],
    A: [
      [
        [0, 1, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, -z, 0, 0],
      ],
      [
        [0, 0, 1, 0],
        [0, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 0, -z, 0],
      ],
      [
        [z, 0, 0, 1],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [w, 0, 0, -z],
      ],
    ],
  };
}

/** Called with the positions of both components, and their indices on the axes of the input and of the output. */
export type Visit = (
  to: number,
  from: number,
  i: number,
  i2: number,
  o: number,
  o2: number,
) => void;

/** All pairs of components that differ in one input, whose index has stride `step`, and in the output. */
export function forEachPair(N: number, step: number, visit: Visit): void {
  for (let from = 0; from < 4 ** (N + 1); from++) {
    const [i2, o2] = [Math.floor(from / step) % 4, from % 4];
    for (let i = 0; i < 4; i++)
      for (let o = 0; o < 4; o++) visit(from + (i - i2) * step + o - o2, from, i, i2, o, o2);
  }
}

/** D: 1/2 for each x' or y' among the inputs, 1 for each z'. */
export function rates(N: number): number[] {
  const rate = [0, 0.5, 0.5, 1];
  return Array.from({ length: 4 ** (N + 1) }, (_, at) => {
    let sum = 0;
    for (let index = at >> 2; index > 0; index >>= 2) sum += rate[index & 3]!;
    return sum;
  });
}
