using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>The mean under a sliding window.</summary>
internal sealed class AverageWindow : LinearOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => Window.Output(inputs[0], settings);

    public override int Transpose(Derivation d, int node, int input, int m) =>
        d.Add(Registry.AverageWindowBack, d.Forward[node].Settings, d.Shape(d.Forward[node].Inputs[0]), m);

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);

    public override bool IsSum(Node node) => true;

    // Padding counts as 0.
    public override double Least(Node node, Steepness known) => known.Least(node.Inputs[0]) >= 0 ? 0 : double.NegativeInfinity;
}

/// <summary>The transpose of <see cref="AverageWindow"/>: each mean spread over its window.</summary>
internal sealed class AverageWindowBack : DerivedOp;

/// <summary>The largest value under a sliding window.</summary>
internal sealed class MaxWindow : ChoiceOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => Window.Output(inputs[0], settings);
}

/// <summary>Each window's multiplier to its winner, the first of equals. Inputs: m, x.</summary>
internal sealed class MaxWindowBack : DerivedOp;

/// <summary>
/// Each window's move split at max(y, y0), the rise to the winner of x and the fall to the winner of x0. Inputs: m, x, x0.
/// </summary>
internal sealed class MaxWindowSplit : DerivedOp;

/// <summary>
/// Maxout's largest piece: the largest value under a window, whose difference from the reference is divided among the pieces by how much of
/// the straight way from the reference each of them is the largest.
/// </summary>
internal sealed class MaxPieces : ChoiceOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => Window.Output(inputs[0], settings);
}

/// <summary>Each window's multiplier to the pieces, by their shares of the way. Inputs: m, x, x0.</summary>
internal sealed class MaxPiecesPath : DerivedOp;

/// <summary>An operator that only derivation makes, with a shape given by its maker.</summary>
internal abstract class DerivedOp : CoreOp
{
    public override int Arity => -1;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        throw new InvalidOperationException($"{Name}'s shape is given by derivation.");
}
