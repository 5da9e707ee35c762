// What is in a synthetic room and where: its class, and small variations of everything else. Painting is in painter.ts.

/** Red, green, blue in linear light, 0 … 1. */
export type Color = readonly [number, number, number];

/** An axis-aligned box; lengths in metres, x to the right, y up, z away from the eye, which is at the origin. */
export type Box = {
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
  readonly color: Color;
};

/** One room. */
export type Room = {
  readonly wallHue: number;
  readonly windowSide: -1 | 1;
  readonly bedHue: number;
  /** Half of what the eye sees across, at distance 1. */
  readonly zoom: number;
  readonly left: number;
  readonly right: number;
  readonly floor: number;
  readonly ceiling: number;
  readonly back: number;
  readonly wall: Color;
  readonly wood: Color;
  /** Ends of the window along z and y, in the wall of its side. */
  readonly window: {
    readonly z: readonly [number, number];
    readonly y: readonly [number, number];
  };
  /** Towards the sun, out of the window. */
  readonly sun: readonly [number, number, number];
  readonly sunlight: number;
  readonly ambient: number;
  /** Bed, sheet, pillow, headboard. */
  readonly furniture: readonly Box[];
  /** Where the bed stands on the floor, for its shadow. */
  readonly bed: Box;
};

/** Names of the hues of walls and beds, in the order of the labels. */
export const WALL_HUES = ["sand", "green", "blue", "rose"] as const;
/** See {@link WALL_HUES}. */
export const BED_HUES = ["red", "yellow", "teal", "violet"] as const;

const WALL_DEGREES = [42, 125, 215, 345] as const;
const BED_DEGREES = [4, 48, 172, 272] as const;

/** Uniforms per room: three for the class, the rest for variations, and one spare for whole blocks of four. */
export const ROOM_DRAWS = 20;

/** Names of the classes, in the order of the labels: 8 wall + 4 window + bed. */
export const ROOM_NAMES: readonly string[] = WALL_HUES.flatMap((wall) =>
  ["left", "right"].flatMap((side) =>
    BED_HUES.map((bed) => `${wall} wall, window ${side}, ${bed} bed`),
  ),
);

/** The class of a room from its first three uniforms. */
export function roomClass(u: Float32Array): number {
  return 8 * Math.floor(4 * u[0]!) + 4 * Math.floor(2 * u[1]!) + Math.floor(4 * u[2]!);
}

/** The room of `ROOM_DRAWS` uniforms. */
export function roomOf(u: Float32Array): Room {
  const between = (at: number, lo: number, hi: number): number => lo + (hi - lo) * u[at]!;
  const wallHue = Math.floor(4 * u[0]!);
  const windowSide = u[1]! < 0.5 ? -1 : 1;
  const bedHue = Math.floor(4 * u[2]!);
  const aside = between(3, -0.22, 0.22);
  const half = between(4, 1.35, 1.6);
  const eye = between(5, 1.15, 1.45);
  const back = between(6, 3.0, 3.6);
  const near = between(7, 1.75, 2.0);
  const sill = between(8, 0.75, 0.95) - eye;
  const wood = hsl(between(9, 22, 34), between(10, 0.28, 0.45), between(11, 0.3, 0.5));
  const middle = aside + between(12, -0.35, 0.35) - 0.12 * windowSide;
  const floor = -eye;
  const bedColor = hsl(
    BED_DEGREES[bedHue]! + between(13, -7, 7),
    between(14, 0.5, 0.68),
    between(15, 0.36, 0.48),
  );
  const furniture = bedroom(middle, floor, back, between(16, 1.45, 1.75), bedColor, wood);
  return {
    ...{ wallHue, windowSide, bedHue, zoom: 0.86, back, floor, wood, furniture },
    ...{ left: aside - half, right: aside + half, ceiling: 2.5 - eye, bed: furniture[0]! },
    wall: hsl(WALL_DEGREES[wallHue]! + between(17, -8, 8), 0.42, 0.72),
    window: { z: [near, near + 0.95], y: [sill, sill + 1.15] },
    sun: [windowSide * 1, between(18, 0.75, 1.15), -0.15],
    sunlight: between(19, 0.45, 1),
    ambient: between(4, 0.42, 0.56),
  };
}

function bedroom(
  middle: number,
  floor: number,
  back: number,
  length: number,
  blanket: Color,
  wood: Color,
): Box[] {
  const half = 0.62;
  const top = floor + 0.52;
  const foot = back - 0.06 - length;
  const white: Color = [0.78, 0.77, 0.74];
  const box = (
    [x0, x1]: readonly [number, number],
    [y0, y1]: readonly [number, number],
    [z0, z1]: readonly [number, number],
    color: Color,
  ): Box => ({ from: [x0, y0, z0], to: [x1, y1, z1], color });
  const across = [middle - half, middle + half] as const;
  return [
    box(across, [floor + 0.1, top], [foot, back - 0.06], blanket),
    box(across, [top, top + 0.03], [back - 0.68, back - 0.06], white),
    box([middle - 0.48, middle - 0.04], [top, top + 0.17], [back - 0.46, back - 0.1], white),
    box([middle + 0.04, middle + 0.48], [top, top + 0.17], [back - 0.46, back - 0.1], white),
    box(
      [middle - half - 0.04, middle + half + 0.04],
      [floor, floor + 1.05],
      [back - 0.06, back],
      wood,
    ),
  ];
}

/** A colour in linear light from hue in degrees, saturation and lightness. */
function hsl(hue: number, saturation: number, lightness: number): Color {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const part = (n: number): number => {
    const k = (n + hue / 30 + 12) % 12;
    return (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))) ** 2.2;
  };
  return [part(0), part(8), part(4)];
}
