// The rows of a sweep for the verbs that draw and export; a running sweep is left alone.

import { results } from "../../sweeps/store/results.js";
import { supervisorOf, type Store } from "../../sweeps/store/index.js";
import type { Table } from "../../sweeps/store/table.js";
import { EXIT } from "../exit-codes.js";
import { near, shellWord } from "../places.js";
import { CliError } from "../problem.js";

/**
 * All rows of a sweep that count. They are compacted into results.parquet unless a supervisor is at work.
 *
 * @throws CliError where there is none yet
 */
export async function rowsOf(store: Store, cwd: string): Promise<Table> {
  const table = await results(store, supervisorOf(store.folder) === undefined);
  if (table.rows > 0) return table;
  const folder = near(cwd, store.folder);
  throw new CliError(EXIT.missing, {
    message: `${folder} has no rows yet`,
    hint: `zenoflow status ${shellWord(folder)} says how far it is`,
  });
}
