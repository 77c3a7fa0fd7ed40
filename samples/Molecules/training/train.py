"""Trains the sample's two networks on molecules with measured activity and writes them and the molecules that they were not trained on.

    python3 train.py FOLDER_WITH_FREEWILSON_DATA OUT_FOLDER [--epochs 60] [--seed 1]

The folder holds CHEMBL2321810.smi and CHEMBL2321810_act.csv, which RDKit ships in Contrib/FreeWilson/data (Debian: rdkit-data, in
/usr/share/RDKit). OUT_FOLDER gets w1n2.safetensors, w2n2.safetensors and molecules.json. Needs PyTorch, NumPy and RDKit; one thread of a
CPU takes a few minutes.

Features are the "simple" ones of Kearnes et al. (2016, arXiv 1603.00856): an atom is one-hot by its type, a pair of atoms by the type of its
bond, or by "two bonds apart"; other pairs are not there. Here pairs are a list; the declared network has every pair and a mask.
"""
import argparse
import csv
import json
import os
import struct

import numpy as np
import torch
from rdkit import Chem
from rdkit.Chem import rdDepictor
from torch import nn

ACTIVE = 7.0
ATOMS = ["C", "N", "O", "S", "F", "Cl", "Br", "I"]
BONDS = [Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE, Chem.BondType.AROMATIC]
TWO_APART = len(BONDS)
PAIRS = len(BONDS) + 1
FILTERS = 50
TEST = 200


def read(folder):
    """Molecules with their names and activities, pIC50."""
    with open(os.path.join(folder, "CHEMBL2321810_act.csv")) as file:
        activity = {row["Name"]: float(row["Act"]) for row in csv.DictReader(file)}
    with open(os.path.join(folder, "CHEMBL2321810.smi")) as file:
        lines = [line.split() for line in file]
    return [featurise(smiles, name, activity[name]) for smiles, name in lines]


def featurise(smiles, name, activity):
    """Atom types [n]; pairs [m, 3] of first atom, second atom and kind, each pair in both orders."""
    molecule = Chem.MolFromSmiles(smiles)
    rdDepictor.Compute2DCoords(molecule)
    places = molecule.GetConformer().GetPositions()[:, :2]
    pairs = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), BONDS.index(bond.GetBondType())) for bond in molecule.GetBonds()]
    first, second = np.where(np.triu(Chem.GetDistanceMatrix(molecule)) == 2)
    pairs += [(int(i), int(j), TWO_APART) for i, j in zip(first, second)]
    return {
        "name": f"CHEMBL2321810 {name}",
        "smiles": smiles,
        "activity": activity,
        "atoms": [ATOMS.index(atom.GetSymbol()) for atom in molecule.GetAtoms()],
        "pairs": sorted(pairs),
        "classes": list(Chem.CanonicalRankAtoms(molecule, breakTies=False)),
        "places": [[round(float(x), 2), round(float(y), 2)] for x, y in places],
    }


class Weave(nn.Module):
    """Kearnes' module. The last of a network has no pairs above it, so its two ways to pairs are left out."""

    def __init__(self, atoms, pairs, last):
        super().__init__()
        self.atom_to_atom = nn.Linear(atoms, FILTERS)
        self.pair_to_atom = nn.Linear(pairs, FILTERS)
        self.atoms = nn.Linear(2 * FILTERS, FILTERS)
        self.last = last
        if not last:
            # One affine step from two atoms to their pair, written as two.
            self.first_to_pair = nn.Linear(atoms, FILTERS)
            self.second_to_pair = nn.Linear(atoms, FILTERS, bias=False)
            self.pair_to_pair = nn.Linear(pairs, FILTERS)
            self.pairs = nn.Linear(2 * FILTERS, FILTERS)

    def forward(self, atoms, pairs, first, second):
        around = torch.zeros(len(atoms), FILTERS).index_add(0, first, torch.relu(self.pair_to_atom(pairs)))
        new_atoms = torch.relu(self.atoms(torch.cat([torch.relu(self.atom_to_atom(atoms)), around], 1)))
        if self.last:
            return new_atoms, None
        one, other = self.first_to_pair(atoms), self.second_to_pair(atoms)
        both = torch.relu(one[first] + other[second]) + torch.relu(one[second] + other[first])
        return new_atoms, torch.relu(self.pairs(torch.cat([both, torch.relu(self.pair_to_pair(pairs))], 1)))


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.readout = nn.Linear(FILTERS, 128)
        self.fc1 = nn.Linear(128, 64)
        self.fc2 = nn.Linear(64, 2)

    def forward(self, atoms, owner, count):
        # A sum of some thirty atoms; the factor keeps what reaches fc1 near one.
        molecule = torch.zeros(count, 128).index_add(0, owner, torch.relu(self.readout(atoms))) / 32
        return self.fc2(nn.functional.dropout(torch.relu(self.fc1(molecule)), 0.25, self.training))


class WeaveNet(nn.Module):
    def __init__(self, modules):
        super().__init__()
        self.weaves = modules
        atoms, pairs = len(ATOMS), PAIRS
        for module in range(1, modules + 1):
            self.add_module(f"weave{module}", Weave(atoms, pairs, module == modules))
            atoms = pairs = FILTERS
        self.head = Head()

    def forward(self, atoms, pairs, first, second, owner, count):
        for module in range(1, self.weaves + 1):
            atoms, pairs = getattr(self, f"weave{module}")(atoms, pairs, first, second)
        return self.head(atoms, owner, count)


def batch(molecules):
    """One graph of several molecules."""
    atoms, pairs, first, second, owner, start = [], [], [], [], [], 0
    for index, molecule in enumerate(molecules):
        atoms += molecule["atoms"]
        owner += [index] * len(molecule["atoms"])
        for i, j, kind in molecule["pairs"]:
            pairs += [kind, kind]
            first += [start + i, start + j]
            second += [start + j, start + i]
        start += len(molecule["atoms"])
    one_hot = nn.functional.one_hot
    return (one_hot(torch.tensor(atoms), len(ATOMS)).float(), one_hot(torch.tensor(pairs), PAIRS).float(),
            torch.tensor(first), torch.tensor(second), torch.tensor(owner), len(molecules))


def labels(molecules):
    return torch.tensor([int(molecule["activity"] >= ACTIVE) for molecule in molecules])


def scores(net, molecules):
    """The softmax score of "active"."""
    net.eval()
    with torch.no_grad():
        found = torch.softmax(net(*batch(molecules)), 1)[:, 1]
    net.train()
    return found.numpy()


def area_under_curve(found, active):
    ranks = np.empty(len(found))
    ranks[np.argsort(found)] = np.arange(1, len(found) + 1)
    positive = active.sum()
    return (ranks[active].sum() - positive * (positive + 1) / 2) / (positive * (len(found) - positive))


def train(modules, molecules, test, options):
    torch.manual_seed(options.seed)
    net = WeaveNet(modules)
    steps = options.epochs * -(-len(molecules) // 32)
    adam = torch.optim.AdamW(net.parameters(), weight_decay=1e-2)
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, 3e-3, total_steps=steps)
    wanted, active = labels(molecules), labels(test).numpy().astype(bool)
    for epoch in range(options.epochs):
        for rows in torch.randperm(len(molecules)).split(32):
            adam.zero_grad()
            nn.functional.cross_entropy(net(*batch([molecules[row] for row in rows])), wanted[rows]).backward()
            adam.step()
            rate.step()
        if (epoch + 1) % 10 == 0:
            known, found = scores(net, molecules), scores(net, test)
            print(f"W{modules}N2, epoch {epoch + 1}: {np.mean((known > 0.5) == wanted.numpy()):.3f} of the training molecules, "
                  f"{np.mean((found > 0.5) == active):.3f} of the test molecules, area under the ROC curve {area_under_curve(found, active):.3f}", flush=True)
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


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder")
    arguments.add_argument("out")
    arguments.add_argument("--epochs", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(1)

    molecules = read(options.folder)
    order = np.random.default_rng(options.seed).permutation(len(molecules))
    test, known = [molecules[row] for row in order[:TEST]], [molecules[row] for row in order[TEST:]]
    print(f"{len(known)} training and {len(test)} test molecules, {labels(known).float().mean():.3f} and {labels(test).float().mean():.3f} of them active")
    for modules in [1, 2]:
        net = train(modules, known, test, options)
        write_safetensors(os.path.join(options.out, f"w{modules}n2.safetensors"), net.state_dict())
        for molecule, score in zip(test, scores(net, test)):
            molecule[f"w{modules}n2"] = round(float(score), 6)
    with open(os.path.join(options.out, "molecules.json"), "w", newline="\n") as file:
        file.write("[\n" + ",\n".join(json.dumps(molecule, separators=(",", ":")) for molecule in test) + "\n]\n")


if __name__ == "__main__":
    main()
