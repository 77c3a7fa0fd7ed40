using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>A kind of mistake: its id, a short title, and its text with {0}, {1}, ... for the particulars.</summary>
internal sealed record Problem(string Id, string Title, string Text)
{
    /// <summary>The network works, but probably not as meant: a warning, not an error.</summary>
    public bool IsWarning { get; init; }

    /// <summary>
    /// The compiler has an error of its own for it wherever it is wrong: ours is no second one, but tells an editor why, and has the fix.
    /// </summary>
    public bool IsCompilersToo { get; init; }

    /// <summary>How many particulars its text takes.</summary>
    public int Particulars => Enumerable.Range(0, 10).First(i => !Text.Contains($"{{{i}}}"));
}

/// <summary>A mistake found at a node of the bound graph, with the particulars for its text.</summary>
internal sealed record Finding(Problem Problem, int Node, EquatableArray<string> Arguments);
