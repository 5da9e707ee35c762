// The program with the counter and the swarm among its models, as a process of its own for tests of signals and pipes.

import { runProcess } from "../../src/cli/entry.js";
import { models } from "../../src/cli/models.js";
import { counterEntry } from "./counter-entry.js";
import { swarmEntry } from "./swarm-entry.js";

await runProcess({
  models: { counter: counterEntry, swarm: swarmEntry, ...models },
  chooseBackend: async (name) => ({
    name: name === "auto" ? "wasm" : name,
    device: "nowhere",
    threads: 1,
  }),
});
