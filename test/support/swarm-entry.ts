// The swarm as the command line knows models; loads nothing until it is asked.

import type { ModelEntry } from "../../src/cli/models.js";

/** A model without tensors whose replicas train together. */
export const swarmEntry: ModelEntry = {
  title: "counters for tests of sweeps",
  dataKeys: ["data.file"],
  async settings() {
    const { swarm } = await import("./swarm.js");
    return { schema: swarm.schema, presets: swarm.presets, numericsVersion: swarm.numericsVersion };
  },
  async load() {
    const { swarm } = await import("./swarm.js");
    return swarm;
  },
};
