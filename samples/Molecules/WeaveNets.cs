using Whence;
using static Whence.Nn;

namespace Molecules;

/// <summary>
/// One weave module over pairs up to two bonds apart. Atoms are one-hot by type, pairs by type of bond or "two bonds apart"; both are
/// attributed, the masks are not. Gives the softmax of "inactive" and "active".
/// </summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Backends = Backends.Cpu | Backends.Gpu,
    Weights = "w1n2.safetensors")]
public sealed partial class W1N2
{
    public const int Most = 42;

    private readonly LastWeave weave1 = new(Most);
    private readonly Head head = new();

    public Tensor Forward([Shape(Most, 8)] Tensor atoms, [Shape(Most * Most, 5)] Tensor pairs, [Mask(Most, 1)] Tensor atomMask,
        [Mask(Most * Most, 1)] Tensor pairMask) =>
        Softmax(head.Forward(weave1.Forward(atoms, pairs, atomMask, pairMask), atomMask));
}

/// <summary>Two weave modules; see <see cref="W1N2"/>.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Backends = Backends.Cpu | Backends.Gpu,
    Weights = "w2n2.safetensors")]
public sealed partial class W2N2
{
    public const int Most = 42;

    private readonly Weave weave1 = new(Most);
    private readonly LastWeave weave2 = new(Most);
    private readonly Head head = new();

    public Tensor Forward([Shape(Most, 8)] Tensor atoms, [Shape(Most * Most, 5)] Tensor pairs, [Mask(Most, 1)] Tensor atomMask,
        [Mask(Most * Most, 1)] Tensor pairMask)
    {
        var (mixedAtoms, mixedPairs) = weave1.Forward(atoms, pairs, atomMask, pairMask);
        return Softmax(head.Forward(weave2.Forward(mixedAtoms, mixedPairs, atomMask, pairMask), atomMask));
    }
}

/// <summary><see cref="W2N2"/> declared for larger molecules: the same weights, and the same answer to the bit.</summary>
[Network(Explain = Methods.IntegratedGradients, Backends = Backends.Cpu | Backends.Gpu, Weights = "w2n2.safetensors")]
public sealed partial class LargerW2N2
{
    public const int Most = 48;

    private readonly Weave weave1 = new(Most);
    private readonly LastWeave weave2 = new(Most);
    private readonly Head head = new();

    public Tensor Forward([Shape(Most, 8)] Tensor atoms, [Shape(Most * Most, 5)] Tensor pairs, [Mask(Most, 1)] Tensor atomMask,
        [Mask(Most * Most, 1)] Tensor pairMask)
    {
        var (mixedAtoms, mixedPairs) = weave1.Forward(atoms, pairs, atomMask, pairMask);
        return Softmax(head.Forward(weave2.Forward(mixedAtoms, mixedPairs, atomMask, pairMask), atomMask));
    }
}
