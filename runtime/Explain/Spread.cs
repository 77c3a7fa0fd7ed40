namespace Whence;

using System.Numerics;
using System.Runtime.ExceptionServices;

/// <summary>Spreads the inputs of one question over threads, in as many runs of neighbours as there are threads.</summary>
internal static class Spread<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(Work<T> work, int threads)
    {
        var failures = new ExceptionDispatchInfo?[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            try
            {
                var first = (int)((long)work.Count * part / threads);
                var end = (int)((long)work.Count * (part + 1) / threads);
                work.Slice(first, end - first).Run();
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
