// Makes the optional figure packages look uninstalled, for a child process: node --import this-file.
import { register } from "node:module";

const hooks = `
export async function resolve(specifier, context, next) {
  if (/^(vega|vega-lite|@resvg\\/resvg-js)$/u.test(specifier)) {
    throw Object.assign(new Error("Cannot find package " + specifier), { code: "ERR_MODULE_NOT_FOUND" });
  }
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
