"""Full Lindblad steady states and evolutions of the dissipative network by other packages, for `effective-vs-full`.

Reads a JSON object {peer, job, N, gamma, theta [B][N], J [B][N][3][3], expected [C][3], seconds, time,
gradients} from standard
input, prints one JSON line for each method and task: {version, method, task, perSecond, error, spread}. z = 1; `error` is
that of the first C networks against float64. Jobs: `steady` solves for steady states, with gradients where the package has
them; `evolve` integrates from |0…0> to `time` at tolerance 1e-6. One core, float64, the fastest of several repetitions.

Methods: `complex` is the batched solve of the Liouvillian, its first row replaced by the trace; `real` the same in
the basis of Pauli products, half the numbers and real; both get their matrices from one matrix product, which is
faster than Kronecker products. `steadystate` of QuTiP is called for one network after another, as it has no batches;
`solve alone` is what it calls, without the handling of options around it, on Liouvillians made beforehand.
"""

import itertools
import json
import os
import sys
import time

from driver import read_job

job = read_job()
os.environ.setdefault("JAX_PLATFORMS", "cpu")

try:
    __import__(job["peer"])
except ImportError:
    print(json.dumps({"missing": True}))
    sys.exit()

import numpy as np  # noqa: E402  the thread count must be set first

N, GAMMA = job["N"], job["gamma"]
THETA, J = np.array(job["theta"], dtype=float), np.array(job["J"], dtype=float)
EXPECTED = np.array(job["expected"], dtype=float)
B = len(THETA)

I2 = np.eye(2, dtype=complex)
PAULI = [np.array(p, dtype=complex) for p in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]


def product(factors):
    out = np.eye(1, dtype=complex)
    for factor in factors:
        out = np.kron(out, factor)
    return out


def on(A, site):
    return product([A if k == site else I2 for k in range(N + 1)])


def dissipator(A, C):
    """rho -> A rho C^dag - {C^dag A, rho}/2 on stacked columns."""
    one, CA = np.eye(len(A)), C.conj().T @ A
    return np.kron(C.conj(), A) - 0.5 * np.kron(one, CA) - 0.5 * np.kron(CA.T, one)


def basis():
    """Liouvillians of which the network's is a linear combination with the numbers of `coefficients`."""
    one, parts = np.eye(2 ** (N + 1)), []
    for n in range(N):
        for k in range(3):
            for l in range(3):
                H = on(PAULI[k], n) @ on(PAULI[l], N)
                parts.append(-1j * (np.kron(one, H) - np.kron(H.T, one)))
    # |s><s_perp| = (sin t Z - cos t X - i Y)/2: its dissipator is a trigonometric polynomial of degree two.
    for n in range(N):
        S, C, O = (on(A, n) for A in (PAULI[2] / 2, -PAULI[0] / 2, -0.5j * PAULI[1]))
        both = lambda A, D: dissipator(A, D) + dissipator(D, A)  # noqa: E731
        SS, CC, OO = dissipator(S, S), dissipator(C, C), dissipator(O, O)
        parts += [OO + (SS + CC) / 2, both(C, O), both(S, O), (CC - SS) / 2, both(S, C) / 2]
    return np.array(parts)


def coefficients(theta, couplings, xp):
    waves = [xp.ones_like(theta), xp.cos(theta), xp.sin(theta), xp.cos(2 * theta), xp.sin(2 * theta)]
    rates = GAMMA * xp.stack(waves, -1)
    return xp.concatenate([couplings.reshape(len(theta), -1), rates.reshape(len(theta), -1)], 1)


def matrices(kind):
    """Basis matrices flattened, and the rows that give the Bloch vector."""
    G = basis()
    bloch = np.array([on(P, N).T.reshape(-1, order="F") for P in PAULI])
    if kind == "complex":
        return G, bloch
    T = np.array([product(p).T.reshape(-1, order="F") for p in itertools.product([I2] + PAULI, repeat=N + 1)])
    real = T @ G @ T.conj().T / 2 ** (N + 1)
    return np.ascontiguousarray(real.real), None


def timed(f):
    """Seconds of the fastest repetition, and how far the fastest tenth reaches above it."""
    f()
    times, end = [], time.perf_counter() + job["seconds"]
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    times.sort()
    return times[0], times[len(times) // 10] / times[0] - 1


def show(version, method, r, tasks, count=B):
    r = np.asarray(r)[: len(EXPECTED)]
    error = float(np.abs(r - EXPECTED[: len(r)]).max())
    for task, f in tasks.items():
        seconds, spread = timed(f)
        row = {"version": version, "method": method, "task": task, "perSecond": count / seconds}
        print(json.dumps({**row, "error": error, "spread": spread}), flush=True)


CHUNK = max(1, min(B, 2**27 // (16 ** (N + 1) * 16)))
CHUNKS = [slice(i, i + CHUNK) for i in range(0, B, CHUNK)]


def torch_steady():
    import torch

    torch.set_num_threads(1)
    theta, couplings = (torch.tensor(x, requires_grad=True) for x in (THETA, J))
    for kind in ("real", "complex"):
        G, rows = (None if x is None else torch.tensor(x) for x in matrices(kind))
        size, flat = G.shape[1], G.reshape(len(G), -1)
        trace = torch.eye(2 ** (N + 1), dtype=G.dtype).reshape(-1)

        def bloch(t, c):
            L = (coefficients(t, c, torch).to(G.dtype) @ flat).reshape(-1, size, size)
            if kind == "real":
                return torch.linalg.solve(L[:, 1:, 1:], -L[:, 1:, 0])[:, :3]
            L = torch.cat([trace.expand(len(L), 1, size), L[:, 1:]], 1)
            right = torch.zeros(len(L), size, dtype=G.dtype)
            right[:, 0] = 1
            return (torch.linalg.solve(L, right) @ rows.T).real

        @torch.no_grad()
        def value():
            return torch.cat([bloch(theta[i], couplings[i]) for i in CHUNKS])

        def gradient():
            theta.grad = couplings.grad = None
            for i in CHUNKS:
                bloch(theta[i], couplings[i]).sum().backward()

        show(torch.__version__, kind, value().numpy(), {"value": value, "value and gradient": gradient})


def jax_steady():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    parts = [(jnp.asarray(THETA[i]), jnp.asarray(J[i])) for i in CHUNKS]
    for kind in ("real", "complex"):
        G, rows = (None if x is None else jnp.asarray(x) for x in matrices(kind))
        size, flat = G.shape[1], G.reshape(len(G), -1)
        trace = jnp.eye(2 ** (N + 1), dtype=G.dtype).reshape(-1)

        def bloch(t, c):
            L = (coefficients(t, c, jnp).astype(G.dtype) @ flat).reshape(-1, size, size)
            if kind == "real":
                return jnp.linalg.solve(L[:, 1:, 1:], -L[:, 1:, :1])[:, :3, 0]
            L = L.at[:, 0].set(trace)
            right = jnp.zeros((len(L), size, 1), G.dtype).at[:, 0].set(1)
            return (jnp.linalg.solve(L, right)[..., 0] @ rows.T).real

        forward = jax.jit(bloch)
        both = jax.jit(jax.value_and_grad(lambda t, c: bloch(t, c).sum(), argnums=(0, 1)))

        def value():
            return jax.block_until_ready([forward(*part) for part in parts])

        def gradient():
            jax.block_until_ready([both(*part) for part in parts])

        tasks = {"value": value, "value and gradient": gradient}
        show(jax.__version__, kind, np.concatenate(value()), tasks)


def operators(theta, couplings):
    """H and jump operators of one network as arrays."""
    H = sum(
        couplings[n, k, l] * on(PAULI[k], n) @ on(PAULI[l], N)
        for n in range(N)
        for k in range(3)
        for l in range(3)
    )
    flip = lambda t: (np.sin(t) * PAULI[2] - np.cos(t) * PAULI[0] - 1j * PAULI[1]) / 2  # noqa: E731
    return H, [np.sqrt(GAMMA) * on(flip(t), n) for n, t in enumerate(theta)]


def qutip_problems():
    import qutip

    dims = [[2] * (N + 1)] * 2
    wrap = lambda A: qutip.Qobj(A, dims=dims)  # noqa: E731
    problems = [operators(*one) for one in zip(THETA, J)]
    return [(wrap(H), [wrap(L) for L in Ls]) for H, Ls in problems], [wrap(on(P, N)) for P in PAULI]


def qutip_steady():
    import qutip
    from qutip.solver.steadystate import _steadystate_direct

    problems, bloch = qutip_problems()
    few = problems[:16]
    dense = [qutip.liouvillian(H, Ls).to("dense") for H, Ls in few]

    def user():
        return [qutip.steadystate(H, Ls) for H, Ls in few]

    def alone():
        return [_steadystate_direct(L, 0, method="solve") for L in dense]

    for name, f in {"steadystate": user, "solve alone": alone}.items():
        r = [[qutip.expect(P, rho) for P in bloch] for rho in f()]
        show(qutip.__version__, name, r, {"value": f}, len(few))


def qutip_evolve():
    import qutip

    problems, bloch = qutip_problems()
    few = problems[: 16 if N < 3 else 4]
    start = qutip.tensor([qutip.fock_dm(2, 0)] * (N + 1))
    for method in ("adams", "vern7"):
        options = {"method": method, "rtol": 1e-6, "atol": 1e-8, "nsteps": 1_000_000}

        def f():
            times = [0, job["time"]]
            runs = [qutip.mesolve(H, start, times, Ls, e_ops=bloch, options=options) for H, Ls in few]
            return [[e[-1] for e in run.expect] for run in runs]

        show(qutip.__version__, f"mesolve {method}", f(), {"value": f}, len(few))


def dynamiqs_evolve():
    import dynamiqs as dq
    import jax
    import jax.numpy as jnp

    dq.set_precision("double")
    dq.set_layout("dense")
    dq.set_progress_meter(False)
    P = jnp.asarray(np.array([[[on(a, n) @ on(b, N) for b in PAULI] for a in PAULI] for n in range(N)]))
    X, Y, Z = (jnp.asarray(np.array([on(A, n) for n in range(N)])) for A in PAULI)
    bloch = [dq.asqarray(on(A, N)) for A in PAULI]
    start = jnp.zeros((2 ** (N + 1),) * 2, complex).at[0, 0].set(1)
    times = jnp.array([0.0, job["time"]])
    tight = {"rtol": 1e-6, "atol": 1e-8, "max_steps": 1_000_000}
    methods = {"mesolve Tsit5": dq.method.Tsit5(**tight)}
    if N < 3:
        methods["mesolve Expm"] = dq.method.Expm()
    theta, couplings = jnp.asarray(THETA), jnp.asarray(J)
    for name, method in methods.items():

        def run(t, c):
            H = jnp.einsum("bnkl,nklij->bij", c, P)
            turn = lambda n: t[:, n, None, None]  # noqa: E731
            flips = [(jnp.sin(turn(n)) * Z[n] - jnp.cos(turn(n)) * X[n] - 1j * Y[n]) / 2 for n in range(N)]
            jumps = [np.sqrt(GAMMA) * flip for flip in flips]
            settings = {"method": method, "cartesian_batching": False, "save_states": False}
            return dq.mesolve(H, jumps, start, times, exp_ops=bloch, **settings).expects[..., -1].real

        forward = jax.jit(run)
        tasks = {"value": lambda: jax.block_until_ready(forward(theta, couplings))}
        if job["gradients"] and "Tsit5" in name:
            both = jax.jit(jax.value_and_grad(lambda t, c: run(t, c).sum(), argnums=(0, 1)))
            tasks["value and gradient"] = lambda: jax.block_until_ready(both(theta, couplings))
        show(dq.__version__, name, forward(theta, couplings), tasks)


JOBS = {
    "torch steady": torch_steady,
    "jax steady": jax_steady,
    "qutip steady": qutip_steady,
    "qutip evolve": qutip_evolve,
    "dynamiqs evolve": dynamiqs_evolve,
}
JOBS[f"{job['peer']} {job['job']}"]()
