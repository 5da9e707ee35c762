// Marks on a canvas: axes, lines, bands, steps and density cells. Knows nothing of what they show.

const INK = "#222222";
const SOFT = "#5c6066";
const FONT = '12px system-ui, "Liberation Sans", Arial, sans-serif';

/** From nothing to most; lightness falls evenly. */
const SEQUENTIAL = [
  ...["#ffffff", "#def5e5", "#a0dfb9", "#54c9ad", "#38aaac"],
  ...["#348aa6", "#366a9f", "#40498e", "#3b2f5e", "#28192f"],
].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));

const MARGIN = { left: 46, right: 16, top: 10, bottom: 34 };

/** A canvas at the resolution of the screen, empty. */
function cleared(canvas) {
  const ratio = window.devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = FONT;
  pen.lineJoin = "round";
  return { pen, width, height };
}

/**
 * A panel with axes.
 *
 * @param x - `{ lo, hi, ticks, title, format }`
 * @param y - the same; `log` for a logarithmic axis
 * @returns the pen, the frame and how data become pixels
 */
export function panel(canvas, x, y) {
  const { pen, width, height } = cleared(canvas);
  const frame = {
    ...{ left: y.hidden ? 10 : MARGIN.left, top: MARGIN.top },
    ...{ right: width - MARGIN.right, bottom: height - MARGIN.bottom },
  };
  const scale = ({ lo, hi, log }, from, to) => {
    const of = log ? Math.log : (value) => value;
    return (value) => from + ((of(value) - of(lo)) / (of(hi) - of(lo))) * (to - from);
  };
  const toX = scale(x, frame.left, frame.right);
  const toY = scale(y, frame.bottom, frame.top);
  const drawn = { pen, frame, toX, toY };
  axes(drawn, x, y);
  return drawn;
}

function axes({ pen, frame, toX, toY }, x, y) {
  pen.strokeStyle = INK;
  pen.lineWidth = 0.75;
  pen.beginPath();
  if (!y.hidden) pen.moveTo(frame.left, frame.top);
  if (!y.hidden) pen.lineTo(frame.left, frame.bottom);
  pen.moveTo(frame.left, frame.bottom);
  pen.lineTo(frame.right, frame.bottom);
  for (const tick of x.ticks) {
    pen.moveTo(toX(tick), frame.bottom);
    pen.lineTo(toX(tick), frame.bottom + 4);
  }
  for (const tick of y.hidden ? [] : y.ticks) {
    pen.moveTo(frame.left, toY(tick));
    pen.lineTo(frame.left - 4, toY(tick));
  }
  pen.stroke();
  labels({ pen, frame, toX, toY }, x, y);
}

function labels({ pen, frame, toX, toY }, x, y) {
  pen.fillStyle = SOFT;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of x.ticks) pen.fillText(x.format(tick), toX(tick), frame.bottom + 6);
  pen.fillStyle = INK;
  pen.fillText(x.title, (frame.left + frame.right) / 2, frame.bottom + 20);
  if (y.hidden) return;
  pen.fillStyle = SOFT;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const tick of y.ticks) pen.fillText(y.format(tick), frame.left - 6, toY(tick));
  pen.save();
  pen.fillStyle = INK;
  pen.translate(9, (frame.top + frame.bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.fillText(y.title, 0, 0);
  pen.restore();
}

/** A line through points `[x, y]`. */
export function line({ pen, toX, toY }, points, color, width = 2) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(toX(x), toY(y));
  pen.stroke();
}

/** The area between two values at every x: points `[x, low, high]`. */
export function band({ pen, toX, toY }, points, color) {
  pen.fillStyle = color;
  pen.globalAlpha = 0.18;
  pen.beginPath();
  for (const [x, low] of points) pen.lineTo(toX(x), toY(low));
  for (const [x, , high] of points.toReversed()) pen.lineTo(toX(x), toY(high));
  pen.fill();
  pen.globalAlpha = 1;
}

/** A dashed line across, with a label above one of its ends: where curves are not. */
export function rule({ pen, frame, toY }, y, label, end = "right") {
  pen.strokeStyle = SOFT;
  pen.lineWidth = 1;
  pen.setLineDash([5, 4]);
  pen.beginPath();
  pen.moveTo(frame.left, toY(y));
  pen.lineTo(frame.right, toY(y));
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = SOFT;
  pen.textAlign = end;
  pen.textBaseline = "bottom";
  pen.fillText(label, end === "left" ? frame.left + 6 : frame.right, toY(y) - 2);
}

/** The outline of a histogram, or its area. */
export function steps({ pen, toX, toY }, edges, heights, color, filled) {
  pen.beginPath();
  if (filled) pen.moveTo(toX(edges[0]), toY(0));
  heights.forEach((height, i) => {
    pen.lineTo(toX(edges[i]), toY(height));
    pen.lineTo(toX(edges[i + 1]), toY(height));
  });
  if (filled) pen.lineTo(toX(edges.at(-1)), toY(0));
  pen.fillStyle = color;
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  if (filled) pen.fill();
  else pen.stroke();
}

function shade(fraction) {
  const at = Math.min(Math.max(fraction, 0), 1) * (SEQUENTIAL.length - 1);
  const low = Math.min(Math.floor(at), SEQUENTIAL.length - 2);
  const mixed = [0, 1, 2].map(
    (c) => SEQUENTIAL[low][c] * (low + 1 - at) + SEQUENTIAL[low + 1][c] * (at - low),
  );
  return `rgb(${mixed.map(Math.round).join(" ")})`;
}

/** Cells of a histogram of two columns, row-major with the first column slowest; `top` is the darkest. */
export function cells({ pen, toX, toY }, edges, values, top) {
  const bins = edges.length - 1;
  values.forEach((value, at) => {
    if (value <= 0) return;
    const [i, j] = [Math.floor(at / bins), at % bins];
    const [left, right] = [toX(edges[i]), toX(edges[i + 1])];
    const [bottom, above] = [toY(edges[j]), toY(edges[j + 1])];
    pen.fillStyle = shade(value / top);
    // A little larger than the cell: no seams between neighbours.
    pen.fillRect(left, above, right - left + 0.5, bottom - above + 0.5);
  });
}

/** A few words inside a panel, at its upper right. */
export function words({ pen, frame }, text) {
  pen.fillStyle = SOFT;
  pen.textAlign = "right";
  pen.textBaseline = "top";
  pen.fillText(text, frame.right - 6, frame.top + 4);
}
