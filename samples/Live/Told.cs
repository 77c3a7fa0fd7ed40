using Whence;

namespace Live;

/// <summary>What one method says.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Scores">One for each pixel, word or measurement.</param>
/// <param name="Sum">What they sum to.</param>
/// <param name="Change">The target's change from the reference, which they are to account for.</param>
/// <param name="Gap">Change - Sum.</param>
/// <param name="IsPromised">Whether the method promises that they do.</param>
internal sealed record Told(string Method, float[] Scores, double Sum, double Change, double Gap, bool IsPromised)
{
    /// <summary>An explanation, beside the change of its target from the reference, which not every method knows.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="why">The explanation.</param>
    /// <param name="change">The target's change from the reference.</param>
    /// <param name="scores">Its scores, if they are summed up in groups.</param>
    public static Told Of(string method, Attribution why, double change, float[]? scores = null)
    {
        var sum = why.Completeness.Sum;
        return new(method, scores ?? why.Scores.ToArray(), sum, why.Gap is null ? change : why.Output - why.ReferenceOutput!.Value,
            why.Gap ?? change - sum, why.Gap is not null);
    }
}

/// <summary>One of the things a network may say.</summary>
internal sealed record Choice(string Name, int Unit, double Probability);

/// <summary>What a network says at one point of the way from the reference to what was given, and why.</summary>
/// <param name="Id">The question's.</param>
/// <param name="Ask">What it was about.</param>
/// <param name="Target">What is explained.</param>
/// <param name="Choices">What may be said, the likeliest first; of digits all ten, in order.</param>
/// <param name="Path">The target's probability at points spaced evenly from 0 to 1.</param>
/// <param name="Methods">Why, by each method.</param>
/// <param name="Milliseconds">How long all of it took.</param>
internal sealed record Answered(int Id, string Ask, Choice Target, IReadOnlyList<Choice> Choices, double[] Path,
    IReadOnlyList<Told> Methods, double Milliseconds)
{
    /// <summary>Of a sentence, the words as the network reads them.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Of a row, the measurements at this point of the way.</summary>
    public double[]? Values { get; init; }
}
