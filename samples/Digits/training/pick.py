"""Picks the sample's digits: of MNIST's 10,000 test digits the first ten of each class, in the test set's order.

    python3 pick.py FOLDER_WITH_MNIST

Writes digits-images-idx3-ubyte.gz and digits-labels-idx1-ubyte.gz beside the sample and prints the picked digits' places. Writes the
test set's 4s, 8s and 9s, which the erasing experiment is about, as test489-images-idx3-ubyte.gz and test489-labels-idx1-ubyte.gz.
"""
import gzip
import os
import sys

import numpy as np

from train import read_idx

images = read_idx(sys.argv[1], "t10k-images-idx3-ubyte")
labels = read_idx(sys.argv[1], "t10k-labels-idx1-ubyte")
places = np.sort(np.concatenate([np.where(labels == digit)[0][:10] for digit in range(10)]))


def write(name, array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", name)
    with open(path, "wb") as file:
        file.write(gzip.compress(header + array.tobytes(), compresslevel=9, mtime=0))


write("digits-images-idx3-ubyte.gz", images[places])
write("digits-labels-idx1-ubyte.gz", labels[places])
erased = np.isin(labels, (4, 8, 9))
write("test489-images-idx3-ubyte.gz", images[erased])
write("test489-labels-idx1-ubyte.gz", labels[erased])
print(*places)
