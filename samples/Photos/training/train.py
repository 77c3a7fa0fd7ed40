"""Makes the sample's images, trains its network on them and writes both.

    python3 train.py FOLDER_WITH_MNIST OUT_FOLDER [--epochs 4] [--seed 1] [--start WEIGHTS.safetensors] [--test 400]

Every image is a digit of MNIST, in a light colour and at a random size and place, on a random crop of one of scikit-image's photographs:
3 x 48 x 48 pixels from 0 to 255. The photographs under the test digits are others than those under the training digits.
FOLDER_WITH_MNIST holds MNIST's four IDX files. OUT_FOLDER gets photos.safetensors and the first TEST of the 10,000 test images:
photos-images-idx4-ubyte.gz [TEST, 48, 48, 3], photos-labels-idx1-ubyte.gz and photos-boxes-idx2-ubyte.gz (left, top, right, bottom of the
digit; the last two are one past it). Needs PyTorch, NumPy and scikit-image; one thread of a CPU takes about fifteen minutes.
"""
import argparse
import gzip
import json
import os
import struct

import numpy as np
import skimage.data
import torch
from skimage import io
from torch import nn
from torch.nn import functional

SIZE = 48
GREY = 117.0
SPREAD = 64.0
TRAIN_PHOTOS = ["astronaut.png", "brick.png", "camera.png", "clock_motion.png", "coffee.png", "grass.png", "gravel.png",
                "hubble_deep_field.jpg", "ihc.png", "moon.png", "retina.jpg"]
TEST_PHOTOS = ["chelsea.png", "coins.png", "rocket.jpg"]
BRIGHTEST_CROP = 130.0
DARKEST_INK = 170


def read_idx(folder, name):
    """One IDX file of unsigned bytes as an array."""
    path = os.path.join(folder, name)
    with (open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz")) as file:
        data = file.read()
    if data[:3] != b"\0\0\x08":
        raise ValueError(f"{path} is no IDX file of unsigned bytes")
    axes = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(axes)


def write_idx(path, array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    with open(path, "wb") as file:
        file.write(gzip.compress(header + np.ascontiguousarray(array).tobytes(), compresslevel=9, mtime=0))


def photographs(names):
    """Photographs as [height, width, 3] bytes; grey ones get three equal channels."""
    photos = []
    for name in names:
        photo = io.imread(os.path.join(skimage.data.data_dir, name))
        photos.append(np.stack([photo] * 3, 2) if photo.ndim == 2 else photo[:, :, :3])
    return photos


def crop(photos, chance):
    """A random square of a random photograph, not too bright for a light digit to be seen on it."""
    while True:
        photo = photos[chance.integers(len(photos))]
        top, left = (chance.integers(axis - SIZE + 1) for axis in photo.shape[:2])
        part = photo[top:top + SIZE, left:left + SIZE]
        if part.mean() < BRIGHTEST_CROP:
            return part


def compose(digits, photos, chance):
    """Images [n, 3, 48, 48] as whole floats 0 to 255 and how much of each pixel is ink, [n, 1, 48, 48]."""
    count = len(digits)
    sizes = chance.uniform(24, 44, count)
    places = chance.uniform(0, 1, (count, 2)) * (SIZE - sizes)[:, None]
    # affine_grid asks where each pixel of the result lies in the digit, both from -1 to 1.
    stretch = SIZE / sizes
    shift = stretch[:, None] * (1 - (2 * places + sizes[:, None]) / SIZE)
    theta = np.zeros((count, 2, 3), np.float32)
    theta[:, 0, 0] = theta[:, 1, 1] = stretch
    theta[:, :, 2] = shift
    grid = functional.affine_grid(torch.from_numpy(theta), [count, 1, SIZE, SIZE], align_corners=False)
    ink = functional.grid_sample(torch.from_numpy(digits[:, None] / np.float32(255)), grid, align_corners=False)
    colours = torch.from_numpy(chance.integers(DARKEST_INK, 256, (count, 3, 1, 1)).astype(np.float32))
    crops = np.stack([crop(photos, chance) for _ in range(count)]).transpose(0, 3, 1, 2).astype(np.float32)
    return torch.round(torch.from_numpy(crops) * (1 - ink) + colours * ink), ink


def boxes(ink):
    """The smallest box around the ink, [n, 4]: left, top, right, bottom, the last two one past it."""
    found = []
    for image in ink[:, 0].numpy() > 0.1:
        rows, columns = np.where(image.any(1))[0], np.where(image.any(0))[0]
        found.append([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])
    return np.array(found, np.uint8)


class LocalResponseNorm(nn.Module):
    """torch's, as a 1 x 1 convolution of the squares, which one thread runs several times faster."""

    def __init__(self, channels, size=5, alpha=0.1, beta=0.75, k=1.0):
        super().__init__()
        near = (torch.arange(channels)[:, None] - torch.arange(channels)).abs() <= size // 2
        self.register_buffer("band", near.float()[:, :, None, None] * (alpha / size), persistent=False)
        self.beta, self.k = beta, k

    def forward(self, x):
        return x * (self.k + functional.conv2d(x * x, self.band)) ** -self.beta


class Inception(nn.Module):
    def __init__(self, channels, one, reduce3, three, reduce5, five, project):
        super().__init__()
        self.one = nn.Conv2d(channels, one, 1)
        self.reduce3 = nn.Conv2d(channels, reduce3, 1)
        self.three = nn.Conv2d(reduce3, three, 3, padding=1)
        self.reduce5 = nn.Conv2d(channels, reduce5, 1)
        self.five = nn.Conv2d(reduce5, five, 5, padding=2)
        self.project = nn.Conv2d(channels, project, 1)

    def forward(self, x):
        return torch.cat([
            torch.relu(self.one(x)),
            torch.relu(self.three(torch.relu(self.reduce3(x)))),
            torch.relu(self.five(torch.relu(self.reduce5(x)))),
            torch.relu(self.project(functional.max_pool2d(x, 3, 1, 1)))], 1)


class PhotoNet(nn.Module):
    """GoogLeNet's parts in GoogLeNet's order, with three inception blocks."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 5, padding=2)
        self.norm1 = LocalResponseNorm(16)
        self.reduce2 = nn.Conv2d(16, 16, 1)
        self.conv2 = nn.Conv2d(16, 48, 3, padding=1)
        self.norm2 = LocalResponseNorm(48)
        self.block3a = Inception(48, 16, 24, 32, 8, 16, 16)
        self.block3b = Inception(80, 32, 32, 48, 8, 24, 24)
        self.block4a = Inception(128, 48, 32, 64, 8, 24, 24)
        self.classes = nn.Linear(160, 10)

    def forward(self, image):
        x = (image - GREY) / SPREAD
        x = self.norm1(halve(torch.relu(self.conv1(x))))
        x = halve(self.norm2(torch.relu(self.conv2(torch.relu(self.reduce2(x))))))
        x = self.block4a(halve(self.block3b(self.block3a(x))))
        return self.classes(functional.dropout(x.mean((2, 3)), 0.2, self.training))


def halve(x):
    return functional.max_pool2d(x, 3, 2, ceil_mode=True)


def accuracy(net, images, labels):
    net.eval()
    with torch.no_grad():
        answers = torch.cat([net(part).argmax(1) for part in images.split(500)])
    net.train()
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


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    return {name: data[entry["data_offsets"][0] // 4:entry["data_offsets"][1] // 4].reshape(entry["shape"]) for name, entry in header.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder")
    arguments.add_argument("out")
    arguments.add_argument("--epochs", type=int, default=4)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--start", help="weights to go on from, with half the rate")
    arguments.add_argument("--test", type=int, default=400, help="how many of the test images to write")
    arguments.add_argument("--train", type=int, default=60000, help="how many training digits to use")
    options = arguments.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    digits, labels = (read_idx(options.folder, f"train-{name}-ubyte") for name in ["images-idx3", "labels-idx1"])
    labels = torch.from_numpy(labels.astype(np.int64))
    photos, chance = photographs(TRAIN_PHOTOS), np.random.default_rng(options.seed)

    test_labels = read_idx(options.folder, "t10k-labels-idx1-ubyte")
    test, ink = compose(read_idx(options.folder, "t10k-images-idx3-ubyte"), photographs(TEST_PHOTOS), np.random.default_rng(0))
    write_idx(os.path.join(options.out, "photos-images-idx4-ubyte.gz"), test[:options.test].numpy().astype(np.uint8).transpose(0, 2, 3, 1))
    write_idx(os.path.join(options.out, "photos-labels-idx1-ubyte.gz"), test_labels[:options.test])
    write_idx(os.path.join(options.out, "photos-boxes-idx2-ubyte.gz"), boxes(ink[:options.test]))

    net = PhotoNet()
    if options.start:
        net.load_state_dict(read_safetensors(options.start))
    batches = options.train // 128
    adam = torch.optim.Adam(net.parameters())
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, 2e-3 if options.start else 4e-3, total_steps=batches * options.epochs, pct_start=0.2)
    for epoch in range(options.epochs):
        order = torch.randperm(options.train)[:batches * 128].split(128)
        for rows in order:
            images, _ = compose(digits[rows.numpy()], photos, chance)
            adam.zero_grad()
            functional.cross_entropy(net(images), labels[rows]).backward()
            adam.step()
            rate.step()
        right = accuracy(net, test, torch.from_numpy(test_labels.astype(np.int64)))
        print(f"epoch {epoch + 1}: {right:.4f} of the 10,000 test images", flush=True)
        write_safetensors(os.path.join(options.out, "photos.safetensors"), net.state_dict())


if __name__ == "__main__":
    main()
