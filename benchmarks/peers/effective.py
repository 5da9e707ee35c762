"""Effective steady states of the dissipative network by PyTorch and JAX, for the suite `effective-peers`.

Reads a JSON object {peer, N, samples, couplings, gamma, seconds} from standard input, prints one JSON line for
each method and task: {peer, version, method, task, perSecond, error}. The workload is the one of
benchmarks/effective.ts: z = 1, phi = 0, float32; `error` is against the same equation in float64. Methods:
`solve` is the batched 3 x 3 solve that one would write; `closed` the closed form that zenoflow uses.
"""

from driver import measure_peer, read_job, show

job = read_job()

import numpy as np  # noqa: E402  the thread count must be set first
from dissipation import coefficients, steady_state  # noqa: E402

N, B, GAMMA = job["N"], job["samples"], job["gamma"]
rng = np.random.default_rng(1)
theta64 = rng.uniform(0, np.pi, (B, N)).astype(np.float32).astype(np.float64)
shape = (1, N, 3, 3) if job["couplings"] == "shared" else (B, N, 3, 3)
J64 = rng.standard_normal(shape).astype(np.float32).astype(np.float64)
cotangent64 = rng.standard_normal((B, 3)).astype(np.float32).astype(np.float64)


def solve(theta, J, xp):
    h, M, beta = coefficients(theta, J, xp)
    o = xp.zeros_like(h[..., 0])
    x, y, z = h[..., 0], h[..., 1], h[..., 2]
    H = xp.stack([xp.stack([o, -z, y], -1), xp.stack([z, o, -x], -1), xp.stack([-y, x, o], -1)], -2)
    return xp.linalg.solve(M + 2 * GAMMA * H, -beta[..., None])[..., 0]


def closed(theta, J, xp):
    return steady_state(coefficients(theta, J, xp), GAMMA, xp)


EXPECTED = solve(theta64[:256], J64[:256], np)


def show_method(peer, version, method, r, tasks):
    error = float(np.abs(np.asarray(r, dtype=np.float64)[:256] - EXPECTED).max())
    show({"peer": peer, "version": version, "method": method}, error, tasks, B, job["seconds"])


def with_torch():
    import torch

    torch.set_num_threads(1)
    theta, J, cotangent = (torch.tensor(x, dtype=torch.float32) for x in (theta64, J64, cotangent64))
    theta.requires_grad_(), J.requires_grad_()

    def gradient(f):
        theta.grad = J.grad = None
        (f(theta, J, torch) * cotangent).sum().backward()

    for f in (solve, closed):
        with torch.no_grad():
            r = f(theta, J, torch)

        def value(f=f):
            with torch.no_grad():
                f(theta, J, torch)

        show_method("torch", torch.__version__, f.__name__, r, {"value": value, "value and gradient": lambda f=f: gradient(f)})


def with_jax():
    import jax
    import jax.numpy as jnp

    theta, J, cotangent = (jnp.asarray(x, jnp.float32) for x in (theta64, J64, cotangent64))
    for f in (solve, closed):
        value = jax.jit(lambda t, j, f=f: f(t, j, jnp))
        both = jax.jit(jax.value_and_grad(lambda t, j, f=f: (f(t, j, jnp) * cotangent).sum(), argnums=(0, 1)))
        tasks = {
            "value": lambda v=value: jax.block_until_ready(v(theta, J)),
            "value and gradient": lambda v=both: jax.block_until_ready(v(theta, J)),
        }
        show_method("jax jit", jax.__version__, f.__name__, value(theta, J), tasks)


PEERS = {"torch": ("torch", with_torch), "jax": ("jax", with_jax)}
measure_peer(job["peer"], PEERS)
