namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>Doubles the steps of each input until <see cref="PathOptions.Tolerance"/> is met.</summary>
internal static unsafe class Doubling<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run<M>(ref M method, in Job<T> job) where M : struct, IMethod
    {
        var options = (PathOptions)job.Options;
        for (var input = 0; input < job.Count; input++)
        {
            Refine(ref method, job.Slice(input, 1), options);
            if (job.Progress != null)
                job.Progress->Add(1, options.Progress!);
        }
    }

    private static void Refine<M>(ref M method, in Job<T> job, PathOptions options) where M : struct, IMethod
    {
        using var arena = Arena<T>.Enter();
        var before = arena.Take(job.ScoreSize);
        var sums = default(Completeness);
        var once = job;
        once.Sums = &sums;
        once.RequireGap = null;
        once.Progress = null;
        Run(ref method, once, options.Steps);
        var converged = false;
        for (var steps = 2 * (long)options.Steps; !converged && steps <= options.MaxSteps; steps *= 2)
        {
            job.ScoreRow(0).CopyTo(before);
            Run(ref method, once, (int)steps);
            var change = Change(before, job.ScoreRow(0));
            var scale = sums.Magnitude + (sums.Applies ? Math.Abs(sums.Output - sums.ReferenceOutput) : 0);
            converged = change <= options.Tolerance!.Value * scale && !(sums.RelativeGap > options.Tolerance);
        }
        if (options.RequireGap is { } allowed && sums.RelativeGap > allowed)
            throw new CompletenessException(sums, allowed, job.First);
        if (job.Sums != null)
            *job.Sums = sums with { Converged = converged };
    }

    private static void Run<M>(ref M method, in Job<T> job, int steps) where M : struct, IMethod
    {
        method.Refine(steps);
        Loop<T, M>.Run(ref method, method.Recipe(job.Net.Signature), job);
    }

    private static double Change(ReadOnlySpan<T> before, ReadOnlySpan<T> after)
    {
        var change = 0.0;
        for (var i = 0; i < before.Length; i++)
            change += Math.Abs(double.CreateTruncating(after[i]) - double.CreateTruncating(before[i]));
        return change;
    }
}
