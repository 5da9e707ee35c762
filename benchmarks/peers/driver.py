"""What the drivers beside it share: the job and its one core, lines of throughputs, and the choice of the peer.

Imported before NumPy, as the thread count must be set first.
"""

import json
import os
import sys
import time


def read_job():
    """The job from standard input; the process keeps to one core."""
    job = json.load(sys.stdin)
    for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = "1"
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
    return job


def median_time(f, seconds):
    """The median repetition after a warm-up."""
    f(), f()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def show(who, error, tasks, items, seconds):
    """Prints a line for each task, of `items` each; `who` is {peer, version, method}."""
    for task, f in tasks.items():
        rate = items / median_time(f, seconds)
        print(json.dumps({**who, "task": task, "perSecond": rate, "error": error}), flush=True)


def measure_peer(name, peers):
    """Calls what measures a peer, or tells that its module is missing: `peers` has the module and the function by name."""
    module, measure = peers[name]
    try:
        __import__(module)
    except ImportError:
        print(json.dumps({"peer": name, "missing": True}))
    else:
        measure()
