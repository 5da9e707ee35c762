// Synthetic colour rooms as a source of images: labelled pictures in colour for models that are tried without photographs.

import { stream, uniformArray } from "../random.js";
import { checkCount } from "./checks.js";
import { paintedSource, type Painter } from "./image-set.js";
import type { ImageSource } from "./image-source.js";
import { paintRoom } from "./rooms/painter.js";
import { ROOM_DRAWS, ROOM_NAMES, roomClass, roomOf } from "./rooms/scene.js";

/** Options of {@link roomImages}. */
export type RoomImageOptions = {
  /** Pixels of a side. Default 32. */
  readonly side?: 32 | 64;
  /** Training images. Default 10,000. */
  readonly train?: number;
  /** Test images. Default 5,000. */
  readonly test?: number;
  /** Another seed gives other images of the same law. Default 0. */
  readonly seed?: number;
};

/** Events of the streams: of the scenes of a split, and from 2 on of the noise of an image. */
const EVENTS = { train: 0, test: 1 } as const;

/**
 * Bedrooms in colour: 4 hues of the wall × window on the left or right × 4 hues of the bed are 32 classes; the proportions of
 * room and window, where the bed stands, floor, light and noise vary. Each is painted when first asked for. Both splits have
 * streams of their own.
 *
 * @throws ArgumentError if a count is no positive integer
 */
export function roomImages(options: RoomImageOptions = {}): ImageSource {
  const { side = 32, train = 10_000, test = 5_000, seed = 0 } = options;
  const painter = (part: "train" | "test", count: number): Painter => {
    checkCount("roomImages", part, count, 1);
    const u = uniformArray(stream(seed, "problemGenerators", EVENTS[part]), count * ROOM_DRAWS);
    const own = (row: number): Float32Array => u.subarray(row * ROOM_DRAWS, (row + 1) * ROOM_DRAWS);
    return {
      count,
      labels: Uint16Array.from({ length: count }, (_, row) => roomClass(own(row))),
      paint: (row, out) => {
        const noise = stream(seed, "problemGenerators", 2 + 2 * row + EVENTS[part]);
        paintRoom(roomOf(own(row)), side, uniformArray(noise, out.length), out);
      },
    };
  };
  const form = {
    ...{ name: "rooms", height: side, width: side, channels: 3, classNames: ROOM_NAMES },
    report: [
      `${train.toLocaleString("en-US")} synthetic colour rooms of ${side} × ${side} pixels for training, ${test.toLocaleString("en-US")} others for the test.`,
    ],
  };
  return paintedSource(form, painter("train", train), painter("test", test));
}
