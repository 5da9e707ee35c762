// The standard normal law in float64: its distribution function and quantiles. No samples.
//
// Distribution function: the rational approximations of W. J. Cody, "Rational Chebyshev approximations
// for the error function", Math. Comp. 23 (1969) 631-637, in the form of his ANORM (ACM TOMS 19 (1993)
// 22-32, algorithm 715). Quantiles: M. J. Wichura, "Algorithm AS 241: the percentage points of the
// normal distribution", Applied Statistics 37 (1988) 477-484, routine PPND16.

import { ArgumentError } from "../errors.js";

/** A normal law N(mean, std); `std` is the standard deviation. */
export type NormalLaw = {
  readonly mean: number;
  readonly std: number;
};

/** Numerator and denominator of a rational approximation, highest power first. */
type Rational = readonly [readonly number[], readonly number[]];

const SQRT_2PI = Math.sqrt(2 * Math.PI);

// Cody: Φ(x) − ½ = x R(x²) for |x| ≤ 0.67448975, the quartile.
const CDF_CENTRE: Rational = [
  [
    0.065682337918207449113, 2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582,
    18154.981253343561249,
  ],
  [1, 47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956],
];
// Cody: 1 − Φ(x) = exp(−x²/2) R(x) for x ≤ √32.
const CDF_MIDDLE: Rational = [
  [
    1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979,
    597.27027639480026226, 2494.5375852903726711, 6848.1904505362823326, 11602.651437647350124,
    9842.7148383839780218,
  ],
  [
    1, 22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755,
    18615.571640885098091, 34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
  ],
];
// Cody: 1 − Φ(x) = exp(−x²/2)/x (1/√2π − R(1/x²)/x²) beyond.
const CDF_TAIL: Rational = [
  [
    0.02307344176494017303, 0.21589853405795699, 0.1274011611602473639, 0.022235277870649807,
    0.001421619193227893466, 2.9112874951168792e-5,
  ],
  [
    1, 1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244,
    7.29751555083966205e-5,
  ],
];

// Wichura: Φ⁻¹(p) = q R(0.180625 − q²) for q = p − ½, |q| ≤ 0.425.
const QUANTILE_CENTRE: Rational = [
  [
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
    4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
    1.3314166789178437745e2, 3.387132872796366608,
  ],
  [
    5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4,
    2.1213794301586595867e4, 5.3941960214247511077e3, 6.871870074920579083e2,
    4.2313330701600911252e1, 1,
  ],
];
// Wichura: |Φ⁻¹(p)| = R(r − 1.6) for r = √(−ln min(p, 1 − p)) ≤ 5, R(r − 5) beyond.
const QUANTILE_MIDDLE: Rational = [
  [
    7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1,
    1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959,
    1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2,
    1.4810397642748007459e-1, 6.8976733498510000455e-1, 1.6763848301838038494,
    2.05319162663775882187, 1,
  ],
];
const QUANTILE_TAIL: Rational = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3,
    2.6532189526576123093e-2, 2.9656057182850489123e-1, 1.7848265399172913358,
    5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
    7.868691311456132591e-4, 1.48753612908506148525e-2, 1.3692988092273580531e-1,
    5.9983220655588793769e-1, 1,
  ],
];

/**
 * Distribution function `Φ(x)` of the standard normal law, to about 1e-15 of its value on either tail.
 *
 * @param x - any number
 * @returns the probability of a value ≤ x
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.67448975) return 0.5 + x * rational(CDF_CENTRE, x * x);
  const tail = upperTail(size);
  return x > 0 ? 1 - tail : tail;
}

/**
 * Quantile `Φ⁻¹(p)` of the standard normal law, to about 1e-15 of its value.
 *
 * @param p - probability in [0, 1]; 0 and 1 give ∓∞
 * @returns x with `Φ(x) = p`
 * @throws ArgumentError if `p` lies outside [0, 1]
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new ArgumentError(`normalQuantile: argument \`p\` must lie in [0, 1], but is ${p}.`);
  }
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(QUANTILE_CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  return Math.sign(q) * quantileSize(r);
}

function quantileSize(r: number): number {
  if (r === Infinity) return Infinity;
  return r <= 5 ? rational(QUANTILE_MIDDLE, r - 1.6) : rational(QUANTILE_TAIL, r - 5);
}

function upperTail(x: number): number {
  if (x > 40) return 0;
  if (x <= Math.sqrt(32)) return gauss(x) * rational(CDF_MIDDLE, x);
  const inverse = 1 / (x * x);
  return (gauss(x) * (1 / SQRT_2PI - inverse * rational(CDF_TAIL, inverse))) / x;
}

/** `exp(−x²/2)`, squared in two parts so that the rounding of x² does not reach the exponent. */
function gauss(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp((-coarse * coarse) / 2) * Math.exp((-(x - coarse) * (x + coarse)) / 2);
}

function rational([numerator, denominator]: Rational, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (const coefficient of coefficients) value = value * x + coefficient;
  return value;
}
