"""Trains the sample's language model on the King James Bible and writes weights, vocabulary, test sections and fixtures.

    python3 train.py [--epochs 6] [--seed 1]

Needs Debian's packages bible-kjv (which prints the text), python3-torch (1.13) and python3-numpy; one thread, a quarter of an hour of CPU with OpenBLAS (libopenblas0).
On one machine it gives the same files each time. The network is the small one of Zaremba, Sutskever and Vinyals (2014, arXiv 1409.2329):
an embedding and two LSTM layers of 200 units, no dropout, 20 sequences of 20 words at a time with the state carried along. Its plain
gradient steps are replaced by Adam, which needs fewer epochs.
"""
import argparse
import collections
import gzip
import json
import math
import os
import re
import struct
import subprocess

import numpy as np
import torch
from torch import nn

WORDS = 3000
UNITS = 200
STREAMS = 20
STEPS = 20
SECTION = 10
END, UNKNOWN = "<eos>", "<unk>"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def chapters():
    """The text's chapters as lists of lower-case words without punctuation, each verse closed by END."""
    text = subprocess.run(["bible", "Gen1:1-Rev22:21"], stdin=subprocess.DEVNULL, capture_output=True, check=True, text=True).stdout
    found, verse = [], []

    def close():
        if verse:
            found[-1].extend(re.findall(r"[a-z]+(?:['-][a-z]+)*", " ".join(verse).lower()) + [END])
            verse.clear()

    for line in text.splitlines():
        begins = re.match(r"\s+\d+ (.*)", line)
        if begins:
            close()
            verse.append(begins[1])
        elif re.fullmatch(r"(\d )?[A-Z][A-Za-z ]* \d+", line):
            close()
            found.append([])
        elif line.strip():
            verse.append(line)
    close()
    return found


class WordNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(WORDS, UNITS)
        self.lstm1 = nn.LSTM(UNITS, UNITS, batch_first=True)
        self.lstm2 = nn.LSTM(UNITS, UNITS, batch_first=True)
        self.next = nn.Linear(UNITS, WORDS)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -0.1, 0.1)

    def forward(self, text, state=(None, None)):
        return self.follow(self.words(text), state)

    def follow(self, embedded, state=(None, None)):
        below, first = self.lstm1(embedded, state[0])
        above, second = self.lstm2(below, state[1])
        return self.next(above), (first, second)


def perplexity(net, numbers):
    """exp of the mean negative log-probability of each next word, the state carried from the first word to the last."""
    net.eval()
    text, state, total = torch.tensor(numbers), (None, None), 0.0
    with torch.no_grad():
        for start in range(0, len(text) - 1, 500):
            wanted = text[start + 1:start + 501]
            logits, state = net(text[None, start:start + len(wanted)], state)
            total += nn.functional.cross_entropy(logits[0], wanted, reduction="sum").item()
    return math.exp(total / (len(text) - 1))


def section_perplexity(net, numbers):
    """The same of the word behind each section of ten words, each read from the zero state; sections do not overlap."""
    net.eval()
    text = torch.tensor(numbers)
    starts = torch.arange(0, len(text) - SECTION, SECTION)
    sections = text[starts[:, None] + torch.arange(SECTION + 1)]
    with torch.no_grad():
        logits = torch.cat([net(part)[0][:, -1] for part in sections[:, :SECTION].split(100)])
    return math.exp(nn.functional.cross_entropy(logits, sections[:, SECTION]).item())


def train(numbers, held_out, epochs):
    """Adam with a cosine schedule; gradients longer than 5 are cut to that length, as Zaremba's are."""
    net = WordNet()
    length = len(numbers) // STREAMS
    text = torch.tensor(numbers[:STREAMS * length]).view(STREAMS, length)
    starts = range(0, length - 1, STEPS)
    adam = torch.optim.Adam(net.parameters(), lr=2e-3)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(adam, epochs * len(starts))
    for epoch in range(epochs):
        net.train()
        state, total = (None, None), 0.0
        for start in starts:
            wanted = text[:, start + 1:start + 1 + STEPS]
            logits, state = net(text[:, start:start + wanted.shape[1]], state)
            state = tuple(tuple(part.detach() for part in layer) for layer in state)
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5)
            adam.step()
            slower.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: perplexity {math.exp(total / len(starts)):.1f} while training, {perplexity(net, held_out):.1f} on validation", flush=True)
    return net


def integrated_gradients(net, embedded, word, steps=50):
    """Right sums from the zero embedding (Gradients of Counterfactuals); of the softmax probability of one next word."""
    total = torch.zeros_like(embedded)
    for step in range(1, steps + 1):
        total += gradient(net, embedded * step / steps, word)[1]
    return embedded * total / steps


def gradient(net, embedded, word):
    embedded = embedded.clone().requires_grad_()
    logits = net.follow(embedded[None])[0][0, -1]
    return logits.detach(), torch.autograd.grad(logits.softmax(0)[word], embedded)[0]


def answers(net, sections):
    """What PyTorch says in double of these sections, for the compiled network to be held against."""
    net = net.double()
    rows = []
    for numbers in sections:
        embedded = net.words(torch.tensor(numbers[:SECTION])).detach()
        rows.append((*gradient(net, embedded, numbers[SECTION]), integrated_gradients(net, embedded, numbers[SECTION])))
    logits, gradients, integrated = (torch.stack(column) for column in zip(*rows))
    return {"logits": logits, "gradients": gradients, "integrated_gradients": integrated}


def write_safetensors(path, state, dtype):
    """The format's 8-byte header length, JSON header and little-endian data: F16 or F32."""
    header, data = {}, b""
    for name, tensor in state.items():
        values = tensor.detach().contiguous().numpy().astype({"F16": "<f2", "F32": "<f4"}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--epochs", type=int, default=6)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    every = chapters()
    test = [word for chapter in every[10::20] for word in chapter]
    validation = [word for chapter in every[0::20] for word in chapter]
    training = [word for i, chapter in enumerate(every) if i % 20 not in (0, 10) for word in chapter]
    counts = collections.Counter(training)
    vocabulary = [UNKNOWN] + sorted(counts, key=lambda word: (-counts[word], word))[:WORDS - 1]
    index = {word: i for i, word in enumerate(vocabulary)}

    def number(words):
        return [index.get(word, 0) for word in words]

    print(f"{len(every)} chapters; words: {len(training)} to train on, {len(validation)} to validate, {len(test)} to test; "
          f"{len(counts)} different, {100 * number(training).count(0) / len(training):.1f} % unknown in training, "
          f"{100 * number(test).count(0) / len(test):.1f} % in the test text", flush=True)
    net = train(number(training), number(validation), options.epochs)
    for parameter in net.parameters():
        parameter.data = parameter.data.half().float()
    print(f"test, weights rounded to half precision: perplexity {perplexity(net, number(test)):.2f}, of the word behind ten words {section_perplexity(net, number(test)):.2f}")

    starts = np.random.default_rng(options.seed).choice(len(test) - SECTION, 20, replace=False)
    sections = [test[start:start + SECTION + 1] for start in starts]
    with open(os.path.join(FOLDER, "vocabulary.txt"), "w", encoding="utf-8", newline="\n") as file:
        file.write("".join(word + "\n" for word in vocabulary))
    with open(os.path.join(FOLDER, "sections.txt"), "w", encoding="utf-8", newline="\n") as file:
        file.write("".join(" ".join(words) + "\n" for words in sections))
    with open(os.path.join(FOLDER, "test-text.txt.gz"), "wb") as file:
        file.write(gzip.compress(" ".join(test).replace(END + " ", END + "\n").encode(), compresslevel=9, mtime=0))
    write_safetensors(os.path.join(FOLDER, "language.safetensors"), net.state_dict(), "F16")
    write_safetensors(os.path.join(FOLDER, "torch-answers.safetensors"), answers(net, [number(words) for words in sections[:2]]), "F32")


if __name__ == "__main__":
    main()
