namespace Whence;

using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>
/// Integrates along each path from kink to kink (<see cref="Quadrature.Exact"/>), on the host whatever the device, in double precision.
/// What that would cost is counted in multiply-adds, never in time, so that every machine makes the same choice; where it is too much,
/// steps are doubled.
/// </summary>
internal static unsafe class Exact<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A multiply-add here, scattered and in double precision, takes as long as eight of a chunk of steps, each of which takes two passes.
    private const double PassesAStep = 2.0 / 8;

    private const double ToleranceElse = 1e-4;

    // Of scores in single precision, half a unit in the last place.
    private const double Rounding = 1.0 / (1 << 24);

    /// <summary>Answers a job that has sums to write to.</summary>
    /// <exception cref="ArgumentException">The target is not linear in the inputs but for kinks.</exception>
    public static void Run<M>(ref M method, in Recipe recipe, in Job<T> job) where M : struct, IMethod
    {
        var paths = Paths(job);
        using var numbers = Arena<double>.Enter();
        using var weighed = Arena<Weighed>.Enter();
        var scores = numbers.Take(job.InputSize);
        var outputs = weighed.Take(checked(job.Answers * job.Count));
        var references = weighed.Take(outputs.Length);
        job.Outputs(outputs);
        job.ReferenceOutputs(references);
        for (var input = 0; input < job.Count; input++)
        {
            for (var answer = 0; answer < job.Answers; answer++)
            {
                job.Options.Cancellation.ThrowIfCancellationRequested();
                var (output, reference) = (outputs[answer * job.Count + input], references[answer * job.Count + input]);
                var stretches = Integrate(paths, job, answer, input, output, reference, scores);
                if (stretches == 0)
                    Double(ref method, job.Slice(input, 1).Answer(answer));
                else
                    Record(ref method, recipe, job, answer, input, scores, (output, reference, stretches));
            }
            if (job.Progress != null)
                job.Progress->Add(job.Answers, job.Options.Progress!);
        }
    }

    private static IExactPaths<T> Paths(in Job<T> job)
    {
        var paths = job.Net is IDeviceModel<T> device ? device.ExactPaths : job.Net as IExactPaths<T>;
        if (paths?.IsPiecewiseLinear(job.From) == true)
            return paths;
        var point = job.Net.Signature.Points[job.From];
        throw new ArgumentException($"{job.Net.Signature.Name}'s {point.Name}{(point.Kind == PointKind.Output ? "" : $" ({point.Kind})")} "
            + "is not linear in its inputs but for kinks, so that Quadrature.Exact cannot integrate its gradient exactly; "
            + "Quadrature.GaussLegendre suits smooth networks.", "options");
    }

    // How many stretches between kinks the longest of the input's paths has; 0 if one takes too much, or has kinks so near to one another
    // that a double does not tell them apart to within the scores' digits.
    private static int Integrate(IExactPaths<T> paths, in Job<T> job, int answer, int input, Weighed output, Weighed reference,
        Span<double> scores)
    {
        scores.Clear();
        // What is not finite has no path, and is refused.
        if (!double.IsFinite(output.Value) || !double.IsFinite(reference.Value))
            return 1;
        var (most, blur) = (0, 0.0);
        for (var r = 0; r < job.Each; r++)
        {
            var went = paths.IntegratePath(new ExactPath<T>
            {
                X = job.Input(input), Reference = job.Reference(input, r), From = job.From, Seed = job.Seed(answer, input), Scores = scores,
                MostPasses = PassesAStep * ((PathOptions)job.Options).MaxSteps, Cancellation = job.Options.Cancellation,
            });
            if (!went.IsFinished)
                return 0;
            most = Math.Max(most, went.Kinks + 1);
            blur += went.Blur;
        }
        var size = output.Size + reference.Size;
        foreach (var score in scores)
            size += Math.Abs(score) / job.Each;
        return blur / job.Each <= Rounding * size ? most : 0;
    }

    private static void Record<M>(ref M method, in Recipe recipe, in Job<T> job, int answer, int input, ReadOnlySpan<double> exact,
        (Weighed Output, Weighed Reference, int Stretches) of)
        where M : struct, IMethod
    {
        var scores = job.ScoreRow(answer, input);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(exact[i] / job.Each);
        var found = Answer<T>.SumUp(recipe, scores, of.Output, of.Reference) with { IsExact = true, Steps = of.Stretches };
        if (((PathOptions)job.Options).Tolerance is { } tolerance)
            found = found with { Converged = found.RelativeGap <= tolerance };
        Answer<T>.Record(ref method, recipe, job, answer, input, 0, scores, found);
    }

    private static void Double<M>(ref M method, Job<T> job) where M : struct, IMethod
    {
        job.Progress = null;
        Doubling<T>.Run(ref method, job, ((PathOptions)job.Options).Tolerance ?? ToleranceElse);
    }
}
