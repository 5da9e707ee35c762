// A sweep in the forms of other tools: CSV, Parquet, NumPy, Optuna, TensorBoard. All from the table, none touches the sweep.

import { writeParquet } from "../store/parquet.js";
import type { Store } from "../store/store.js";
import type { Table } from "../store/table.js";
import { exportCsv } from "./csv.js";
import { exportNpz } from "./npz.js";
import { exportOptuna } from "./optuna.js";
import { exportTensorBoard } from "./tensorboard.js";

export { exportCsv } from "./csv.js";
export { exportNpz } from "./npz.js";
export { exportOptuna, OPTUNA_CAP, type OptunaExport } from "./optuna.js";
export {
  exportTensorBoard,
  type TensorBoardExport,
  type TensorBoardOptions,
} from "./tensorboard.js";

/** The forms a sweep is exported to. */
export const EXPORT_FORMATS = ["csv", "parquet", "npz", "optuna", "tensorboard"] as const;

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What an export holds. */
export type Exported = {
  /** Rows of the sweep; one a trial and rung. */
  readonly rows: number;
  /** What was left out, in words; undefined where nothing was. */
  readonly note?: string;
};

/**
 * Writes a sweep to `path` in one of the forms; TensorBoard's is a folder, the others are files.
 *
 * @throws DiskError where the disk is full
 */
export function exportSweep(
  store: Store,
  table: Table,
  format: ExportFormat,
  path: string,
): Exported {
  const { study } = store.lock;
  const { rows } = table;
  switch (format) {
    case "csv":
      exportCsv(table, path);
      return { rows };
    case "parquet":
      writeParquet(path, table);
      return { rows };
    case "npz":
      exportNpz(table, path);
      return { rows };
    case "optuna": {
      const { trials, written } = exportOptuna(table, study, store.scan().batches, path);
      if (trials === written) return { rows };
      return {
        rows,
        note: `the journal holds ${written} of ${trials} trials: the best ones and an even sample of the others`,
      };
    }
    case "tensorboard": {
      const { trials, runs } = exportTensorBoard(table, study, path);
      return {
        rows,
        note: `quantiles over ${trials} trials and the ${runs.filter((run) => run.startsWith("best")).length} best ones`,
      };
    }
  }
}
