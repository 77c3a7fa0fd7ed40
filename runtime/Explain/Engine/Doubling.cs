namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>Doubles the steps of each input until <see cref="PathOptions.Tolerance"/> is met.</summary>
internal static unsafe class Doubling<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Answers a job that has sums to write to.</summary>
    public static void Run<M>(ref M method, in Job<T> job, double tolerance) where M : struct, IMethod
    {
        var options = (PathOptions)job.Options;
        for (var input = 0; input < job.Count; input++)
        {
            Refine(ref method, job.Slice(input, 1), options, tolerance);
            if (job.Progress != null)
                job.Progress->Add(job.Answers, options.Progress!);
        }
    }

    // Each answer takes the steps that it would take alone; those that take as many take them together.
    private static void Refine<M>(ref M method, in Job<T> job, PathOptions options, double tolerance) where M : struct, IMethod
    {
        using var arena = Arena<T>.Enter();
        using var numbers = Arena<int>.Enter();
        var before = arena.Take(checked(job.Answers * job.ScoreSize));
        var left = numbers.Take(job.Answers);
        fixed (int* places = numbers.Take(job.Answers))
        fixed (T* seeds = arena.Take(checked(job.Answers * job.FromSize)))
        {
            var open = job;
            open.Places = places;
            open.Seeds = seeds;
            open.RequireGap = null;
            open.Progress = null;
            for (var answer = 0; answer < left.Length; answer++)
                left[answer] = answer;
            var most = Math.Min(options.MaxSteps, PathPoints.Most(options.Quadrature));
            for (var steps = (long)options.Steps; ; steps *= 2)
            {
                Gather(job, left[..open.Answers], ref open);
                for (var i = 0; steps > options.Steps && i < open.Answers; i++)
                    open.ScoreRow(i, 0).CopyTo(before.Slice(i * job.ScoreSize, job.ScoreSize));
                Run(ref method, open, (int)steps);
                var isLast = 2 * steps > most;
                if (steps > options.Steps)
                    open.Answers = Settle(open, left, before, tolerance);
                else if (isLast)
                    Mark(open, false);
                if (isLast || open.Answers == 0)
                    break;
            }
        }
        for (var answer = 0; answer < job.Answers; answer++)
        {
            if (options.RequireGap is { } allowed && job.Sum(answer, 0, 0) is { } sums && sums.RelativeGap > allowed)
                throw job.Incomplete(sums, allowed, answer, 0);
        }
    }

    private static void Gather(in Job<T> job, ReadOnlySpan<int> answers, ref Job<T> open)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            open.Places[i] = job.Places[answers[i]];
            job.Seed(answers[i], 0).CopyTo(new Span<T>(open.Seeds + (long)i * job.FromSize, job.FromSize));
        }
    }

    // Marks what has and what has not converged, and keeps those that are left; how many they are.
    private static int Settle(in Job<T> open, Span<int> left, ReadOnlySpan<T> before, double tolerance)
    {
        var kept = 0;
        for (var i = 0; i < open.Answers; i++)
        {
            ref var sums = ref open.Sum(i, 0, 0);
            var change = Change(before.Slice(i * open.ScoreSize, open.ScoreSize), open.ScoreRow(i, 0));
            var scale = sums.Magnitude + (sums.Applies ? Math.Abs(sums.Output - sums.ReferenceOutput) : 0);
            var converged = change <= tolerance * scale && !(sums.RelativeGap > tolerance);
            sums = sums with { Converged = converged };
            if (!converged)
                left[kept++] = left[i];
        }
        return kept;
    }

    private static void Mark(in Job<T> open, bool converged)
    {
        for (var i = 0; i < open.Answers; i++)
            open.Sum(i, 0, 0) = open.Sum(i, 0, 0) with { Converged = converged };
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
