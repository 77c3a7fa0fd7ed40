namespace Whence;

using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>
/// Says what is wrong with an answer that is not finite: looked for only then, by forward passes over all that it rests on.
/// </summary>
internal static unsafe class Faults<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What is wrong with the scores of an input.</summary>
    /// <param name="method">The method.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="job">What was asked.</param>
    /// <param name="answer">Which target of the job.</param>
    /// <param name="input">Which input of the job.</param>
    /// <param name="scores">[size of To]: its scores; none, if they are no elements' of it.</param>
    /// <param name="sums">What they sum to.</param>
    public static NonFiniteException NonFinite<M>(ref M method, in Recipe recipe, in Job<T> job, int answer, int input,
        ReadOnlySpan<T> scores, in Completeness sums)
        where M : struct, IMethod
    {
        var (name, target, at) = (job.Net.Signature.Name, job.NameOf(answer), job.First + input);
        // Where the outputs are finite a value below that is not may be none of what is wrong: the logarithm of a mask.
        var isOutput = !double.IsFinite(sums.Output) || sums.Applies && !double.IsFinite(sums.ReferenceOutput);
        var through = scores.Length == Layout.ToSize(job.Net.Signature, recipe) ? Rows.FirstNonFinite(scores) : -1;
        if (!isOutput && TakesSlopes(recipe)
            && Find(ref method, recipe, job, answer, input, through, Sought.Steep) is (var steepness, var there))
            return new NonFiniteException($"{Said(name, steepness, there)}; so {target} has no finite gradient there.", at, steepness);
        if (Find(ref method, recipe, job, answer, input, through, Sought.NonFinite) is (var fault, var where))
        {
            return new NonFiniteException(
                $"{name}'s layer {fault} is the first whose value is not finite ({fault.What}) for {where}; so {target} cannot be "
                    + "explained there.", at, fault);
        }
        // A secant over a difference of 0 is a slope.
        if (recipe.Pass is not null && !TakesSlopes(recipe)
            && Find(ref method, recipe, job, answer, input, through, Sought.Steep) is (var unmoved, var place))
        {
            var stays = double.IsFinite(unmoved.Slope ?? double.NaN) ? "" : ", and what it is applied to does not move";
            return new NonFiniteException($"{Said(name, unmoved, place)}{stays}; so {target} cannot be explained there.", at, unmoved);
        }
        var behind = recipe.Pass is null ? null : Find(ref method, recipe, job, answer, input, through, Sought.Overflow);
        return new NonFiniteException(
            FormattableString.Invariant(
                $"{name} has only finite values for input {at} and what it is compared with, but its scores for {target} are not")
            + (through < 0 ? "" : $", the first {Of(job.Net.Signature, recipe, through)}") + ": they overflowed on the way back"
            + (behind is (var overflown, var point) ? $" through {overflown}, for {point}" : "")
            + (recipe.Pass is Pass.RevealCancel
                ? ", or a function has no finite value where only a part of what it is applied to has moved, which Rescale does not ask "
                : " ")
            + FormattableString.Invariant(
                $"(output {sums.Output:r}, reference output {sums.ReferenceOutput:r}, sum of scores {sums.Sum:r})."),
            at, behind?.Fault);
    }

    private static string Said(string net, Fault steepness, string where) =>
        $"{net}'s {steepness} {steepness.Slope switch
        {
            double.NaN => "has no slope",
            { } slope when double.IsFinite(slope) => "has a slope beyond what a float holds",
            _ => "is infinitely steep",
        }} for {where}";

    // "x at element [1]".
    private static Fault Of(Signature net, in Recipe recipe, int element)
    {
        if (recipe.To >= 0)
            return Fault.At(net.Points[recipe.To].Name, net.Points[recipe.To].Shape, element);
        var input = 0;
        for (; element >= net.Inputs[input].Shape.Size; input++)
            element -= net.Inputs[input].Shape.Size;
        return Fault.At(net.Inputs[input].Name, net.Inputs[input].Shape, element);
    }

    /// <summary>What is wrong with a target at a row that is neither the input nor its reference.</summary>
    public static NonFiniteException AtRow(in Recipe recipe, in Job<T> job, int answer, int input, in RowSpec spec,
        ReadOnlySpan<bool> mask)
    {
        var row = new T[job.InputSize];
        HostRows<T>.Form(recipe, job, spec, spec.Alpha, mask, row);
        var (name, target, at) = (job.Net.Signature.Name, job.NameOf(answer), job.First + input);
        var fault = job.Net.FirstFault(Search(recipe, job, answer, input, row, -1, Sought.NonFinite));
        var found = fault is null ? "" : $"; the first value that is not finite ({fault.What}) is {fault}'s";
        return new NonFiniteException($"{name}'s {target} is not finite at a counterfactual of input {at}{found}; so it cannot be "
            + "explained.", at, fault);
    }

    /// <summary>
    /// A search on the way from an input's target to where its scores are, with a value for the layer where rows are placed.
    /// </summary>
    private static FaultSearch<T> Search(in Recipe recipe, in Job<T> job, int answer, int input, ReadOnlySpan<T> x, int through,
        Sought sought, ReadOnlySpan<T> placed = default) => new()
        {
            X = x, Sought = sought,
            From = job.From, Seed = job.Seed(answer, input), To = recipe.To, Through = through,
            At = placed.IsEmpty ? -1 : recipe.PlacedAt,
            Value = placed,
        };

    // Secants are finite where slopes are not.
    private static bool TakesSlopes(in Recipe recipe) => recipe.Pass is not null && !Layout.Compares(recipe.Pass);

    private static (Fault Fault, string Where)? Find<M>(ref M method, in Recipe recipe, in Job<T> job, int answer, int input, int through,
        Sought sought)
        where M : struct, IMethod
    {
        var isAlong = IsAlongPath(ref method, recipe);
        // Of a path its points count: its ends are points where a rule takes them.
        if ((sought == Sought.NonFinite || !isAlong)
            && job.Net.FirstFault(Search(recipe, job, answer, input, job.Input(input), through, sought)) is { } fault)
            return (fault, $"input {job.First + input}");
        for (var r = 0; sought == Sought.NonFinite && job.References != null && r < job.Each; r++)
        {
            if (job.Net.FirstFault(Search(recipe, job, answer, input, job.Reference(input, r), through, sought)) is { } other)
                return (other, $"{(job.Each == 1 ? "reference" : $"reference {r}")} of input {job.First + input}");
        }
        return isAlong ? FindAlong(ref method, recipe, job, answer, input, through, sought)
            : recipe.PlacedAt >= 0 ? FindPlaced(ref method, recipe, job, answer, input, through, sought) : null;
    }

    // Rows that are placed at a layer lie between its values, and see the input elsewhere.
    private static (Fault Fault, string Where)? FindPlaced<M>(ref M method, in Recipe recipe, in Job<T> job, int answer, int input,
        int through, Sought sought)
        where M : struct, IMethod
    {
        var layer = job.Net.Signature.Points[recipe.PlacedAt];
        var (end, start, value) = (new T[layer.Shape.Size], new T[layer.Shape.Size], new T[layer.Shape.Size]);
        job.Net.Forward(job.Input(input), recipe.PlacedAt, end, 1);
        for (var pair = 0; pair < job.PairsEach(recipe); pair++)
        {
            job.Net.Forward(job.Reference(input, pair), recipe.PlacedAt, start, 1);
            for (var i = 0; i < recipe.Rows; i++)
            {
                var spec = RowSpec.Placed(ref method, i, input * job.PairsEach(recipe) + pair, pair);
                Rows.Between<T>(start, end, spec.Alpha, value);
                if (job.Net.FirstFault(Search(recipe, job, answer, input, job.Input(input), through, sought, value)) is not { } fault)
                    continue;
                var reference = job.Each == 1 ? "the reference" : $"reference {spec.Reference}";
                return (fault, FormattableString.Invariant(
                    $"the point alpha = {spec.Alpha:r} between {layer.Name} of {reference} and of input {job.First + input}"));
            }
        }
        return null;
    }

    private static bool IsAlongPath<M>(ref M method, in Recipe recipe) where M : struct, IMethod
    {
        if (recipe.PlacedAt >= 0 || recipe.Fold == Fold.Outcomes)
            return false;
        var probe = RowSpec.Placed(ref method, 0, 0, 0);
        return recipe.Rows > 1 || !probe.IsInput;
    }

    private static (Fault Fault, string Where)? FindAlong<M>(ref M method, in Recipe recipe, in Job<T> job, int answer, int input,
        int through, Sought sought)
        where M : struct, IMethod
    {
        var row = new T[job.InputSize];
        var pairs = job.PairsEach(recipe);
        for (var pair = 0; pair < pairs; pair++)
        {
            // What overflows is looked for at the path's ends and in its middle: each look takes many passes.
            var step = sought == Sought.Overflow ? Math.Max(1, (recipe.Rows - 1) / 2) : 1;
            for (var i = 0; i < recipe.Rows; i += step)
            {
                var spec = RowSpec.Placed(ref method, i, input * pairs + pair, pair);
                HostRows<T>.Form(recipe, job, spec, spec.Alpha, default, row);
                if (job.Net.FirstFault(Search(recipe, job, answer, input, row, through, sought)) is not { } fault)
                    continue;
                var reference = job.Each == 1 ? "the reference" : $"reference {spec.Reference}";
                return (fault,
                    FormattableString.Invariant($"the point alpha = {spec.Alpha:r} between {reference} and input {job.First + input}"));
            }
        }
        return null;
    }
}
