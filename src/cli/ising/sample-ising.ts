// `zenoflow sample ising`: draws rows from an Ising model, tells what they are like, and writes them where asked.

import { accessSync, constants } from "node:fs";
import { dirname, resolve } from "node:path";
import { setThreads } from "../../../kernels/runtime/host/pool.js";
import { writeAtomically } from "../../runs/files.js";
import { asOutputError } from "../../runs/output-error.js";
import { EXIT } from "../exit-codes.js";
import { near } from "../places.js";
import { createProgress } from "../progress/progress.js";
import { duration, figure, table } from "../table.js";
import { placeSettings } from "../use/load-run.js";
import { drawRun } from "./figures.js";
import { checkFlags, type SampleIsingOptions } from "./options.js";
import { formatOf, textOf } from "./output.js";
import { draw, type Drawn } from "./samplers.js";
import { sourceOf, type Source } from "./source.js";
import { firstMagnetisations, summaryOf, type SummaryRow } from "./summary.js";
import type { Context } from "../context.js";

/** Runs `zenoflow sample ising`; resolves with the exit code. */
export async function sampleIsing(
  name: string,
  options: SampleIsingOptions,
  context: Context,
): Promise<number> {
  checkFlags(options);
  checkOutput(options, context);
  const { threads } = placeSettings(options, context);
  if (threads !== null) setThreads(threads);
  const source = sourceOf(name, options, context);
  const begin = performance.now();
  const drawn = await interruptible(source, options, context);
  const seconds = (performance.now() - begin) / 1000;
  for (const message of drawn.warnings) context.terminal.warn({ message });
  await tell(source, drawn, seconds, options, context);
  return drawn.complete ? EXIT.done : codeOf(context);
}

/** A file that cannot be written is told before the samples are drawn. */
function checkOutput({ output }: SampleIsingOptions, { io }: Context): void {
  if (output === undefined || output === "-") return;
  const file = resolve(io.cwd, output);
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw asOutputError(file, error);
  }
}

function codeOf({ interruptions }: Context): number {
  return interruptions.requested() === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
}

/** Draws until done or until the first signal, which keeps what there is. */
async function interruptible(
  { model }: Source,
  options: SampleIsingOptions,
  context: Context,
): Promise<Drawn> {
  const { terminal, interruptions, io } = context;
  const abort = new AbortController();
  const progress = createProgress(options.progress, options.sampler, io, terminal);
  // Exact methods have no parts between which a signal could be heard.
  if (options.sampler !== "exact") {
    interruptions.protect(() => {
      terminal.note("stopping: keeping the samples so far, press again to force");
      abort.abort();
    });
  }
  const wantsRows = options.output !== undefined || options.figures !== undefined;
  const control = {
    signal: abort.signal,
    onProgress: (at: { readonly sweeps: number; readonly total: number }): void => {
      progress.event({ step: at.sweeps, steps: at.total, losses: {} });
    },
  };
  try {
    return await draw({ model, options, control, wantsRows });
  } finally {
    progress.done();
    interruptions.unprotect();
  }
}

async function tell(
  source: Source,
  drawn: Drawn,
  seconds: number,
  options: SampleIsingOptions,
  context: Context,
): Promise<void> {
  const { terminal, io } = context;
  const summary = summaryOf(source.model, drawn);
  const isPiped = options.output === "-";
  const files = [
    ...saved(source, drawn, options, context),
    ...(await pictured(source, drawn, options, context)),
  ].map((file) => near(io.cwd, file));
  const { graph } = source.model;
  if (terminal.options.json) {
    const { n, edges } = { n: graph.n, edges: graph.edges.length / 2 };
    const head = { schema: "zenoflow.ising/1", sampler: options.sampler };
    const model = { graph: graph.name, n, edges };
    const set = isPiped ? { samples: drawn.set?.toDimod(source.labels) } : {};
    const rest = { complete: drawn.complete, seconds, summary, files };
    await terminal.json({ ...head, model, ...rest, ...set });
    return;
  }
  const text = summaryText(source, drawn, summary, seconds, options);
  if (isPiped) {
    terminal.note(text.trimEnd());
    const format = options.format ?? "csv";
    for (const piece of textOf(drawn.set!, format, source.labels)) await terminal.out(piece);
  } else await terminal.print(text);
  for (const file of files) terminal.note(`written: ${file}`);
}

function summaryText(
  { model: { graph } }: Source,
  { set, complete }: Drawn,
  summary: readonly SummaryRow[],
  seconds: number,
  { sampler }: SampleIsingOptions,
): string {
  const titles = [...new Set(summary.flatMap((row) => Object.keys(row)))];
  const cells = summary.map((row) =>
    titles.map((title) => (row[title] === null ? "" : figure(row[title] ?? NaN))),
  );
  const rate =
    set === undefined || set.info.flipsPerNs === 0
      ? ""
      : `, ${figure(set.info.flipsPerNs)} spin decisions/ns`;
  const head = `${sampler} on ${graph.name}: ${String(graph.n)} spins, ${String(graph.edges.length / 2)} couplings, ${duration(seconds)}${rate}`;
  const align = titles.map(() => "right" as const);
  const so = set?.rows === 0 ? "there are no samples yet" : "these are the samples so far";
  const note = complete ? "" : `interrupted: ${so}\n`;
  return `${head}\n\n${table(titles, cells, { align })}${note}`;
}

function saved(
  { labels }: Source,
  { set }: Drawn,
  { output, format }: SampleIsingOptions,
  { io }: Context,
): string[] {
  if (output === undefined || output === "-" || set === undefined) return [];
  const file = resolve(io.cwd, output);
  writeAtomically(file, textOf(set, format ?? formatOf(output), labels));
  return [file];
}

async function pictured(
  { model }: Source,
  drawn: Drawn,
  { figures, sampler }: SampleIsingOptions,
  { io, terminal }: Context,
): Promise<readonly string[]> {
  if (figures === undefined || drawn.set === undefined) return [];
  const title = `${sampler} on ${model.graph.name}`;
  const magnetisations = firstMagnetisations(model, drawn);
  const parts = { model, magnetisations, set: drawn.set.ofModel(0), title };
  return drawRun(resolve(io.cwd, figures), parts, ({ message }) => {
    terminal.warn({ message: `energies.svg is not drawn: ${message}` });
  });
}
