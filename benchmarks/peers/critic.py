"""WGAN-GP of replicas of a 2-64-64-1 critic by PyTorch and JAX, for the suite `backend-cost`.

Reads a JSON object {peer, replicas, seconds, check} from standard input, prints one JSON line {peer, version, method,
perSecond, parameters}: replica training steps a second on one core, and the parameters after the steps of `check`, which
holds initial parameters and draws. One step: five critic updates with fresh data, one generator update, Adam, one-sided
penalty. PyTorch has the replica axis written out (its vmap is slower); JAX is vmap, jit and scan over steps.
"""

import json
import time

from driver import read_job

job = read_job()

BATCH, UPDATES, LAMBDA, RATE, B1, B2, EPS = 64, 5, 10.0, 1e-3, 0.5, 0.9, 1e-8
SHAPES = [(2, 64), (64,), (64, 64), (64,), (64, 1), (1,)]
P, check = job["replicas"], job["check"]


def cut(flat, shapes):
    """Rows [P, K] as tensors of these shapes behind the replica axis."""
    parts, at = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        parts.append(flat[:, at : at + size].reshape(-1, *shape))
        at += size
    return parts


def rate(f, steps):
    """Replica steps per second of the processor: the fastest turn after one that warms up."""
    f()
    best, end = float("inf"), time.perf_counter() + job["seconds"]
    while time.perf_counter() < end:
        start = time.process_time()
        f()
        best = min(best, time.process_time() - start)
    return P * steps / best


def show(peer, version, method, per_second, parameters):
    flat = np.concatenate([np.asarray(x, np.float64).reshape(x.shape[0], -1) for x in parameters], 1)
    line = {"peer": peer, "version": version, "method": method, "perSecond": per_second}
    print(json.dumps({**line, "parameters": flat.ravel().tolist()}), flush=True)


def start():
    critic = cut(np.array(check["critic"], np.float32), SHAPES)
    generator = cut(np.array(check["generator"], np.float32), [(2, 2), (2,)])
    return critic, generator


def many(parameters):
    """The initial parameters of the check, repeated for all replicas."""
    return [np.resize(x, (P, *x.shape[1:])) for x in parameters]


def with_torch():
    import torch

    torch.set_num_threads(1)

    def generate(g, z):
        u = z @ g[0] + g[1].unsqueeze(-2)
        a, b = u[..., 0], u[..., 1]
        return torch.stack([a.sin() * 0.5**0.5 - a.cos() * b.cos() / 2, -a.cos() * b.sin() / 2], -1)

    def critic(c, x):
        for i in (0, 2):
            x = torch.relu(torch.baddbmm(c[i + 1].unsqueeze(-2), x, c[i]))
        return torch.baddbmm(c[5].unsqueeze(-2), x, c[4])

    def loss(c, fake, real, mix):
        at = (mix * real + (1 - mix) * fake).requires_grad_()
        (slope,) = torch.autograd.grad(critic(c, at).sum(), at, create_graph=True)
        penalty = torch.relu((slope.square().sum(-1) + 1e-12).sqrt() - 1).square().mean(-1)
        return (critic(c, fake).mean((-1, -2)) - critic(c, real).mean((-1, -2)) + LAMBDA * penalty).sum()

    class Adam:
        def __init__(self, p):
            self.m, self.v, self.t = [torch.zeros_like(x) for x in p], [torch.zeros_like(x) for x in p], 0

        def __call__(self, p, g):
            self.t += 1
            with torch.no_grad():
                torch._foreach_lerp_(self.m, g, 1 - B1)
                torch._foreach_mul_(self.v, B2)
                torch._foreach_addcmul_(self.v, g, g, 1 - B2)
                d = torch._foreach_sqrt(self.v)
                torch._foreach_mul_(d, (1 - B2**self.t) ** -0.5)
                torch._foreach_add_(d, EPS)
                torch._foreach_addcdiv_(p, self.m, d, -RATE / (1 - B1**self.t))

    def prepared(parameters):
        c, g = ([torch.tensor(x).requires_grad_() for x in part] for part in parameters)
        return c, g, Adam(c), Adam(g)

    def step(state, real, z, mix, last):
        c, g, oc, og = state
        for k in range(UPDATES):
            with torch.no_grad():
                fake = generate(g, z[:, k])
            oc(c, list(torch.autograd.grad(loss(c, fake, real[:, k], mix[:, k]), c)))
        score = -critic(c, generate(g, last)).mean((-1, -2)).sum()
        og(g, list(torch.autograd.grad(score, g)))

    state = prepared(start())
    for d in check["data"]:
        step(state, *(torch.tensor(d[name]) for name in ("real", "latent", "mix", "last")))
    parameters = [x.detach().numpy() for x in (*state[0], *state[1])]
    state, n = prepared([many(part) for part in start()]), torch.randn

    def turn():
        for _ in range(2):
            shape = (P, UPDATES, BATCH, 2)
            step(state, 0.2 * n(shape), n(shape), torch.rand(P, UPDATES, BATCH, 1), n(P, BATCH, 2))

    show("torch", torch.__version__, "replica axis", rate(turn, 2), parameters)


def with_jax():
    import jax
    import jax.numpy as jnp

    def generate(g, z):
        u = z @ g[0] + g[1]
        a, b = u[:, 0], u[:, 1]
        return jnp.stack([jnp.sin(a) * 0.5**0.5 - jnp.cos(a) * jnp.cos(b) / 2, -jnp.cos(a) * jnp.sin(b) / 2], -1)

    def critic(c, x):
        x = jax.nn.relu(x @ c[0] + c[1])
        return jax.nn.relu(x @ c[2] + c[3]) @ c[4] + c[5]

    def loss(c, g, real, z, mix):
        fake = generate(g, z)
        slope = jax.grad(lambda x: critic(c, x).sum())(mix * real + (1 - mix) * fake)
        penalty = jax.nn.relu(jnp.sqrt((slope * slope).sum(-1) + 1e-12) - 1) ** 2
        return critic(c, fake).mean() - critic(c, real).mean() + LAMBDA * penalty.mean()

    def adam(p, g, m, v, t):
        t = t + 1
        m = [B1 * x + (1 - B1) * y for x, y in zip(m, g)]
        v = [B2 * x + (1 - B2) * y * y for x, y in zip(v, g)]
        next = [
            x - RATE * (y / (1 - B1**t)) / (jnp.sqrt(w / (1 - B2**t)) + EPS) for x, y, w in zip(p, m, v)
        ]
        return next, (m, v, t)

    def step(state, real, z, mix, last):
        c, g, oc, og = state

        def update(carry, d):
            c, oc = carry
            return adam(c, jax.grad(loss)(c, g, *d), *oc), None

        (c, oc), _ = jax.lax.scan(update, (c, oc), (real, z, mix))
        g, og = adam(g, jax.grad(lambda g: -critic(c, generate(g, last)).mean())(g), *og)
        return c, g, oc, og

    def fresh(key):
        k, shape = jax.random.split(key, 4), (UPDATES, BATCH, 2)
        return (
            0.2 * jax.random.normal(k[0], shape),
            jax.random.normal(k[1], shape),
            jax.random.uniform(k[2], (UPDATES, BATCH, 1)),
            jax.random.normal(k[3], (BATCH, 2)),
        )

    def prepared(parameters):
        c, g = ([jnp.asarray(x) for x in part] for part in parameters)
        zeros = lambda part: ([jnp.zeros_like(x) for x in part], [jnp.zeros_like(x) for x in part], jnp.zeros(len(part[0])))
        return c, g, zeros(c), zeros(g)

    steps = jax.vmap(step)
    state = prepared(start())
    for d in check["data"]:
        state = jax.jit(steps)(state, *(jnp.asarray(d[name]) for name in ("real", "latent", "mix", "last")))
    parameters = [np.asarray(x) for x in (*state[0], *state[1])]

    @jax.jit
    def scanned(state, key):
        one = lambda s, k: (steps(s, *jax.vmap(fresh)(jax.random.split(k, P))), None)
        return jax.lax.scan(one, state, jax.random.split(key, 5))[0]

    first, key = prepared([many(part) for part in start()]), jax.random.PRNGKey(0)
    per_second = rate(lambda: jax.block_until_ready(scanned(first, key)), 5)
    show("jax", jax.__version__, "vmap, jit, scan", per_second, parameters)


PEERS = {"torch": with_torch, "jax": with_jax}

try:
    import numpy as np

    __import__(job["peer"])
except ImportError:
    print(json.dumps({"peer": job["peer"], "missing": True}))
else:
    PEERS[job["peer"]]()
