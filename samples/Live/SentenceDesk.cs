using System.Diagnostics;
using Language;
using Whence;

namespace Live;

/// <summary>Answers about a sentence that is being typed: which word comes next.</summary>
internal sealed class SentenceDesk(WordNet net, Vocabulary vocabulary)
{
    private const int Most = 500;
    private const int Likeliest = 6;
    private const string End = "<eos>";

    private static readonly ExplainOptions plain = new() { Parts = false };

    // Embeddings of zeros.
    private readonly float[] nothing = new float[net.Signature.InputSize];
    private readonly float[] atNothing = net.Predict(new float[net.Signature.InputSize]);

    public Answered Answer(Asked asked)
    {
        var start = Stopwatch.GetTimestamp();
        var words = Words(asked.Text ?? throw new ArgumentException("There is no sentence."));
        var typed = net.Embed([.. words.Select(vocabulary.Number)]);
        var unit = asked.Target ?? Likely(net.Predict(typed)).First();
        if (unit < 0 || unit >= net.Signature.OutputSize)
            throw new ArgumentException($"There is no word {unit}.");
        var x = Way.At(nothing, typed, asked.Alpha);
        var probabilities = net.Predict(x);
        var target = Target.Unit(unit).OfOutput();
        return new Answered(asked.Id, asked.Ask, Of(unit, probabilities), Choices(probabilities),
            Way.Along(net, nothing, typed, unit, isSoftmax: true),
            Methods(typed, x, asked.Alpha, target, probabilities[unit] - atNothing[unit]),
            Stopwatch.GetElapsedTime(start).TotalMilliseconds)
        {
            Words = [.. words.Select(word => vocabulary.Knows(word) ? word : $"({word})")],
        };
    }

    /// <summary>The last ten words; where there are fewer, after the end of the sentence before.</summary>
    internal static string[] Words(string text)
    {
        if (text.Length > Most)
            throw new ArgumentException($"A sentence has at most {Most} letters, but this has {text.Length}.");
        string[] words = [.. new string([.. text.ToLowerInvariant().Select(one => char.IsLetter(one) || one == '\'' ? one : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return [.. Enumerable.Repeat(End, Math.Max(0, Section.Length - words.Length)), .. words.TakeLast(Section.Length)];
    }

    private Choice Of(int unit, float[] probabilities) => new(vocabulary[unit], unit, probabilities[unit]);

    private Choice[] Choices(float[] probabilities) =>
        [.. Likely(probabilities).Take(Likeliest).Select(unit => Of(unit, probabilities))];

    // The words, the likeliest first. That it is one of those which the network does not know is no word.
    private IEnumerable<int> Likely(float[] probabilities) => Enumerable.Range(0, probabilities.Length)
        .Where(unit => vocabulary[unit] != Vocabulary.Unknown).OrderByDescending(unit => probabilities[unit]);

    private Told[] Methods(float[] typed, float[] x, double alpha, Target target, double change)
    {
        Told Of(string method, Attribution why) => Told.Of(method, why, change, why.PerToken());
        return
        [
            Of("DeepLIFT, Rescale", net.DeepLift(x, target, Rule.Rescale, options: plain)),
            Of("Integrated gradients", net.IntegratedGradients(x, target)),
            Of("Gradient × input", net.GradientTimesInput(x, target)),
            Interior.At(net, typed, alpha, target, change, typed.Length / Section.Length),
        ];
    }
}
