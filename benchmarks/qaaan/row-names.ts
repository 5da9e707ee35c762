// The names of rows, left of a panel.

import type { Spec } from "../../src/figures/index.js";
import { FONT_SIZE } from "../../src/figures/theme.js";

/**
 * A layer of names.
 *
 * @param values - each with its `text` and the field of `y`
 * @param y - the channel of the rows
 */
export function rowNames(values: readonly Spec[], y: Spec): Spec {
  const place = { align: "right", dx: -6, baseline: "middle", fontSize: FONT_SIZE.label };
  return {
    data: { values },
    mark: { type: "text", ...place },
    encoding: { x: { value: 0 }, y, text: { field: "text", type: "nominal" } },
  };
}
