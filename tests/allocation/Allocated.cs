namespace Whence.Tests;

/// <summary>What calls leave on the heap.</summary>
internal static class Allocated
{
    // Enough for the runtime to be done, also beside other tests.
    private const int MostCalls = 200;

    /// <summary>
    /// Bytes that a call allocates once it has been made often enough: the least of many. While the runtime goes over to code that it
    /// compiles anew, it allocates on the thread that runs it, some hundred bytes at a call, for longer the busier the machine is; without
    /// tiered compilation it never does. What the call itself allocates, it allocates every time.
    /// </summary>
    /// <remarks>On this thread alone: the process's own count also has what the test's host allocates meanwhile.</remarks>
    public static long By(Action call)
    {
        for (var i = 0; i < 3; i++)
            call();
        var least = long.MaxValue;
        for (var i = 0; i < MostCalls && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
