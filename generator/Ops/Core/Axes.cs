using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>The sum along an axis, which is kept with size 1, times a factor: settings "axis" and "factor".</summary>
internal sealed class SumAxis : LinearOp
{
    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0].With(settings.Int("axis"), 1);

    public override int Transpose(Derivation d, int node, int input, int m)
    {
        var settings = d.Forward[node].Settings;
        var shape = d.Shape(d.Forward[node].Inputs[0]);
        return d.Spread(d.Scaled(m, settings.Number("factor")), settings.Int("axis"), shape);
    }

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);

    public override bool IsSum(Node node) => node.Settings.Number("factor", 1) > 0;

    public override double Least(Node node, Steepness known) => IsSum(node)
        ? node.Settings.Number("factor", 1) * known[node.Inputs[0]].Shape![node.Settings.Int("axis")] * known.Least(node.Inputs[0])
        : double.NegativeInfinity;
}

/// <summary>An axis of size 1 repeated: settings "axis" and "size".</summary>
internal sealed class SpreadAxis : LinearOp
{
    public override bool IsMove(Node node) => true;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].With(settings.Int("axis"), settings.Int("size"));

    public override int Transpose(Derivation d, int node, int input, int m)
    {
        var axis = d.Forward[node].Settings.Int("axis");
        return d.Add(Registry.SumAxis, Settings.Of(("axis", axis), ("factor", 1)), d.Shape(d.Forward[node].Inputs[0]), m);
    }

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);
}

/// <summary>log(sum(exp(z))) along an axis, which is kept with size 1; each with its own maximum taken out.</summary>
internal sealed class LogSumExpAxis : CoreOp
{
    public override bool MayBeInfinite(Node node, Steepness known) =>
        base.MayBeInfinite(node, known) || known.IsHeld(node.Inputs[0]);

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0].With(settings.Int("axis"), 1);
}

/// <summary>
/// z - log(sum(exp(z))) along an axis, the logarithms of a softmax's shares: (z - max(z)) - log(sum(exp(z - max(z)))), so that rounding
/// takes no more of large z than of small, and nothing of the logarithm of a share near 1. With setting "least" the sum is at least its
/// exponential: where all z are below it by far, as where all that is summed is hidden, so are all logarithms.
/// </summary>
internal sealed class LogSoftmaxAxis : CoreOp
{
    /// <summary>Its settings.</summary>
    public static Settings Along(int axis, double? least = null) =>
        least is { } floor ? Settings.Of(("axis", axis), ("least", floor)) : Settings.Of(("axis", axis));

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override bool MayBeInfinite(Node node, Steepness known) => base.MayBeInfinite(node, known) || known.IsHeld(node.Inputs[0]);

    // Where all are minus infinity.
    public override bool MayHaveNoValue(Node node, Steepness known) => MayBeInfinite(node, known);
}

/// <summary>The largest along an axis, which is kept with size 1.</summary>
internal sealed class MaxAxis : DerivedOp;

/// <summary>
/// softmax's exp(log p), for which DeepLIFT is asked to take each unit's own quotient of differences, as SHAP does. Inputs: z, and the
/// logarithms of its shares.
/// </summary>
internal sealed class SoftmaxUnit : CoreOp
{
    public override int Arity => 2;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override Expr? Formula(Node node) => new Apply(Functions.Exp, Part.Value, EquatableArray.Of<Expr>(new Argument(1)));

    public override bool MayBeInfinite(Node node, Steepness known) => false;
}
