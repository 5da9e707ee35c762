// What bundles for browsers take for `@tensorflow/tfjs` inside this package (the field `browser` of package.json): the
// operations, their gradients and the backend `cpu`. Left out are layers, converters, data sets and WebGL, which nothing
// here uses and which would double a page's download.

/* eslint-disable @typescript-eslint/no-restricted-imports -- never loaded by Node, and all parts are here together */

import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import "@tensorflow/tfjs-backend-cpu";

export * from "@tensorflow/tfjs-core";
