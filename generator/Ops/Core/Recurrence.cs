using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>Inside a scan: the part of a sequence that belongs to the step, without axis 0.</summary>
internal sealed class StepOf : LinearOp
{
    public override bool IsMove(Node node) => true;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank == 0 ? "goes over axis 0, which a scalar has not" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0].Without(0);

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        axes[0] == 0 ? Positions.Gathered : Positions.Mixed;

    public override int Expand(Expansion x)
    {
        x.HoldPast(Mask.Of(x), x.Node.Scan!);
        return x.StepOf(x.Inputs[0], x.Node.Scan!);
    }

    public override int Transpose(Derivation d, int node, int input, int m) => d.Stacked(m, d.Forward[node].Scan!.Steps);

    public override int Apply(Derivation d, int node, int[] inputs) => d.StepOf(inputs[0], d.Forward[node].Scan!);
}

/// <summary>Outside a scan: what a value inside is in every step, along a new axis 0; setting "steps" is its size.</summary>
internal sealed class Stacked : LinearOp
{
    public override bool IsMove(Node node) => true;

    public override bool LeavesScan => true;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new([settings.Int("steps"), .. inputs[0].ToArray()]);

    public override int Expand(Expansion x) => x.Stacked(x.Inputs[0], x.Node.Settings.Int("steps"));

    public override int Transpose(Derivation d, int node, int input, int m) =>
        d.StepOf(m, d.Back(d.Forward[d.Forward[node].Inputs[input]].Scan!));

    public override int Apply(Derivation d, int node, int[] inputs) => d.Stacked(inputs[0], d.Forward[node].Settings.Int("steps"));
}

/// <summary>
/// Inside a scan: a state as it is when a step begins, in the first step the input. Setting "state" tells states apart.
/// </summary>
internal sealed class Carried : CoreOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    // What is kept of one step for the next is not followed.
    public override bool MayBeInfinite(Node node, Steepness known) => false;

    public override int Expand(Expansion x) => x.Carried(x.Inputs[0], x.Node.Scan!, x.IsLive);
}

/// <summary>Inside a scan: what a state becomes for the next step. Inputs: the state, its new value.</summary>
internal sealed class Next : CoreOp
{
    public override int Arity => 2;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0].Equals(inputs[1])
        ? null
        : $"is {inputs[1]} after a step, but began as {inputs[0]}: what a scan carries keeps its shape";

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Expand(Expansion x) => x.Next(x.Inputs[0], x.Held(x.Inputs[0], x.Inputs[1]));
}

/// <summary>Outside a scan: a state after the last step. Input: the state's Next.</summary>
internal sealed class Final : CoreOp
{
    public override bool LeavesScan => true;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Expand(Expansion x) => x.Final(x.Inputs[0]);
}
