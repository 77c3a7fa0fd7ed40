using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>A weighted sum of values of one shape: setting "weights" has one number an input.</summary>
internal sealed class Combine : LinearOp
{
    public override int Arity => -1;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Transpose(Derivation d, int node, int input, int m) =>
        d.Scaled(m, d.Forward[node].Settings.Numbers("weights")[input]);

    public override int Apply(Derivation d, int node, int[] inputs) =>
        d.Map(Value(d.Forward[node].Settings).Replace(i => new Leaf(inputs[i], $"x{i + 1}")));

    public override Expr? Formula(Node node) => Value(node.Settings);

    public override bool IsSum(Node node) => node.Settings.Numbers("weights").All(weight => weight > 0);

    public override double Least(Node node, Steepness known) =>
        node.Settings.Numbers("weights").Select((weight, i) => Least(weight, node.Inputs[i], known)).Sum();

    private static double Least(double weight, int input, Steepness known) =>
        weight > 0 ? weight * known.Least(input) : weight == 0 ? 0 : weight * known.Most(input);

    public override bool MayBeInfinite(Node node, Steepness known) =>
        node.Inputs.Any(input => known.MayBeInfinite(input) || known.IsHeld(input));

    // One infinite addend is the sum.
    public override bool MayHaveNoValue(Node node, Steepness known) =>
        node.Inputs.Any(known.MayHaveNoValue) || node.Inputs.Count(input => known.MayBeInfinite(input) || known.IsHeld(input)) > 1;

    public override int Moved(Derivation d, int node, Func<int, int?> moves)
    {
        var of = d.Forward[node];
        var weights = of.Settings.Numbers("weights");
        var terms = Enumerable.Range(0, weights.Length).Where(i => moves(of.Inputs[i]) is not null).ToList();
        return d.Map(Value(Settings.None.With("weights", terms.Select(i => weights[i]).ToArray()))
            .Replace(i => new Leaf(moves(of.Inputs[terms[i]])!.Value, $"dx{i + 1}")));
    }

    /// <summary>The sum as an expression.</summary>
    public static Expr Value(Settings settings)
    {
        var weights = settings.Numbers("weights");
        var sum = Term(weights[0], 0);
        for (var i = 1; i < weights.Length; i++)
            sum = weights[i] == -1 ? sum - new Argument(i) : sum + Term(weights[i], i);
        return sum;
    }

    private static Expr Term(double weight, int index) =>
        weight == 1 ? new Argument(index) : weight == -1 ? Expr.Negate(new Argument(index)) : weight * (Expr)new Argument(index);
}
