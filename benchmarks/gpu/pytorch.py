"""Times PyTorch on a CUDA device: integrated gradients of fifty midpoints, DeepLIFT Rescale, in-silico mutagenesis.

    python3 benchmarks/gpu/pytorch.py [--networks mnist_cnn,...] [--batches 1,256] [--methods ig50,rescale,mutagenesis] [--seconds 0.5] [--longest 20]

Prints one JSON line {network, method, batch, way, precision, median_us} for each number. A call goes from the host's memory to the host's memory. The ways are
"eager", "compile" (torch.compile) and "graph" (the whole call, of a compiled network, captured as a CUDA graph); the precisions "fp32" (TF32 off in products and
convolutions) and "tf32" (on in both). Rows are taken in chunks of at most 16,384. DeepLIFT is written by hand in benchmarks/peers/pytorch.py, for networks that
are a sequence of modules; of others it is not measured. --device cpu --ways eager runs the same calls without CUDA, to try this script out.
"""
import argparse
import json
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import pytorch as peers  # noqa: E402

STEPS = 50
CHUNK = 16384


class LanguageModel(nn.Module):
    """Rows of embedded characters [50, 64] to the logits of the next."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.head = nn.Linear(128, 63)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class Inception(nn.Module):
    def __init__(self, inputs, one, reduce3, three, reduce5, five, pool):
        super().__init__()
        self.towers = nn.ModuleList([
            nn.Sequential(nn.Conv2d(inputs, one, 1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(inputs, reduce3, 1), nn.ReLU(), nn.Conv2d(reduce3, three, 3, padding=1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(inputs, reduce5, 1), nn.ReLU(), nn.Conv2d(reduce5, five, 5, padding=2), nn.ReLU()),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(inputs, pool, 1), nn.ReLU()),
        ])

    def forward(self, x):
        return torch.cat([tower(x) for tower in self.towers], 1)


def googlenet():
    """As benchmarks/Whence.Benchmarks/Sources/GoogLeNet.cs; weights by chance, on which the time hardly depends."""
    halve = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)  # noqa: E731
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), halve(), nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU(), halve(),
        Inception(192, 64, 96, 128, 16, 32, 32), Inception(256, 128, 128, 192, 32, 96, 64), halve(),
        Inception(480, 192, 96, 208, 16, 48, 64), Inception(512, 160, 112, 224, 24, 64, 64), Inception(512, 128, 128, 256, 24, 64, 64),
        Inception(512, 112, 144, 288, 32, 64, 64), Inception(528, 256, 160, 320, 32, 128, 128), halve(),
        Inception(832, 256, 160, 320, 32, 128, 128), Inception(832, 384, 192, 384, 48, 128, 128),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1024, 1000))


def load(name):
    """The shape of an example, the network, and whether DeepLIFT by hand knows its modules."""
    torch.manual_seed(1)
    if name == "lstm_lm":
        return (50, 64), LanguageModel().eval(), False
    if name == "googlenet":
        return (3, 224, 224), googlenet().eval(), False
    shape, net = peers.load(name)
    return shape, net, True


def integrated_gradients(net, x):
    """From zeros, for output 0."""
    alphas = (torch.arange(STEPS, dtype=x.dtype, device=x.device) + 0.5) / STEPS
    scores = []
    for rows in x.split(max(1, CHUNK // STEPS)):
        points = (alphas.view(STEPS, 1, *[1] * (x.dim() - 1)) * rows.unsqueeze(0)).flatten(0, 1).requires_grad_(True)
        slopes = torch.autograd.grad(net(points)[:, 0].sum(), points)[0]
        scores.append(slopes.view(STEPS, *rows.shape).mean(0) * rows)
    return torch.cat(scores)


def rescale(net, x):
    return torch.cat([peers.rescale(net, rows, torch.zeros_like(rows[:1]), 0) for rows in x.split(CHUNK)])


@torch.no_grad()
def mutagenesis(net, x):
    """Output 0 with each letter at each position, less output 0."""
    letters, length = x.shape[1:]
    changes = torch.zeros_like(x)
    one = torch.eye(letters, dtype=x.dtype, device=x.device)
    for rows, to in zip(x.split(max(1, CHUNK // (letters * length))), changes.split(max(1, CHUNK // (letters * length)))):
        changed = rows[:, None, None].expand(-1, letters, length, -1, -1).clone()
        for position in range(length):
            changed[:, :, position, :, position] = one
        to.copy_(net(changed.flatten(0, 2))[:, 0].view(len(rows), letters, length) - net(rows)[:, :1, None])
    return changes


METHODS = {"ig50": integrated_gradients, "rescale": rescale, "mutagenesis": mutagenesis}


def captured(ask, x):
    """The whole call as one CUDA graph."""
    held = x.clone()
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            ask(held)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        answer = ask(held)

    def replay(rows):
        held.copy_(rows)
        graph.replay()
        return answer
    return replay


def measure(call, seconds):
    call()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times)


def inputs(name, shape, batch):
    return peers.inputs(shape, batch) if name != "googlenet" else torch.rand((batch, *shape)) * 255


def time_way(way, net, method, rows, device, seconds):
    ask = METHODS[method]
    used = net if way == "eager" else torch.compile(net)
    on = lambda x: ask(used, x)  # noqa: E731
    if way == "graph":
        on = captured(on, rows.to(device))
    return measure(lambda: on(rows.to(device)).cpu(), seconds)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--networks", default="tabular_mlp,mnist_cnn,genomics_cnn,lstm_lm,googlenet")
    arguments.add_argument("--batches", default="1,16,256,1024,16384")
    arguments.add_argument("--methods", default=",".join(METHODS))
    arguments.add_argument("--ways", default="eager,compile,graph")
    arguments.add_argument("--seconds", type=float, default=0.5)
    arguments.add_argument("--longest", type=float, default=20, help="a batch whose call would take longer, by the one before, is left out")
    arguments.add_argument("--device", default="cuda")
    options = arguments.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit(f"PyTorch {torch.__version__} finds no CUDA device.")

    for name in options.networks.split(","):
        shape, net, is_sequence = load(name)
        net = net.to(options.device)
        for parameter in net.parameters():
            parameter.requires_grad_(False)
        for method in options.methods.split(","):
            if method == "rescale" and not is_sequence or method == "mutagenesis" and shape != (4, 200):
                continue
            for way in options.ways.split(","):
                for precision in ("fp32", "tf32"):
                    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
                    last, before = 0.0, 1
                    for batch in map(int, options.batches.split(",")):
                        if last * batch / before > 1e6 * options.longest:
                            break
                        try:
                            last, before = time_way(way, net, method, inputs(name, shape, batch), options.device, options.seconds), batch
                        except Exception as error:  # One way may lack an operator, or memory; the others are measured all the same.
                            print(f"{name} {method} {batch} {way} {precision}: {error}", file=sys.stderr)
                            break
                        print(json.dumps({"network": name, "method": method, "batch": batch, "way": way, "precision": precision,
                                          "median_us": round(last, 1)}), flush=True)


if __name__ == "__main__":
    main()
