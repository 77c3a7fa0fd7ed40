namespace Whence;

internal unsafe partial struct Work<T>
{
    private readonly bool IsAlongPath =>
        Score is Score.Interior or Score.Integral or Score.Influence or Score.Conductance or Score.NeuronConductance or Score.Value;

    /// <summary>
    /// What is wrong with an answer that is not finite: looked for only then, by forward passes over all that it rests on.
    /// </summary>
    private readonly NonFiniteException NonFinite(int input, in Completeness sums)
    {
        var (name, target) = (Net.Signature.Name, Net.Signature.Points[From].Name);
        // Where the outputs are finite a value below that is not may be none of what is wrong: the logarithm of a mask.
        var isOutput = !double.IsFinite(sums.Output) || sums.Applies && !double.IsFinite(sums.ReferenceOutput);
        if (!isOutput && Score is not Score.Contribution && Score < Score.Occlusion && Find(input, steep: true) is (var steepness, var at))
            return new NonFiniteException($"{name}'s {steepness} is infinitely steep for {at}; so {target} has no finite gradient there.",
                First + input, steepness);
        if (Find(input, steep: false) is (var fault, var where))
            return new NonFiniteException($"{name}'s layer {fault} is the first whose value is not finite ({fault.What}) for {where}; so "
                + $"{target} cannot be explained there.", First + input, fault);
        var numbers = FormattableString.Invariant(
            $"output {sums.Output:r}, reference output {sums.ReferenceOutput:r}, sum of scores {sums.Sum:r}");
        return new NonFiniteException(
            $"{name}'s layers are finite for input {First + input} and what it is compared with, but its scores for {target} are not: "
                + $"they overflowed, unless a function of one's own is infinitely steep ({numbers}).",
            First + input, default(Fault));
    }

    /// <summary>
    /// Refuses a target that is not finite at a row which is neither the input nor its reference, and names the operator that made it.
    /// </summary>
    private readonly double Finite(double value, int input, ReadOnlySpan<T> row, string where)
    {
        if (double.IsFinite(value))
            return value;
        var fault = Net.FirstFault(row, steep: false);
        var found = fault is null ? "" : $"; the first value that is not finite ({fault.What}) is {fault}'s";
        throw new NonFiniteException($"{Net.Signature.Name}'s {Net.Signature.Points[From].Name} is not finite at {where} "
            + $"{First + input}{found}; so it cannot be explained.", First + input, fault);
    }

    private readonly (Fault Fault, string Where)? Find(int input, bool steep)
    {
        // Of a path its points count: its ends are points where a rule takes them.
        if (!(steep && (IsAlongPath || Score == Score.Expected)) && Net.FirstFault(Input(input), steep) is { } fault)
            return (fault, $"input {First + input}");
        for (var r = 0; !steep && References != null && r < Each; r++)
        {
            if (Net.FirstFault(Reference(input * Each + r), steep) is { } other)
                return (other, $"{(Each == 1 ? "reference" : $"reference {r}")} of input {First + input}");
        }
        return Score == Score.Expected ? FindDrawn(input, steep) : IsAlongPath ? FindAlong(input, steep) : null;
    }

    private readonly (Fault Fault, string Where)? FindAlong(int input, bool steep)
    {
        // A path whose steps are doubled no longer knows its options: its first points do.
        var points = Points ?? (Options is PathOptions path ? PointsOf(path, path.Steps) : PathPoints.Of(Quadrature.Trapezoid, 65));
        for (var r = 0; r < Each; r++)
        {
            for (var point = 0; point < points.Alphas.Length; point++)
            {
                if (At(input, r, points.Alphas[point], steep) is not { } fault)
                    continue;
                var reference = Each == 1 ? "the reference" : $"reference {r}";
                return (fault, FormattableString.Invariant(
                    $"the point alpha = {points.Alphas[point]:r} between {reference} and input {First + input}"));
            }
        }
        return null;
    }

    private readonly (Fault Fault, string Where)? FindDrawn(int input, bool steep)
    {
        for (var draw = 0; draw < Samples; draw++)
        {
            var draws = new Draws(RandomSeed, (ulong)draw);
            var (r, alpha) = (draws.Below(Each), draws.Uniform());
            if (At(input, r, alpha, steep) is { } fault)
                return (fault, FormattableString.Invariant($"the point alpha = {alpha:r} between reference {r} and input {First + input}"));
        }
        return null;
    }

    private readonly Fault? At(int input, int reference, double alpha, bool steep)
    {
        var row = new T[InputSize];
        Held.Between(Net.Signature, Reference(input * Each + reference), Input(input), alpha, row);
        return Net.FirstFault(row, steep);
    }
}
