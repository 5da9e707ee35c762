// A panel of a figure that shows a sample grid, with words above its columns and beside its rows.

import { gridPixels, type ImageShape } from "./image-grid.js";
import { panel } from "./panel.js";
import { pngUrl } from "./png-bytes.js";
import type { Spec } from "./spec.js";
import { FONT_SIZE } from "./theme.js";

/** What {@link imagePanel} shows. */
export type ImagePanel = {
  /** `[n, height, width, channels]` in [−1, 1], row-major. */
  readonly values: ArrayLike<number>;
  readonly shape: ImageShape;
  /** Images a row. */
  readonly columns: number;
  /** Width of the panel in pixels of the figure; its height follows. */
  readonly width: number;
  /** Words above the columns; they stand where a subtitle would. */
  readonly labels?: readonly string[];
  /** Words to the left of the rows. */
  readonly rowLabels?: readonly string[];
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
};

/** Dots per pixel of the figure that the grid has at least, so that the drawing does not blur its pixels. */
const DOTS = 3;

/** A sample grid as a panel; the picture is inside the specification. */
export function imagePanel(parts: ImagePanel): Spec {
  const { shape, columns, width, labels = [], rowLabels = [], title } = parts;
  const scale = Math.ceil((DOTS * width) / (columns * shape[2]));
  const picture = gridPixels(parts.values, shape, {
    columns,
    scale,
    gap: Math.ceil(0.06 * shape[2]) * scale,
  });
  const rows = Math.ceil(shape[0] / columns);
  const size = { width, height: Math.round((width * picture.height) / picture.width) };
  const subtitle = labels.length > 0 ? " " : parts.subtitle;
  return panel(size, { title, subtitle }, [
    imageLayer(pngUrl(picture), size),
    ...labels.map((text, i) =>
      textLayer(text, ((i + 0.5) * width) / columns, -3, "center", "bottom"),
    ),
    ...rowLabels.map((text, i) =>
      textLayer(text, -5, ((i + 0.5) * size.height) / rows, "right", "middle"),
    ),
  ]);
}

function imageLayer(url: string, size: { readonly width: number; readonly height: number }): Spec {
  return {
    data: { values: [{}] },
    mark: { type: "image", url, ...size, align: "left", baseline: "top" },
    encoding: { x: { value: 0 }, y: { value: 0 } },
  };
}

function textLayer(text: string, x: number, y: number, align: string, baseline: string): Spec {
  return {
    data: { values: [{}] },
    mark: { type: "text", text, align, baseline, fontSize: FONT_SIZE.label, color: "#222222" },
    encoding: { x: { value: x }, y: { value: y } },
  };
}
