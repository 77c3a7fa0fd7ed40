namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>Where a product's numbers go: to rows, or to the sums over the steps of paths. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Result
{
    private Result(in BackwardArguments arguments, int offset) => (Sums, Weights, Offset, Steps, FirstStep, Begins) =
        (arguments.Sums, arguments.Weights, offset, arguments.Steps, arguments.FirstStep, arguments.BeginsSums);

    /// <summary>Rows that begin so many floats apart.</summary>
    public Result(Rows y, int row) => (Y, Row, Steps) = (y, row, 1);

    /// <summary>
    /// The sums over the steps of each path: of what a step has at element i, its weight times it is added to sums[path, offset + i], in
    /// order; a weight of 0 adds nothing.
    /// </summary>
    public static Result Summed(in BackwardArguments arguments, int offset) =>
        new(arguments, offset);

    /// <summary>Rows that begin so many floats apart, in which the second of two results lies so much further.</summary>
    public static Result Twice(Rows y, int row, int apart) => new(y, row) { Apart = apart };

    /// <summary>From the first of two results to the second; 0 of one.</summary>
    internal int Apart { get; private init; }

    internal Rows Y { get; }

    internal int Row { get; }

    internal Sums Sums { get; }

    internal Rows Weights { get; }

    internal int Offset { get; }

    internal int Steps { get; }

    internal int FirstStep { get; }

    internal bool Begins { get; }

    internal bool IsSummed => !Weights.IsEmpty;
}
