// A Slurm cluster of one node in a test's own folder: a controller and a node on ports of their own, without munge.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

/** A cluster. */
export type TestCluster = {
  /** Variables with which Slurm's programs find it. */
  readonly env: Readonly<Record<string, string>>;
  run(program: string, ...args: readonly string[]): string;
  close(): Promise<void>;
};

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}

function configuration(folder: string, controller: number, node: number): string {
  const host = hostname();
  const settings = {
    ClusterName: "t",
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: controller,
    SlurmdPort: node,
    SlurmUser: "root",
    SlurmdUser: "root",
    AuthType: "auth/none",
    CredType: "cred/none",
    MpiDefault: "none",
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    JobAcctGatherType: "jobacct_gather/none",
    AccountingStorageType: "accounting_storage/none",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_Core",
    SchedulerType: "sched/backfill",
    ReturnToService: 2,
    KillWait: 5,
    JobRequeue: 1,
    StateSaveLocation: join(folder, "state"),
    SlurmdSpoolDir: join(folder, "spool"),
    SlurmctldPidFile: join(folder, "slurmctld.pid"),
    SlurmdPidFile: join(folder, "slurmd.pid"),
    SlurmctldLogFile: join(folder, "slurmctld.log"),
    SlurmdLogFile: join(folder, "slurmd.log"),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value.toString()}`);
  return [
    ...lines,
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN`,
    "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
    "",
  ].join("\n");
}

function isThere(program: string): boolean {
  // Some of them want a configuration even to say their version.
  const { error } = spawnSync(program, ["-V"], { stdio: "ignore" });
  return (error as NodeJS.ErrnoException | undefined)?.code !== "ENOENT";
}

/** Why no cluster can be started here; undefined where one can. */
export function missingSlurm(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root";
  const missing = ["slurmctld", "slurmd", "sbatch"].filter((program) => !isThere(program));
  return missing.length === 0 ? undefined : `needs ${missing.join(", ")}`;
}

function logOf(folder: string): string {
  return ["slurmctld.log", "slurmd.log"]
    .map((name) => {
      try {
        return readFileSync(join(folder, name), "utf8").slice(-2000);
      } catch {
        return "";
      }
    })
    .join("\n");
}

/** Starts a cluster and waits until its node is idle. */
export async function startCluster(): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), "zenoflow-slurm-"));
  for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
  const config = join(folder, "slurm.conf");
  writeFileSync(config, configuration(folder, await freePort(), await freePort()));
  const daemons: ChildProcess[] = ["slurmctld", "slurmd"].map((program) =>
    spawn(program, ["-D", "-f", config], { stdio: "ignore" }),
  );
  const env = { SLURM_CONF: config };
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, {
      env: { ...process.env, ...env },
      encoding: "utf8",
      stdio: "pipe",
    });
  const close = async (): Promise<void> => {
    try {
      run("scancel", "--full", "--signal=KILL", "--user=root");
      run("scancel", "--user=root");
    } catch {
      // A cluster that never came up has no jobs.
    }
    for (const daemon of daemons.reverse()) {
      const gone = new Promise((resolve) => {
        if (daemon.exitCode !== null || daemon.signalCode !== null) resolve(undefined);
        else daemon.once("exit", resolve);
      });
      daemon.kill("SIGKILL");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    try {
      if (run("sinfo", "--noheader", "--format=%T").trim() === "idle") return { env, run, close };
    } catch {
      // Not yet.
    }
    if (tries > 150) {
      const log = logOf(folder);
      await close();
      throw new Error(`the cluster does not come up:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
