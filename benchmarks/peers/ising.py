"""Gibbs sampling of Ising models by numba, thrml and dwave-samplers, for the suite `ising-peers`.

Reads a JSON object {peer, n, edges, colours, couplings, biases, lattice, beta, chains, sweeps, check, seconds} from
standard input, prints one JSON line for each method: {peer, version, method, perSecond, energy, sigma}. `perSecond`
counts turns of spins; `energy` is the mean of the final states of the run described by `check`. One core.
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
colours = np.array(job["colours"])
dense = len(edges) == n * (n - 1) // 2 and n > 2


def energies(s):
    s = np.asarray(s, np.float64)
    return -(s[:, edges[:, 0]] * s[:, edges[:, 1]]) @ J - s @ b


def show(peer, version, method, run):
    """`run(beta, chains, sweeps)` gives the final spins [chains, n]."""
    check = job["check"]
    E = energies(run(check["beta"], check["chains"], check["sweeps"]))
    args = job["beta"], job["chains"], job["sweeps"]
    run(*args)
    times, end = [], time.perf_counter() + job["seconds"]
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        run(*args)
        times.append(time.perf_counter() - start)
    rate = n * job["chains"] * job["sweeps"] / float(np.median(times))
    sigma = float(E.std() / np.sqrt(len(E)))
    print(json.dumps(dict(peer=peer, version=version, method=method, perSecond=rate, energy=float(E.mean()), sigma=sigma)), flush=True)


def with_numba():
    import numba
    from numba import njit

    @njit(inline="always")
    def draw(x):
        """xorshift64*: the new state, and a uniform in [0, 1)."""
        x ^= x >> np.uint64(12)
        x ^= x << np.uint64(25)
        x ^= x >> np.uint64(27)
        return x, ((x * np.uint64(2685821657736338717)) >> np.uint64(40)) * (1.0 / 16777216.0)

    @njit(fastmath=True)
    def sweep_torus(L, beta, s, sweeps):
        """Checkerboard order, J = 1 and no biases: five probabilities."""
        p = np.empty(9, np.float64)
        for k in range(9):
            p[k] = 1 / (1 + np.exp(-2 * beta * (k - 4)))
        for c in range(s.shape[0]):
            x = np.uint64(c + 1) * np.uint64(0x9E3779B97F4A7C15)
            a = s[c]
            for _ in range(sweeps):
                for parity in range(2):
                    for i in range(L):
                        up, down, row = a[(i - 1) & (L - 1)], a[(i + 1) & (L - 1)], a[i]
                        for j in range((i + parity) & 1, L, 2):
                            x, u = draw(x)
                            k = up[j] + down[j] + row[(j - 1) & (L - 1)] + row[(j + 1) & (L - 1)] + 4
                            row[j] = 1 if u < p[k] else -1

    @njit(fastmath=True)
    def sweep_sparse(ptr, idx, Jv, h, beta, s, sweeps):
        for c in range(s.shape[0]):
            x = np.uint64(c + 1) * np.uint64(0x9E3779B97F4A7C15)
            a = s[c]
            for _ in range(sweeps):
                for i in range(a.size):
                    f = h[i]
                    for k in range(ptr[i], ptr[i + 1]):
                        f += Jv[k] * a[idx[k]]
                    x, u = draw(x)
                    a[i] = 1 if u * (1 + np.exp(-2 * beta * f)) < 1 else -1

    @njit(fastmath=True)
    def sweep_dense(Jm, h, beta, s, sweeps):
        """Local fields are kept and changed at a flip."""
        m = h.size
        for c in range(s.shape[0]):
            x = np.uint64(c + 1) * np.uint64(0x9E3779B97F4A7C15)
            a, f = s[c], h.copy()
            for i in range(m):
                for j in range(m):
                    f[j] += Jm[i, j] * a[i]
            for _ in range(sweeps):
                for i in range(m):
                    x, u = draw(x)
                    v = 1 if u * (1 + np.exp(-2 * beta * f[i])) < 1 else -1
                    if v != a[i]:
                        d = np.float32(2 * v)
                        a[i] = v
                        for j in range(m):
                            f[j] += d * Jm[i, j]

    def start(chains):
        return np.where(np.random.default_rng(0).random((chains, n)) < 0.5, 1, -1).astype(np.int8)

    lattice = job.get("lattice") or {}
    h = b.astype(np.float32)
    if lattice.get("kind") == "torus":
        L = lattice["dims"][0]
        method = "written for the lattice"

        def run(beta, chains, sweeps):
            s = start(chains)
            sweep_torus(L, beta, s.reshape(-1, L, L), sweeps)
            return s

    elif dense:
        Jm = np.zeros((n, n), np.float32)
        Jm[edges[:, 0], edges[:, 1]] = Jm[edges[:, 1], edges[:, 0]] = J
        method = "kept fields"

        def run(beta, chains, sweeps):
            s = start(chains)
            sweep_dense(Jm, h, beta, s, sweeps)
            return s

    else:
        ends = np.concatenate([edges, edges[:, ::-1]])
        order = np.argsort(ends[:, 0], kind="stable")
        ptr = np.searchsorted(ends[order, 0], np.arange(n + 1))
        idx, Jv = ends[order, 1].astype(np.int32), np.tile(J, 2)[order].astype(np.float32)
        method = "neighbour lists"

        def run(beta, chains, sweeps):
            s = start(chains)
            sweep_sparse(ptr, idx, Jv, h, beta, s, sweeps)
            return s

    show("numba", numba.__version__, method, run)


def with_thrml():
    import jax
    import jax.numpy as jnp
    from thrml import Block, SamplingSchedule, SpinNode, sample_states
    from thrml.models import IsingEBM, IsingSamplingProgram, hinton_init

    if dense:
        return  # a block for every spin: it takes minutes to compile
    nodes = [SpinNode() for _ in range(n)]
    pairs = [(nodes[u], nodes[v]) for u, v in edges.tolist()]
    blocks = [Block([nodes[i] for i in np.where(colours == c)[0]]) for c in range(colours.max() + 1)]
    compiled = {}

    def sampler(beta, sweeps):
        model = IsingEBM(nodes, pairs, jnp.asarray(b, jnp.float32), jnp.asarray(J, jnp.float32), jnp.array(beta, jnp.float32))
        program = IsingSamplingProgram(model, blocks, clamped_blocks=[])
        schedule = SamplingSchedule(n_warmup=sweeps, n_samples=1, steps_per_sample=1)

        def one(key):
            k1, k2 = jax.random.split(key)
            start = hinton_init(k1, model, blocks, ())
            return sample_states(k2, program, schedule, start, [], [Block(nodes)])[0][0]

        return jax.jit(jax.vmap(one))

    def run(beta, chains, sweeps):
        f = compiled.setdefault((beta, sweeps), sampler(beta, sweeps))
        s = jax.block_until_ready(f(jax.random.split(jax.random.key(0), chains)))
        return np.where(np.asarray(s), 1, -1)

    show("thrml", importlib.metadata.version("thrml"), "blocks of a colour, jit", run)


def with_dwave():
    import dimod
    from dwave.samplers import SimulatedAnnealingSampler

    # dimod minimises +J and +h.
    quadratic = {(int(u), int(v)): -x for (u, v), x in zip(edges, J)}
    bqm = dimod.BinaryQuadraticModel.from_ising({i: -b[i] for i in range(n)}, quadratic)
    sampler = SimulatedAnnealingSampler()

    def run(beta, chains, sweeps):
        result = sampler.sample(
            bqm,
            beta_schedule_type="custom",
            beta_schedule=[beta],
            num_sweeps_per_beta=sweeps,
            num_reads=chains,
            seed=1,
            proposal_acceptance_criteria="Gibbs",
        )
        return result.record.sample[:, np.argsort(np.array(list(result.variables)))]

    show("dwave-samplers", importlib.metadata.version("dwave-samplers"), "simulated annealing at one temperature", run)


PEERS = {"numba": ("numba", with_numba), "thrml": ("thrml", with_thrml), "dwave": ("dwave.samplers", with_dwave)}
measure_peer(job["peer"], PEERS)
