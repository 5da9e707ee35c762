"""The effective equation of the dissipative network and its steady state in the closed form, for NumPy, PyTorch and JAX.

Imported by the drivers beside it. `xp` is the module whose arrays are given; angles [..., N], couplings [..., N, 3, 3],
phi = 0. The equation and the form: kernels/effective-steady-state/README.md.
"""


def cross(a, b, xp):
    return xp.stack(
        [
            a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1],
            a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2],
            a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0],
        ],
        -1,
    )


def coefficients(theta, J, xp, z=None):
    """h, M and beta: vectors [..., 3] and matrices [..., 3, 3]; z None is a polarization of 1, which has fewer terms."""
    s, c = xp.sin(theta)[..., None], xp.cos(theta)[..., None]
    r1, r2, r3 = J[..., 0, :], J[..., 1, :], J[..., 2, :]
    d, a = s * r1 + c * r3, s * r3 - c * r1
    b = xp.broadcast_to(r2, a.shape)
    one = xp.eye(3, dtype=a.dtype)

    def projector(x):
        return (x * x).sum(-1)[..., None, None] * one - x[..., :, None] * x[..., None, :]

    h, M, beta = d.sum(-2), -8 * (projector(a) + projector(b)).sum(-3), -16 * cross(a, b, xp).sum(-2)
    if z is None:
        return h, M, beta
    return z * h, M - 4 * (1 - z * z) * projector(d).sum(-3), z * beta


def steady_state(equation, gamma, xp):
    """The Bloch vector [..., 3] at which 2 h x r + (M r + beta) / gamma vanishes."""
    h, M, beta = equation
    w = 2 * gamma * h
    Mw = (M * w[..., None, :]).sum(-1)
    m0, m1, m2 = M[..., 0, :], M[..., 1, :], M[..., 2, :]
    adjugate = xp.stack([cross(m1, m2, xp), cross(m2, m0, xp), cross(m0, m1, xp)], -1)
    den = (m0 * cross(m1, m2, xp)).sum(-1) + (w * Mw).sum(-1)
    total = (adjugate * beta[..., None, :]).sum(-1) + w * (w * beta).sum(-1)[..., None] - cross(Mw, beta, xp)
    return -total / den[..., None]


def steady_z(theta, J, xp, z, gamma):
    """<sigma_z> of one output, the same equation written out in components: theta [..., N], J [N, 3, 3].

    XLA makes a few loops over whole arrays of it, where the form above computes each matrix anew for every component.
    """
    h, beta = [0.0] * 3, [0.0] * 3
    M = [[0.0] * 3 for _ in range(3)]
    for n in range(theta.shape[-1]):
        s, c = xp.sin(theta[..., n]), xp.cos(theta[..., n])
        r1, b, r3 = ([J[n, k, l] for l in range(3)] for k in range(3))
        d, a = ([s * x + c * y for x, y in zip(r1, r3)], [s * y - c * x for x, y in zip(r1, r3)])
        for i, x in enumerate(outer(a, b)):
            h[i], beta[i] = h[i] + z * d[i], beta[i] - 16 * z * x
        for v, f in ((a, 8), (b, 8), (d, 4 * (1 - z * z))):
            square = [x * x for x in v]
            for i in range(3):
                M[i][i] = M[i][i] - f * (square[(i + 1) % 3] + square[(i + 2) % 3])
                for j in range(i):
                    M[i][j] = M[j][i] = M[i][j] + f * v[i] * v[j]
    w = [2 * gamma * x for x in h]
    Mw = [inner(row, w) for row in M]
    adjugate = [outer(M[1], M[2]), outer(M[2], M[0]), outer(M[0], M[1])]
    den = inner(M[0], adjugate[0]) + inner(w, Mw)
    total = sum(x[2] * y for x, y in zip(adjugate, beta)) + w[2] * inner(w, beta) - outer(Mw, beta)[2]
    return -total / den


def inner(a, b):
    return sum(x * y for x, y in zip(a, b))


def outer(a, b):
    """The cross product of lists of components."""
    return [a[i - 2] * b[i - 1] - a[i - 1] * b[i - 2] for i in range(3)]
