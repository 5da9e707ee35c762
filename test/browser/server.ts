// A static server on 127.0.0.1 for pages of tests, with or without cross-origin isolation.

import { createServer, type Server } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import type { AddressInfo } from "node:net";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** What makes `crossOriginIsolated` true. */
const ISOLATION: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** A running server. */
export type StaticServer = { readonly origin: string; close(): void };

function answerFrom(folder: string, isolated: boolean): Server {
  return createServer((request, response) => {
    const path = normalize(new URL(request.url!, "http://host").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    const headers = {
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      ...(isolated && ISOLATION),
    };
    readFile(file).then(
      (body) => response.writeHead(200, headers).end(body),
      () => response.writeHead(404).end(),
    );
  });
}

/** Serves the files of a folder at a free port. */
export async function serve(
  folder: string,
  { isolated }: { readonly isolated: boolean },
): Promise<StaticServer> {
  const server = answerFrom(folder, isolated);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
