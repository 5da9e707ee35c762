// Verbs of two words: their flags are not those of the verb that the first word names, so that both words have to be one
// before the arguments are parsed.

const TWO_WORDS: readonly (readonly [string, string])[] = [["sample", "ising"]];

/** The arguments with the words of such a verb as one. */
export function joinVerb(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word) => !word.startsWith("-") && word !== "help");
  const pair = TWO_WORDS.find(([first, second]) => argv[at] === first && argv[at + 1] === second);
  return pair === undefined ? argv : [...argv.slice(0, at), pair.join(" "), ...argv.slice(at + 2)];
}
