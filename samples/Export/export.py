"""Writes trained weights as safetensors, with the names and the layout that a Whence network loads.

    python3 export.py keras MODEL.weights.h5 OUT.safetensors [--flatten LAYER=CHANNELSxHEIGHTxWIDTH]

From PyTorch and scikit-learn import it:  export.write("net.safetensors", export.from_pytorch(model)).
Needs NumPy; h5py for Keras.
"""
import json
import struct
import sys

import numpy as np

DTYPES = {"float16": "F16", "float32": "F32", "float64": "F64"}


def write(path, tensors):
    """The format: the header's length in 8 bytes, a JSON header, little-endian data."""
    header, data = {}, b""
    for name, values in tensors.items():
        values = np.ascontiguousarray(values)
        if values.dtype.name not in DTYPES:
            raise TypeError(f"{name} is of {values.dtype.name}, and weights are of {', '.join(DTYPES)}")
        raw = values.astype(values.dtype.newbyteorder("<")).tobytes()
        header[name] = {"dtype": DTYPES[values.dtype.name], "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def from_pytorch(model):
    """A module's state: the names are those that Whence looks for. BatchNorm's counter of batches is no weight."""
    return {name: values.detach().cpu().numpy() for name, values in model.state_dict().items() if not name.endswith("num_batches_tracked")}


def from_sklearn(mlp, scaler=None):
    """MLPClassifier or MLPRegressor as fc1, fc2, ...: scikit-learn keeps [inputs, outputs]. A StandardScaler goes into the first layer."""
    layers = [(weight.T.astype(np.float64), bias.astype(np.float64)) for weight, bias in zip(mlp.coefs_, mlp.intercepts_)]
    if scaler is not None:
        weight, bias = layers[0]
        weight = weight / scaler.scale_
        layers[0] = (weight, bias - weight @ scaler.mean_)
    tensors = {}
    for i, (weight, bias) in enumerate(layers, start=1):
        tensors[f"fc{i}.weight"], tensors[f"fc{i}.bias"] = weight.astype(np.float32), bias.astype(np.float32)
    return tensors


def from_keras(path, flattened=None):
    """The weights of Dense, Conv1D, Conv2D, BatchNormalization and Embedding layers, by the layers' names.

    Keras keeps channels last, so a Dense layer behind a Flatten has its inputs in another order than here: say with
    flattened={"dense": (channels, height, width)} what was flattened before it.
    """
    import h5py
    tensors = {}
    with h5py.File(path, "r") as file:
        for layer, arrays in keras_layers(file):
            tensors.update(keras_layer(layer, arrays, (flattened or {}).get(layer)))
    missing = set(flattened or {}) - {name.rsplit(".", 1)[0] for name in tensors}
    if missing:
        raise KeyError(f"there is no layer {', '.join(sorted(missing))}; there are {', '.join(sorted({name.rsplit('.', 1)[0] for name in tensors}))}")
    return tensors


def keras_layers(file):
    """Keras 3 has layers/NAME/vars/0, 1, ...; Keras 2 lists each layer's arrays in an attribute, perhaps below model_weights."""
    if "layers" in file:
        for name, group in file["layers"].items():
            if len(group.get("vars", ())) > 0:
                yield name, [group["vars"][str(i)][()] for i in range(len(group["vars"]))]
        return
    root = file["model_weights"] if "model_weights" in file else file
    for name, group in root.items():
        arrays = [group[word.decode() if isinstance(word, bytes) else word][()] for word in group.attrs.get("weight_names", ())]
        if arrays:
            yield name, arrays


def keras_layer(name, arrays, flattened):
    shapes = [values.shape for values in arrays]
    ranks = [len(shape) for shape in shapes]
    if ranks == [1] * 4:
        return dict(zip((f"{name}.{word}" for word in ("weight", "bias", "running_mean", "running_var")), arrays))
    if ranks == [2] and flattened is None:
        # An Embedding, [vocabulary, width]; a Dense without bias must be transposed, and is not told apart by its arrays.
        return {f"{name}.weight": arrays[0] if "embedding" in name else arrays[0].T}
    if ranks in ([2], [2, 1]):
        kernel = arrays[0]
        if flattened is not None:
            channels, height, width = flattened
            kernel = kernel.reshape(height, width, channels, -1).transpose(2, 0, 1, 3).reshape(channels * height * width, -1)
        return weight_and_bias(name, kernel.T, arrays)
    if ranks in ([3], [3, 1]):
        return weight_and_bias(name, arrays[0].transpose(2, 1, 0), arrays)
    if ranks in ([4], [4, 1]):
        return weight_and_bias(name, arrays[0].transpose(3, 2, 0, 1), arrays)
    raise NotImplementedError(f"{name} has arrays of {shapes}: no Dense, Conv1D, Conv2D, BatchNormalization or Embedding layer")


def weight_and_bias(name, weight, arrays):
    return {f"{name}.weight": weight} | ({f"{name}.bias": arrays[1]} if len(arrays) > 1 else {})


def main(words):
    if len(words) < 3 or words[0] != "keras" or any(word != "--flatten" for word in words[3::2]):
        sys.exit(__doc__)
    pairs = [word.split("=") for word in words[4::2]]
    write(words[2], from_keras(words[1], {layer: tuple(int(size) for size in axes.split("x")) for layer, axes in pairs}))


if __name__ == "__main__":
    main(sys.argv[1:])
