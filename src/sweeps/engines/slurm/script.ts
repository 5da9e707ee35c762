// The batch script of an array: one task starts one worker, passes on the signal before its time is up, and asks to be
// started again where the worker was interrupted.

import type { Store } from "../../store/index.js";

/** What the script of an array says. */
export type ScriptOptions = {
  /** Program and arguments that start zenoflow. */
  readonly program: readonly string[];
  readonly cwd: string;
  readonly tasks: number;
  /** Tasks at a time. */
  readonly width: number;
  /** A generic resource of each task: `gpu:1`; null: none. */
  readonly gres: string | null;
  /** Further flags of sbatch, each as one word: `--partition=gpu`. */
  readonly flags: readonly string[];
};

/** Seconds between the signal and the end of a task's time. */
const NOTICE_SECONDS = 120;

/** A word as the shell reads it back. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The name of the jobs of a study. */
export function jobName({ lock }: Pick<Store, "lock">): string {
  return `zf-${lock.identity.hash.slice(0, 12)}`;
}

/** The flags of sbatch; on the command line, where a folder may have any name. */
export function sbatchFlags(store: Store, options: ScriptOptions): readonly string[] {
  const { tasks, width, gres, flags, cwd } = options;
  return [
    "--parsable",
    `--job-name=${jobName(store)}`,
    `--array=0-${(tasks - 1).toString()}%${Math.min(width, tasks).toString()}`,
    ...(gres === null ? [] : [`--gres=${gres}`]),
    `--chdir=${cwd}`,
    `--output=${store.files.logs}/slurm-%A_%a.log`,
    "--open-mode=append",
    "--requeue",
    `--signal=B:USR2@${NOTICE_SECONDS.toString()}`,
    ...flags,
  ];
}

/** The text of the script. */
export function batchScript({ folder, files }: Store, { program, tasks }: ScriptOptions): string {
  const worker = [...program, "worker", folder].map(quoted).join(" ");
  return `#!/bin/bash
# Written by zenoflow sweep --executor slurm: one task of an array. It works on its share of plan.jsonl.
${worker} --task "$SLURM_ARRAY_TASK_ID/${tasks.toString()}" &
child=$!
# Shortly before the time is up, and when the task is preempted: checkpoint.
trap 'kill -USR2 "$child" 2>/dev/null' USR2 TERM
wait "$child"
code=$?
# A signal ends the wait, not the worker.
while [ "$code" -gt 128 ] && kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
# Checkpointed: the task goes on later, unless the user wants the sweep to end.
if [ "$code" -eq 75 ] && ! grep -qs '"stop": true' ${quoted(files.desired)}; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" && exit 0
fi
exit "$code"
`;
}
