namespace Whence;

/// <summary>How much of a call is done. One for all its threads; it may lie on the caller's stack.</summary>
internal struct Progress
{
    private long done;

    /// <summary>How many steps the call takes.</summary>
    public long Whole;

    /// <summary>Counts steps that are done, and tells the caller the share.</summary>
    public void Add(long steps, IProgress<double> caller) => caller.Report((double)Interlocked.Add(ref done, steps) / Whole);
}
