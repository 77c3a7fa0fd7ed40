namespace Whence;

/// <summary>The share of a call that is done, with whom to tell it after each piece, by whichever thread did it.</summary>
internal sealed class ToldProgress
{
    private readonly IProgress<double> caller;
    private Progress progress;

    private ToldProgress(IProgress<double> caller, long whole) => (this.caller, progress) = (caller, new() { Whole = whole });

    /// <summary>Of a call of so many steps; null if nobody is to be told.</summary>
    public static ToldProgress? Of(IProgress<double>? caller, long whole) => caller is null || whole == 0 ? null : new(caller, whole);

    /// <summary>Counts steps that are done.</summary>
    public void Add(long steps) => progress.Add(steps, caller);
}
