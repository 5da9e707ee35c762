// Checks of the drawing packages: they load, and letters reach the pixels.

import type { Check } from "./check.js";
import { isInstalled } from "./node.js";

const PACKAGES = ["vega", "vega-lite", "@resvg/resvg-js"] as const;

function svg(content: string): string {
  const size = `width="60" height="20" viewBox="0 0 60 20"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${content}</svg>`;
}

/** Whether figures can be drawn, with text: a renderer without a font leaves it out silently. */
export async function figuresCheck(): Promise<Check> {
  const name = "figures";
  const missing = PACKAGES.filter((wanted) => !isInstalled(wanted));
  if (missing.length > 0) {
    const detail = `${missing.join(", ")} not installed (optional): no figures`;
    return { name, status: "absent", detail, hint: `npm install ${missing.join(" ")}` };
  }
  const { renderPng } = await import("../../figures/png.js");
  const text = `<text x="2" y="15" font-family="sans-serif" font-size="14">Text</text>`;
  const [blank, written] = [await renderPng(svg("")), await renderPng(svg(text))];
  if (Buffer.compare(blank, written) === 0) {
    const hint = "reinstall zenoflow: its fonts are missing";
    return { name, status: "fail", detail: "letters are not drawn", hint };
  }
  return { name, status: "ok", detail: "SVG and PNG, with the shipped font" };
}
