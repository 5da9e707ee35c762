// A Redis of a test's own: on a socket in its folder, killed and started again at will, gone with the test.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis server. */
export type TestRedis = {
  /** Its socket. */
  readonly address: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it kept. */
  close(): Promise<void>;
};

/** Whether a program is installed. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("error", () => {
      end(false);
    });
    socket.on("connect", () => socket.write("PING\r\n"));
    socket.on("data", (data) => {
      end(data.toString().startsWith("+PONG"));
    });
  });
}

/** Starts a server that keeps a journal, as the documentation asks for. */
export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "zenoflow-redis-"));
  const address = join(folder, "r.sock");
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const flags = { port: "0", unixsocket: address, dir: folder, save: "", appendonly: "yes" };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    server = spawn("redis-server", [...args, "--maxmemory-policy", "noeviction"], {
      stdio: "ignore",
    });
    for (let tries = 0; !(await answers(address)); tries++) {
      if (tries > 200) throw new Error("redis-server does not answer");
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const kill = async (): Promise<void> => {
    const gone = new Promise((resolve) => server?.once("exit", resolve));
    server?.kill("SIGKILL");
    await gone;
  };
  await start();
  return {
    address,
    kill,
    start,
    async close() {
      if (server?.exitCode === null && server.signalCode === null) await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
