using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>Positions past the end of a text left out, in an operator whose last input says which are present.</summary>
internal static class Mask
{
    // Its exponential is exactly zero beside any logit that is not itself as low.
    private const double Low = -1e9;

    /// <summary>The mask, [positions], of an operator that takes one input and perhaps it; null without.</summary>
    public static int? Of(Expansion x) => x.Inputs.Length > 1 ? x.Inputs[1] : null;

    /// <summary>The first input, zero past the end.</summary>
    public static int Present(Expansion x) => Of(x) is { } mask ? x.Product(x.Inputs[0], Spread(x, mask)) : x.Inputs[0];

    /// <summary>The first input, very low past the end, so that no exponential of it counts.</summary>
    public static int PresentOrLow(Expansion x)
    {
        if (Of(x) is not { } mask)
            return x.Inputs[0];
        var shape = x.InputShape(0);
        var one = x.Constant(Enumerable.Repeat(1.0, shape[0]).ToArray(), new Shape(shape[0]));
        var past = x.Combine([-Low, Low], mask, one);
        return x.Combine([1, 1], Present(x), Spread(x, past));
    }

    // [positions] up to the first input's shape.
    public static int Spread(Expansion x, int mask)
    {
        var shape = x.InputShape(0);
        var first = Enumerable.Range(0, shape.Rank).Select(axis => axis == 0 ? shape[0] : 1).ToArray();
        return x.SpreadTo(x.Reshape(mask, new Shape(first)), shape);
    }
}
