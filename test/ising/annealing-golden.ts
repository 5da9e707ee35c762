// The golden cases of samplers, diagnostics, embeddings and temperatures. They were computed in float64 with NumPy.

import { readFileSync } from "node:fs";

const { cases } = JSON.parse(
  readFileSync(new URL("../golden/annealing.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly name: string }[] };

/** The golden case of this name; its type is the caller's to state. */
export function goldenCase(name: string): unknown {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no golden case is named ${name}`);
  return found;
}
