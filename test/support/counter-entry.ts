// The counter as the command line knows models; loads nothing until it is asked.

import type { ModelEntry } from "../../src/cli/models.js";

/** A model without tensors. */
export const counterEntry: ModelEntry = {
  title: "a counter for tests",
  dataKeys: ["data.file"],
  async settings() {
    const { counterPresets, counterSchema } = await import("./counter.js");
    return { schema: counterSchema, presets: counterPresets, numericsVersion: 1 };
  },
  async load() {
    const { counter } = await import("./counter.js");
    return counter;
  },
};
