// Redis: the optional packages, one address, and whether it can be reached at present.

import type { Redis, RedisOptions } from "ioredis";
import { SweepFailure } from "../engine.js";
import { shownAddress } from "../redis-address.js";

/** The optional packages. */
export type QueuePackages = {
  readonly bullmq: typeof import("bullmq");
  readonly ioredis: Pick<typeof import("ioredis"), "Redis">;
};

/** A way to Redis that comes back by itself. */
export type Connection = QueuePackages & {
  /** Another connection; closed with this one. */
  client(): Redis;
  /** Milliseconds since Redis could last be reached; 0 while it can. */
  away(): number;
  /** Calls when Redis is there again. */
  onBack(handle: () => void): void;
  /** What should be changed about this Redis. */
  readonly warnings: readonly string[];
  /** The address without its password. */
  readonly shown: string;
  close(): void;
};

/** How the system and the client word a connection that broke. */
const LOSSES =
  /\b(EPIPE|ECONNRESET|ECONNREFUSED|ECONNABORTED|ETIMEDOUT|connect ENOENT)\b|Connection is closed/;

/**
 * Whether an error only says that Redis went away, which {@link Connection.away} says too, but later: a write may fail before
 * the socket is known to be closed.
 */
export function isConnectionLoss({ message }: Pick<Error, "message">): boolean {
  return LOSSES.test(message);
}

const RETRY_MS = 500;
const CONNECT_MS = 5000;
const LEAST_VERSION = 5;

/**
 * Loads the optional packages.
 *
 * @throws SweepFailure where one is missing
 */
export async function loadPackages(): Promise<QueuePackages> {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, ioredis };
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new SweepFailure(
      "unavailable",
      "executor bullmq: the optional packages bullmq and ioredis are not installed",
      "npm install bullmq@6 ioredis@6, or --executor local",
    );
  }
}

type Options = Omit<RedisOptions, "replyMapping">;

function open(packages: QueuePackages, address: string, options: Options): Redis {
  const { Redis } = packages.ioredis;
  const client = address.includes("://")
    ? new Redis(address, options)
    : new Redis({ ...options, path: address });
  // Being away is asked for where it matters; an error event nobody hears would end the process.
  client.on("error", () => undefined);
  return client;
}

function warningsOf(info: string): readonly string[] {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "noeviction";
  const warnings: string[] = [];
  if (policy !== "noeviction")
    warnings.push(`Redis evicts by ${policy}: set maxmemory-policy noeviction`);
  if (/^aof_enabled:0/m.test(info))
    warnings.push("Redis keeps no journal (appendonly no): after its restart blocks run again");
  return warnings;
}

/** Tries once, without patience: a wrong address must not look like a pause. */
async function probe(packages: QueuePackages, address: string): Promise<readonly string[]> {
  const client = open(packages, address, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let why = "";
  client.on("error", (error: Error) => (why ||= error.message));
  try {
    await client.connect();
    const info = await client.info();
    const version = /^redis_version:(\d+)(\S*)/m.exec(info);
    if (Number(version?.[1] ?? LEAST_VERSION) < LEAST_VERSION)
      throw new Error(`version ${version?.[1] ?? ""}${version?.[2] ?? ""} is older than 5`);
    return warningsOf(info);
  } catch (error) {
    throw new SweepFailure(
      "unavailable",
      `executor bullmq: no Redis at ${shownAddress(address)}: ${why || (error as Error).message}`,
      "start redis-server, or name another one: --redis redis://host:port, the path of a socket, or ZENOFLOW_REDIS",
    );
  } finally {
    client.disconnect();
  }
}

/**
 * Tries a Redis once.
 *
 * @returns what should be changed about it
 * @throws SweepFailure where it cannot be reached, or a package is missing
 */
export async function probeRedis(address: string): Promise<readonly string[]> {
  return probe(await loadPackages(), address);
}

/** BullMQ makes copies of a client for calls that block: all of them are closed with it. */
function followCopies(client: Redis, all: Redis[]): Redis {
  all.push(client);
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => {
    const copy = duplicate(override);
    copy.on("error", () => undefined);
    return followCopies(copy, all);
  };
  return client;
}

/**
 * Connects.
 *
 * @param address - `redis://…`, `rediss://…`, or the path of a socket
 * @throws SweepFailure where Redis cannot be reached now
 */
export async function connect(address: string): Promise<Connection> {
  const packages = await loadPackages();
  const warnings = await probe(packages, address);
  const clients: Redis[] = [];
  const handlers: (() => void)[] = [];
  let since: number | undefined;
  const client = (): Redis =>
    followCopies(
      open(packages, address, {
        // What is sent while Redis is away waits, in order.
        maxRetriesPerRequest: null,
        retryStrategy: () => RETRY_MS,
      }),
      clients,
    );
  const watched = client();
  watched.on("close", () => (since ??= performance.now()));
  watched.on("ready", () => {
    if (since === undefined) return;
    since = undefined;
    for (const handle of handlers) handle();
  });
  return {
    ...packages,
    client,
    away: () => (since === undefined ? 0 : performance.now() - since),
    onBack: (handle) => handlers.push(handle),
    warnings,
    shown: shownAddress(address),
    close() {
      for (const one of clients) one.disconnect();
    },
  };
}
