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

    public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m)
    {
        // Of a difference that is all in one part both orders are one move from x0 to x, whose ends need not be put together.
        if (Choice(at) != RuleChoice.RevealCancel || IsInOnePart(at.Input))
            return base.Elementwise(at, op, m);
        var (P, N) = Below(at);
        return new Multipliers(
            at.Input.Map("mP", "the multiplier of {0}'s positive part", Credited(at, op, at.Of(m.Positive), P, N), "MultiplierOfPart"),
            at.Input.Map("mN", "the multiplier of {0}'s negative part", Credited(at, op, at.Of(m.Negative), N, P), "MultiplierOfPart"));
    }

    /// <summary>The rule of an activation: its own, else its layer's, else the preset's.</summary>
    private RuleChoice Choice(Site at)
    {
        if (at.Node.Rule != RuleChoice.Inherit)
            return at.Node.Rule;
        var layer = LayerBelow(at);
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
    private static Node? LayerBelow(Site at)
    {
        var below = at.Input;
        while (below.Node is { Op: Scale, Rule: RuleChoice.Inherit } || AllCalls.IsPassage(below.Node))
            below = below.Input;
        return below.Node.Op is MixingOp or Scale ? below.Node : null;
    }

    /// <summary>Whether one part of each element's difference is empty: the split restarts there, or just below.</summary>
    private static bool IsInOnePart(Site at)
    {
        while (at.Live)
        {
            var (d, inputs) = (at.Graph, at.Node.Inputs);
            switch (at.Node.Op)
            {
                case MixingOp:
                case Ops.MatrixProduct when !at.Input.Live || !at.Reads(1).Live:
                case Combine when inputs.Count(d.Live) > 1:
                    return false;
                case Combine:
                    at = new Site(d, inputs.First(d.Live));
                    break;
                case ElementwiseOp or Scale:
                case LinearOp move and not Join when move.IsMove(at.Node):
                    at = at.Input;
                    break;
                default:
                    return at.Node.Op is not LinearOp;
            }
        }
        return true;
    }

    /// <summary>The parts of what an activation is applied to, as the paper writes them.</summary>
    private (Expr P, Expr N) Below(Site at)
    {
        var below = PartsOf(at.Input)!.Value;
        return (at.Of(below.Positive, "P"), at.Of(below.Negative, "N"));
    }

    /// <summary>
    /// Section 3.5.3 with both sides divided by the part: m times the mean of f's secants from x0 to x0 + part and from x0 + other to x0 +
    /// other + part, this part alone and this part after the other. An empty part gets the mean of the two slopes, the rule's continuous
    /// limit. Where a slope may be infinite each secant is 0 by itself if there is no difference, and from an infinity to an equal one.
    /// </summary>
    private static Expr Credited(Site at, ElementwiseOp op, Expr m, Expr part, Expr other)
    {
        var x0 = at.Input.Reference;
        Expr Secant(Expr from)
        {
            var (to, y0, y) = (from + part, at.Apply(op, from), at.Apply(op, from + part));
            return at.Guarded(at.Secant(op, from, to, y0, y), to, from, y, y0);
        }
        var alone = Secant(x0);
        var after = Secant(x0 + other);
        var credit = at.Map("Credit", "the mean of {0}'s secants over a part, alone and after the other",
            0.5 * (alone + after));
        return at.Times(m, at.Of(credit, "credit"));
    }

    public override Multipliers Linear(Site at, LinearOp op, int input, Multipliers m)
    {
        var (d, node) = (at.Graph, at.Id);
        if (!m.Parted)
            return op.Transpose(d, node, input, m.Positive);
        return op switch
        {
            MixingOp mixing =>
                Masked(at, at.Input, m, mean => mixing.Transpose(d, node, 0, mean), half => mixing.TransposeAbsolute(d, node, half)),
            Scale => Exchanged(at, m),
            Combine => Addend(at, input, m),
            _ => new Multipliers(op.Transpose(d, node, input, m.Positive), op.Transpose(d, node, input, m.Negative)),
        };
    }

    /// <summary>
    /// The Linear rule's masks (section 3.5.1) as two products: m = W^T (mP + mN) / 2 + sign(dx) |W|^T (mP - mN) / 2.
    /// </summary>
    private static Multipliers Masked(Site at, Site x, Multipliers m, Func<int, int> transpose, Func<int, int> transposeAbsolute)
    {
        var (mP, mN) = (at.Of(m.Positive, "mP"), at.Of(m.Negative, "mN"));
        var mean = at.Map("mMean", "the mean of {0}'s multipliers", Mean(mP, mN));
        var half = at.Map("mHalf", "half the difference of {0}'s multipliers", 0.5 * mP - 0.5 * mN);
        var even = at.Of(at.Said("mEven", "through {0}, whatever the sign of what moves", transpose(mean)), "even");
        var odd = at.Of(at.Said("mOdd", "through {0}, by the sign of what moves", transposeAbsolute(half)), "odd");
        return x.Map("m", "the multiplier of {0} by the Linear rule",
            even + Expr.IfPositive(x.Difference, odd, Expr.IfZero(x.Difference, 0, Expr.Negate(odd))), "LinearRule");
    }

    /// <summary>With a constant matrix a product is a linear layer.</summary>
    public override Multipliers MatrixProduct(Site at, int input, Multipliers m)
    {
        var (own, other) = (at.Reads(input), at.Reads(1 - input));
        if (!m.Parted || other.Live)
            return base.MatrixProduct(at, input, m);
        int Back(int part, int matrix) => Gradient.Back(at, input, part, other, matrix);
        return Masked(at, own, m, mean => Back(mean, at.Graph.Value(other.Id)), half => Back(half, Absolute(other)));
    }

    private static Multipliers Exchanged(Site at, Multipliers m)
    {
        var (mP, mN, k) = (at.Of(m.Positive, "mP"), at.Of(m.Negative, "mN"), at.Operands[0]);
        Expr Times(Expr part) => at.Reads(1).MayBeInfinite ? Expr.Steep("Times", part, k) : k * part;
        return new Multipliers(
            at.Input.Map("mP", "the multiplier of {0}'s positive part", Times(Expr.IfPositive(k, mP, mN)), "MultiplierOfScaledPart"),
            at.Input.Map("mN", "the multiplier of {0}'s negative part", Times(Expr.IfPositive(k, mN, mP)), "MultiplierOfScaledPart"));
    }

    private static Multipliers Addend(Site at, int input, Multipliers m)
    {
        var (d, weight) = (at.Graph, at.Node.Settings.Numbers("weights")[input]);
        if (at.Node.Inputs.Count(d.Live) == 1)
            return weight > 0
                ? new Multipliers(d.Scaled(m.Positive, weight), d.Scaled(m.Negative, weight))
                : new Multipliers(d.Scaled(m.Negative, weight), d.Scaled(m.Positive, weight));
        var (mP, mN) = (at.Of(m.Positive, "mP"), at.Of(m.Negative, "mN"));
        return at.Map(weight * BySign(weight * at.Reads(input).Difference, mP, mN));
    }

    public override Parts? PartsOf(Site at)
    {
        var d = at.Graph;
        // Those below first, and not by a method that calls itself: how deep a network is says nothing of the stack there is.
        var open = new Stack<int>([at.Id]);
        while (open.Count > 0)
        {
            var waiting = PassingOn(d, open.Peek()).Where(input => !parts.ContainsKey(input)).Reverse().ToList();
            foreach (var input in waiting)
                open.Push(input);
            if (waiting.Count == 0 && open.Pop() is var next && !parts.ContainsKey(next))
                parts[next] = d.AtForward(() => d.Live(next) ? Split(new Site(d, next)) : None(d, next));
        }
        return parts[at.Id];
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

    private Parts Split(Site at)
    {
        var (d, node) = (at.Graph, at.Id);
        return at.Node.Op switch
        {
            MixingOp op => LinearParts(at, at.Input, size => op.ApplyAbsolute(d, node, size)),
            Ops.MatrixProduct when !at.Reads(1).Live =>
                LinearParts(at, at.Input, size => Ops.MatrixProduct.Apply(d, node, size, Absolute(at.Reads(1)))),
            Ops.MatrixProduct when !at.Input.Live =>
                LinearParts(at, at.Reads(1), size => Ops.MatrixProduct.Apply(d, node, Absolute(at.Input), size)),
            ElementwiseOp op => Activated(at, op),
            Scale => Scaled(at),
            Combine => Combined(at),
            LinearOp op => Passed(at, op),
            _ => Restarted(at),
        };
    }

    /// <summary>What a linear operator without weights makes of the parts of what it reads.</summary>
    private Parts Passed(Site at, LinearOp op)
    {
        var inputs = at.Node.Op is Join ? at.Node.Inputs.ToArray() : [at.Node.Inputs[0]];
        int[] Each(Func<Parts, int> part) => inputs.Select(input => part(parts[input])).ToArray();
        return new Parts(
            at.Said("P", "{0}'s positive part", op.Apply(at.Graph, at.Id, Each(below => below.Positive))),
            at.Said("N", "{0}'s negative part", op.Apply(at.Graph, at.Id, Each(below => below.Negative))));
    }

    /// <summary>P and N from S = W dx, which is the value's own difference, and D = |W| |dx|: P = (S + D) / 2, N = (S - D) / 2.</summary>
    private static Parts LinearParts(Site at, Site x, Func<int, int> applyAbsolute)
    {
        var distance = x.Map("Distance", "how far {0} is from its reference", Expr.Abs(x.Difference), "Distance");
        var D = at.Of(at.Said("D", "the most that {0} could move", applyAbsolute(distance)), "D");
        var S = at.Difference;
        // D is at least |S| but for rounding, which must not give a part the wrong sign.
        return PartsAt(at, Expr.Max(Mean(S, D), 0), Expr.Min(0.5 * S - 0.5 * D, 0));
    }

    private Parts Activated(Site at, ElementwiseOp op)
    {
        var (P, N) = Below(at);
        if (Choice(at) == RuleChoice.RevealCancel)
            return PartsAt(at, Credited(at, op, P, P, N), Credited(at, op, N, N, P), "CreditedPart");
        return PartsAt(at, Secanted(at, op, P), Secanted(at, op, N), "RescaledPart");
    }

    private Parts Scaled(Site at)
    {
        var (P, N, k) = (at.Of(parts[at.Node.Inputs[0]].Positive, "P"), at.Of(parts[at.Node.Inputs[0]].Negative, "N"), at.Operands[0]);
        return PartsAt(at, k * Expr.IfPositive(k, P, N), k * Expr.IfPositive(k, N, P), "ScaledPart");
    }

    private Parts Combined(Site at)
    {
        var (d, inputs, weights) = (at.Graph, at.Node.Inputs, at.Node.Settings.Numbers("weights"));
        var moving = Enumerable.Range(0, inputs.Count).Where(i => d.Live(inputs[i])).ToList();
        if (moving.Count == 1)
        {
            var (only, weight) = (parts[inputs[moving[0]]], weights[moving[0]]);
            return weight > 0
                ? new Parts(d.Scaled(only.Positive, weight), d.Scaled(only.Negative, weight))
                : new Parts(d.Scaled(only.Negative, weight), d.Scaled(only.Positive, weight));
        }
        Expr Sum(Func<Expr, Expr, Expr> side) =>
            moving.Select(i => side(weights[i] * at.Reads(i).Difference, 0)).Aggregate((a, b) => a + b);
        return PartsAt(at, Sum(Expr.Max), Sum(Expr.Min));
    }
}

/// <summary>The rules of activations on whose layer the user has put none; the names are the passes' in the runtime.</summary>
internal enum Preset
{
    Rescale,
    RevealCancel,
    Genomics,
}
