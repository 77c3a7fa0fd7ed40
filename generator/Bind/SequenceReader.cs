using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Reads the tokens, or the numbers of a sequence of a variable length, that Predict and Embed of the network's own class are given, and
/// says if they are too few, too many, or not in the vocabulary.
/// </summary>
internal sealed class SequenceReader(Askable network, IInvocationOperation call)
{
    /// <summary>What is wrong with what an input of this name is given.</summary>
    public IEnumerable<Report> Read(IOperation value, string input)
    {
        if (network.Sequence(input) is not { } sequence)
            return [];
        var wrong = Length(value, input, sequence);
        return sequence.Vocabulary is { } tokens ? wrong.Concat(Unknown(value, input, tokens)) : wrong;
    }

    private IEnumerable<Report> Length(IOperation value, string input, Sequence sequence)
    {
        if (Written.Length(value) is not { } length || Expected(sequence, length) is not { } expected)
            yield break;
        yield return new(Problems.LengthWrong, value.Syntax.GetLocation(), input, expected,
            $"{(sequence.Vocabulary is null ? input : $"tokens: {input}")} of {network.Name}", $"{length}");
    }

    /// <summary>How many there should be, in words; null if there are as many, or if that is not known.</summary>
    private string? Expected(Sequence sequence, int length)
    {
        var (most, least) = ((long)sequence.Length * sequence.Width, sequence.Least * sequence.Width);
        var counts = call.TargetMethod.Parameters.Any(parameter => parameter.Name == "count");
        if (counts || !sequence.Varies)
        {
            // One example may have fewer where no lengths are given.
            return Doors.Count(call) is not { } count || count < 0 || count == 1 && counts && sequence.Varies || length == count * most
                ? null
                : $"{count * most}";
        }
        return length >= least && length <= most && length % sequence.Width == 0 ? null :
            sequence.Width == 1 ? $"{least} to {most}" : $"{least} to {most}, in positions of {sequence.Width},";
    }

    private static IEnumerable<Report> Unknown(IOperation value, string input, int vocabulary) =>
        from element in Written.Elements(value)
        where Once.Constant(Doors.Plain(element)) is int token && (token < 0 || token >= vocabulary)
        select new Report(Problems.OptionOutOfRange, element.Syntax.GetLocation(), "a token", input,
            $"{Once.Constant(Doors.Plain(element))}", $"from 0 to {vocabulary - 1}");
}

/// <summary>An input that holds tokens, or that has a variable number of positions.</summary>
/// <param name="Length">Its positions at most.</param>
/// <param name="Least">Its positions at least.</param>
/// <param name="Varies">Whether it may have fewer than at most.</param>
/// <param name="Width">Numbers of a position.</param>
/// <param name="Vocabulary">How many tokens there are; null of a sequence of numbers.</param>
internal readonly record struct Sequence(int Length, int Least, bool Varies, int Width, int? Vocabulary);
