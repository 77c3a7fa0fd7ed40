using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>The ordinary gradient.</summary>
internal class Gradient : Method
{
    private static readonly Function exp = new("global::Whence.Ops.Exp", EquatableArray.Of<double>(), true);

    public override string Name => nameof(Gradient);

    protected static Expr Argument(int index) => new Argument(index);

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m) => Stepped(d, op, node, m, slope => Argument(0) * slope);

    /// <summary>m and the slope at x, put together by <paramref name="step"/>.</summary>
    protected static Flow Stepped(Derivation d, ElementwiseOp op, int node, Flow m, Func<Expr, Expr> step)
    {
        var expr = step(op.Slope(d.Forward[node], Argument(1), Argument(2), Operands(d, node, 3)));
        // ReLU's slope can be read off its value, so that its argument need not be kept.
        var x = d.Forward[node].Function?.Type == "global::Whence.Ops.Relu" ? d.Value(node) : d.Value(d.Forward[node].Inputs[0]);
        int[] operands = [x, d.Value(node), .. OperandNodes(d, node)];
        return EachPart(m, part => d.Map(expr, [part, .. operands]));
    }

    /// <summary>Whether a function is arithmetic, which the rules for activations leave alone.</summary>
    protected static bool IsArithmetic(Derivation d, int node) => d.Forward[node].Function is { IsArithmetic: true };

    protected static Flow EachPart(Flow m, Func<int, int> step) =>
        m.Parted ? new Flow(step(m.Positive), step(m.Negative)) : step(m.Positive);

    public override Flow Product(Derivation d, int node, int input, Flow m)
    {
        var other = d.Forward[node].Inputs[1 - input];
        return d.Map(Argument(0) * Argument(1), m.Positive, d.Value(other));
    }

    public override Flow MatrixProduct(Derivation d, int node, int input, Flow m) =>
        Ops.MatrixProduct.Back(d, node, input, m.Positive, d.Value(d.Forward[node].Inputs[1 - input]));

    public override Flow Choice(Derivation d, int node, Flow m)
    {
        var x = d.Forward[node].Inputs[0];
        return d.Add(Registry.MaxWindowBack, d.Forward[node].Settings, d.Shape(x), m.Positive, d.Value(x));
    }

    public override Flow LogSumExp(Derivation d, int node, Flow m)
    {
        var z = d.Forward[node].Inputs[0];
        var axis = d.Forward[node].Settings.Int("axis");
        var share = new Apply(exp, Part.Value, EquatableArray.Of(Argument(1) - Argument(2)));
        return d.Map(Argument(0) * share, d.Spread(m.Positive, axis, d.Shape(z)), d.Value(z), Spread(d, d.Value(node), axis, d.Shape(z)));
    }

    public override Flow? Softmax(Derivation d, int node, int input, Flow m) =>
        d.Map(input == 0 ? Argument(0) * Argument(1) : Expr.Negate(Argument(0) * Argument(1)), m.Positive, d.Value(node));

    /// <summary>A forward value spread over an axis, as part of the forward pass.</summary>
    protected static int Spread(Derivation d, int value, int axis, Shape shape) => d.AtForward(() => d.Spread(value, axis, shape));

    /// <summary>(exp(z) - exp(z0)) / (z - z0).</summary>
    protected static Expr ExpSecant(Expr z, Expr z0) =>
        new Apply(exp, Part.Secant, EquatableArray.Of(z, z0, new Apply(exp, Part.Value, EquatableArray.Of(z)), new Apply(exp, Part.Value, EquatableArray.Of(z0))));
}
