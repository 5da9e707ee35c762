// Makes imports of heavy packages fail, for tests of what a verb loads: node --import test/support/ban.mjs.

import { register } from "node:module";

const hook = `export async function resolve(specifier, context, next) {
  if (/^@tensorflow|^vega|^@resvg|^zod/.test(specifier)) throw new Error("banned import " + specifier);
  return next(specifier, context);
}`;

register(`data:text/javascript,${encodeURIComponent(hook)}`);
