"""QAAAN's two networks in PyTorch, for the suite `qaaan-cost`: one training step with Adam and the moving average.

Reads a JSON object {peer, preset, threads, iterations, repetitions} from standard input, prints one JSON line {peer,
version, seconds, loss}: of the fastest repetition, seconds an iteration. The prior is left out.
"""

import json
import os
import sys
import time

job = json.load(sys.stdin)
os.environ["OMP_NUM_THREADS"] = str(job["threads"])

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError:
    print(json.dumps({"peer": job["peer"], "missing": True}))
    sys.exit(0)

SIZES = {
    "small": dict(d=(32, 64, 256), g=(256, 64, 32), batch=64, rates=(1e-3, 2e-3)),
    "paper": dict(d=(64, 128, 1024), g=(1024, 128, 64), batch=128, rates=(2e-4, 2e-4)),
}
FEATURES = 100


class Discriminator(nn.Module):
    def __init__(self, c1, c2, dense):
        super().__init__()
        self.conv1 = nn.Conv2d(1, c1, 4, 2, 1)
        self.conv2 = nn.Conv2d(c1, c2, 4, 2, 1)
        self.dense = nn.Linear(49 * c2, dense)
        self.features = nn.Linear(dense, FEATURES)
        self.logit = nn.Linear(FEATURES, 1)

    def forward(self, x):
        h = F.leaky_relu(self.conv1(x), 0.2)
        h = F.leaky_relu(self.conv2(h), 0.2)
        h = F.leaky_relu(self.dense(h.flatten(1)), 0.2)
        features = torch.tanh(self.features(h))
        return self.logit(features), features


class Generator(nn.Module):
    def __init__(self, dense, c1, c2):
        super().__init__()
        self.c1 = c1
        self.dense0 = nn.Linear(FEATURES, dense, bias=False)
        self.norm0 = nn.BatchNorm1d(dense)
        self.dense1 = nn.Linear(dense, 49 * c1, bias=False)
        self.norm1 = nn.BatchNorm1d(49 * c1)
        self.deconv0 = nn.ConvTranspose2d(c1, c2, 4, 2, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(c2)
        self.deconv1 = nn.ConvTranspose2d(c2, 1, 4, 2, 1)

    def forward(self, z):
        h = F.relu(self.norm0(self.dense0(z)))
        h = F.relu(self.norm1(self.dense1(h))).view(-1, self.c1, 7, 7)
        return torch.tanh(self.deconv1(F.relu(self.norm2(self.deconv0(h)))))


def main(preset, threads, iterations, repetitions):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    size = SIZES[preset]
    D, G = Discriminator(*size["d"]), Generator(*size["g"])
    betas = (0.5, 0.999)
    optD = torch.optim.Adam(D.parameters(), size["rates"][0], betas)
    optG = torch.optim.Adam(G.parameters(), size["rates"][1], betas)
    average = [p.detach().clone() for p in G.parameters()]
    B = size["batch"]
    images = torch.rand(10000, 1, 28, 28) * 2 - 1

    def iteration():
        real = images[torch.randint(10000, (B,))]
        fake = G(torch.rand(B, FEATURES) * 2 - 1)
        both, _ = D(torch.cat([real, fake.detach()]))
        labels = torch.cat([0.8 + 0.2 * torch.rand(B, 1), torch.zeros(B, 1)])
        loss = 2 * F.binary_cross_entropy_with_logits(both, labels)
        optD.zero_grad()
        loss.backward()
        optD.step()
        for p in D.parameters():
            p.requires_grad_(False)
        judged, _ = D(fake)
        optG.zero_grad()
        F.binary_cross_entropy_with_logits(judged, torch.ones(B, 1)).backward()
        optG.step()
        for p in D.parameters():
            p.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(average, [p.detach() for p in G.parameters()], 0.005)
        return loss.detach()

    for _ in range(3):
        iteration()
    best = float("inf")
    for _ in range(repetitions):
        start = time.perf_counter()
        for _ in range(iterations):
            loss = iteration()
        best = min(best, (time.perf_counter() - start) / iterations)
    line = dict(peer=job["peer"], version=torch.__version__, seconds=best, loss=float(loss))
    print(json.dumps(line))


main(job["preset"], job["threads"], job["iterations"], job["repetitions"])
