// The table of a sweep by the shortest way: from results.parquet where that holds what is committed, else from the
// batches, which are compacted on the way.

import { sweepFiles } from "./layout.js";
import { batchDigest, parquetNote, readParquet, writeParquet } from "./parquet.js";
import type { Store } from "./store.js";
import { readTable, type Table } from "./table.js";

/**
 * All rows of a sweep. Committed rows are the truth: a Parquet file that is behind them is made anew.
 *
 * @param compact - whether results.parquet may be written; false leaves the folder as it is
 * @throws DataError where a batch is damaged
 */
export async function results(store: Store, compact = true): Promise<Table> {
  const { results: path } = sweepFiles(store.folder);
  const digest = batchDigest(store.scan());
  if ((await parquetNote(path)) === digest) return readParquet(path, store.lock.study);
  const table = readTable(store);
  if (compact) writeParquet(path, table, digest);
  return table;
}
