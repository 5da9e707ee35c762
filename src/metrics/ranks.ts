// Ranks with ties, and the exact laws of sums of them when every sign or every choice is equally likely. For rank-tests.ts.

/** Twice the rank of every value from 1; equal values share the mean of their ranks, so that twice it is an integer. */
export function doubledRanks(values: ArrayLike<number>): Int32Array {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Int32Array(order.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    // Ranks first + 1 … end have the mean (first + 1 + end)/2.
    for (let k = first; k < end; k++) ranks[order[k]!] = first + 1 + end;
    first = end;
  }
  return ranks;
}

/**
 * The law of the sum of the entries that are chosen, each with probability ½.
 *
 * @returns probability of every sum from 0 to that of all entries
 */
export function subsetSumLaw(entries: Int32Array): Float64Array {
  const total = entries.reduce((a, b) => a + b, 0);
  const law = new Float64Array(total + 1);
  law[0] = 1;
  let reach = 0;
  for (const entry of entries) {
    reach += entry;
    for (let sum = reach; sum >= 0; sum--) {
      law[sum] = (law[sum]! + (sum >= entry ? law[sum - entry]! : 0)) / 2;
    }
  }
  return law;
}

/**
 * The law of the sum of `count` of the entries, every choice equally likely.
 *
 * @returns probability of every sum from 0 to that of all entries
 */
export function choiceSumLaw(entries: Int32Array, count: number): Float64Array {
  const total = entries.reduce((a, b) => a + b, 0);
  const laws = Array.from({ length: count + 1 }, () => new Float64Array(total + 1));
  laws[0]![0] = 1;
  entries.forEach((entry, used) => {
    for (let k = Math.min(count, used + 1); k >= 1; k--) {
      for (let sum = total; sum >= entry; sum--) laws[k]![sum]! += laws[k - 1]![sum - entry]!;
    }
  });
  const ways = laws[count]!;
  const all = ways.reduce((a, b) => a + b, 0);
  return ways.map((way) => way / all);
}

/** Probability of a sum ≤ `value`, and of one ≥ `value`. */
export function tails(law: Float64Array, value: number): [lower: number, upper: number] {
  let [lower, upper] = [0, 0];
  law.forEach((p, sum) => {
    if (sum <= value) lower += p;
    if (sum >= value) upper += p;
  });
  return [lower, upper];
}
