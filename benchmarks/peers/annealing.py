"""Annealing of Ising models by OpenJij and dwave-samplers, for the suite `ising-annealing`.

Reads a JSON object {peer, n, edges, couplings, biases, ground, sweeps, slices, beta, gamma, hot, cold, seconds} from
standard input, prints one JSON line for each method: {peer, version, kind, method, readsPerSecond, success, lowest}.
`success` is the fraction of reads at the energy `ground`. One core.
"""

import json
import time

from driver import measure_peer, read_job

job = read_job()

import importlib.metadata  # noqa: E402  the thread count must be set first

import numpy as np  # noqa: E402

n = job["n"]
edges = np.array(job["edges"]).reshape(-1, 2)
J, b = np.array(job["couplings"]), np.array(job["biases"])


def problem():
    import dimod

    # dimod minimises +J and +h.
    quadratic = {(int(u), int(v)): -x for (u, v), x in zip(edges, J)}
    return dimod.BinaryQuadraticModel.from_ising({i: -b[i] for i in range(n)}, quadratic)


def energies(result):
    s = result.record.sample[:, np.argsort(np.array(list(result.variables)))].astype(np.float64)
    return -(s[:, edges[:, 0]] * s[:, edges[:, 1]]) @ J - s @ b


def show(peer, package, kind, method, reads, run):
    E, times, end = [], [], time.perf_counter() + job["seconds"]
    run(min(reads, 2))
    while len(times) < 2 or time.perf_counter() < end:
        start = time.perf_counter()
        result = run(reads)
        times.append(time.perf_counter() - start)
        E.append(energies(result))
    E = np.concatenate(E)
    line = dict(peer=peer, version=importlib.metadata.version(package), kind=kind, method=method)
    line.update(readsPerSecond=reads / float(np.median(times)), success=float((np.abs(E - job["ground"]) < 1e-6).mean()))
    print(json.dumps(dict(line, lowest=float(E.min()))), flush=True)


def with_openjij():
    import openjij

    bqm = problem()

    # No seed: with one, every read repeats the same random numbers.
    def quantum(reads):
        return openjij.SQASampler().sample(
            bqm, beta=job["beta"], gamma=job["gamma"], trotter=job["slices"], num_sweeps=job["sweeps"], num_reads=reads, sparse=True
        )

    def simulated(reads):
        return openjij.SASampler().sample(
            bqm, beta_min=job["hot"], beta_max=job["cold"], num_sweeps=job["sweeps"], num_reads=reads, sparse=True
        )

    show("openjij", "openjij", "path integral", "SQASampler", 25, quantum)
    show("openjij", "openjij", "simulated annealing", "SASampler", 1000, simulated)


def with_dwave():
    from dwave.samplers import PathIntegralAnnealingSampler, SimulatedAnnealingSampler

    bqm, s = problem(), np.linspace(0, 1, job["sweeps"])
    seeds = iter(range(1, 10**9))

    def quantum(reads):
        fields = dict(Hp_field=job["beta"] * s, Hd_field=job["beta"] * job["gamma"] * (1 - s))
        return PathIntegralAnnealingSampler().sample(bqm, beta_schedule_type="custom", num_reads=reads, seed=next(seeds), **fields)

    def simulated(reads):
        return SimulatedAnnealingSampler().sample(
            bqm,
            beta_range=[job["hot"], job["cold"]],
            beta_schedule_type="geometric",
            num_sweeps=job["sweeps"],
            num_reads=reads,
            seed=next(seeds),
        )

    show("dwave-samplers", "dwave-samplers", "path integral", "PathIntegralAnnealingSampler", 10, quantum)
    show("dwave-samplers", "dwave-samplers", "simulated annealing", "SimulatedAnnealingSampler", 1000, simulated)


PEERS = {"openjij": ("openjij", with_openjij), "dwave": ("dwave.samplers", with_dwave)}
measure_peer(job["peer"], PEERS)
