// The process of a backend whose accuracy is measured.

import { serve } from "../../benchmarks/backends/serve.js";
import { kernelErrors } from "./kernels.js";
import { operationErrors } from "./operations.js";

await serve({
  accuracy: async (options: { readonly seconds: number }) => ({
    kernels: await kernelErrors(options),
    operations: await operationErrors(),
  }),
});
