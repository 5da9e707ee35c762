// A figure from panels: theme, title, wrapped subtitle. The panels come from the other files of the folder.

import type { Spec } from "./spec.js";
import { wrapText } from "./text-width.js";
import { FONT_SIZE, PADDING, THEME } from "./theme.js";

/**
 * A complete Vega-Lite specification in the common style.
 * @param parts - `body`: a panel or panels side by side; `title` and `subtitle` (sample sizes, counts, settings)
 *   stand above it; `width`: pixels of the whole figure, at which the subtitle is wrapped; `description`: what
 *   a reader who cannot see the figure is told
 */
export function figure(parts: {
  readonly body: Spec;
  readonly title?: string;
  readonly subtitle?: string;
  readonly width: number;
  readonly description: string;
}): Spec {
  const { body, title, subtitle, width, description } = parts;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description,
    ...(title !== undefined && { title: heading(title, subtitle, width) }),
    ...body,
    config: THEME,
  };
}

function heading(title: string, subtitle: string | undefined, width: number): Spec {
  return {
    text: title,
    frame: "bounds",
    ...(subtitle !== undefined && {
      subtitle: wrapText(subtitle, width - 2 * PADDING, FONT_SIZE.label),
    }),
  };
}
