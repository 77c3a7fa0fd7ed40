namespace Whence.Import.Fold;

/// <summary>An operator that cannot be followed: caught where operators are gone through, so that all are said at once.</summary>
internal sealed class FaultException(string why, string remedy = "") : Exception(why)
{
    public string Remedy { get; } = remedy;
}
