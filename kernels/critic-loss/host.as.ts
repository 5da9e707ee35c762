// Losses of a critic of ReLU layers with a gradient penalty, and their gradient by parameters and points.
// args: parameters f32 [P, K], points f32 [P, 3, B, d], values f32 [P, 3]; for the gradient dy f32 [P, 3], dparameters
// f32 [P, K], dpoints f32 [P, 3, B, d]; B, K, hidden layers L, widths u32 [L + 1] (d first), one-sided, block.
// Item = one replica. Scratch: packed panels, the last hidden weights times those of the output, and of a block of samples
// activations and slopes [3 block, padded width] and one product.
// Rows of a block: real samples, generated ones, those between. Rows are padded to whole vectors, whose rest is undefined.
// Slopes are taken without the output's weights w, which stand in the product with the last hidden layer instead: see
// README.md.

import { arg } from "../runtime/host/lanes.as";
import { multiply, PRODUCT_SCRATCH } from "../runtime/host/product.as";

// @ts-ignore: decorator
@inline function widthOf(args: usize, l: i32): i32 { return <i32>load<u32>(arg(args, 9) + (<usize>l << 2)); }
/** Bytes of a row of layer l. */
// @ts-ignore: decorator
@inline function strideOf(args: usize, l: i32): usize { return <usize>((widthOf(args, l) + 3) & ~3) << 2; }
/** Bytes of the parameters before layer l. */
function offsetOf(args: usize, l: i32): usize {
  let numbers = 0;
  for (let k = 0; k < l; k++) numbers += (widthOf(args, k) + 1) * widthOf(args, k + 1);
  return <usize>numbers << 2;
}
/** The last hidden weights times w, column by column. */
// @ts-ignore: decorator
@inline function weighted(scratch: usize): usize { return scratch + PRODUCT_SCRATCH; }
/** Bytes of a matrix of the last hidden weights, in whole vectors. */
function lastBytes(args: usize): usize {
  const L = <i32>arg(args, 8);
  return <usize>((widthOf(args, L - 1) * widthOf(args, L) + 3) & ~3) << 2;
}
/** Layer l of a block's activations, or of its slopes, that begin at `at`. */
function layer(args: usize, at: usize, l: i32, rows: i32): usize {
  for (let k = 0; k < l; k++) at += <usize>rows * strideOf(args, k);
  return at;
}
/** Activations of layer l in the scratch; slopes lie behind all of them. */
function activations(args: usize, scratch: usize, l: i32, rows: i32): usize {
  return layer(args, weighted(scratch) + lastBytes(args), l, rows);
}

/** relu(z + b) in place; NaN stays. */
function activate(z: usize, bias: usize, rows: i32, stride: usize): void {
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++)
    for (let i: usize = 0; i < stride; i += 16, z += 16)
      v128.store(z, f32x4.pmax(f32x4.add(v128.load(z), v128.load(bias + i)), zero));
}
/** x where the unit is on, else 0. */
// @ts-ignore: decorator
@inline function masked(x: v128, h: v128): v128 { return v128.and(x, f32x4.gt(h, f32x4.splat(0))); }

/** Rows of slopes behind the last hidden layer, without w: c where units are on. */
function lastSlopes(v: usize, h: usize, c: f32, bytes: usize): void {
  const scale = f32x4.splat(c);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(v + i, masked(scale, v128.load(h + i)));
}
/** to = x where the units of h are on; `to` may be h. */
function maskRows(to: usize, x: usize, h: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, masked(v128.load(x + i), v128.load(h + i)));
}

/** Two f64 of four f32. */
// @ts-ignore: decorator
@inline function low(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
// @ts-ignore: decorator
@inline function high(x: v128): v128 { return f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3)); }

/** Sums over rows of four columns of x, as f64. */
function sumRows(to: usize, x: usize, rows: i32, stride: usize): void {
  let a = f64x2.splat(0), b = a;
  for (let row = 0; row < rows; row++, x += stride) {
    const y = v128.load(x);
    a = f64x2.add(a, low(y));
    b = f64x2.add(b, high(y));
  }
  v128.store(to, a);
  v128.store(to, b, 16);
}

/** Sum over rows of D. */
function sumOfOutputs(h: usize, weights: usize, bias: f32, rows: i32, width: i32, stride: usize, scratch: usize): f64 {
  let total: f64 = <f64>rows * <f64>bias;
  for (let j = 0; j < width; j += 4) {
    sumRows(scratch, h + (<usize>j << 2), rows, stride);
    for (let i = 0; i < min(4, width - j); i++)
      total += load<f64>(scratch + (<usize>i << 3)) * <f64>load<f32>(weights + (<usize>(j + i) << 2));
  }
  return total;
}

/** Sum over rows of the penalty of slopes g; with `c` ≠ 0 they are replaced by c times its gradient. */
function penalise(g: usize, t: usize, rows: i32, d: i32, stride: usize, oneSided: bool, c: f64): f64 {
  let total: f64 = 0;
  for (let row = 0; row < rows; row++, g += stride, t += stride) {
    let squared: f64 = 1e-12;
    for (let i: usize = 0; i < <usize>d; i++) squared += <f64>load<f32>(g + (i << 2)) * <f64>load<f32>(g + (i << 2));
    const norm = sqrt(squared), excess = oneSided ? max<f64>(norm - 1, 0) : norm - 1;
    total += excess * excess;
    for (let i: usize = 0; i < <usize>d; i++) store<f32>(t + (i << 2), <f32>(2 * c * excess / norm * <f64>load<f32>(g + (i << 2))));
  }
  return total;
}

/** to += sums over rows of x. */
function addSums(to: usize, x: usize, rows: i32, width: i32, stride: usize, scratch: usize): void {
  for (let j = 0; j < width; j += 4) {
    sumRows(scratch, x + (<usize>j << 2), rows, stride);
    for (let i = 0; i < min(4, width - j); i++, to += 4)
      store<f32>(to, <f32>(<f64>load<f32>(to) + load<f64>(scratch + (<usize>i << 3))));
  }
}

/** to = x ∘ w for rows of `width` numbers side by side. */
function timesRow(to: usize, x: usize, w: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    let j = 0, from = w;
    for (; j + 4 <= width; j += 4, from += 16, x += 16, to += 16) v128.store(to, f32x4.mul(v128.load(x), v128.load(from)));
    for (; j < width; j++, from += 4, x += 4, to += 4) store<f32>(to, load<f32>(x) * load<f32>(from));
  }
}

/** Activations of the rows first … last - 1 through all layers. */
function forward(args: usize, parameters: usize, scratch: usize, rows: i32): void {
  const L = <i32>arg(args, 8);
  for (let l = 0; l < L; l++) {
    const w = parameters + offsetOf(args, l), n = widthOf(args, l + 1), h = activations(args, scratch, l + 1, rows);
    multiply(activations(args, scratch, l, rows), strideOf(args, l), 4, w, <usize>n << 2, 4, h, strideOf(args, l + 1),
      0, rows, n, widthOf(args, l), false, scratch);
    activate(h, w + (<usize>(widthOf(args, l) * n) << 2), rows, strideOf(args, l + 1));
  }
}

/** Slopes of rows back through all layers: of all of them to layer 1 if `all`, of those from `between` on to the points. */
function backward(args: usize, parameters: usize, scratch: usize, slopes: usize, between: i32, all: bool, rows: i32): void {
  const L = <i32>arg(args, 8);
  for (let l = L - 1; l >= 0; l--) {
    const n = widthOf(args, l), stride = strideOf(args, l), w = l == L - 1 ? weighted(scratch) : parameters + offsetOf(args, l);
    const from = layer(args, slopes, l + 1, rows), to = layer(args, slopes, l, rows);
    const first = all && (l > 0 || arg(args, 5) != 0) ? 0 : between;
    multiply(from, strideOf(args, l + 1), 4, w, 4, <usize>widthOf(args, l + 1) << 2, to, stride, first, rows, n, widthOf(args, l + 1), false, scratch);
    const skip = <usize>first * stride;
    if (l > 0) maskRows(to + skip, to + skip, activations(args, scratch, l, rows) + skip, <usize>(rows - first) * stride);
  }
}

/** A row of numbers; a call of memory.copy takes longer than a few of them. */
// @ts-ignore: decorator
@inline function copyRow(to: usize, from: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}

/** The points of a block of `count` samples of each kind, row by row. */
function loadPoints(args: usize, to: usize, points: usize, first: i32, count: i32): void {
  const B = <i32>arg(args, 6), d = <usize>widthOf(args, 0) << 2, stride = strideOf(args, 0);
  for (let kind = 0; kind < 3; kind++)
    for (let i = 0; i < count; i++, to += stride) copyRow(to, points + <usize>(kind * B + first + i) * d, d);
}
/** The slopes of real and generated points back to where the points came from; 0 for those between. */
function storePoints(args: usize, from: usize, points: usize, first: i32, count: i32): void {
  const B = <i32>arg(args, 6), d = <usize>widthOf(args, 0) << 2, stride = strideOf(args, 0);
  for (let kind = 0; kind < 3; kind++)
    for (let i = 0; i < count; i++, from += stride) {
      const to = points + <usize>(kind * B + first + i) * d;
      if (kind < 2) copyRow(to, from, d);
      else memory.fill(to, 0, d);
    }
}

/** Rows between, from activations to the tangents of the penalty's gradient, layer by layer; the last one needs none. */
function tangents(args: usize, parameters: usize, scratch: usize, work: usize, count: i32, rows: i32): void {
  const L = <i32>arg(args, 8), first = rows - count;
  for (let l = 0; l + 1 < L; l++) {
    const n = widthOf(args, l + 1), stride = strideOf(args, l + 1);
    multiply(activations(args, scratch, l, rows) + <usize>first * strideOf(args, l), strideOf(args, l), 4,
      parameters + offsetOf(args, l), <usize>n << 2, 4, work, stride, 0, count, n, widthOf(args, l), false, scratch);
    const h = activations(args, scratch, l + 1, rows) + <usize>first * stride;
    maskRows(h, work, h, <usize>count * stride);
  }
}

/** Gradients of a block, of the last hidden layer without w: products of activations (or tangents) and slopes, sums of slopes. */
function collect(args: usize, out: usize, scratch: usize, slopes: usize, count: i32, rows: i32): void {
  const L = <i32>arg(args, 8);
  for (let l = 0; l < L; l++) {
    const w = out + offsetOf(args, l), m = widthOf(args, l), n = widthOf(args, l + 1), stride = strideOf(args, l + 1);
    const v = layer(args, slopes, l + 1, rows);
    multiply(activations(args, scratch, l, rows), 4, strideOf(args, l), v, stride, 4, w, <usize>n << 2, 0, m, n, rows, true, scratch);
    addSums(w + (<usize>(m * n) << 2), v, rows - count, n, stride, scratch);
  }
}

/** The gradient by w from that of the last hidden layer, M and s without w: Σ W ∘ M over rows and b s. Then M and s times w. */
function finish(args: usize, parameters: usize, out: usize, dy: usize): void {
  const L = <i32>arg(args, 8), m = widthOf(args, L - 1), n = widthOf(args, L), from = offsetOf(args, L - 1);
  const row = <usize>n << 2, w = parameters + offsetOf(args, L), dw = out + offsetOf(args, L);
  // The biases are one more row behind the weights.
  let j: usize = 0;
  for (; j + 16 <= row; j += 16) {
    let a = f64x2.splat(0), b = a;
    for (let i = 0, at = from + j; i <= m; i++, at += row) {
      const x = v128.load(parameters + at), y = v128.load(out + at);
      a = f64x2.add(a, f64x2.mul(low(x), low(y)));
      b = f64x2.add(b, f64x2.mul(high(x), high(y)));
    }
    v128.store(dw + j, i32x4.shuffle(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5));
  }
  for (; j < row; j += 4) {
    let sum: f64 = 0;
    for (let i = 0, at = from + j; i <= m; i++, at += row) sum += <f64>load<f32>(parameters + at) * <f64>load<f32>(out + at);
    store<f32>(dw + j, <f32>sum);
  }
  timesRow(out + from, out + from, w, m + 1, n);
  store<f32>(dw + row, load<f32>(dy) + load<f32>(dy, 4));
}

// @ts-ignore: decorator
@inline function outputWeights(args: usize, parameters: usize): usize { return parameters + offsetOf(args, <i32>arg(args, 8)); }

/** Values of one replica, and with `gradient` the gradients of Σ dy · values. */
function replica(args: usize, p: i32, scratch: usize, gradient: bool): void {
  const B = <i32>arg(args, 6), L = <i32>arg(args, 8), d = widthOf(args, 0), block = <i32>arg(args, 11);
  const size = arg(args, 7) << 2, parameters = arg(args, 0) + <usize>p * size, out = arg(args, 4) + <usize>p * size;
  const pointsAt = <usize>p * <usize>(3 * B * d) << 2, values = arg(args, 2) + <usize>p * 12, dy = arg(args, 3) + <usize>p * 12;
  const w = outputWeights(args, parameters), n = widthOf(args, L), stride = strideOf(args, L), bias = load<f32>(w + (<usize>n << 2));
  let real: f64 = 0, fake: f64 = 0, penalty: f64 = 0;
  if (gradient) memory.fill(out, 0, size);
  timesRow(weighted(scratch), parameters + offsetOf(args, L - 1), w, widthOf(args, L - 1), n);
  for (let first = 0; first < B; first += block) {
    const count = min(block, B - first), rows = 3 * count, between = 2 * count;
    const slopes = activations(args, scratch, L + 1, rows), work = layer(args, slopes, L + 1, rows);
    const h = activations(args, scratch, L, rows), v = layer(args, slopes, L, rows), part = <usize>count * stride;
    loadPoints(args, activations(args, scratch, 0, rows), arg(args, 1) + pointsAt, first, count);
    forward(args, parameters, scratch, rows);
    real += sumOfOutputs(h, w, bias, count, n, stride, scratch);
    fake += sumOfOutputs(h + part, w, bias, count, n, stride, scratch);
    if (gradient) {
      lastSlopes(v, h, load<f32>(dy) / <f32>B, part);
      lastSlopes(v + part, h + part, load<f32>(dy, 4) / <f32>B, part);
    }
    lastSlopes(v + 2 * part, h + 2 * part, 1, part);
    backward(args, parameters, scratch, slopes, between, gradient, rows);
    const skip = <usize>between * strideOf(args, 0), g = layer(args, slopes, 0, rows), x = activations(args, scratch, 0, rows);
    const c = gradient ? <f64>load<f32>(dy, 8) / <f64>B : 0;
    penalty += penalise(g + skip, x + skip, count, d, strideOf(args, 0), arg(args, 10) != 0, c);
    if (gradient) {
      if (arg(args, 5) != 0) storePoints(args, g, arg(args, 5) + pointsAt, first, count);
      tangents(args, parameters, scratch, work, count, rows);
      collect(args, out, scratch, slopes, count, rows);
    }
  }
  if (gradient) finish(args, parameters, out, dy);
  store<f32>(values, <f32>(real / <f64>B));
  store<f32>(values, <f32>(fake / <f64>B), 4);
  store<f32>(values, <f32>(penalty / <f64>B), 8);
}

export function criticLoss(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let p = lo; p < hi; p++) replica(args, p, scratch, false);
}

export function criticLossGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let p = lo; p < hi; p++) replica(args, p, scratch, true);
}
