// Text for `--plain`: every letter beyond ASCII replaced by what it means.

const WORDS: ReadonlyMap<string, string> = new Map([
  ["≥", ">="],
  ["≤", "<="],
  ["→", "->"],
  ["×", "x"],
  ["·", "*"],
  ["±", "+/-"],
  ["−", "-"],
  ["–", "-"],
  ["…", "..."],
  ["²", "^2"],
  ["³", "^3"],
  ["√", "sqrt"],
  ["∞", "inf"],
  ["π", "pi"],
  ["θ", "theta"],
  ["Γ", "Gamma"],
  ["γ", "gamma"],
  ["β", "beta"],
  ["μ", "mu"],
  ["σ", "sigma"],
  ["κ", "kappa"],
  ["Δ", "Delta"],
  ["⟨", "<"],
  ["⟩", ">"],
]);

const SUBSCRIPT_ZERO = "₀".codePointAt(0) ?? 0;

function word(letter: string): string {
  const digit = (letter.codePointAt(0) ?? 0) - SUBSCRIPT_ZERO;
  if (digit >= 0 && digit <= 9) return digit.toString();
  // A letter with an accent keeps its base; what is unknown stays visible.
  return WORDS.get(letter) ?? (letter.normalize("NFD").replace(/[^\x20-\x7e]/g, "") || "?");
}

/** The text in ASCII. */
export function ascii(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, word);
}
