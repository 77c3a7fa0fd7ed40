"""Writes pretrained weights of GoogLeNet as safetensors with the names that this sample's networks look for.

    python3 convert.py torchvision GOOGLENET.pth OUT.safetensors     for the network TorchvisionGoogLeNet
    python3 convert.py caffe BVLC_GOOGLENET.npz OUT.safetensors      for the network GoogLeNet

torchvision's googlenet has no local response normalisation, a BatchNorm (epsilon 0.001) after every convolution and, in its blocks' third
tower, 3 x 3 filters where the paper has 5 x 5. Each BatchNorm is folded into its convolution and each 3 x 3 filter is set into the middle of
a 5 x 5 one, which changes no value but by rounding. Its auxiliary classifiers are left out. The network takes pixels and computes
pixel / 127.5 - 1, which is what torchvision's own weights expect after its transform_input.

Caffe's bvlc_googlenet is the paper's network. The file is an .npz of its blobs, named as in the prototxt ("conv1/7x7_s2/0" the filters,
"conv1/7x7_s2/1" the biases). Caffe takes blue, green, red less 104, 117 and 123; the network takes red, green, blue less 117 each. The first
filters' channels are turned round and what the means differ by goes into the first biases: exact but for the outermost two rows and columns
of the first convolution's output, whose padding stood for the mean. Its auxiliary classifiers are left out.

The graph of TensorFlow ("inception5h") is another network: it pads at the right and the bottom, one of its blocks has 508 channels, and
its normalisation has other constants. It is not converted. Needs NumPy, and PyTorch for torchvision's file.
"""
import json
import struct
import sys

import numpy as np

BLOCKS = ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]


def folded(state, name):
    """A convolution without a bias and the BatchNorm above it as filters and biases."""
    norm = {role: np.asarray(state[f"{name}.bn.{role}"], np.float64) for role in ["weight", "bias", "running_mean", "running_var"]}
    scale = norm["weight"] / np.sqrt(norm["running_var"] + 1e-3)
    return np.asarray(state[f"{name}.conv.weight"], np.float64) * scale[:, None, None, None], norm["bias"] - norm["running_mean"] * scale


def from_torchvision(state):
    """torchvision's state by our names."""
    layers = {name: folded(state, name) for name in ["conv1", "conv2", "conv3"]}
    tensors = layer("conv1", layers["conv1"]) | layer("reduce2", layers["conv2"]) | layer("conv2", layers["conv3"])
    for block in BLOCKS:
        theirs, ours = f"inception{block}", f"trunk.block{block}"
        tensors |= layer(f"{ours}.one", folded(state, f"{theirs}.branch1"))
        tensors |= layer(f"{ours}.reduce3", folded(state, f"{theirs}.branch2.0"))
        tensors |= layer(f"{ours}.three", folded(state, f"{theirs}.branch2.1"))
        tensors |= layer(f"{ours}.reduce5", folded(state, f"{theirs}.branch3.0"))
        weight, bias = folded(state, f"{theirs}.branch3.1")
        tensors |= layer(f"{ours}.five", (np.pad(weight, [(0, 0), (0, 0), (1, 1), (1, 1)]), bias))
        tensors |= layer(f"{ours}.project", folded(state, f"{theirs}.branch4.1"))
    return tensors | layer("trunk.classes", (np.asarray(state["fc.weight"]), np.asarray(state["fc.bias"])))


def from_caffe(blobs):
    """Caffe's blobs by our names."""
    weight, bias = blobs["conv1/7x7_s2/0"][:, ::-1], blobs["conv1/7x7_s2/1"].reshape(-1)
    means = np.array([123.0, 117.0, 104.0])
    tensors = layer("conv1", (weight, bias + (weight.sum((2, 3)) * (117.0 - means)).sum(1)))
    tensors |= layer("reduce2", of_caffe(blobs, "conv2/3x3_reduce")) | layer("conv2", of_caffe(blobs, "conv2/3x3"))
    towers = {"one": "1x1", "reduce3": "3x3_reduce", "three": "3x3", "reduce5": "5x5_reduce", "five": "5x5", "project": "pool_proj"}
    for block in BLOCKS:
        for ours, theirs in towers.items():
            tensors |= layer(f"trunk.block{block}.{ours}", of_caffe(blobs, f"inception_{block}/{theirs}"))
    return tensors | layer("trunk.classes", of_caffe(blobs, "loss3/classifier"))


def of_caffe(blobs, name):
    weight = blobs[f"{name}/0"]
    return weight.reshape(weight.shape[-2:]) if name.startswith("loss") else weight, blobs[f"{name}/1"].reshape(-1)


def layer(name, values):
    return {f"{name}.weight": values[0], f"{name}.bias": values[1]}


def write_safetensors(path, tensors):
    """The format's 8-byte header length, JSON header and little-endian float32 data."""
    header, start = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, start + 4 * tensor.size]}
        start += 4 * tensor.size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor, "<f4").tobytes())


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("torchvision", "caffe"):
        raise SystemExit(__doc__)
    kind, path, out = sys.argv[1:]
    if kind == "torchvision":
        import torch
        state = {name: tensor.numpy() for name, tensor in torch.load(path, map_location="cpu").items()}
        write_safetensors(out, from_torchvision(state))
    else:
        with np.load(path) as blobs:
            write_safetensors(out, from_caffe(blobs))


if __name__ == "__main__":
    main()
