namespace Whence;

using System.Numerics;
using System.Runtime.ExceptionServices;
using Whence.Authoring;

/// <summary>Spreads the inputs of one job over threads, in as many runs of neighbours as there are threads.</summary>
internal static class OverThreads<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run<M>(M method, Recipe recipe, Job<T> job, int threads) where M : struct, IMethod
    {
        var failures = new ExceptionDispatchInfo?[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            try
            {
                var first = (int)((long)job.Count * part / threads);
                var end = (int)((long)job.Count * (part + 1) / threads);
                // Steps that are doubled are a thread's own.
                var own = method;
                Driver<T>.RunHere(ref own, recipe, job.Slice(first, end - first));
            }
            catch (Exception failure)
            {
                failures[part] = ExceptionDispatchInfo.Capture(failure);
            }
        });
        // The first input that fails is the one reported, whichever thread was quickest.
        foreach (var failure in failures)
            failure?.Throw();
    }
}
