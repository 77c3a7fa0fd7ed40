using Whence;
using static Whence.Nn;

namespace Molecules;

/// <summary>
/// A weave module (Kearnes et al. 2016, arXiv 1603.00856, section 2.3): atoms [size, a] and pairs [size * size, p] become 50 features each,
/// from themselves and from one another. Masks [size, 1] and [size * size, 1] are 1 where there is an atom or a pair.
/// </summary>
/// <param name="size">The most atoms.</param>
[Network]
public sealed partial class Weave(int size)
{
    [Linear(50)] private partial Tensor AtomToAtom(Tensor x);
    [Linear(50)] private partial Tensor PairToAtom(Tensor x);
    [Linear(50)] private partial Tensor Atoms(Tensor x);
    [Linear(50)] private partial Tensor FirstToPair(Tensor x);
    [Linear(50, Bias = false)] private partial Tensor SecondToPair(Tensor x);
    [Linear(50)] private partial Tensor PairToPair(Tensor x);
    [Linear(50)] private partial Tensor Pairs(Tensor x);

    public (Tensor Atoms, Tensor Pairs) Forward(Tensor atoms, Tensor pairs, Tensor atomMask, Tensor pairMask)
    {
        var around = Sum(Reshape(Relu(PairToAtom(pairs)) * pairMask, size, size, 50), axis: 1);
        var newAtoms = Relu(Atoms(Concat(1, Relu(AtomToAtom(atoms)), around))) * atomMask;

        // One affine step from two atoms to their pair, and the same with the atoms exchanged.
        var (first, second) = (FirstToPair(atoms), SecondToPair(atoms));
        var ahead = Relu(Reshape(first, size, 1, 50) + Reshape(second, 1, size, 50));
        var back = Relu(Reshape(second, size, 1, 50) + Reshape(first, 1, size, 50));
        var both = Reshape(ahead + back, size * size, 50) * pairMask;
        var newPairs = Relu(Pairs(Concat(1, both, Relu(PairToPair(pairs)) * pairMask))) * pairMask;
        return (newAtoms, newPairs);
    }
}

/// <summary>A network's last weave module: as only atoms go on from it, its ways to pairs are left out.</summary>
/// <param name="size">The most atoms.</param>
[Network]
public sealed partial class LastWeave(int size)
{
    [Linear(50)] private partial Tensor AtomToAtom(Tensor x);
    [Linear(50)] private partial Tensor PairToAtom(Tensor x);
    [Linear(50)] private partial Tensor Atoms(Tensor x);

    public Tensor Forward(Tensor atoms, Tensor pairs, Tensor atomMask, Tensor pairMask)
    {
        var around = Sum(Reshape(Relu(PairToAtom(pairs)) * pairMask, size, size, 50), axis: 1);
        return Relu(Atoms(Concat(1, Relu(AtomToAtom(atoms)), around))) * atomMask;
    }
}

/// <summary>
/// From atoms [size, 50] to the logits of "inactive" and "active": a last affine step, the sum over the atoms, two dense layers.
/// </summary>
[Network]
public sealed partial class Head
{
    [Linear(128)] private partial Tensor Readout(Tensor x);
    [Linear(64)] private partial Tensor Fc1(Tensor x);
    [Linear(2)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward(Tensor atoms, Tensor atomMask)
    {
        var molecule = Sum(Relu(Readout(atoms)) * atomMask, axis: 0) / 32;
        return Fc2(Dropout(Relu(Fc1(molecule)), 0.25));
    }
}
