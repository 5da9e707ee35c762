"""Parametrised circuits by JAX, PyTorch and PennyLane, for the suite `circuit-peers`.

Reads a JSON object {peer, circuit, n, layers, samples, seconds} from standard input, prints one JSON line for each
method and task: {peer, version, method, task, perSecond, error}. The workloads are those of benchmarks/circuits.ts:
Z of every wire, and the gradient of the sum of all by angles and features, complex64; `error` is against complex128.
Methods: `fused` applies RZ RY of a wire as one matrix to the whole batch, `dense` builds the ansatz as one unitary and
multiplies once, `closed` is the closed form of the two-qubit circuit, `qnode` is default.qubit with a batch axis.
"""

from driver import measure_peer, read_job, show

job = read_job()

import numpy as np  # noqa: E402  the thread count must be set first

n, L, B = job["n"], job["layers"], job["samples"]
PAPER = job["circuit"] == "two qubits"
rng = np.random.default_rng(1)
x64 = rng.uniform(0, np.pi, (B, n)).astype(np.float32).astype(np.float64)
w64 = rng.uniform(-np.pi, np.pi, (max(L, 1), n, 2)).astype(np.float32).astype(np.float64)
CHECKED = min(B, 64)
INDEX = np.arange(2**n)
SIGNS = np.array([1.0 - 2 * ((INDEX >> (n - 1 - q)) & 1) for q in range(n)])
ONES = (1 - SIGNS) / 2
RING = np.prod([1 - 2 * ONES[q] * ONES[(q + 1) % n] for q in range(n if n > 1 else 0)], 0)
DENSE_LIMIT = 8  # beyond it the dense method loses by more than ten times


def closed(x, xp):
    """The two-qubit circuit: both expectation values."""
    a, b = x[:, 0], x[:, 1]
    first = xp.sin(a) * 0.5**0.5 - xp.cos(a) * xp.cos(b) / 2
    return xp.stack([first, -xp.cos(a) * xp.sin(b) / 2], -1)


def product_state(x, xp):
    v = xp.stack([xp.cos(x / 2) + 0j, -1j * xp.sin(x / 2)], -1)
    psi = v[:, 0]
    for q in range(1, n):
        psi = (psi[:, :, None] * v[:, q, None, :]).reshape(x.shape[0], -1)
    return psi


def rotated(psi, w, q, xp):
    """RZ(w1) RY(w0) on wire q of rows of amplitudes."""
    c, s, phase = xp.cos(w[0] / 2), xp.sin(w[0] / 2), xp.exp(0.5j * w[1])
    v = psi.reshape(psi.shape[0], 2**q, 2, -1)
    p, m = v[:, :, 0], v[:, :, 1]
    return xp.stack([phase.conj() * (c * p - s * m), phase * (s * p + c * m)], 2).reshape(psi.shape)


def ansatz(psi, w, ring, xp):
    for layer in range(L):
        for q in range(n):
            psi = rotated(psi, w[layer, q], q, xp)
        psi = psi * ring
    return psi


def energies(psi, signs):
    return (psi.real**2 + psi.imag**2) @ signs.T


def expected():
    if PAPER:
        return closed(x64[:CHECKED], np)
    return energies(ansatz(product_state(x64[:CHECKED], np), w64, RING, np), SIGNS)


def show_method(version, method, value, both, read):
    error = float(np.abs(np.asarray(read(), dtype=np.float64)[:CHECKED] - expected()).max())
    tasks = {"value": value, "value and gradient": both}
    show({"peer": job["peer"], "version": version, "method": method}, error, tasks, B, job["seconds"])


def methods(xp, identity, ring, signs):
    """Functions (x, w) -> [B, n] by name."""
    if PAPER:
        return {"closed": lambda x, w: closed(x, xp)}

    def fused(x, w):
        return energies(ansatz(product_state(x, xp), w, ring, xp), signs)

    def dense(x, w):
        return energies(product_state(x, xp) @ ansatz(identity, w, ring, xp), signs)

    return {"fused": fused, **({"dense": dense} if n <= DENSE_LIMIT else {})}


def with_jax():
    import jax
    import jax.numpy as jnp

    constants = jnp.eye(2**n, dtype=jnp.complex64), jnp.asarray(RING, jnp.float32), jnp.asarray(SIGNS, jnp.float32)
    for name, f in methods(jnp, *constants).items():
        show_jax(jax.__version__, name, f)


def show_jax(version, name, f):
    import jax
    import jax.numpy as jnp

    x, w = jnp.asarray(x64, jnp.float32), jnp.asarray(w64, jnp.float32)
    value = jax.jit(f)
    both = jax.jit(jax.value_and_grad(lambda x, w: f(x, w).sum(), argnums=(0, 1)))
    show_method(
        version,
        name,
        lambda: jax.block_until_ready(value(x, w)),
        lambda: jax.block_until_ready(both(x, w)),
        lambda: value(x, w),
    )


def with_torch():
    import torch

    torch.set_num_threads(1)
    x, w = (torch.tensor(t, dtype=torch.float32) for t in (x64, w64))
    constants = torch.eye(2**n, dtype=torch.complex64), torch.tensor(RING, dtype=torch.float32)
    signs = torch.tensor(SIGNS, dtype=torch.float32)
    for name, f in methods(torch, *constants, signs).items():
        value = torch.no_grad()(lambda f=f: f(x, w))

        def both(f=f):
            a, b = x.clone().requires_grad_(), w.clone().requires_grad_()
            f(a, b).sum().backward()

        show_method(torch.__version__, name, value, both, value)


def with_pennylane():
    import jax.numpy as jnp
    import pennylane as qml

    def embed(x):
        for q in range(n):
            qml.RX(x[:, q], wires=q)

    def layers(w):
        for layer in range(L):
            for q in range(n):
                qml.RY(w[layer, q, 0], wires=q)
                qml.RZ(w[layer, q, 1], wires=q)
            for q in range(n):
                qml.CZ(wires=[q, (q + 1) % n])

    def paper():
        qml.RY(np.pi / 4, wires=0), qml.RX(np.pi / 2, wires=1), qml.CNOT(wires=[0, 1])
        qml.RY(np.pi / 4, wires=1), qml.RX(np.pi / 2, wires=0), qml.CNOT(wires=[1, 0])

    @qml.qnode(qml.device("default.qubit", wires=n), interface="jax", diff_method="backprop")
    def node(x, w):
        embed(x)
        paper() if PAPER else layers(w)
        return [qml.expval(qml.PauliZ(q)) for q in range(n)]

    show_jax(qml.__version__, "qnode", lambda x, w: jnp.stack(node(x, w), -1))


PEERS = {"jax": ("jax", with_jax), "torch": ("torch", with_torch), "pennylane": ("pennylane", with_pennylane)}
measure_peer(job["peer"], PEERS)
