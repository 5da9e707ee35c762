// Round places for the labels of an axis, and how numbers are written there. Knows no figure.

const MOST_DECADES = 6;

/** A number as an axis writes it: three digits, powers of ten beyond four places, a true minus sign. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const isFar = size !== 0 && (size < 1e-3 || size >= 1e5);
  const text = isFar
    ? value.toExponential(2).replace(/\.?0*e\+?/u, "e")
    : String(Number(value.toPrecision(6)));
  return text.replaceAll("-", "−");
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
}

/** About `count` round numbers from `low` to `high`. */
export function linearTicks(low: number, high: number, count = 5): number[] {
  if (!(high > low)) return [low];
  const step = roundStep((high - low) / count);
  const from = Math.ceil(low / step - 1e-9);
  const to = Math.floor(high / step + 1e-9);
  return Array.from({ length: to - from + 1 }, (_, i) =>
    Number(((from + i) * step).toPrecision(12)),
  );
}

/** Powers of ten from `low` to `high`; with 2 and 5 between them where these are few. */
export function logTicks(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.ceil((to - from) / MOST_DECADES);
  const at = (digits: readonly number[]): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
      .filter((power) => power % every === 0)
      .flatMap((power) => digits.map((digit) => Number(`${String(digit)}e${String(power)}`)))
      .filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  const decades = at([1]);
  if (decades.length > 2) return decades;
  const more = at([1, 2, 5]);
  return more.length > 1 ? more : linearTicks(low, high);
}
