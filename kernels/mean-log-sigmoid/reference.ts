// The mean log-sigmoid in plain float64: the oracle of the other forms.

/** Mean of ln S(k x), S(y) = 1 / (1 + exp(-y)). */
export function meanLogSigmoidReference(x: readonly number[], slope: number): number {
  const logSigmoid = (y: number): number => Math.min(y, 0) - Math.log1p(Math.exp(-Math.abs(y)));
  return x.reduce((sum, value) => sum + logSigmoid(slope * value), 0) / x.length;
}
