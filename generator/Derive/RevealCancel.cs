using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>
/// DeepLIFT's Linear and RevealCancel rules (arXiv 1704.02685, sections 3.5.1 and 3.5.3). Every value's difference from its
/// reference has a positive and a negative part, which an activation treats as two players: each is credited with the mean of what
/// it adds before and after the other. <paramref name="preset"/> says for which activations, where no rule stands on their layer.
/// </summary>
/// <remarks>
/// Where no published rule says what the parts are (products, max-pools, log-sum-exp) the split restarts from the whole
/// difference; a sum of several values splits each addend by the sign of its whole difference. Averages, concatenation and other
/// operators without weights pass the parts along, BatchNorm exchanges them where its factor is negative, as the authors' code does.
/// </remarks>
internal sealed class RevealCancel(bool maxPoolGradient, Preset preset) : Rescale(maxPoolGradient)
{
    private readonly Dictionary<int, Parts> parts = [];

    public override string Name => preset.ToString();

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m)
    {
        if (Choice(d, node) != RuleChoice.RevealCancel)
            return base.Elementwise(d, op, node, m);
        var x = d.Forward[node].Inputs[0];
        var below = PartsOf(d, x)!.Value;
        return new Flow(
            Credited(d, op, node, m.Positive, below.Positive, below.Negative),
            Credited(d, op, node, m.Negative, below.Negative, below.Positive));
    }

    /// <summary>The rule of an activation: its own, else its layer's, else the preset's.</summary>
    private RuleChoice Choice(Derivation d, int node)
    {
        if (d.Forward[node].Rule != RuleChoice.Inherit)
            return d.Forward[node].Rule;
        var layer = LayerBelow(d, node);
        if (layer is { Rule: not RuleChoice.Inherit })
            return layer.Rule;
        return preset switch
        {
            Preset.Rescale => RuleChoice.Rescale,
            Preset.Genomics when layer?.Op is Convolve => RuleChoice.Rescale,
            _ => RuleChoice.RevealCancel,
        };
    }

    /// <summary>The layer whose value an activation is applied to, through a BatchNorm that was not folded.</summary>
    private static Node? LayerBelow(Derivation d, int node)
    {
        var below = d.Forward[d.Forward[node].Inputs[0]];
        while (below is { Op: Scale, Rule: RuleChoice.Inherit } || AllCalls.IsPassage(below))
            below = d.Forward[below.Inputs[0]];
        return below.Op is MixingOp or Scale ? below : null;
    }

    /// <summary>
    /// m times the mean of two secants: of this part alone, and of this part after the other. An empty part gets the mean of the two
    /// slopes, the rule's continuous limit.
    /// </summary>
    private static int Credited(Derivation d, ElementwiseOp op, int node, int m, int part, int other) =>
        d.Map(Moved(d, node, Argument(1)), m, CreditFactor(d, op, node, part, other));

    private static int CreditFactor(Derivation d, ElementwiseOp op, int node, int part, int other)
    {
        var forward = d.Forward[node];
        var operands = Operands(d, node, 3);
        Expr Secant(Expr from)
        {
            var to = from + Argument(1);
            return op.Secant(forward, to, from, op.Value(forward, to, operands), op.Value(forward, from, operands), operands);
        }
        var alone = Secant(Argument(0));
        var after = Secant(Argument(0) + Argument(2));
        return d.Map(Guarded(d, node, 0.5 * (alone + after), Argument(1), 0),
            [d.Reference(forward.Inputs[0]), part, other, .. OperandNodes(d, node)]);
    }

    public override Flow Linear(Derivation d, LinearOp op, int node, int input, Flow m)
    {
        if (!m.Parted)
            return op.Transpose(d, node, input, m.Positive);
        return op switch
        {
            MixingOp mixing => Masked(d, mixing, node, m),
            Scale => Exchanged(d, node, m),
            Combine => Addend(d, node, input, m),
            _ => new Flow(op.Transpose(d, node, input, m.Positive), op.Transpose(d, node, input, m.Negative)),
        };
    }

    /// <summary>
    /// The Linear rule's masks as two products: m = W^T (mp + mn) / 2 + sign(d) |W|^T (mp - mn) / 2, d the input's whole difference.
    /// </summary>
    private static Flow Masked(Derivation d, MixingOp op, int node, Flow m) =>
        Masked(d, d.Forward[node].Inputs[0], m, mean => op.Transpose(d, node, 0, mean), half => op.TransposeAbsolute(d, node, half));

    private static Flow Masked(Derivation d, int input, Flow m, Func<int, int> transpose, Func<int, int> transposeAbsolute)
    {
        var mean = d.Map(0.5 * (Argument(0) + Argument(1)), m.Positive, m.Negative);
        var half = d.Map(0.5 * (Argument(0) - Argument(1)), m.Positive, m.Negative);
        var sign = Expr.IfPositive(Argument(2), Argument(1), Expr.IfZero(Argument(2), 0, Expr.Negate(Argument(1))));
        return d.Map(Argument(0) + sign,
            transpose(mean), transposeAbsolute(half), d.Difference(input));
    }

    /// <summary>With a constant matrix a product is a linear layer.</summary>
    public override Flow MatrixProduct(Derivation d, int node, int input, Flow m)
    {
        var (own, other) = (d.Forward[node].Inputs[input], d.Forward[node].Inputs[1 - input]);
        if (!m.Parted || d.Live(other))
            return base.MatrixProduct(d, node, input, m);
        int Back(int part, int matrix) => Ops.MatrixProduct.Back(d, node, input, part, matrix);
        return Masked(d, own, m, mean => Back(mean, d.Value(other)), half => Back(half, Absolute(d, d.Value(other))));
    }

    private static Flow Exchanged(Derivation d, int node, Flow m)
    {
        var factor = d.Value(d.Forward[node].Inputs[1]);
        int Times(int positive, int negative) =>
            d.Map(Argument(2) * Expr.IfPositive(Argument(2), Argument(0), Argument(1)), positive, negative, factor);
        return new Flow(Times(m.Positive, m.Negative), Times(m.Negative, m.Positive));
    }

    private static Flow Addend(Derivation d, int node, int input, Flow m)
    {
        var forward = d.Forward[node];
        var weight = forward.Settings.Numbers("weights")[input];
        if (forward.Inputs.Count(d.Live) == 1)
            return weight > 0
                ? new Flow(d.Scaled(m.Positive, weight), d.Scaled(m.Negative, weight))
                : new Flow(d.Scaled(m.Negative, weight), d.Scaled(m.Positive, weight));
        return d.Map(weight * BySign(weight * Argument(2), Argument(0), Argument(1)), m.Positive, m.Negative,
            d.Difference(forward.Inputs[input]));
    }

    public override Parts? PartsOf(Derivation d, int node)
    {
        // Those below first, and not by a method that calls itself: how deep a network is says nothing of the stack there is.
        var open = new Stack<int>([node]);
        while (open.Count > 0)
        {
            var waiting = PassingOn(d, open.Peek()).Where(input => !parts.ContainsKey(input)).Reverse().ToList();
            foreach (var input in waiting)
                open.Push(input);
            if (waiting.Count == 0 && open.Pop() is var next && !parts.ContainsKey(next))
                parts[next] = d.AtForward(() => d.Live(next) ? Split(d, next) : None(d, next));
        }
        return parts[node];
    }

    /// <summary>The inputs of a value of which it passes the parts on.</summary>
    private static IEnumerable<int> PassingOn(Derivation d, int node)
    {
        var forward = d.Forward[node];
        return forward.Op switch
        {
            _ when !d.Live(node) => [],
            MixingOp => [],
            Combine => forward.Inputs.Where(d.Live).ToList() is { Count: 1 } only ? only : [],
            Join => forward.Inputs,
            LinearOp or ElementwiseOp => [forward.Inputs[0]],
            _ => [],
        };
    }

    /// <summary>The parts of what no input moves.</summary>
    private static Parts None(Derivation d, int node)
    {
        var zeros = d.Zeros(d.Shape(node));
        return new Parts(zeros, zeros);
    }

    private Parts Split(Derivation d, int node)
    {
        var forward = d.Forward[node];
        Parts Below(int input = 0) => parts[forward.Inputs[input]];
        return forward.Op switch
        {
            MixingOp op => LinearParts(d, node, forward.Inputs[0], size => op.ApplyAbsolute(d, node, size)),
            Ops.MatrixProduct when !d.Live(forward.Inputs[1]) => LinearParts(d, node, forward.Inputs[0],
                size => Ops.MatrixProduct.Apply(d, node, size, Absolute(d, d.Value(forward.Inputs[1])))),
            Ops.MatrixProduct when !d.Live(forward.Inputs[0]) => LinearParts(d, node, forward.Inputs[1],
                size => Ops.MatrixProduct.Apply(d, node, Absolute(d, d.Value(forward.Inputs[0])), size)),
            ElementwiseOp op => Activated(d, op, node, Below()),
            Scale => Scaled(d, node, Below()),
            Combine => Combined(d, node, Below),
            Join op => new Parts(op.Apply(d, node, Each(forward, i => Below(i).Positive)),
                op.Apply(d, node, Each(forward, i => Below(i).Negative))),
            LinearOp op => new Parts(op.Apply(d, node, [Below().Positive]), op.Apply(d, node, [Below().Negative])),
            _ => Restarted(d, node),
        };
    }

    private static int[] Each(Node node, Func<int, int> part) => Enumerable.Range(0, node.Inputs.Count).Select(part).ToArray();

    /// <summary>P and N from S = W d, which is the value's own difference, and D = |W| |d|: P = (S + D) / 2, N = (S - D) / 2.</summary>
    private static Parts LinearParts(Derivation d, int node, int input, Func<int, int> applyAbsolute)
    {
        var all = applyAbsolute(d.Map(Expr.Abs(Argument(0)), d.Difference(input)));
        var difference = d.Difference(node);
        // D is at least |S| but for rounding, which must not give a part the wrong sign.
        return new Parts(
            d.Map(Expr.Max(0.5 * (Argument(0) + Argument(1)), 0), difference, all),
            d.Map(Expr.Min(0.5 * (Argument(0) - Argument(1)), 0), difference, all));
    }

    private Parts Activated(Derivation d, ElementwiseOp op, int node, Parts below)
    {
        if (Choice(d, node) == RuleChoice.RevealCancel)
        {
            return new Parts(
                Credited(d, op, node, below.Positive, below.Positive, below.Negative),
                Credited(d, op, node, below.Negative, below.Negative, below.Positive));
        }
        return new Parts(
            Secanted(d, op, node, below.Positive, moved => moved).Positive,
            Secanted(d, op, node, below.Negative, moved => moved).Positive);
    }

    private static Parts Scaled(Derivation d, int node, Parts below)
    {
        var factor = d.Value(d.Forward[node].Inputs[1]);
        int Times(int positive, int negative) =>
            d.Map(Argument(2) * Expr.IfPositive(Argument(2), Argument(0), Argument(1)), positive, negative, factor);
        return new Parts(Times(below.Positive, below.Negative), Times(below.Negative, below.Positive));
    }

    private static Parts Combined(Derivation d, int node, Func<int, Parts> below)
    {
        var (inputs, weights) = (d.Forward[node].Inputs, d.Forward[node].Settings.Numbers("weights"));
        var moving = Enumerable.Range(0, inputs.Count).Where(i => d.Live(inputs[i])).ToList();
        if (moving.Count == 1)
        {
            var only = moving[0];
            var (positive, negative) = weights[only] > 0
                ? (below(only).Positive, below(only).Negative)
                : (below(only).Negative, below(only).Positive);
            return new Parts(d.Scaled(positive, weights[only]), d.Scaled(negative, weights[only]));
        }
        var differences = moving.Select(i => d.Difference(inputs[i])).ToArray();
        Expr Sum(Func<Expr, Expr, Expr> side) => moving.Select((i, k) => side(weights[i] * Argument(k), 0)).Aggregate((a, b) => a + b);
        return new Parts(d.Map(Sum(Expr.Max), differences), d.Map(Sum(Expr.Min), differences));
    }
}

/// <summary>The rules of activations on whose layer the user has put none; the names are the flows' in the runtime.</summary>
internal enum Preset
{
    Rescale,
    RevealCancel,
    Genomics,
}
