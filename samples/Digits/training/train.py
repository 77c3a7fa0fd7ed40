"""Trains the sample's network on MNIST and writes it as safetensors.

    python3 train.py FOLDER_WITH_MNIST OUT.safetensors [--epochs 6] [--seed 1] [--train 60000]

The folder holds MNIST's four IDX files, plain or gzip-compressed. Needs PyTorch and NumPy, runs on a CPU in a few minutes.
The network is that of the MNIST experiment of DeepLIFT (arXiv 1704.02685): two convolutions with stride 2 and no pooling.
"""
import argparse
import gzip
import json
import os
import struct

import numpy as np
import torch
from torch import nn


def read_idx(folder, name):
    """One IDX file of unsigned bytes as an array."""
    path = os.path.join(folder, name)
    with (open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz")) as file:
        data = file.read()
    if data[:3] != b"\0\0\x08":
        raise ValueError(f"{path} is no IDX file of unsigned bytes")
    axes = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(axes)


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 4, stride=2)
        self.conv2 = nn.Conv2d(32, 64, 4, stride=2)
        self.fc1 = nn.Linear(1600, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        return self.fc2(torch.relu(self.fc1(x.flatten(1))))


def batch(folder, name):
    """Pixels 0 to 1 as [n, 1, 28, 28], and labels."""
    images = read_idx(folder, f"{name}-images-idx3-ubyte").astype(np.float32) / 255
    labels = read_idx(folder, f"{name}-labels-idx1-ubyte").astype(np.int64)
    return torch.from_numpy(images[:, None]), torch.from_numpy(labels)


def accuracy(net, images, labels):
    with torch.no_grad():
        answers = torch.cat([net(part).argmax(1) for part in images.split(1000)])
    return (answers == labels).float().mean().item()


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


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder")
    arguments.add_argument("out")
    arguments.add_argument("--epochs", type=int, default=6)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--train", type=int, default=60000, help="how many training digits to use")
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    images, labels = batch(options.folder, "train")
    images, labels = images[:options.train], labels[:options.train]
    test = batch(options.folder, "t10k")
    net = DigitNet()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(adam, options.epochs)
    for epoch in range(options.epochs):
        for rows in torch.randperm(len(images)).split(128):
            adam.zero_grad()
            nn.functional.cross_entropy(net(images[rows]), labels[rows]).backward()
            adam.step()
        slower.step()
        print(f"epoch {epoch + 1}: {accuracy(net, *test):.4f} of the test digits", flush=True)
    write_safetensors(options.out, net.state_dict())


if __name__ == "__main__":
    main()
