// The exit codes of the program and what a supervisor should make of them.

/** Exit codes by meaning; 1 never comes from zenoflow. */
export const EXIT = {
  done: 0,
  /** The computation ended without a usable result: a training that diverged, rows of a sweep that failed. Do not retry. */
  failed: 20,
  /** A benchmark found wrong results, a comparison something worse, or rows of a sweep were not the same again. Do not retry. */
  different: 21,
  usage: 64,
  data: 65,
  missing: 66,
  unavailable: 69,
  bug: 70,
  output: 73,
  /** Checkpointed; the same command continues. */
  requeue: 75,
  interrupted: 130,
  terminated: 143,
} as const;

/** The table printed by `zenoflow --help`. */
export const EXIT_HELP = `Exit codes:
    0  done
   20  the training diverged, or rows of a sweep failed
   21  a benchmark found wrong results, a comparison something worse, or verify
       rows that are not the same again
   64  wrong usage: a verb, flag, key or value that does not exist
    65  invalid configuration, study or data file, or a run with another one
    66  an input file, run or sweep is missing
    69  the backend, a queue or cluster, or the network for data, is not available
   70  a bug in zenoflow
   73  the output cannot be written
   75  interrupted after a checkpoint: the same command continues
  130, 143  interrupted (Ctrl-C, SIGTERM) with nothing to save, or a second time;
            sample ising: interrupted, the samples so far are kept`;
