// How long the processor worked for this process: on a machine that others use too, waiting is not counted.

/** Milliseconds of the processor, of all threads of this process, that a job takes. */
export async function cpuTime(job: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await job();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
