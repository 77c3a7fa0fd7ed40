namespace Whence.Import;

/// <summary>What stands in the way of an import, and what to do about it.</summary>
/// <param name="Node">The node's name or, where it has none, that of its first output; empty if it is about the file.</param>
/// <param name="Operator">Such as "Resize"; empty if it is about the file.</param>
/// <param name="Why">What is wrong, as a clause.</param>
/// <param name="Remedy">What to do, as a sentence; empty if nothing can be done.</param>
public sealed record Finding(string Node, string Operator, string Why, string Remedy)
{
    /// <summary>One line: "Resize_120 (Resize): mode cubic. Export with mode linear."</summary>
    public override string ToString()
    {
        var place = Node.Length == 0 ? "" : Operator.Length == 0 ? $"{Node}: " : $"{Node} ({Operator}): ";
        return Printable.Line($"{place}{Why}{(Remedy.Length == 0 ? "" : $" {Remedy}")}");
    }
}

/// <summary>A model that cannot be imported: all that is known to stand in the way, at once.</summary>
public sealed class ImportException : Exception
{
    /// <summary>A model that cannot be imported for these reasons.</summary>
    public ImportException(IReadOnlyList<Finding> findings)
        : base(string.Join(Environment.NewLine, findings)) => Findings = findings;

    /// <summary>A file that cannot be read, in one sentence.</summary>
    public ImportException(string sentence)
        : this([new Finding("", "", sentence, "")])
    {
    }

    /// <summary>One for each node, in the file's order; at least one.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
