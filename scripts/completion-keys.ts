// Writes src/cli/completion/keys.ts from the schemas of all models: completion must not load a schema.
// Run it with `npx tsx scripts/completion-keys.ts` after a schema has changed; a test says when.

import { writeFileSync } from "node:fs";
import { completionText } from "../src/cli/completion/keys-text.js";
import { models } from "../src/cli/models.js";

writeFileSync(
  new URL("../src/cli/completion/keys.ts", import.meta.url),
  await completionText(models),
);
