// The server of a live page: bound to this machine, behind a token, and a reader of the store only.

import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toJson } from "../../runs/json.js";
import { ratesOf, stretchesOf } from "../report/timeline.js";
import type { Store } from "../store/store.js";
import { createAggregate } from "./aggregate.js";
import { assets, type Asset } from "./assets.js";
import { createFeed, type Feed, type FeedEvent } from "./feed.js";
import { liveRows, type LiveRows } from "./trials.js";

/** What a live page needs. */
export type LiveOptions = {
  readonly store: Store;
  /** Where the sweep stands, as plain JSON. */
  readonly look: () => object;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: 128 random bits. */
  readonly token?: string;
  /** Least milliseconds between two looks; at least 100. Default 250. */
  readonly every?: number;
};

/** A running server. */
export type LiveServer = {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
};

const HOST = "127.0.0.1";
const LEAST_MS = 100;
const READ_MS = 40;
const PING_MS = 15_000;
/** Bytes that a page may be behind before it is dropped; it comes back by itself and gets everything anew. */
const MOST_BEHIND = 4 << 20;

const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
} as const;

function send(response: ServerResponse, code: number, { type, body }: Asset): void {
  response.writeHead(code, { ...HEADERS, "Content-Type": type });
  response.end(body);
}

const refuse = (response: ServerResponse, code: number, body: string): void => {
  send(response, code, { type: "text/plain; charset=utf-8", body });
};

function isEqual(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

function eventText({ id, name, data }: FeedEvent): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`;
}

/** Another page's name for this machine must not reach it (DNS rebinding). */
function isOurs(request: IncomingMessage, port: number): boolean {
  const host = request.headers.host ?? "";
  return host === `${HOST}:${String(port)}` || host === `localhost:${String(port)}`;
}

type Room = {
  readonly feed: Feed;
  readonly rows: LiveRows;
  readonly pages: Set<ServerResponse>;
  readonly files: Readonly<Record<string, Asset>>;
};

function openStream(request: IncomingMessage, response: ServerResponse, room: Room): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
  const last = request.headers["last-event-id"];
  const events = room.feed.since(typeof last === "string" ? last : undefined);
  response.write(`retry: 1000\n\n${events.map(eventText).join("")}`);
  room.pages.add(response);
  response.on("close", () => room.pages.delete(response));
}

function wholeOf(text: string | null): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  room: Room,
): void {
  const { pathname, searchParams } = new URL(path, `http://${HOST}`);
  const file = room.files[pathname];
  if (file !== undefined) send(response, 200, file);
  else if (pathname === "/events") openStream(request, response, room);
  else if (pathname === "/rows") {
    const from = wholeOf(searchParams.get("from"));
    const found = room.rows.rows(from, wholeOf(searchParams.get("count")));
    send(response, 200, { type: "application/json", body: toJson(found) });
  } else refuse(response, 404, "there is no such page\n");
}

function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { port, token, room }: { readonly port: number; readonly token: string; readonly room: Room },
): void {
  if (!isOurs(request, port)) {
    refuse(response, 403, "this address is for this machine only\n");
    return;
  }
  const [, given = "", rest] = /^\/([^/?]*)(\/.*)?$/u.exec(request.url ?? "") ?? [];
  if (!isEqual(given, token)) refuse(response, 403, "the address needs its token\n");
  else if (request.method !== "GET") refuse(response, 405, "only GET\n");
  else if (rest === undefined) {
    response.writeHead(302, { ...HEADERS, Location: `/${token}/` });
    response.end();
  } else answer(request, response, rest, room);
}

function tell(pages: ReadonlySet<ServerResponse>, text: string): void {
  for (const page of pages) {
    if (page.writableLength > MOST_BEHIND) page.destroy();
    else page.write(text);
  }
}

/** Looks again and again; every look waits for some times what the last one took. */
function follow({ look, every = 250 }: LiveOptions, room: Room, reader: Reader): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  // Of saying where the sweep stands: of many rows that takes long, and reading must not wait for it row by row.
  let saying = 0;
  const step = (): void => {
    const start = performance.now();
    const isDone = reader.step(Math.max(READ_MS, saying));
    const read = performance.now();
    const event = room.feed.update({ status: look(), ...reader.parts() });
    if (event !== undefined) tell(room.pages, eventText(event));
    saying = performance.now() - read;
    const cost = performance.now() - start;
    const wait = isDone ? Math.max(LEAST_MS, every, 4 * cost) : LEAST_MS;
    if (isOpen) timer = setTimeout(guarded, wait);
  };
  const guarded = (): void => {
    try {
      step();
    } catch (error) {
      // A batch that is damaged, or a folder that is gone for a moment: the page says so and goes on.
      const event = room.feed.update({
        trouble: error instanceof Error ? error.message : String(error),
      });
      if (event !== undefined) tell(room.pages, eventText(event));
      if (isOpen) timer = setTimeout(guarded, 1000);
    }
  };
  const ping = setInterval(() => {
    tell(room.pages, ": ping\n\n");
  }, PING_MS);
  guarded();
  return () => {
    isOpen = false;
    clearTimeout(timer);
    clearInterval(ping);
  };
}

type Reader = {
  /** Reads for about so many milliseconds; false where more is left. */
  step(milliseconds: number): boolean;
  parts(): Readonly<Record<string, unknown>>;
};

function readerOf(store: Store): Reader & { readonly rows: LiveRows } {
  const { goal } = store.lock.study.metrics[0] ?? { goal: "minimize" as const };
  const aggregate = createAggregate(store, goal);
  const rows = liveRows(store, aggregate);
  let version = -1;
  let parts: Readonly<Record<string, unknown>> = {};
  return {
    rows,
    step: (milliseconds) => aggregate.advance(store.scan(), milliseconds),
    parts() {
      if (version === aggregate.version) return parts;
      version = aggregate.version;
      const stretches = stretchesOf(store.scan());
      const end = stretches.reduce((last, { to }) => Math.max(last, to), 0);
      parts = {
        history: aggregate.history(),
        speed: { end, rates: Array.from(ratesOf(stretches, end)) },
        ranking: { count: rows.count(), version },
        read: aggregate.rows,
        trouble: null,
      };
      return parts;
    },
  };
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Serves the live page of a sweep on 127.0.0.1 until closed. It takes no locks and writes nothing, and shows a sweep that
 * runs, one that ended, or one that has not begun.
 *
 * @returns once it listens
 */
export async function serveLive(options: LiveOptions): Promise<LiveServer> {
  const { store, token = randomBytes(16).toString("hex") } = options;
  const reader = readerOf(store);
  const feed = createFeed(randomBytes(4).toString("hex"));
  const room: Room = { feed, rows: reader.rows, pages: new Set(), files: assets(store.lock.study) };
  let port = 0;
  const server = createServer((request, response) => {
    handle(request, response, { port, token, room });
  });
  port = await listening(server, options.port ?? 0);
  const stop = follow(options, room, reader);
  return {
    url: `http://${HOST}:${String(port)}/${token}/`,
    port,
    token,
    async close() {
      stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
