namespace Whence.Data;

/// <summary>
/// What the files of results of one question have: columns "row", "id" if rows have names, "target" if each row has its own, "output",
/// "gap" (none where the method's scores are not meant to add up), and the scores.
/// </summary>
/// <param name="Columns">The columns of scores.</param>
/// <param name="HasIds">Whether rows have names.</param>
/// <param name="HasTargets">Whether each row has a target of its own.</param>
internal sealed record ScoreFormat(IReadOnlyList<ScoreColumn> Columns, bool HasIds, bool HasTargets)
{
    public const string Row = "row";
    public const string Id = "id";
    public const string Target = "target";
    public const string Output = "output";
    public const string Gap = "gap";

    private const int GroupBytes = 1 << 24;

    /// <summary>How many scores a row has.</summary>
    public int Width { get; } = Columns.Sum(column => column.Length);

    /// <summary>How many rows are written as one: what takes sixteen megabytes, at least one and at most 65,536.</summary>
    public int GroupRows => Math.Clamp(GroupBytes / (4 * Width + 40), 1, 1 << 16);
}
