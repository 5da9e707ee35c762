// Writes schemas/study.schema.json, with which editors check study files, from the schemas of all models.
// Run it with `npm run study-schema` after a schema has changed; a test says when.

import { mkdirSync, writeFileSync } from "node:fs";
import { models } from "../src/cli/models.js";
import { editorSchema } from "../src/sweeps/study/editor-schema.js";

const entries = Object.entries(models).map(
  async ([name, entry]) => [`${name}.train`, await entry.settings()] as const,
);
const schema = editorSchema(Object.fromEntries(await Promise.all(entries)));
const folder = new URL("../schemas/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("study.schema.json", folder), `${JSON.stringify(schema, null, 1)}\n`);
