// The command line from the sources, without a build: what `npm start` and `npm run bench` run.

import { runProcess } from "../src/cli/entry.js";

await runProcess();
