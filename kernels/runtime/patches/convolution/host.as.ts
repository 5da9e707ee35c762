// Gradients of a two-dimensional convolution, channels last, for the kernels that replace stock ones: products with the
// patches of the image, which are gathered or scattered a few at a time.
// args: x or dx [batch, height, width, channels], filter or its gradient [K, out], dy [batch, positions, out], then
// batch, height, width, channels, filter height, filter width, out, output height, output width, stride down, stride
// across, padding above, padding left, items.

import { arg } from "../../host/lanes.as";
import { BLOCK, multiply, PRODUCT_SCRATCH } from "../../host/product.as";

// @ts-ignore: decorator
@inline function int(args: usize, i: i32): i32 { return <i32>arg(args, i); }

/** Rows of the filter matrix, that is offsets in a patch, per item of the filter's gradient. */
const OFFSETS: i32 = 32;

/**
 * The filter's gradient: patches^T dy. Item = OFFSETS rows of it, over all images in blocks of BLOCK positions.
 * Scratch: a panel, and BLOCK x OFFSETS floats of patches.
 */
export function convolutionFilterGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const height = int(args, 4), width = int(args, 5), channels = int(args, 6), filterWidth = int(args, 8);
  const out = int(args, 9), outHeight = int(args, 10), outWidth = int(args, 11);
  const strideDown = int(args, 12), strideAcross = int(args, 13), top = int(args, 14), left = int(args, 15);
  const rows = int(args, 7) * filterWidth * channels, positions = int(args, 3) * outHeight * outWidth;
  const patches = scratch + PRODUCT_SCRATCH, rowOfC = <usize>out << 2;
  for (let item = lo; item < hi; item++) {
    const first = item * OFFSETS, count = min(OFFSETS, rows - first), rowOfPatches = <usize>count << 2;
    for (let from = 0; from < positions; from += BLOCK) {
      const here = min(BLOCK, positions - from);
      let to = patches;
      for (let position = from; position < from + here; position++) {
        const column = position % outWidth, row = (position / outWidth) % outHeight, image = position / (outWidth * outHeight);
        const y0 = row * strideDown - top, x0 = column * strideAcross - left;
        let channel = first % channels, offset = first / channels;
        for (let left = count; left > 0; offset++, channel = 0) {
          const y = y0 + offset / filterWidth, x = x0 + offset % filterWidth, run = min(left, channels - channel);
          if (y >= 0 && y < height && x >= 0 && x < width)
            memory.copy(to, arg(args, 0) + (<usize>(((image * height + y) * width + x) * channels + channel) << 2), <usize>run << 2);
          else memory.fill(to, 0, <usize>run << 2);
          to += <usize>run << 2;
          left -= run;
        }
      }
      multiply(
        patches, 4, rowOfPatches, arg(args, 2) + <usize>from * rowOfC, rowOfC, 4,
        arg(args, 1) + <usize>first * rowOfC, rowOfC, 0, count, out, here, from > 0, scratch,
      );
    }
  }
}

/** Adds the patches of `here` positions of one image to it. */
function scatter(args: usize, patches: usize, image: usize, from: i32, here: i32): void {
  const height = int(args, 4), width = int(args, 5), channels = int(args, 6), filterHeight = int(args, 7);
  const filterWidth = int(args, 8), outWidth = int(args, 11);
  for (let position = from; position < from + here; position++) {
    const y0 = (position / outWidth) * int(args, 12) - int(args, 14), x0 = (position % outWidth) * int(args, 13) - int(args, 15);
    for (let i = 0; i < filterHeight; i++) {
      const y = y0 + i;
      for (let j = 0; j < filterWidth; j++, patches += <usize>channels << 2) {
        const x = x0 + j;
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        const to = image + (<usize>((y * width + x) * channels) << 2);
        let c: usize = 0;
        for (; c + 4 <= <usize>channels; c += 4)
          v128.store(to + (c << 2), f32x4.add(v128.load(to + (c << 2)), v128.load(patches + (c << 2))));
        for (; c < <usize>channels; c++) store<f32>(to + (c << 2), load<f32>(to + (c << 2)) + load<f32>(patches + (c << 2)));
      }
    }
  }
}

/** Positions of the input's gradient per product: the filter is packed once for so many. */
const POSITIONS: i32 = 64;

/**
 * The input's gradient: dy filter^T, scattered. Item = one image.
 * Scratch: a panel, and POSITIONS x K floats of patches.
 */
export function convolutionInputGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const rows = int(args, 7) * int(args, 8) * int(args, 6), out = int(args, 9), positions = int(args, 10) * int(args, 11);
  const imageSize = <usize>(int(args, 4) * int(args, 5) * int(args, 6)) << 2, rowOfDy = <usize>out << 2;
  const patches = scratch + PRODUCT_SCRATCH;
  for (let image = lo; image < hi; image++) {
    const dx = arg(args, 0) + <usize>image * imageSize, dy = arg(args, 2) + <usize>(image * positions) * rowOfDy;
    memory.fill(dx, 0, imageSize);
    for (let from = 0; from < positions; from += POSITIONS) {
      const here = min(POSITIONS, positions - from);
      multiply(
        dy + <usize>from * rowOfDy, rowOfDy, 4, arg(args, 1), 4, rowOfDy, patches, <usize>rows << 2,
        0, here, rows, out, false, scratch,
      );
      scatter(args, patches, dx, from, here);
    }
  }
}
