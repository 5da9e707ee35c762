// Paints a synthetic room: four rays a pixel, light from the window, a patch of sun. What is in the room is in scene.ts.

import type { Box, Color, Room } from "./scene.js";

type Point = readonly [number, number, number];
type Axis = 0 | 1 | 2;

/** What a ray meets: where, facing which axis, and its colour. */
type Hit = { readonly distance: number; readonly axis: Axis; readonly thing: Thing };

type Thing = "wall" | "ceiling" | "floor" | Box;

const WHITE: Color = [0.8, 0.8, 0.78];
const FRAME = 0.07;

/** How much light from all sides reaches surfaces across each axis: sides, tops, fronts. */
const WALL_FACING: Point = [0.86, 1, 0.94];
const FURNITURE_FACING: Point = [0.55, 1, 0.7];

/**
 * Paints a room.
 *
 * @param room - the scene
 * @param side - pixels of a side
 * @param grain - `[side² · 3]` uniforms, noise of the camera
 * @param out - `[side, side, 3]` bytes
 */
export function paintRoom(room: Room, side: number, grain: Float32Array, out: Uint8Array): void {
  const step = (2 * room.zoom) / side;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const seen = pixel(
        room,
        (x + 0.5) * step - room.zoom,
        room.zoom - (y + 0.5) * step,
        step / 4,
      );
      const at = 3 * (y * side + x);
      for (let c = 0; c < 3; c++) out[at + c] = developed(seen[c]!, grain[at + c]!);
    }
  }
}

/** The mean of four rays. */
function pixel(room: Room, across: number, up: number, reach: number): Color {
  const sum = [0, 0, 0] as [number, number, number];
  for (let ray = 0; ray < 4; ray++) {
    const direction: Point = [
      across + (ray % 2 === 0 ? -reach : reach),
      up + (ray < 2 ? reach : -reach),
      1,
    ];
    const seen = colorAlong(room, direction);
    sum[0] += seen[0] / 4;
    sum[1] += seen[1] / 4;
    sum[2] += seen[2] / 4;
  }
  return sum;
}

/** Linear light, in steps of 1 / 512, as a tone of the screen. */
const TONES: Float64Array = Float64Array.from(
  { length: 4096 },
  (_, step) => (1 - Math.exp((-1.9 * step) / 512)) ** (1 / 2.2),
);

/** Linear light as a byte, with noise of standard deviation 1.3 %. */
function developed(light: number, u: number): number {
  const tone = TONES[Math.min(TONES.length - 1, Math.round(512 * light))]!;
  return Math.round(255 * Math.min(1, Math.max(0, tone + 0.045 * (u - 0.5))));
}

function colorAlong(room: Room, ray: Point): Color {
  const hit = nearest(room, ray);
  const at: Point = [ray[0] * hit.distance, ray[1] * hit.distance, ray[2] * hit.distance];
  const pane = hit.axis === 0 && hit.thing === "wall" ? windowAt(room, at) : null;
  if (pane !== null) return pane;
  const light = lightAt(room, at, hit);
  const base = surface(room, at, hit.thing);
  return [base[0] * light[0], base[1] * light[1], base[2] * light[2]];
}

function nearest(room: Room, ray: Point): Hit {
  let hit = roomHit(room, ray);
  for (const box of room.furniture) hit = boxHit(box, ray, hit);
  return hit;
}

/** The room itself, from inside. */
function roomHit({ left, right, floor, ceiling, back }: Room, ray: Point): Hit {
  const sideways = (ray[0] < 0 ? left : right) / ray[0];
  const upright = (ray[1] < 0 ? floor : ceiling) / ray[1];
  if (back < sideways && back < upright) return { distance: back, axis: 2, thing: "wall" };
  if (sideways < upright) return { distance: sideways, axis: 0, thing: "wall" };
  return { distance: upright, axis: 1, thing: ray[1] < 0 ? "floor" : "ceiling" };
}

/** The nearer of `hit` and a box, by slabs. */
function boxHit(box: Box, ray: Point, hit: Hit): Hit {
  let enter = 0;
  let leave = hit.distance;
  let axis: Axis = 2;
  for (let a = 0; a < 3; a++) {
    const p = box.from[a]! / ray[a]!;
    const q = box.to[a]! / ray[a]!;
    if (Math.min(p, q) > enter) {
      enter = Math.min(p, q);
      axis = a as Axis;
    }
    leave = Math.min(leave, Math.max(p, q));
    if (leave <= enter) return hit;
  }
  return { distance: enter, axis, thing: box };
}

/** What is seen where the window is: sky between the bars of a frame; null beside it. */
function windowAt({ window, windowSide }: Room, [x, y, z]: Point): Color | null {
  if (Math.sign(x) !== windowSide) return null;
  const across = (z - window.z[0]) / (window.z[1] - window.z[0]);
  const up = (y - window.y[0]) / (window.y[1] - window.y[0]);
  if (across < 0 || across > 1 || up < 0 || up > 1) return null;
  const bar = Math.min(across, 1 - across, Math.abs(across - 0.5) + FRAME / 2);
  const rail = Math.min(up, 1 - up, Math.abs(up - 0.55) + FRAME / 2);
  if (Math.min(bar, rail) < FRAME) return WHITE;
  return [0.55 - 0.3 * up, 0.75 - 0.28 * up, 1.05 - 0.1 * up];
}

function surface(room: Room, [x, y, z]: Point, thing: Thing): Color {
  if (thing === "ceiling") return WHITE;
  if (thing === "floor") return planks(room, x, z);
  if (thing !== "wall") return thing.color;
  return y < room.floor + 0.12 ? WHITE : room.wall;
}

/** Boards along the room, each of its own tone. */
function planks({ wood, left }: Room, x: number, z: number): Color {
  const board = Math.floor((x - left) / 0.28);
  const piece = board + 7 * Math.floor(z / 1.3 + 0.37 * board);
  const tone = 0.92 + 0.16 * Math.abs(Math.sin(12.9898 * piece));
  return [wood[0] * tone, wood[1] * tone, wood[2] * tone];
}

/** Light on a point: from all sides, from the window, from the sun through it; less in corners and under the bed. */
function lightAt(room: Room, at: Point, { axis, thing }: Hit): Color {
  const shade = typeof thing === "object" ? 1 : cornerShade(room, at) * bedShade(room, at, thing);
  const facing = typeof thing === "object" ? FURNITURE_FACING : WALL_FACING;
  const day = windowLight(room, at, axis) * facing[axis];
  const sun = thing === "ceiling" ? 0 : sunAt(room, at, axis);
  const around = room.ambient * facing[axis];
  return [
    shade * (around + 0.95 * day) + 1.5 * sun,
    shade * (around + day) + 1.35 * sun,
    shade * (around * 1.04 + 1.1 * day) + 1.05 * sun,
  ];
}

/** Darker towards the edges where two planes of the room meet: the second smallest distance to a plane. */
function cornerShade({ left, right, floor, ceiling, back }: Room, [x, y, z]: Point): number {
  const across = Math.min(x - left, right - x);
  const up = Math.min(y - floor, ceiling - y);
  const deep = back - z;
  const second = Math.max(Math.min(across, up), Math.min(Math.max(across, up), deep));
  return 1 - 0.38 * Math.exp(-second / 0.22);
}

function bedShade({ bed }: Room, [x, , z]: Point, thing: Thing): number {
  if (thing !== "floor") return 1;
  const beside = Math.max(bed.from[0] - x, x - bed.to[0], bed.from[2] - z, 0);
  return 1 - 0.6 * Math.exp(-beside / 0.16);
}

/** Diffuse light of the window's middle on a surface that faces `axis`. */
function windowLight(
  { window, windowSide, left, right, sunlight }: Room,
  at: Point,
  axis: Axis,
): number {
  const from: Point = [
    windowSide < 0 ? left : right,
    (window.y[0] + window.y[1]) / 2,
    (window.z[0] + window.z[1]) / 2,
  ];
  const to = [from[0] - at[0], from[1] - at[1], from[2] - at[2]] as const;
  const squared = to[0] ** 2 + to[1] ** 2 + to[2] ** 2 + 0.35;
  const cosine = Math.abs(to[axis]) / Math.sqrt(squared);
  const leaving = Math.abs(to[0]) / Math.sqrt(squared);
  return ((0.5 + 1.1 * sunlight) * (0.35 + cosine * leaving * 2)) / (1 + 0.8 * squared);
}

/** Whether the sun reaches a point through the window. */
function sunAt(room: Room, [x, y, z]: Point, axis: Axis): number {
  const { sun, window, windowSide, left, right, sunlight } = room;
  const distance = ((windowSide < 0 ? left : right) - x) / sun[0];
  if (distance <= 0) return 0;
  const [height, depth] = [y + distance * sun[1], z + distance * sun[2]];
  const inside =
    height > window.y[0] && height < window.y[1] && depth > window.z[0] && depth < window.z[1];
  return inside ? sunlight * 0.55 * Math.abs(sun[axis]) : 0;
}
