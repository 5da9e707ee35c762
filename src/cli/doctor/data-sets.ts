// Checks of the data sets that can be downloaded: whether they are there and what their checksums say.

import { DATA_SETS, dataSetFolder, fileState } from "../../data/files/data-sets.js";
import type { Io } from "../io.js";
import type { Check } from "./check.js";

/** Verifies every file of every data set that is there. */
export function dataSetsCheck(env: Io["env"]): Check {
  const name = "data sets";
  const lines: string[] = [];
  const faulty: string[] = [];
  let whole = 0;
  for (const set of Object.values(DATA_SETS)) {
    const folder = dataSetFolder(set, env);
    const states = set.files.map((file) => fileState(folder, file));
    const count = (state: string): number => states.filter((one) => one.state === state).length;
    const [ok, wrong] = [count("ok"), count("wrong")];
    const isThere = ok + wrong > 0;
    if (ok === states.length) whole++;
    else if (isThere) faulty.push(set.name);
    const words = isThere
      ? `${ok.toString()} of ${states.length.toString()} files whole (SHA-256), in ${folder}`
      : "not here (optional)";
    lines.push(`${set.name}: ${words}`);
  }
  const detail = lines.join("\n");
  const status = faulty.length > 0 ? "warn" : whole > 0 ? "ok" : "absent";
  if (status === "ok") return { name, status, detail };
  const wanted = faulty.length > 0 ? faulty : Object.keys(DATA_SETS);
  return { name, status, detail, hint: `zenoflow data get ${wanted.join(" ")}` };
}
