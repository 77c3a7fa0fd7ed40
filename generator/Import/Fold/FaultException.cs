namespace Whence.Import.Fold;

/// <summary>An operator that cannot be followed: caught where operators are gone through, so that all are said at once.</summary>
internal sealed class FaultException(string why, string remedy = "") : Exception(why)
{
    public string Remedy { get; } = remedy;

    /// <summary>Whether it comes of a node that lacks what its operator takes, which is not asked for piece by piece.</summary>
    public static bool IsOfDamage(Exception e) => e is OverflowException or IndexOutOfRangeException or ArgumentException
        or KeyNotFoundException or NullReferenceException or DivideByZeroException or InvalidOperationException;
}
