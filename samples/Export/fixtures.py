"""Makes the small files in ../../tests/fixtures/export: networks of three frameworks, exported by export.py, and what the frameworks say of some rows.

    python3 fixtures.py ../../tests/fixtures/export

Needs PyTorch, scikit-learn and h5py. The Keras files are laid out as Keras 2 and 3 write them but written with h5py, and what Keras would say is computed
with NumPy, channels last.
"""
import json
import os
import sys

import h5py
import numpy as np
import torch
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

import export


def pytorch(folder):
    torch.manual_seed(1)
    model = torch.nn.Sequential()
    model.add_module("conv", torch.nn.Conv2d(2, 3, 3, padding=1))
    model.add_module("norm", torch.nn.BatchNorm2d(3))
    model.add_module("relu", torch.nn.ReLU())
    model.add_module("flatten", torch.nn.Flatten())
    model.add_module("head", torch.nn.Linear(3 * 4 * 5, 2))
    model(torch.randn(16, 2, 4, 5))
    model.eval()
    export.write(os.path.join(folder, "pytorch.safetensors"), export.from_pytorch(model))
    x = torch.randn(3, 2, 4, 5)
    return {"x": x.flatten().tolist(), "y": model(x).detach().flatten().tolist()}


def sklearn(folder):
    random = np.random.RandomState(1)
    x = random.randn(200, 5) * [1, 2, 3, 4, 5] + [5, 4, 3, 2, 1]
    labels = (x[:, 0] * x[:, 1] > 18).astype(int) + (x[:, 2] > 4)
    scaler = StandardScaler().fit(x)
    mlp = MLPClassifier((7, 6), max_iter=60, random_state=1).fit(scaler.transform(x), labels)
    export.write(os.path.join(folder, "sklearn.safetensors"), export.from_sklearn(mlp, scaler))
    return {"x": x[:4].flatten().tolist(), "y": mlp.predict_proba(scaler.transform(x[:4])).flatten().tolist()}


def keras(folder):
    random = np.random.RandomState(2)
    conv, bias = random.randn(3, 3, 2, 4).astype("f4"), random.randn(4).astype("f4")
    norm = [random.rand(4).astype("f4") + 0.5 for _ in range(4)]
    dense, head = random.randn(2 * 3 * 4, 3).astype("f4"), random.randn(3).astype("f4")
    third, second = os.path.join(folder, "keras3.weights.h5"), os.path.join(folder, "keras2.h5")
    layers = {"conv2d": [conv, bias], "batch_normalization": norm, "dense": [dense, head]}
    with h5py.File(third, "w") as file:
        for name, arrays in layers.items():
            for i, values in enumerate(arrays):
                file[f"layers/{name}/vars/{i}"] = values
    with h5py.File(second, "w") as file:
        for name, arrays in layers.items():
            group = file.create_group(f"model_weights/{name}")
            words = [f"{name}/{i}:0" for i in range(len(arrays))]
            group.attrs["weight_names"] = [word.encode() for word in words]
            for word, values in zip(words, arrays):
                group[word] = values
    tensors = export.from_keras(third, {"dense": (4, 2, 3)})
    for name, values in export.from_keras(second, {"dense": (4, 2, 3)}).items():
        assert np.array_equal(values, tensors[name]), name
    export.write(os.path.join(folder, "keras.safetensors"), tensors)
    os.remove(third)
    os.remove(second)

    x = random.randn(3, 4, 5, 2)
    image = np.array([[[np.tensordot(row[i:i + 3, j:j + 3], conv, 3) + bias for j in range(3)] for i in range(2)] for row in x])
    gamma, beta, mean, variance = norm
    active = np.maximum((image - mean) / np.sqrt(variance + 1e-3) * gamma + beta, 0)
    y = active.reshape(3, -1) @ dense + head
    return {"x": x.transpose(0, 3, 1, 2).flatten().tolist(), "y": y.flatten().tolist()}


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, "answers.json"), "w") as file:
    json.dump({"pytorch": pytorch(folder), "sklearn": sklearn(folder), "keras": keras(folder)}, file, indent=1)
