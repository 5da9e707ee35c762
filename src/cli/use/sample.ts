// `zenoflow sample`: rows from the model of a run.

import { extname, resolve } from "node:path";
import type { Samples } from "../../models/model.js";
import { writeAtomically } from "../../runs/files.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { csv, npy } from "./csv.js";
import { loadRun, type PlaceOptions } from "./load-run.js";

/** The flags of `sample`. */
export type SampleOptions = PlaceOptions & {
  readonly rows: number;
  readonly output: string;
  readonly replica?: number;
  readonly seed?: number;
};

async function print(samples: Samples, context: Context): Promise<void> {
  for (const piece of csv(samples)) await context.terminal.out(piece);
}

async function document(samples: Samples, context: Context): Promise<void> {
  const { columns, values } = samples;
  const rows = Array.from({ length: values.length / columns.length }, (_, i) =>
    Array.from(values.subarray(i * columns.length, (i + 1) * columns.length)),
  );
  await context.terminal.json({ schema: "zenoflow.samples/1", columns, rows });
}

/** Endings that promise another format than is written. */
const OTHERS = [".arrow", ".feather", ".h5", ".json", ".jsonl", ".npz", ".parquet", ".png", ".svg", ".xlsx"]; // prettier-ignore

function checkEnding(output: string): void {
  const ending = extname(output).toLowerCase();
  if (!OTHERS.includes(ending)) return;
  throw new CliError(EXIT.usage, {
    message: `--output ${output}: samples are written as CSV or .npy, not as ${ending}`,
    hint:
      ending === ".json"
        ? "--json prints them as one JSON document; or name a file that ends in .csv or .npy"
        : "name a file that ends in .csv or .npy",
  });
}

function save(samples: Samples, file: string): void {
  writeAtomically(file, file.endsWith(".npy") ? npy(samples) : csv(samples));
}

/** Runs `zenoflow sample`; resolves with the exit code. */
export async function sample(
  name: string,
  options: SampleOptions,
  context: Context,
): Promise<number> {
  checkEnding(options.output);
  const run = await loadRun(name, options, context);
  const { rows: n, replica, seed, output } = options;
  const samples = await run.definition.sample(run.config, run.snapshot, {
    n,
    files: run.files,
    ...(replica === undefined ? {} : { replica }),
    ...(seed === undefined ? {} : { seed }),
  });
  const { json } = context.terminal.options;
  if (output !== "-") {
    const file = resolve(context.io.cwd, output);
    save(samples, file);
    context.terminal.note(`${n.toString()} rows in ${output}`);
    if (json)
      await context.terminal.json({ schema: "zenoflow.samples/1", columns: samples.columns, file });
  } else if (json) await document(samples, context);
  else await print(samples, context);
  return EXIT.done;
}
