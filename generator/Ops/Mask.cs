using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// Positions past the end of a text or sequence left out, in an operator whose last input says which of those declared are present. Its
/// setting "positions" has the axis that they are along, and step and first: position i is there where the mask's step i + first is.
/// </summary>
internal static class Mask
{
    private const string Setting = "positions";

    // Its exponential is exactly zero beside any logit that is not itself as low.
    private const double Low = -1e9;

    /// <summary>Below whatever a network computes with, so that it wins no maximum, though no difference of two such is infinite.</summary>
    public const double Lowest = -1e30;

    /// <summary>Above whatever is that low, and below all else.</summary>
    public const double Hidden = 0.1 * Lowest;

    /// <summary>The settings of an operator that takes a mask.</summary>
    public static Settings With(Settings settings, int axis, int step, int first) => settings.With(Setting, axis, step, first);

    /// <summary>Whether an operator takes one.</summary>
    public static bool IsIn(Settings settings) => settings.Has(Setting);

    /// <summary>The axis of its input along which positions vary.</summary>
    public static int Axis(Expansion x) => x.Node.Settings.Ints(Setting)[0];

    /// <summary>The mask, [positions], of an operator that takes it; null without.</summary>
    public static int? Of(Expansion x) => IsIn(x.Node.Settings) && x.Node.Settings.Ints(Setting) is [_, var step, var first]
        ? Strided(x, x.Inputs[x.Inputs.Length - 1], step, first, Positions(x))
        : null;

    // Of a one-input operator's input; of attention's keys, which are its second input.
    private static int Positions(Expansion x) => x.InputShape(x.Inputs.Length > 2 ? 1 : 0)[Axis(x)];

    /// <summary>The mask, [positions], of what an operator gives.</summary>
    public static int After(Expansion x, Along along)
    {
        var (step, first) = (x.Node.Settings.Ints(Setting)[1], x.Node.Settings.Ints(Setting)[2]);
        return Strided(x, x.Inputs[x.Inputs.Length - 1], step * along.Step, first + step * along.First, x.Shape[along.Axis]);
    }

    // There is always a first position: what would be before it is there.
    private static int Strided(Expansion x, int mask, int step, int first, int length) =>
        step == 1 && first == 0 && x.ShapeOf(mask)[0] == length ? mask :
        x.Resample(mask, 0, 1, Enumerable.Range(0, length).Select(i => Math.Max(0, i * step + first)).ToArray(), []);

    /// <summary>The first input, zero past the end.</summary>
    public static int Present(Expansion x) => Of(x) is { } mask ? x.Product(x.Inputs[0], Spread(x, mask)) : x.Inputs[0];

    /// <summary>The first input, very low past the end, so that no exponential of it counts.</summary>
    public static int PresentOrLow(Expansion x) => PresentOr(x, Low);

    /// <summary>The first input, lowest past the end, so that it wins no maximum.</summary>
    public static int PresentOrLowest(Expansion x) => PresentOr(x, Lowest);

    private static int PresentOr(Expansion x, double low) =>
        Of(x) is { } mask ? x.Combine([1, 1], Present(x), Spread(x, Past(x, mask, low))) : x.Inputs[0];

    /// <summary>Zero where a mask is 1, and low where it is 0.</summary>
    public static int Past(Expansion x, int mask, double low)
    {
        var one = x.Constant([1], new Shape(x.ShapeOf(mask)[0]));
        return x.Combine([-low, low], mask, one);
    }

    /// <summary>[positions] up to the first input's shape.</summary>
    public static int Spread(Expansion x, int mask) => Spread(x, mask, x.InputShape(0));

    /// <summary>[positions] up to a shape that has as many along the same axis.</summary>
    public static int Spread(Expansion x, int mask, Shape shape)
    {
        var among = Enumerable.Range(0, shape.Rank).Select(axis => axis == Axis(x) ? shape[axis] : 1).ToArray();
        return x.SpreadTo(x.Reshape(mask, new Shape(among)), shape);
    }
}
