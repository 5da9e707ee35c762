"""A study of DQGANs through Optuna, for the suite `sweeps`: one process a core, as its documentation advises.

Reads a JSON object {peer, task, package, steps, batch, validation, ...} from standard input and prints one JSON line.
`check`: couplings after given draws, for a comparison with zenoflow. `compare`: distances of given trials. `train` and
`empty`: `trials` by `processes` processes that share a journal file (JournalStorage), random sampling; with `empty` the
objective trains nothing, which leaves Optuna's own work; with `together` > 1 they ask for so many trials, train them as one
program, and tell their values. Every process first compiles, and all of them start together.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

job = json.load(sys.stdin)
os.environ["OMP_NUM_THREADS"] = "1"
cores = sorted(os.sched_getaffinity(0))

try:
    import numpy as np
    import optuna

    __import__(job.get("package", "numpy"))
except ImportError:
    print(json.dumps({"peer": job["peer"], "missing": True}))
    sys.exit(0)

import dqgan  # noqa: E402  it needs what is looked for above

optuna.logging.set_verbosity(optuna.logging.ERROR)
NAMES = ("rate_g", "rate_d", "gamma", "z")


def model():
    return dqgan.PACKAGES[job["package"]](job["steps"], job["batch"], job["validation"])


def real_histogram():
    """Held-out rows: as many as are generated, the same ones for all trials."""
    normals = np.random.default_rng(0).standard_normal((job["validation"], 2))
    return dqgan.histogram(dqgan.line(normals, np))


def distributions():
    make = optuna.distributions.FloatDistribution
    return {name: make(low, high, log=log) for name, (low, high, log) in zip(NAMES, job["ranges"])}


def optimize(study, train, count):
    """A user's loop: every trial by itself, or as many together as the program takes."""
    space, together = distributions(), job["together"]
    if together == 1:

        def objective(trial):
            values = {
                name: trial.suggest_float(name, one.low, one.high, log=one.log) for name, one in space.items()
            }
            return train([SimpleNamespace(**values)], [trial.number])[0]

        study.optimize(objective, n_trials=count)
        return
    for _ in range(count // together):
        trials = [study.ask(space) for _ in range(together)]
        values = train([SimpleNamespace(**t.params) for t in trials], [t.number for t in trials])
        for trial, value in zip(trials, values):
            study.tell(trial, value)


def trainer():
    if job["task"] == "empty":
        return lambda trials, seeds: [0.5 for _ in trials]
    own, real = model(), real_histogram()
    if job["together"] > 1:
        return lambda trials, seeds: [dqgan.distance(real, x) for x in own.train_many(trials, seeds)]
    return lambda trials, seeds: [dqgan.distance(real, own.train(t, s)) for t, s in zip(trials, seeds)]


def open_study(folder):
    backend = optuna.storages.journal.JournalFileBackend(os.path.join(folder, "journal.log"))
    return optuna.create_study(
        storage=optuna.storages.JournalStorage(backend),
        study_name="dqgan",
        load_if_exists=True,
        sampler=optuna.samplers.RandomSampler(),
    )


def worker(folder, index):
    os.sched_setaffinity(0, {cores[index % len(cores)]})
    train, begun = trainer(), time.perf_counter()
    warm = [SimpleNamespace(rate_g=1e-3, rate_d=1e-3, gamma=10.0, z=1.0)] * job["together"]
    train(warm, range(job["together"]))
    compiled = time.perf_counter() - begun
    study = open_study(folder)
    open(os.path.join(folder, f"ready-{index}"), "w").close()
    while sum(name.startswith("ready-") for name in os.listdir(folder)) < job["processes"]:
        time.sleep(0.01)
    start, used = time.perf_counter(), time.process_time()
    optimize(study, train, job["trials"] // job["processes"])
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    print(json.dumps({"seconds": seconds, "processor": processor, "compile": compiled}), flush=True)


def run_workers():
    with tempfile.TemporaryDirectory() as folder:
        children = []
        # Given up: the workers must not outlive this process.
        signal.signal(signal.SIGTERM, lambda *_: ([c.kill() for c in children], sys.exit(143)))
        open_study(folder)
        for index in range(job["processes"]):
            child = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            children.append(child)
            json.dump({**job, "worker": [folder, index]}, child.stdin)
            child.stdin.close()
        lines = [json.loads(child.stdout.read() or "null") for child in children]
        if any(child.wait() != 0 for child in children):
            sys.exit("a worker of the study failed")
        done = open_study(folder).get_trials(deepcopy=False)
    values = [t.value for t in done if t.value is not None]
    show(
        trials=sum(t.state.is_finished() for t in done),
        seconds=max(line["seconds"] for line in lines),
        processor=sum(line["processor"] for line in lines),
        compile=max(line["compile"] for line in lines),
        median=float(np.median(values)),
    )


def show(**line):
    version = {"torch": "PyTorch", "jax": "JAX"}.get(job.get("package", ""), "")
    version = f"{version} {__import__(job['package']).__version__}" if version else ""
    print(json.dumps({"peer": job["peer"], "optuna": optuna.__version__, "package": version, **line}), flush=True)


def trial_of(values):
    return SimpleNamespace(**dict(zip(NAMES, values)))


def check():
    arrays = {name: np.array(job[name], np.float32) for name in ("generator", "discriminator")}
    shapes = {"generator": (dqgan.COLUMNS, dqgan.INPUTS, 3, 3), "discriminator": (dqgan.HEADS, dqgan.COLUMNS, 3, 3)}
    G, D = (arrays[name].reshape(shape) for name, shape in shapes.items())
    draws = [[np.array(x, np.float32).reshape(job["batch"], 2) for x in one] for one in job["draws"]]
    show(couplings=[np.asarray(x, np.float64).ravel().tolist() for x in model().check(trial_of(job["trial"]), G, D, draws)])


def compare():
    own, real, size = model(), real_histogram(), job["together"]
    values = []
    for k in range(0, len(job["given"]), size):
        trials = [trial_of(one) for one in job["given"][k : k + size]]
        values += [dqgan.distance(real, x) for x in own.train_many(trials, range(k, k + len(trials)))]
    show(values=values)


if "worker" in job:
    worker(*job["worker"])
else:
    {"check": check, "compare": compare, "train": run_workers, "empty": run_workers}[job["task"]]()
