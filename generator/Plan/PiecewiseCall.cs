using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>One value of a network that is linear but for kinks: the builder's method that makes it, and what that is given.</summary>
internal sealed record PiecewiseCall(int Node, string Method, IReadOnlyList<PiecewiseArgument> Arguments);

/// <summary>Something that a method of the builder is given.</summary>
internal abstract record PiecewiseArgument
{
    /// <summary>Another value.</summary>
    internal sealed record Value(int Node) : PiecewiseArgument;

    /// <summary>Several.</summary>
    internal sealed record Values(IReadOnlyList<int> Nodes) : PiecewiseArgument;

    /// <summary>Numbers: one, or a list.</summary>
    internal sealed record Number(double Of) : PiecewiseArgument;

    internal sealed record Numbers(IReadOnlyList<double> Of) : PiecewiseArgument;

    /// <summary>Whole numbers in a list.</summary>
    internal sealed record Wholes(IReadOnlyList<int> Of) : PiecewiseArgument;

    /// <summary>Yes or no.</summary>
    internal sealed record Flag(bool IsSet) : PiecewiseArgument;

    /// <summary>A shape.</summary>
    internal sealed record Axes(Shape Shape) : PiecewiseArgument;

    /// <summary>The geometry of a window.</summary>
    internal sealed record Window(Settings Settings) : PiecewiseArgument;

    /// <summary>A function of one number.</summary>
    internal sealed record Applied(Function Function) : PiecewiseArgument;

    /// <summary>Weights as they are packed, with their bias.</summary>
    internal sealed record Weights(PackedWeights Packed, Node Node) : PiecewiseArgument;

    /// <summary>Numbers that are made when weights are loaded, and how many channels they lie in.</summary>
    internal sealed record Loaded(PlannedValue Constant) : PiecewiseArgument;

    public static implicit operator PiecewiseArgument(int node) => new Value(node);
}
