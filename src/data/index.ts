// The sources of training data and what they are made of, re-exported in reading order.

export { type AngleSource, type Split } from "./source.js";
export { lineSource, type LineOptions } from "./line.js";
export { csvSource, type CsvSourceOptions } from "./csv-source.js";
export { parseCsv, type CsvColumn, type CsvOptions, type CsvTable } from "./csv.js";
export { type Delimiter } from "./csv-records.js";
