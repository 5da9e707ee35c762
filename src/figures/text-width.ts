// The width of a line of text in the shipped font, so that figures are laid out alike in Node and in a
// browser. Draws nothing.

/** Advance widths of Liberation Sans 2.1.5 in units of 1/2048 em (`hmtx` table of the shipped files). */
const REGULAR: readonly (readonly [number, string])[] = [
  [391, "'"],
  [455, "ijl"],
  [532, "|"],
  [569, "\u00a0 !,./:;I[\\]ft"],
  [682, "()-`r²³·"],
  [684, "{}"],
  [691, "₁"],
  [704, "₇"],
  [727, '"'],
  [795, "₂"],
  [797, "*"],
  [812, "₉"],
  [819, "°"],
  [825, "₅"],
  [826, "₆"],
  [834, "₃"],
  [836, "₄"],
  [849, "₈"],
  [850, "₀"],
  [913, "ε"],
  [961, "^"],
  [1024, "Jcksvxyzγκλν"],
  [1075, "χ"],
  [1124, "±√≈≤≥"],
  [1128, "Γ"],
  [1139, "#$0123456789?L_abdeghnopqu–ηθ"],
  [1140, "δ"],
  [1165, "ρ"],
  [1178, "β"],
  [1180, "μ"],
  [1184, "α"],
  [1196, "+<=>~×−"],
  [1251, "FTZ"],
  [1264, "σ"],
  [1266, "Σ"],
  [1328, "φ"],
  [1366, "&ABEKPSVXY"],
  [1368, "ΔΛ"],
  [1413, "π"],
  [1460, "∞ψ"],
  [1479, "CDHNRUw"],
  [1531, "Ω"],
  [1593, "GOQΘ"],
  [1599, "ω"],
  [1634, "Φ"],
  [1706, "Mm"],
  [1821, "%"],
  [1933, "W"],
  [2048, "—…→"],
  [2079, "@"],
];

const BOLD: readonly (readonly [number, string])[] = [
  [487, "'"],
  [569, "\u00a0 ,./I\\ijl"],
  [573, "|"],
  [682, "!()-:;[]`ft²³·"],
  [797, "*r{}"],
  [819, "°₇"],
  [847, "₁"],
  [910, "₂"],
  [922, "₉"],
  [923, "₀"],
  [930, "₆"],
  [939, "₅"],
  [947, "₃"],
  [959, "₈"],
  [971, '"'],
  [972, "ε"],
  [976, "₄"],
  [1024, "z"],
  [1107, "θ"],
  [1124, "±√≈≤≥"],
  [1139, "#$0123456789J_aceksvxy–γλν"],
  [1142, "κ"],
  [1179, "χ"],
  [1196, "+<=>^~×−"],
  [1229, "Σ"],
  [1231, "Γ"],
  [1242, "δ"],
  [1250, "β"],
  [1251, "?FLTZbdghnopquη"],
  [1253, "μ"],
  [1259, "α"],
  [1267, "ρ"],
  [1366, "EPSVXYΛ"],
  [1401, "σ"],
  [1460, "∞"],
  [1465, "φ"],
  [1472, "Δ"],
  [1479, "&ABCDHKNRU"],
  [1543, "ψ"],
  [1568, "π"],
  [1593, "GOQwΘ"],
  [1642, "Ω"],
  [1681, "Φ"],
  [1706, "M"],
  [1730, "ω"],
  [1821, "%m"],
  [1933, "W"],
  [1997, "@"],
  [2048, "—…→"],
];

const UNITS_PER_EM = 2048;
/** A digit's width: stands in for characters that the tables do not list. */
const UNLISTED = 1139;

type Widths = ReadonlyMap<string, number>;
const widths: { readonly regular: Widths; readonly bold: Widths } = {
  regular: byCharacter(REGULAR),
  bold: byCharacter(BOLD),
};

/** Every character with its width in units of 1/2048 em: what the tests compare with the font files. */
export function listedWidths(weight: "regular" | "bold"): ReadonlyMap<string, number> {
  return widths[weight];
}

/**
 * The width of one line of Liberation Sans, without kerning.
 * @param text - one line
 * @param size - font size in pixels
 * @param weight - regular or bold
 * @returns pixels
 */
export function textWidth(
  text: string,
  size: number,
  weight: "regular" | "bold" = "regular",
): number {
  const table = widths[weight];
  let sum = 0;
  for (const character of text) sum += table.get(character) ?? UNLISTED;
  return (sum * size) / UNITS_PER_EM;
}

/**
 * Breaks a text at spaces into lines that fit.
 * @param text - words separated by spaces
 * @param width - pixels a line may take; a single longer word keeps its line
 * @param size - font size in pixels
 */
export function wrapText(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function byCharacter(table: readonly (readonly [number, string])[]): Widths {
  const map = new Map<string, number>();
  for (const [width, characters] of table) {
    for (const character of characters) map.set(character, width);
  }
  return map;
}
