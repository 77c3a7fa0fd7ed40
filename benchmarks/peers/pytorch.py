"""PyTorch as a peer: forward, gradient, integrated gradients in 50 or 10 steps, DeepLIFT Rescale and RevealCancel.

    python3 benchmarks/peers/pytorch.py [--check]

Answers what it is asked line by line on its input, as Whence.Benchmarks/TorchPeer.cs asks, and rests in between; --check compares the hand-written rules
with their completeness instead. Needs PyTorch and NumPy only. A question is answered in each way that is known here (eager, channels last,
TorchScript frozen for inference or traced, 64 to 256 rows a chunk), and the quickest is measured. Gradients sum the outputs before one backward pass;
weights need none. DeepLIFT is written by hand, since PyTorch has none: one batched forward pass over the examples and the reference,
unless the reference is kept, then module by module the multipliers backward (secants for Rescale).
"""
import itertools
import json
import os
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "weights")
NEAR_ZERO = 1e-7
CHUNKS = (64, 128, 256)
TRIALS = 3


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


class Inception(nn.Module):
    def __init__(self, channels, one, reduce3, three, reduce5, five, pool):
        super().__init__()
        self.one = nn.Conv2d(channels, one, 1)
        self.reduce3, self.three = nn.Conv2d(channels, reduce3, 1), nn.Conv2d(reduce3, three, 3, padding=1)
        self.reduce5, self.five = nn.Conv2d(channels, reduce5, 1), nn.Conv2d(reduce5, five, 5, padding=2)
        self.project = nn.Conv2d(channels, pool, 1)

    def forward(self, x):
        return torch.cat([self.one(x).relu(), self.three(self.reduce3(x).relu()).relu(), self.five(self.reduce5(x).relu()).relu(),
                          self.project(F.max_pool2d(x, 3, 1, 1)).relu()], 1)


class GoogLeNet(nn.Module):
    shape = (3, 224, 224)
    blocks = {"block3a": (192, 64, 96, 128, 16, 32, 32), "block3b": (256, 128, 128, 192, 32, 96, 64), "block4a": (480, 192, 96, 208, 16, 48, 64),
              "block4b": (512, 160, 112, 224, 24, 64, 64), "block4c": (512, 128, 128, 256, 24, 64, 64), "block4d": (512, 112, 144, 288, 32, 64, 64),
              "block4e": (528, 256, 160, 320, 32, 128, 128), "block5a": (832, 256, 160, 320, 32, 128, 128), "block5b": (832, 384, 192, 384, 48, 128, 128)}

    def __init__(self):
        super().__init__()
        self.conv1, self.reduce2, self.conv2 = nn.Conv2d(3, 64, 7, 2, 3), nn.Conv2d(64, 64, 1), nn.Conv2d(64, 192, 3, padding=1)
        for name, sizes in self.blocks.items():
            setattr(self, name, Inception(*sizes))
        self.classes = nn.Linear(1024, 1000)

    def forward(self, x):
        x = self.halve(self.conv1(x).relu())
        x = self.halve(self.conv2(self.reduce2(x).relu()).relu())
        for name in self.blocks:
            x = getattr(self, name)(x)
            if name in ("block3b", "block4e"):
                x = self.halve(x)
        return self.classes(x.mean((2, 3)))

    @staticmethod
    def halve(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)


class ResidualBlock(nn.Module):
    def __init__(self, before, channels):
        super().__init__()
        stride = 1 if before == channels else 2
        self.conv1, self.bn1 = nn.Conv2d(before, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        if stride == 2:
            self.skip, self.skip_bn = nn.Conv2d(before, channels, 1, 2, bias=False), nn.BatchNorm2d(channels)
        self.halves = stride == 2

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (y + (self.skip_bn(self.skip(x)) if self.halves else x)).relu()


class ResNet18(nn.Module):
    shape = (3, 224, 224)

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        before = 64
        for stage, channels in enumerate((64, 128, 256, 512), 1):
            for block in "ab":
                setattr(self, f"block{stage}{block}", ResidualBlock(before, channels))
                before = channels
        self.classes = nn.Linear(512, 1000)

    def forward(self, x):
        x = F.max_pool2d(self.bn1(self.conv1(x)).relu(), 3, 2, 1)
        for stage in (1, 2, 3, 4):
            for block in "ab":
                x = getattr(self, f"block{stage}{block}")(x)
        return self.classes(x.mean((2, 3)))


class BertBlock(nn.TransformerEncoderLayer):
    shape = (128, 768)

    def __init__(self):
        super().__init__(768, 12, 3072, activation="gelu", batch_first=True)
        self.head = nn.Linear(768, 2)

    def forward(self, x):
        return self.head(super().forward(x)[:, 0])


class LanguageModel(nn.Module):
    shape = (50, 64)

    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(64, 128, batch_first=True), nn.Linear(128, 63)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


LARGER = {"googlenet": GoogLeNet, "resnet18": ResNet18, "bert_block": BertBlock, "lstm_lm": LanguageModel}


def load(name, path):
    """The shape of an input and the network, evaluated and without gradients of its weights."""
    weights = read_safetensors(path)
    if name in LARGER:
        net = LARGER[name]()
        missing = net.load_state_dict(weights, strict=False).missing_keys
        assert not [key for key in missing if not key.endswith("num_batches_tracked")], missing
        return net.shape, without_gradients(net)
    shape, modules, names = networks()[name]
    owners = [module for module in modules if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.BatchNorm1d))]
    for module, prefix in zip(owners, names):
        state = {key[len(prefix) + 1:]: value for key, value in weights.items() if key.startswith(prefix + ".")}
        module.load_state_dict(state, strict=not isinstance(module, nn.BatchNorm1d))
    return shape, without_gradients(nn.Sequential(*modules))


def without_gradients(net):
    net.eval()
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    return net


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


def with_kept(net, x, kept):
    values = kept_reference(net, x)
    return [torch.cat([value, reference]) for value, reference in zip(values, kept)]


def batch_norm_scale(module, like):
    return (module.weight / torch.sqrt(module.running_var + module.eps)).view(1, -1, *[1] * (like.dim() - 2))


def kept_reference(net, reference):
    """The reference's values, of every module's input and the output."""
    values = [reference]
    for module in net:
        values.append(module(values[-1]))
    return values


@torch.no_grad()
def rescale(net, x, reference, target, kept=None):
    values = forward_all(net, x, reference) if kept is None else with_kept(net, x, kept)
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


def in_chunks(call, x, rows):
    return call(x) if len(x) <= rows else torch.cat([call(part) for part in x.split(rows)])


def integrated_gradients(net, x, reference, target, steps, chunk):
    """Midpoints; all points of a stretch of examples, so many rows at a time."""
    alphas = (torch.arange(steps, dtype=x.dtype) + 0.5) / steps
    delta = x - reference
    scores = []
    for rows in delta.split(max(1, chunk // steps)):
        points = reference.unsqueeze(0) + alphas.view(steps, 1, *[1] * (x.dim() - 1)) * rows.unsqueeze(0)
        slopes = in_chunks(lambda part: gradient(net, part, target), points.flatten(0, 1), chunk).view_as(points)
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


def channels_last(net):
    return net.to(memory_format=torch.channels_last)


def ways(method, net, x, path, name):
    """Way -> call, for every way to answer a question of unit 0."""
    reference = torch.zeros_like(x[:1])
    nets = {"eager": net, "traced": torch.jit.trace(net, x, check_trace=False)}
    if x.dim() == 4:
        nets["channels-last"] = channels_last(load(name, path)[1])
    steps = {"ig50": 50, "ig10": 10}
    if method == "forward":
        nets["frozen"] = torch.jit.optimize_for_inference(torch.jit.freeze(nets["traced"]))
        calls = {f"{way} {chunk}": lambda one=one, chunk=chunk: in_chunks(lambda part: forward(one, part), x, chunk)
                 for (way, one), chunk in itertools.product(nets.items(), CHUNKS)}
    elif method == "gradient":
        calls = {f"{way} {chunk}": lambda one=one, chunk=chunk: in_chunks(lambda part: gradient(one, part, 0), x, chunk)
                 for (way, one), chunk in itertools.product(nets.items(), CHUNKS)}
    elif method in steps:
        calls = {f"{way} {chunk}": lambda one=one, chunk=chunk: integrated_gradients(one, x, reference, 0, steps[method], chunk)
                 for (way, one), chunk in itertools.product(nets.items(), CHUNKS)}
    elif name in LARGER:
        return {}
    elif method == "rescale":
        calls = {"by hand": lambda: rescale(net, x, reference, 0)}
    elif method == "prepared":
        kept = kept_reference(net, reference)
        calls = {"by hand": lambda: rescale(net, x, reference, 0, kept)}
    elif method == "revealcancel":
        split = split_weights(net)
        calls = {"by hand": lambda: reveal_cancel(net, split, x, reference, 0)}
    else:
        return {}
    # Chunks larger than the batch are all the same.
    rows = len(x) * steps.get(method, 1)
    return {way: call for way, call in calls.items() if not way[-1].isdigit() or int(way.split()[-1]) < 2 * rows or way.endswith(str(CHUNKS[0]))}


def in_double(method, x, path, name):
    """The answer to a question of unit 0 in double precision, by the same code, for telling which of two answers is nearer."""
    calls = ways(method, load(name, path)[1].double(), x.double(), path, name)
    return next(iter(calls.values()))()


def quickest(calls):
    """The quickest way, after a first call of each, which may compile; what is slow is tried once, and what fails is no way."""
    times = {}
    for way, call in calls.items():
        try:
            call()
            times[way] = seconds(call)
            if times[way] < 1.5 * min(times.values()):
                times[way] = min(times[way], *(seconds(call) for _ in range(TRIALS - 1)))
        except (RuntimeError, NotImplementedError) as error:
            print(f"{way}: {str(error).splitlines()[0]}", file=sys.stderr)
    return min(times, key=times.get)


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def check(name, shape, net):
    """Every complete method's scores sum to the difference of the outputs, in double precision."""
    net = net.double()
    x, reference = inputs(shape, 4).double(), torch.zeros((1, *shape), dtype=torch.float64)
    difference = (net(x) - net(reference))[:, 0]
    scores = {
        "rescale": (rescale(net, x, reference, 0), 1e-6), "prepared": (rescale(net, x, reference, 0, kept_reference(net, reference)), 1e-6),
        "revealcancel": (reveal_cancel(net, split_weights(net), x, reference, 0), 1e-6),
        "ig50": (integrated_gradients(net, x, reference, 0, 50, 64), 0.05),
    }
    for method, (found, tolerance) in scores.items():
        gap = (found.flatten(1).sum(1) - difference).abs().max().item()
        assert gap < tolerance * max(1, difference.abs().max().item()), (name, method, gap)


def serve():
    name = path = shape = net = call = None
    for line in sys.stdin:
        verb, *words = line.split()
        answer = "ok"
        if verb == "version":
            answer = torch.__version__
        elif verb == "load":
            name, path = words
            shape, net = load(name, path)
        elif verb == "warm":
            method, batch, threads, least, file = words
            torch.set_num_threads(int(threads))
            x = torch.from_numpy(np.fromfile(file, "<f4").reshape(int(batch), *shape))
            calls = ways(method, net, x, path, name)
            way = quickest(calls) if calls else None
            call = calls.get(way)
            end = time.perf_counter() + float(least)
            while call and time.perf_counter() < end:
                call()
            answer = f"ok {way}" if call else "none"
        elif verb == "time":
            start, before = time.perf_counter(), time.process_time()
            for _ in range(int(words[0])):
                call()
            wall, cpu = time.perf_counter() - start, time.process_time() - before
            answer = f"{1e6 * wall / int(words[0])} {1e6 * cpu / int(words[0])}"
        elif verb == "answer":
            file, *precision = words
            found = in_double(method, x, path, name) if precision == ["double"] else call()
            found.detach().contiguous().numpy().astype("<f4").tofile(file)
        print(answer, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        for name in networks():
            check(name, *load(name, os.path.join(WEIGHTS, name + ".safetensors")))
    else:
        serve()
