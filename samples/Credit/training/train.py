"""Trains the sample's network on the Wisconsin breast cancer data and writes everything that the program reads.

    python3 train.py [OUT_FOLDER]

Writes tumour.safetensors (the network, with the training rows' mean and standard deviation of each measurement, by which it
scales what it is given), population.csv (100 training rows, what an answer is compared with) and test.csv (the rows that were held back, with their
labels). Needs PyTorch and scikit-learn, which ships the data; takes some seconds on one thread, and gives the same bytes each
time on the same versions (PyTorch 1.13, scikit-learn 1.2).
"""
import csv
import json
import os
import struct
import sys

import numpy as np
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from torch import nn

SEED = 1


class TumourNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.bn1 = nn.Linear(30, 64), nn.BatchNorm1d(64)
        self.fc2, self.bn2 = nn.Linear(64, 32), nn.BatchNorm1d(32)
        self.fc3 = nn.Linear(32, 2)

    def forward(self, x, dropout=0.0):
        x = torch.relu(self.bn1(self.fc1(x)))
        x = nn.functional.dropout(x, dropout, self.training)
        return self.fc3(torch.relu(self.bn2(self.fc2(x))))


def train(x, y):
    torch.manual_seed(SEED)
    net = TumourNet()
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
    order = torch.Generator().manual_seed(SEED)
    net.train()
    for _ in range(60):
        for batch in torch.randperm(len(x), generator=order).split(32):
            optimiser.zero_grad()
            nn.functional.cross_entropy(net(x[batch], dropout=0.3), y[batch]).backward()
            optimiser.step()
    return net.eval()


def write_safetensors(path, state):
    """The format's 8-byte header length, JSON header and little-endian float32 data."""
    header, data = {}, b""
    for name, tensor in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        values = tensor.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_rows(path, header, rows):
    with open(path, "w", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    torch.set_num_threads(1)
    data = load_breast_cancer()
    names = [str(name) for name in data.feature_names]
    train_x, test_x, train_y, test_y = train_test_split(data.data, data.target, test_size=143, random_state=SEED, stratify=data.target)
    mean, deviation = train_x.mean(0), train_x.std(0)

    def scaled(x):
        return torch.tensor(((x - mean) / deviation).astype(np.float32))

    net = train(scaled(train_x), torch.tensor(train_y))
    with torch.no_grad():
        answers = net(scaled(test_x)).argmax(1).numpy()
    print(f"{(answers == test_y).sum()} of {len(test_y)} test rows right")

    write_safetensors(os.path.join(out, "tumour.safetensors"), {**net.state_dict(), "mean": torch.tensor(mean), "deviation": torch.tensor(deviation)})
    chosen = np.random.RandomState(SEED).permutation(len(train_x))[:100]
    write_rows(os.path.join(out, "population.csv"), names, [[repr(v) for v in row] for row in train_x[chosen].tolist()])
    write_rows(os.path.join(out, "test.csv"), names + ["label"], [[repr(v) for v in row] + [data.target_names[label]] for row, label in zip(test_x.tolist(), test_y)])


if __name__ == "__main__":
    main()
