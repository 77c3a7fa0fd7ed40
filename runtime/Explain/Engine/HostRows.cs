namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>Forms rows on the host, as their specifications say.</summary>
internal static unsafe class HostRows<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes one row.</summary>
    /// <param name="recipe">The method.</param>
    /// <param name="job">Its inputs and references.</param>
    /// <param name="spec">What the row is.</param>
    /// <param name="alpha">Where on the path it is taken.</param>
    /// <param name="mask">Which players are the input's, of masked recipes; else empty.</param>
    /// <param name="row">[InputSize].</param>
    public static void Form(in Recipe recipe, in Job<T> job, in RowSpec spec, double alpha, ReadOnlySpan<bool> mask, Span<T> row)
    {
        var input = Job<T>.InputOf(spec.Pair, job.PairsEach(recipe));
        var x = job.Input(input);
        if (alpha == 1)
            x.CopyTo(row);
        else
            Masks.Between(job.Net.Signature, Reference(recipe, job, input, spec.Reference), x, alpha, row);
        if (recipe.IsMasked)
            Mix(recipe.Groups, Reference(recipe, job, input, spec.Reference), mask, row);
        if (spec.Fill == Fill.Reference)
            FillWith(job.Net.Signature, spec.Box, Reference(recipe, job, input, spec.Reference), row);
        else if (spec.Fill == Fill.Letter)
            Write(job.Net.Signature, spec, row);
    }

    /// <summary>Whether a row of letters is the input itself, since its letter is there already.</summary>
    public static bool IsThere(in Job<T> job, in RowSpec spec, int input)
    {
        if (spec.Fill != Fill.Letter || spec.Alpha != 1)
            return false;
        var (shape, start) = job.Net.Signature.Place(spec.Box.Input);
        var x = job.Input(input)[start..];
        // Of most letters that is all there is to see.
        if (x[spec.Letter] != T.One)
            return false;
        foreach (var run in spec.Box.RunsIn(shape))
        {
            for (var element = run.Start; element < run.Start + run.Length; element++)
            {
                if (x[element] != (element == spec.Letter ? T.One : T.Zero))
                    return false;
            }
        }
        return true;
    }

    /// <summary>
    /// One of an input's references; refuses recipes that do not say that they compare, and references that there are not.
    /// </summary>
    public static ReadOnlySpan<T> Reference(in Recipe recipe, in Job<T> job, int input, int reference)
    {
        if (!recipe.Compares)
            throw new InvalidOperationException(
                $"{recipe.Name} places rows off the input, but its recipe does not say {nameof(recipe.Compares)}.");
        if ((uint)reference >= (uint)job.Each)
            throw new InvalidOperationException(
                $"{recipe.Name} asks for reference {reference} of an input, but there are {job.Each}, counted from 0.");
        return job.Reference(input, reference);
    }

    // What belongs to no group stays as it is.
    private static void Mix(FeatureGroups? groups, ReadOnlySpan<T> reference, ReadOnlySpan<bool> present, Span<T> row)
    {
        if (groups is not null)
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (groups[i] is >= 0 and var player && !present[player])
                    row[i] = reference[i];
            }
            return;
        }
        // Of many rows one element alone is absent.
        var (first, end) = (present.IndexOf(false), present.LastIndexOf(false) + 1);
        for (var i = Math.Max(0, first); i < end; i++)
        {
            if (!present[i])
                row[i] = reference[i];
        }
    }

    private static void FillWith(Signature signature, in Box box, ReadOnlySpan<T> reference, Span<T> row)
    {
        var (shape, start) = signature.Place(box.Input);
        reference = reference[start..];
        row = row[start..];
        if (box.AreEven(shape, out var runs))
        {
            for (var (i, at) = (0, runs.Start); i < runs.Count; i++, at += runs.Stride)
                reference.Slice(at, runs.Length).CopyTo(row[at..]);
            return;
        }
        foreach (var run in box.RunsIn(shape))
            reference.Slice(run.Start, run.Length).CopyTo(row[run.Start..]);
    }

    private static void Write(Signature signature, in RowSpec spec, Span<T> row)
    {
        var (shape, start) = signature.Place(spec.Box.Input);
        row = row[start..];
        if (spec.Box.AreEven(shape, out var runs))
        {
            for (var (i, at) = (0, runs.Start); i < runs.Count; i++, at += runs.Stride)
            {
                foreach (ref var element in row.Slice(at, runs.Length))
                    element = T.Zero;
            }
        }
        else
        {
            foreach (var run in spec.Box.RunsIn(shape))
                row.Slice(run.Start, run.Length).Clear();
        }
        row[spec.Letter] = T.One;
    }
}
