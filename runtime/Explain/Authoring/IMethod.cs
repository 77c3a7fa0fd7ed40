namespace Whence.Authoring;

/// <summary>
/// A method of attribution: which counterfactual rows it asks a network about, and what it makes of the answers. A struct, asked through
/// <see cref="Explainers.Explain{M}(INetwork, M, ReadOnlySpan{float}, Target, References{float}, ExplainOptions)"/>. It may have fields of
/// its own; every thread has a copy, and inputs must not depend on each other: what is asked of a row follows from its number alone.
/// </summary>
public interface IMethod
{
    /// <summary>
    /// What the method is on this network. Called before all else, and after <see cref="Refine"/>; it may keep what it reads of the
    /// signature.
    /// </summary>
    /// <exception cref="ArgumentException">The network cannot be asked this.</exception>
    Recipe Recipe(Signature net);

    /// <summary>
    /// Says where a row lies. It arrives as the input itself, with weight 1. Asked of a row once or often, for all pairs of an input and a
    /// reference alike.
    /// </summary>
    /// <param name="row">From 0 to <see cref="Recipe.Rows"/>.</param>
    /// <param name="spec">The row.</param>
    void Place(int row, ref RowSpec spec);

    /// <summary>
    /// Says which players of a row are the input's; the others become the reference's. Of recipes that are <see cref="Recipe.IsMasked"/>.
    /// </summary>
    /// <param name="row">As in <see cref="Place"/>, in this order for each pair.</param>
    /// <param name="scratch">As large as the recipe says; undefined at first, then as the last call left it.</param>
    /// <param name="present">One for each group of <see cref="Recipe.Groups"/>, or each element of the input; arrives undefined.</param>
    void Mask(int row, Scratch scratch, Span<bool> present) => throw Missing(nameof(Mask), nameof(Authoring.Recipe.IsMasked));

    /// <summary>
    /// Adds to the scores what the outcomes say of one pair of an input and a reference. Of recipes with <see cref="Fold.Outcomes"/>.
    /// </summary>
    /// <param name="pair">The pair.</param>
    /// <param name="outcomes">[Rows]: the target at each row.</param>
    /// <param name="scratch">As in <see cref="Mask"/>; masks of the next pair may have been asked for already.</param>
    /// <param name="scores">[ScoreSize]: sums over the pairs of one input, which become means.</param>
    void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores) =>
        throw Missing(nameof(Finish), nameof(Fold.Outcomes));

    /// <summary>
    /// Takes so many steps from now on. Of recipes that are <see cref="Recipe.Refines"/>, for <see cref="PathOptions.Tolerance"/>.
    /// </summary>
    void Refine(int steps) => throw Missing(nameof(Refine), nameof(Authoring.Recipe.Refines));

    private NotImplementedException Missing(string member, string said) =>
        new($"{GetType().Name}'s recipe says {said}, so that it must implement {member}.");
}

/// <summary>A pair of an input and a reference whose rows are answered.</summary>
/// <param name="Output">The target at the input.</param>
/// <param name="Input">The input's place among those of the question.</param>
/// <param name="Reference">Which of the input's references.</param>
public readonly record struct Pair(double Output, int Input, int Reference);

/// <summary>Memory that a method may write to, as much as its recipe asks for.</summary>
public readonly ref struct Scratch
{
    internal Scratch(Span<double> numbers, Span<int> places, Span<bool> flags)
    {
        Numbers = numbers;
        Places = places;
        Flags = flags;
    }

    /// <summary>Numbers.</summary>
    public Span<double> Numbers { get; }

    /// <summary>Indices.</summary>
    public Span<int> Places { get; }

    /// <summary>Flags.</summary>
    public Span<bool> Flags { get; }
}

/// <summary>How much <see cref="Scratch"/> a method asks for.</summary>
/// <param name="Numbers">Numbers.</param>
/// <param name="Places">Indices.</param>
/// <param name="Flags">Flags.</param>
public readonly record struct ScratchSize(int Numbers = 0, int Places = 0, int Flags = 0);
