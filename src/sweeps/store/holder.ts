// Who a process is, so that another process can tell later whether it still lives. No clock is asked: clocks jump.

import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, as it stands in a lock. */
export type Holder = {
  readonly pid: number;
  readonly host: string;
  /** Of the running system: after a restart no process of before lives. Null where the system has none. */
  readonly boot: string | null;
  /** The namespace of process numbers: the same number in another container is another process. */
  readonly namespace: string | null;
  /** When the process started, in the kernel's clock ticks: tells a number that is used again. */
  readonly ticks: string | null;
};

/** What can be said of a process: `elsewhere` cannot be looked up from here. */
export type Life = "alive" | "dead" | "elsewhere";

function attempt(read: () => string): string | null {
  try {
    return read().trim();
  } catch {
    return null;
  }
}

/** State and start of a process; null where there is none or the system does not tell. */
function stat(pid: number): { readonly state: string; readonly ticks: string } | null {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (text === null) return null;
  // Behind the command name, which may hold anything: the state comes first, the start is the 20th.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0]!, ticks: fields[19]! };
}

/** This process. */
export function self(): Holder {
  return {
    pid: process.pid,
    host: hostname(),
    boot: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    namespace: attempt(() => readlinkSync("/proc/self/ns/pid")),
    ticks: stat(process.pid)?.ticks ?? null,
  };
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether a process still lives. A zombie answers signals but does nothing more: it is dead. */
export function lifeOf(holder: Holder): Life {
  const here = self();
  if (holder.host !== here.host) return "elsewhere";
  if (holder.boot !== here.boot) return "dead";
  if (holder.namespace !== here.namespace) return "elsewhere";
  const found = stat(holder.pid);
  if (found === null) return here.ticks === null && answers(holder.pid) ? "alive" : "dead";
  const ended = found.state === "Z" || found.state === "X";
  return !ended && found.ticks === holder.ticks ? "alive" : "dead";
}
