using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>How a multiplier can come to be infinite at values that are finite.</summary>
internal enum Taint
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>
    /// Only where all that is summed up is 0, which is flat there, so that nothing infinite passes it: sqrt(sum(square(x))).
    /// </summary>
    Flat,

    /// <summary>Anywhere.</summary>
    Any,
}

/// <summary>
/// Where in a core graph a slope may be infinite, or a value: only there do the rules take the products for which 0 times infinity is 0, so
/// that other networks pay nothing. "node" is a node of the core graph.
/// </summary>
internal sealed class Steepness
{
    private const string Own = "global::Whence.Ops.";

    private readonly IReadOnlyList<Node> nodes;
    private readonly bool[] live;
    private readonly double[] least;
    private readonly bool[] summed;
    private readonly bool[] held;
    private readonly bool[] infinite;
    private readonly bool[] undefined;
    private readonly Taint[] coming;

    public Steepness(IReadOnlyList<Node> nodes, bool[] live)
    {
        this.nodes = nodes;
        this.live = live;
        least = new double[nodes.Count];
        summed = new bool[nodes.Count];
        held = new bool[nodes.Count];
        infinite = new bool[nodes.Count];
        undefined = new bool[nodes.Count];
        coming = new Taint[nodes.Count];
        do
        {
            for (var node = 0; node < nodes.Count; node++)
            {
                least[node] = double.NegativeInfinity;
                // Which positions are present is 0 or 1, and no number of the user's.
                held[node] = nodes[node] is { Op: MaskInput, Inputs.Count: 0 };
                if (nodes[node].Op is CoreOp op)
                    Follow(node, op);
            }
        }
        while (Carry());
        while (Spread())
        {
        }
    }

    private void Follow(int node, CoreOp op)
    {
        var of = nodes[node];
        least[node] = op.Least(of, this) is var lowest && double.IsNaN(lowest) ? double.NegativeInfinity : lowest;
        summed[node] = IsFlat(node) || op.IsSum(of) && of.Inputs.All(input => live[input] ? summed[input] : least[input] >= 0);
        held[node] = of.Inputs.Any(IsHeld) && (op.IsMove(of) || !live[node] && KeepsInfinities(of));
        infinite[node] = op.MayBeInfinite(of, this);
        undefined[node] |= op.MayHaveNoValue(of, this);
    }

    // Whether what a state becomes tells more of how a step finds it.
    private bool Carry()
    {
        var changed = false;
        for (var node = 0; node < nodes.Count; node++)
        {
            if (nodes[node].Op is Next && MayBeInfinite(node) && !undefined[nodes[node].Inputs[0]])
                changed = undefined[nodes[node].Inputs[0]] = true;
        }
        return changed;
    }

    public Node this[int node] => nodes[node];

    /// <summary>A number that a node's values are not below; minus infinity where none is known.</summary>
    public double Least(int node) => least[node];

    /// <summary>A number that a node's values are not above; infinity of all but constants.</summary>
    public double Most(int node) => nodes[node].Op is Constant ? nodes[node].Settings.Numbers("values").Max() : double.PositiveInfinity;

    /// <summary>
    /// Whether a value is an input held fixed, as it is, moved or computed from: what is added to scores may be minus infinity.
    /// </summary>
    public bool IsHeld(int node) => held[node];

    // What comes of an infinite value times weights of both signs is no answer.
    private static bool KeepsInfinities(Node node) =>
        node.Op is not (MixingOp or MatrixProduct) && node.Function is not { IsBounded: true };

    /// <summary>Whether what comes back to an elementwise function's value may meet an infinite slope, or be infinite itself.</summary>
    public bool Guards(int node) =>
        IsSteep(node) || coming[node] != Taint.None || MayBeInfinite(node) || MayBeInfinite(nodes[node].Inputs[0]);

    /// <summary>
    /// Whether a node's value may be infinite, or none at all, and the network's answer finite, as that of a logarithm of 0 below an
    /// exponential, and of a root that the target does not look at.
    /// </summary>
    public bool MayBeInfinite(int node) => infinite[node] || undefined[node];

    /// <summary>
    /// Whether a node's value may be no number and the network's answer one, as a row of a softmax that sees nothing, and what is made of
    /// that row: no bound makes it finite.
    /// </summary>
    public bool MayHaveNoValue(int node) => undefined[node];

    /// <summary>How the gradient that comes back to a node's value may be infinite.</summary>
    public Taint Coming(int node) => coming[node];

    /// <summary>
    /// Whether a function's slope may be infinite on what its argument can be; of a user's own function nothing is known but what its
    /// struct says.
    /// </summary>
    private bool IsSteep(int node) => nodes[node].Function is { HasFiniteSlope: false } function
        && (!function.Type.StartsWith(Own, StringComparison.Ordinal) || IsSteepAtZero(function) && !(least[nodes[node].Inputs[0]] > 0));

    private bool IsSteepOfOnesOwn(int node) =>
        nodes[node].Function is { HasFiniteSlope: false } function && !function.Type.StartsWith(Own, StringComparison.Ordinal);

    private static bool IsSteepAtZero(Function function) => function.Name switch
    {
        "Sqrt" or "Log" or "Reciprocal" or "ReciprocalSqrt" => true,
        "Pow" => function.Arguments[0] is var exponent && exponent < 1 && exponent != 0,
        _ => false,
    };

    // The others' slopes are infinite only where their values are.
    private static bool IsFiniteAtZero(Function function) => function.Name == "Sqrt" || function.Name == "Pow" && function.Arguments[0] > 0;

    /// <summary>
    /// One pass of the way back: what each node's inputs get of what it got. Whether anything changed, as it may where there is a scan.
    /// </summary>
    private bool Spread()
    {
        var (changed, again) = (false, false);
        for (var node = nodes.Count - 1; node >= 0; node--)
        {
            again |= nodes[node].Op is Next;
            if (nodes[node].Op is Next)
                changed |= Raise(node, coming[nodes[node].Inputs[0]]);
            var back = Back(node);
            foreach (var input in nodes[node].Inputs.Where(input => live[input]))
                changed |= Raise(input, back);
        }
        return changed && again;
    }

    private bool Raise(int node, Taint taint)
    {
        if (coming[node] >= taint)
            return false;
        coming[node] = taint;
        return true;
    }

    /// <summary>Whether an infinite slope may come back from a function's value.</summary>
    public bool ComesBackSteep(int node) => live[node] && IsSteep(node);

    /// <summary>
    /// Of a function that at 0 meets a slope of 0 at what it is of, sqrt(sum(square(x))): the values between, whose own multipliers are
    /// infinite there. The squares are such values, what is squared is none. Null of any other function.
    /// </summary>
    public IReadOnlyCollection<int>? SteepAtZeroOnly(int node)
    {
        if (!summed[nodes[node].Inputs[0]])
            return null;
        var (found, open) = (new HashSet<int>(), new Stack<int>(nodes[node].Inputs));
        while (open.Count > 0)
        {
            if (open.Pop() is var next && live[next] && found.Add(next) && !IsFlat(next))
            {
                foreach (var input in nodes[next].Inputs)
                    open.Push(input);
            }
        }
        return found;
    }

    private bool IsRoot(int node) =>
        nodes[node].Function is { } function
            && function.Type.StartsWith(Own, StringComparison.Ordinal)
            && IsSteep(node)
            && IsFiniteAtZero(function);

    private Taint Back(int node)
    {
        if (IsRoot(node))
            return summed[nodes[node].Inputs[0]] && coming[node] != Taint.Any ? Taint.Flat : Taint.Any;
        // A root of one's own. Anywhere else it would cost all that is below a function of one's own twice the time.
        if (IsSteepOfOnesOwn(node) && summed[nodes[node].Inputs[0]] && coming[node] != Taint.Any)
            return Taint.Flat;
        return coming[node] == Taint.Flat && IsFlat(node) ? Taint.None : coming[node];
    }

    /// <summary>Whether a value is at least 0, and flat where it is 0; sums of such are 0 only where all of them are.</summary>
    private bool IsFlat(int node) =>
        nodes[node].Function?.Type is "global::Whence.Ops.Square" or "global::Whence.Ops.Abs" or "global::Whence.Ops.Relu"
        || nodes[node].Op is Product && nodes[node].Inputs[0] == nodes[node].Inputs[1];

    /// <summary>A number that a function's values are not below where its argument is not below <paramref name="least"/>.</summary>
    public static double LeastOf(Function function, double least) =>
        function.Type switch
        {
            Own + "Abs" or Own + "Relu" => Math.Max(least, 0),
            Own + "Square" => least > 0 ? least * least : 0,
            Own + "Sqrt" => Math.Sqrt(Math.Max(least, 0)),
            Own + "Clamp" => Math.Min(Math.Max(function.Arguments[0], least), function.Arguments[1]),
            _ => function.IsNotNegative ? 0 : double.NegativeInfinity,
        };

    /// <summary>The same of a function's value at a node's; of a user's own function nothing is known.</summary>
    public bool MayBeInfinite(Function function, int argument) => function.Type.StartsWith(Own, StringComparison.Ordinal)
        && (IsSteepAtZero(function) && !IsFiniteAtZero(function)
            ? !(least[argument] > 0)
            : infinite[argument] && !function.IsBounded
                || MayOverflow(function, argument)
                || HasNone(function) && !(least[argument] >= 0));

    /// <summary>Whether a function's value at a node's may be no number; of infinities a user's own says nothing.</summary>
    public bool MayHaveNoValue(Function function, int argument) =>
        undefined[argument]
            || (function.Type.StartsWith(Own, StringComparison.Ordinal)
                ? (HasNone(function) || function.Name == "Log") && !(least[argument] >= 0)
                : infinite[argument]);

    // A share cannot, though z - lse, where the sum is asked about, is not known for its logarithm by name.
    private bool MayOverflow(Function function, int argument) => function.Name == "Exp"
        && nodes[argument].Op is not LogSoftmaxAxis
        && !(nodes[argument] is { Op: Combine, Inputs.Count: 2 } logs && Unspread(logs.Inputs[1]).Op is LogSumExpAxis);

    private Node Unspread(int node) => nodes[node].Op is SpreadAxis ? nodes[nodes[node].Inputs[0]] : nodes[node];

    // Of less than 0.
    private static bool HasNone(Function function) =>
        function.Name == "Sqrt" || function.Name == "Pow" && function.Arguments[0] != Math.Truncate(function.Arguments[0]);
}
