"""Times PyTorch on the three benchmark networks: forward, gradient, IG-50, DeepLIFT Rescale and RevealCancel.

    python3 benchmarks/peers/pytorch.py [--threads 1,2] [--batches 1,32,256] [--networks mnist_cnn,...] [--seconds 0.5] [--check]

Prints one JSON line {network, method, batch, threads, median_us, cpu_us} for each, where cpu_us is the processor time of a call, averaged:
on a busy machine the steadier of the two. Needs PyTorch and NumPy only. Forward is one call without
autograd, gradient one forward and one backward pass by autograd, IG-50 fifty midpoint steps of every example in chunks of 500 rows. DeepLIFT is
written by hand, since PyTorch has none: one batched forward pass over the examples and the reference, then module by module
the multipliers backward (secants for Rescale). --check first compares the hand-written rules with their completeness.
"""
import argparse
import json
import os
import statistics
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "weights")
NEAR_ZERO = 1e-7
STEPS = 50
CHUNK = 500


def read_safetensors(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            tensors[name] = torch.from_numpy(np.frombuffer(data[start:end], "<f4").reshape(entry["shape"]).copy())
    return tensors


class GlobalAverage(nn.Module):
    def forward(self, x):
        return x.mean(-1)


def networks():
    """Name -> (input shape, modules, names of the modules that have weights)."""
    return {
        "mnist_cnn": ((1, 28, 28), [nn.Conv2d(1, 32, 4, 2), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10)],
                      ["conv1", "conv2", "fc1", "fc2"]),
        "genomics_cnn": ((4, 200), [nn.Conv1d(4, 50, 11), nn.ReLU(), nn.Conv1d(50, 50, 11), nn.ReLU(), GlobalAverage(), nn.Linear(50, 50), nn.ReLU(), nn.Linear(50, 3)],
                         ["conv1", "conv2", "fc1", "fc2"]),
        "tabular_mlp": ((30,), [nn.Linear(30, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2)],
                        ["fc1", "bn1", "fc2", "bn2", "fc3"]),
    }


def load(name):
    shape, modules, names = networks()[name]
    weights = read_safetensors(os.path.join(WEIGHTS, name + ".safetensors"))
    owners = [module for module in modules if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.BatchNorm1d))]
    for module, prefix in zip(owners, names):
        state = {key[len(prefix) + 1:]: value for key, value in weights.items() if key.startswith(prefix + ".")}
        module.load_state_dict(state, strict=not isinstance(module, nn.BatchNorm1d))
    net = nn.Sequential(*modules).eval()
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    return shape, net


def apply(module, x, weight):
    """The module's product with another weight and no bias."""
    if isinstance(module, nn.Linear):
        return F.linear(x, weight)
    return (F.conv2d if isinstance(module, nn.Conv2d) else F.conv1d)(x, weight, None, module.stride)


def back(module, m, weight, value):
    """The transpose of apply, into an input shaped as this value: what autograd calls, which is faster than conv_transpose."""
    if isinstance(module, nn.Linear):
        return m @ weight
    return torch.ops.aten.convolution_backward(m, value[:-1], weight, None, module.stride, module.padding, module.dilation, False, [0] * len(module.stride), 1, [True, False, False])[0]


def forward_all(net, x, reference):
    """Every module's input and the output, for the examples and, as last row, the reference."""
    values = [torch.cat([x, reference])]
    for module in net:
        values.append(module(values[-1]))
    return values


def batch_norm_scale(module, like):
    return (module.weight / torch.sqrt(module.running_var + module.eps)).view(1, -1, *[1] * (like.dim() - 2))


@torch.no_grad()
def rescale(net, x, reference, target):
    values = forward_all(net, x, reference)
    m = torch.zeros_like(values[-1][:-1])
    m[:, target] = 1
    for module, value, after in zip(reversed(net), values[-2::-1], values[:0:-1]):
        if isinstance(module, nn.ReLU):
            delta = value[:-1] - value[-1:]
            secant = (after[:-1] - after[-1:]) / delta
            m = m * torch.where(delta.abs() < NEAR_ZERO, (value[-1:] > 0).to(m.dtype), secant)
        elif isinstance(module, nn.BatchNorm1d):
            m = m * batch_norm_scale(module, m)
        elif isinstance(module, nn.Flatten):
            m = m.view_as(value[:-1])
        elif isinstance(module, GlobalAverage):
            m = (m / value.shape[-1]).unsqueeze(-1).expand_as(value[:-1])
        else:
            m = back(module, m, module.weight, value)
    return m * (x - reference)


def split_weights(net):
    """Positive and negative parts of every linear module's weight, made once."""
    return {module: (module.weight.clamp(min=0), module.weight.clamp(max=0)) for module in net if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d))}


@torch.no_grad()
def reveal_cancel(net, split, x, reference, target):
    """DeepLIFT's Linear rule and RevealCancel (arXiv 1704.02685, section 3.5.3) on every ReLU, in the authors' signs and thresholds."""
    values = forward_all(net, x, reference)
    delta = x - reference
    kept, positive, negative = [], delta.clamp(min=0), delta.clamp(max=0)
    for module, value, after in zip(net, values, values[1:]):
        factors = None
        if isinstance(module, nn.ReLU):
            r = value[-1:]
            p, n = pad(positive), pad(negative)
            f_r, f_p, f_n, f_pn = r.relu(), (r + p).relu(), (r + n).relu(), (r + n + p).relu()
            positive = 0.5 * ((f_p - f_r) + (f_pn - f_n))
            negative = 0.5 * ((f_n - f_r) + (f_pn - f_p))
            factors = (positive / p, negative / n)
        elif isinstance(module, nn.BatchNorm1d):
            scale = batch_norm_scale(module, positive)
            up = scale > 0
            positive, negative = scale * torch.where(up, positive, negative), scale * torch.where(up, negative, positive)
            factors = (scale, up)
        elif isinstance(module, (nn.Flatten, GlobalAverage)):
            positive, negative = module(positive), module(negative)
        else:
            plus, minus = split[module]
            d = value[:-1] - value[-1:]
            positive = apply(module, d.clamp(min=0), plus) + apply(module, d.clamp(max=0), minus)
            negative = (after[:-1] - after[-1:]) - positive
            factors = d
        kept.append(factors)
    up = torch.zeros_like(values[-1][:-1])
    up[:, target] = 1
    down = up
    for module, value, factors in zip(reversed(net), values[-2::-1], reversed(kept)):
        if isinstance(module, nn.ReLU):
            up, down = up * factors[0], down * factors[1]
        elif isinstance(module, nn.BatchNorm1d):
            scale, rises = factors
            up, down = scale * torch.where(rises, up, down), scale * torch.where(rises, down, up)
        elif isinstance(module, nn.Flatten):
            up, down = up.view_as(value[:-1]), down.view_as(value[:-1])
        elif isinstance(module, GlobalAverage):
            up, down = [(m / value.shape[-1]).unsqueeze(-1).expand_as(value[:-1]) for m in (up, down)]
        else:
            plus, minus = split[module]
            above = back(module, up, plus, value) + back(module, down, minus, value)
            below = back(module, up, minus, value) + back(module, down, plus, value)
            up = down = torch.where(factors > 0, above, torch.where(factors < 0, below, 0.5 * (above + below)))
    return up * delta.clamp(min=0) + down * delta.clamp(max=0)


def pad(part):
    """The authors' guard: a part that is almost nothing becomes a step of 1e-7."""
    small = part.abs() < NEAR_ZERO / 2
    return torch.where(small, part + torch.where(part >= 0, NEAR_ZERO, -NEAR_ZERO), part)


def gradient(net, x, target):
    x = x.detach().requires_grad_(True)
    return torch.autograd.grad(net(x)[:, target].sum(), x)[0]


def integrated_gradients(net, x, reference, target):
    alphas = (torch.arange(STEPS, dtype=x.dtype) + 0.5) / STEPS
    delta = x - reference
    scores = []
    for rows in delta.split(max(1, CHUNK // STEPS)):
        points = reference.unsqueeze(0) + alphas.view(STEPS, 1, *[1] * (x.dim() - 1)) * rows.unsqueeze(0)
        slopes = gradient(net, points.flatten(0, 1), target).view_as(points)
        scores.append(slopes.mean(0) * rows)
    return torch.cat(scores)


@torch.no_grad()
def forward(net, x):
    return net(x)


def inputs(shape, batch):
    generator = torch.Generator().manual_seed(1)
    if shape == (4, 200):
        return F.one_hot(torch.randint(4, (batch, 200), generator=generator), 4).transpose(1, 2).float()
    return torch.rand((batch, *shape), generator=generator)


def measure(call, seconds):
    """Median time and mean processor time of a call."""
    start = time.perf_counter()
    call()
    least = 3 if time.perf_counter() - start < 2 else 1
    times, end, before = [], time.perf_counter() + seconds, time.process_time()
    while len(times) < least or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    cpu = (time.process_time() - before) / len(times)
    return {"median_us": round(1e6 * statistics.median(times), 1), "cpu_us": round(1e6 * cpu, 1)}


def methods(net, x, reference, target=0):
    split = split_weights(net)
    return {
        "forward": lambda: forward(net, x),
        "gradient": lambda: gradient(net, x, target),
        "ig50": lambda: integrated_gradients(net, x, reference, target),
        "rescale": lambda: rescale(net, x, reference, target),
        "revealcancel": lambda: reveal_cancel(net, split, x, reference, target),
    }


def check(name, shape, net):
    """Every complete method's scores sum to the difference of the outputs, in double precision."""
    net = net.double()
    x, reference = inputs(shape, 4).double(), torch.zeros((1, *shape), dtype=torch.float64)
    difference = (net(x) - net(reference))[:, 0]
    for method, tolerance in (("rescale", 1e-6), ("revealcancel", 1e-6), ("ig50", 0.05)):
        gap = (methods(net, x, reference)[method]().flatten(1).sum(1) - difference).abs().max().item()
        assert gap < tolerance * max(1, difference.abs().max().item()), (name, method, gap)
    net.float()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--threads", default="1,2")
    arguments.add_argument("--batches", default="1,32,256")
    arguments.add_argument("--networks", default=",".join(networks()))
    arguments.add_argument("--seconds", type=float, default=0.5, help="for each line; at least three calls, or one if a call takes over two seconds")
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()

    for name in options.networks.split(","):
        shape, net = load(name)
        if options.check:
            check(name, shape, net)
        reference = torch.zeros((1, *shape))
        for threads in map(int, options.threads.split(",")):
            torch.set_num_threads(threads)
            for batch in map(int, options.batches.split(",")):
                for method, call in methods(net, inputs(shape, batch), reference).items():
                    line = {"network": name, "method": method, "batch": batch, "threads": threads, **measure(call, options.seconds)}
                    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
