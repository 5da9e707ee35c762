"""The DQGAN of src/models/dqgan (algorithm 2, forward effective, paper's line) in PyTorch and JAX: one training as a function.

Imported by sweep_optuna.py. A trial is (generator rate, discriminator rate, gamma, polarization). PyTorch is eager on one
trial; JAX is one jitted program of all steps, vmapped where trials are trained together, each in the form of the equation
that is faster there. Both draw their own numbers, or take given ones for the check against zenoflow.
"""

import math
from functools import partial
from types import SimpleNamespace

import numpy as np
from dissipation import coefficients, steady_state, steady_z

MEAN, STD, SLOPE, INTERCEPT, NOISE = math.pi / 2, 0.4, -0.6, 0.8 * math.pi, 0.01
B1, B2, EPS, FINAL, DECAY = 0.5, 0.999, 1e-8, 0.02, 0.998
INPUTS, COLUMNS, HEADS = 2, 2, 1
BINS = 25


def networks(xp, log_sigmoid, written_out=False):
    """The two networks and their losses, which are maximised, in the functions of one package."""

    def measure(theta, J, trial):
        if written_out:
            return xp.stack([steady_z(theta, one, xp, trial.z, trial.gamma) for one in J], -1)
        r = steady_state(coefficients(theta[..., None, :], J, xp, trial.z), trial.gamma, xp)
        return r[..., 2]

    def generate(latent, J, trial):
        return xp.arccos(measure(latent, J, trial) * (1 - 1e-5))

    def discriminator(J, real, fake, trial):
        return log_sigmoid(measure(real, J, trial)).mean() + log_sigmoid(-measure(fake, J, trial)).mean()

    def generator(J, latent, judge, trial):
        return log_sigmoid(measure(generate(latent, J, trial), judge, trial)).mean()

    return SimpleNamespace(generate=generate, discriminator=discriminator, generator=generator)


def rate_at(rate, t, steps):
    return rate * (FINAL + (1 - FINAL) * (1 + np.cos(np.pi * t / steps)) / 2)


def share_at(t):
    """Of the newest couplings in the moving average, after step t = 1, 2, ..."""
    return 1 - np.minimum(DECAY, (1 + t) / (10 + t))


def line(normals, xp):
    theta = MEAN + STD * normals[..., 0]
    return xp.stack([theta, SLOPE * theta + INTERCEPT + NOISE * normals[..., 1]], -1)


def histogram(x):
    """Counts [25 x 25] on [0, pi] squared; outliers in the edge bins."""
    at = np.clip((np.asarray(x, np.float64) * (BINS / np.pi)).astype(np.int64), 0, BINS - 1)
    return np.bincount(at[:, 0] * BINS + at[:, 1], minlength=BINS * BINS)


def distance(real, x):
    """The Hellinger distance of a sample to a histogram; NaN where the sample is not finite."""
    if not np.isfinite(x).all():
        return float("nan")
    p, q = real / real.sum(), histogram(x) / len(x)
    return float(np.sqrt(np.square(np.sqrt(p) - np.sqrt(q)).sum() / 2))


def with_torch(steps, batch, validation):
    import torch

    torch.set_num_threads(1)
    net = networks(torch, torch.nn.functional.logsigmoid)

    def optimizer(J):
        return torch.optim.Adam([J], betas=(B1, B2), eps=EPS, maximize=True)

    def ascend(J, loss, adam, rate):
        adam.param_groups[0]["lr"] = rate
        (J.grad,) = torch.autograd.grad(loss, J)
        adam.step()

    def run(trial, G, D, draws, count):
        """Couplings G, D and the average after `count` steps; draws(t) gives real, latent and last latent angles."""
        average, adam_g, adam_d = G.detach().clone(), optimizer(G), optimizer(D)
        for t in range(count):
            real, latent, last = draws(t)
            with torch.no_grad():
                fake = net.generate(latent, G, trial)
            ascend(D, net.discriminator(D, real, fake, trial), adam_d, rate_at(trial.rate_d, t, steps))
            ascend(G, net.generator(G, last, D.detach(), trial), adam_g, rate_at(trial.rate_g, t, steps))
            average.lerp_(G.detach(), float(share_at(t + 1)))
        return G.detach(), D.detach(), average

    def train(trial, seed):
        """Generated angles [validation, 2] of a trained trial."""
        random = torch.Generator().manual_seed(seed)

        def normal(*shape):
            return torch.randn(shape, generator=random)

        def draws(_):
            n = normal(3, batch, 2)
            return line(n[0], torch), MEAN + STD * n[1], MEAN + STD * n[2]

        G = normal(COLUMNS, INPUTS, 3, 3).requires_grad_()
        D = normal(HEADS, COLUMNS, 3, 3).requires_grad_()
        average = run(trial, G, D, draws, steps)[2]
        with torch.no_grad():
            return net.generate(MEAN + STD * normal(validation, INPUTS), average, trial).numpy()

    def check(trial, G, D, draws):
        couplings = [torch.tensor(x).requires_grad_() for x in (G, D)]
        given = [[torch.tensor(x) for x in one] for one in draws]
        return [x.numpy() for x in run(trial, *couplings, given.__getitem__, len(given))]

    return SimpleNamespace(version=f"PyTorch {torch.__version__}", train=train, check=check)


def with_jax(steps, batch, validation):
    import jax
    import jax.numpy as jnp

    alone, vector = (networks(jnp, jax.nn.log_sigmoid, flag) for flag in (False, True))

    def ascend(J, gradient, moments, rate, t):
        m, v = B1 * moments[0] + (1 - B1) * gradient, B2 * moments[1] + (1 - B2) * gradient**2
        return J + rate * (m / (1 - B1**t)) / (jnp.sqrt(v / (1 - B2**t)) + EPS), (m, v)

    def step(net, trial, state, given):
        G, D, average, moments_g, moments_d = state
        (factor, share, t), (real, latent, last) = given
        fake = net.generate(latent, G, trial)
        gradient = jax.grad(net.discriminator)(D, real, fake, trial)
        D, moments_d = ascend(D, gradient, moments_d, trial.rate_d * factor, t)
        gradient = jax.grad(net.generator)(G, last, D, trial)
        G, moments_g = ascend(G, gradient, moments_g, trial.rate_g * factor, t)
        return (G, D, average + share * (G - average), moments_g, moments_d), None

    def run(net, values, G, D, draws, count):
        trial = SimpleNamespace(**values)
        t = np.arange(count, dtype=np.float32)
        clocks = (rate_at(1.0, t, steps), share_at(t + 1), t + 1)
        zeros = [(jnp.zeros_like(x), jnp.zeros_like(x)) for x in (G, D)]
        state, _ = jax.lax.scan(lambda s, x: step(net, trial, s, x), (G, D, G, *zeros), (clocks, draws))
        return state[:3]

    def training(net, values, seed):
        keys = jax.random.split(jax.random.key(seed, impl="rbg"), 4)
        n = jax.random.normal(keys[0], (3, steps, batch, 2))
        G = jax.random.normal(keys[1], (COLUMNS, INPUTS, 3, 3))
        D = jax.random.normal(keys[2], (HEADS, COLUMNS, 3, 3))
        draws = (line(n[0], jnp), MEAN + STD * n[1], MEAN + STD * n[2])
        average = run(net, values, G, D, draws, steps)[2]
        latent = MEAN + STD * jax.random.normal(keys[3], (validation, INPUTS))
        return net.generate(latent, average, SimpleNamespace(**values))

    compiled = jax.jit(partial(training, alone))
    together = jax.jit(jax.vmap(partial(training, vector)))

    def train(trial, seed):
        return np.asarray(compiled(vars(trial), seed))

    def train_many(trials, seeds):
        columns = {name: np.array([vars(t)[name] for t in trials], np.float32) for name in vars(trials[0])}
        return np.asarray(together(columns, np.array(seeds, np.uint32)))

    def check(trial, G, D, draws):
        columns = tuple(np.stack(part) for part in zip(*draws))
        forms = [jax.jit(partial(run, net, count=len(draws)))(vars(trial), G, D, columns) for net in (alone, vector)]
        return [np.asarray(x) for form in forms for x in form]

    return SimpleNamespace(version=f"JAX {jax.__version__}", train=train, train_many=train_many, check=check)


PACKAGES = {"torch": with_torch, "jax": with_jax}
