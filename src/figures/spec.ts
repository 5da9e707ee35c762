// The types figures are built from and the encoding of an axis. Draws nothing and knows no model.

/** A Vega-Lite specification, or a part of one: plain JSON. */
export type Spec = Readonly<Record<string, unknown>>;

/** What an axis shows. */
export type Axis = {
  /** Quantity and unit, as "time (1/Γ)". */
  readonly title: string;
  /** Ends of the axis; without it the data decide. */
  readonly domain?: readonly [number, number];
  readonly scale?: "linear" | "log";
  /** Whether a linear axis starts at 0; default false. */
  readonly zero?: boolean;
  /** Places of the labels. */
  readonly ticks?: readonly number[];
  /** About how many labels, where `ticks` does not say. */
  readonly tickCount?: number;
  /** d3 number format of the labels. */
  readonly format?: string;
  /** Vega expression for a label, from `datum.value`. */
  readonly labelExpr?: string;
  /** Draws the ticks only: for a panel whose neighbour has the same axis. */
  readonly bare?: boolean;
};

/** The channel of a quantitative field along an axis. */
export function channel(field: string, axis: Axis): Spec {
  return { field, type: "quantitative", ...axisSettings(axis) };
}

function axisSettings(axis: Axis): Spec {
  return {
    title: axis.bare === true ? null : axis.title,
    scale: {
      type: axis.scale ?? "linear",
      ...(axis.scale !== "log" && { zero: axis.zero ?? false }),
      nice: axis.domain === undefined,
      ...(axis.domain && { domain: axis.domain }),
    },
    // Above the marks: filled cells and bars would cover half of the line.
    axis: {
      zindex: 1,
      ...(axis.ticks && { values: axis.ticks }),
      ...(axis.tickCount !== undefined && { tickCount: axis.tickCount }),
      ...(axis.scale === "log" && { labelOverlap: false }),
      ...(axis.format !== undefined && { format: axis.format }),
      ...(axis.labelExpr !== undefined && { labelExpr: axis.labelExpr }),
      ...(axis.bare === true && { labels: false, minExtent: 0 }),
    },
  };
}

/** Six significant digits: enough for any figure, and small files. */
export function compact(value: number): number {
  return Number(value.toPrecision(6));
}
