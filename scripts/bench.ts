// `npm run bench`: the benchmark of this project, effective-vs-full in its quick profile, unless another suite, --compare
// or --help is asked for. What `zenoflow bench` does without a suite, listing them, is `npm run bench -- --list`.

import { runProcess } from "../src/cli/entry.js";

const [first, ...rest] = process.argv.slice(2);
const main = "effective-vs-full";
const flags = ["--compare", "-h", "--help"];
const given = first === undefined ? [] : [first, ...rest];
const own = first === "--list" ? rest : given;
const named =
  first === "--list" ||
  given.some((word, i) => flags.includes(word) || (i === 0 && !word.startsWith("-")));
process.argv.splice(2, process.argv.length, "bench", ...(named ? own : [main, ...own]));
await runProcess();
