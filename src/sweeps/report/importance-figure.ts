// The importance of parameters as bars.

import { bars } from "../../figures/bars.js";
import { textWidth } from "../../figures/text-width.js";
import { FONT_SIZE, WIDTH } from "../../figures/theme.js";
import { topCount, type Importance } from "./importance.js";
import { sweepFigure, type SweepFigure } from "./panels.js";
import { countWords, decided, rungWords, threes, type View } from "./view.js";

const MOST_BARS = 20;

/** Bars, the most important parameter on top. */
export function importanceFigure(view: View, parameters: readonly Importance[]): SweepFigure {
  const shown = parameters.slice(0, MOST_BARS);
  const names = Math.max(60, ...shown.map(({ scale }) => textWidth(scale.name, FONT_SIZE.label)));
  const top = topCount(decided(view, view.first).length);
  const most = Math.max(0.01, ...shown.map(({ share }) => share));
  return sweepFigure(
    "importance",
    {
      title: `Importance of parameters for the best tenth`,
      subtitle: `${countWords(view, view.first)}; ${rungWords(view)}`,
      caption: `PED-ANOVA: the Pearson divergence of each parameter's distribution among the best ${threes(top)} trials from that among all, as shares of their sum. It says how much a parameter alone decides, not in which direction: see the slices.`,
    },
    bars({
      bars: shown.map(({ scale, share }) => ({
        name: scale.name,
        value: share,
        label: `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`,
      })),
      x: { title: "share of importance", domain: [0, most], format: ".0%", tickCount: 5 },
      width: Math.floor(WIDTH.double - names - 60),
    }),
  );
}
