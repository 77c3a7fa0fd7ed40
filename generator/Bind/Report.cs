using Microsoft.CodeAnalysis;
using Whence.Generator.Check;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>A problem at its place in the source, with the particulars for its text.</summary>
internal sealed record Report(Problem Problem, Location Place, EquatableArray<string> Arguments)
{
    public Report(Problem problem, Location place, params string[] arguments)
        : this(problem, place, arguments.ToEquatable())
    {
    }

    /// <summary>
    /// What the code fix writes: the name in the weights file that a missing layer probably means, a method to ask for; or null.
    /// </summary>
    public string? Nearest { get; init; }
}
