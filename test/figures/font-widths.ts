// Reads advance widths from a TrueType file: the oracle for the table in the source.

import { readFileSync } from "node:fs";

/** Advance width of each character of the Basic Multilingual Plane in font units, and the units per em. */
export function fontWidths(path: URL): { unitsPerEm: number; widthOf(character: string): number } {
  const font = readFileSync(path);
  const table = tableOffsets(font);
  const longMetrics = font.readUInt16BE(table("hhea") + 34);
  return {
    unitsPerEm: font.readUInt16BE(table("head") + 18),
    widthOf(character) {
      const glyph = glyphOf(font, table("cmap"), character.codePointAt(0) ?? 0);
      if (glyph === 0) return Number.NaN;
      return font.readUInt16BE(table("hmtx") + 4 * Math.min(glyph, longMetrics - 1));
    },
  };
}

function tableOffsets(font: Buffer): (tag: string) => number {
  return (tag) => {
    for (let i = 0; i < font.readUInt16BE(4); i++) {
      const entry = 12 + 16 * i;
      if (font.toString("latin1", entry, entry + 4) === tag) return font.readUInt32BE(entry + 8);
    }
    throw new Error(`font has no table ${tag}`);
  };
}

/** Glyph of a character by the format 4 table for Windows Unicode (platform 3, encoding 1); 0 if it has none. */
function glyphOf(font: Buffer, cmap: number, code: number): number {
  const map = unicodeMap(font, cmap);
  const segments = font.readUInt16BE(map + 6) / 2;
  for (let i = 0; i < segments; i++) {
    const at = (column: number): number => map + 14 + 2 * (i + column * segments);
    if (code > font.readUInt16BE(at(0))) continue;
    const start = font.readUInt16BE(at(1) + 2);
    if (code < start) return 0;
    const delta = font.readUInt16BE(at(2) + 2);
    const range = font.readUInt16BE(at(3) + 2);
    if (range === 0) return (code + delta) % 65536;
    const glyph = font.readUInt16BE(at(3) + 2 + range + 2 * (code - start));
    return glyph === 0 ? 0 : (glyph + delta) % 65536;
  }
  return 0;
}

function unicodeMap(font: Buffer, cmap: number): number {
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const record = cmap + 4 + 8 * i;
    const map = cmap + font.readUInt32BE(record + 4);
    const unicode = font.readUInt16BE(record) === 3 && font.readUInt16BE(record + 2) === 1;
    if (unicode && font.readUInt16BE(map) === 4) return map;
  }
  throw new Error("font has no Unicode character map of format 4");
}
