namespace Whence.Benchmarks;

/// <summary>
/// What the comparison must show. Ratios are the best peer's time over ours; a cost is ours over an own forward pass, and must not be more.
/// </summary>
internal static class Bar
{
    private static readonly Dictionary<(string Network, string Method), double[]> ratios = new()
    {
        [(Subject.Mnist, Questions.OfForward)] = [1.3, 1.1, 1.1],
        [(Subject.Genomics, Questions.OfForward)] = [1.4, 1.4, 1.4],
        [(Subject.Tabular, Questions.OfForward)] = [9, 3, 2],
        [(Subject.LanguageModel, Questions.OfForward)] = [1.3, 1.2, 1.2],
        [(Subject.Inception, Questions.OfForward)] = [1.05, 1.05],
        [(Subject.Residual, Questions.OfForward)] = [1.05, 1.05],
        [(Subject.Mnist, Questions.OfFiftySteps)] = [3, 3, 3],
        [(Subject.Genomics, Questions.OfFiftySteps)] = [2, 2, 2],
        [(Subject.Tabular, Questions.OfFiftySteps)] = [30, 4, 4],
        [(Subject.LanguageModel, Questions.OfFiftySteps)] = [1.8, 1.8, 1.8],
        [(Subject.Inception, Questions.OfTenSteps)] = [1.5],
        [(Subject.Residual, Questions.OfTenSteps)] = [1.3],
        [(Subject.Mnist, Questions.OfPrepared)] = [0, 0, 4],
        [(Subject.Genomics, Questions.OfPrepared)] = [0, 0, 3],
        [(Subject.Tabular, Questions.OfPrepared)] = [0, 0, 4],
        [(Subject.Genomics, Questions.OfMutagenesis)] = [8],
        [(Subject.Mnist, Questions.OfOcclusion)] = [2.3],
        [(Subject.Tabular, Questions.OfExact)] = [1, 1, 1],
    };

    /// <summary>The least ratio to the best peer; null where none is asked for.</summary>
    public static double? Ratio(Question question) =>
        ratios.TryGetValue((question.Network, question.Method), out var least)
            && Subject.Batches(question.Network).ToList().IndexOf(question.Batch) is var place and >= 0 && place < least.Length
            && least[place] > 0 ? least[place] : null;

    /// <summary>The least ratio of a call for each unit to one call for all.</summary>
    public static double? Together(string network, string method) => (network, method) switch
    {
        (Subject.Mnist, Questions.OfGradient or Questions.OfPrepared) => 1.7,
        (Subject.Mnist, Questions.OfRescale) => 2.2,
        _ => null,
    };

    /// <summary>The most forward passes that a method may cost.</summary>
    public static double? Cost(string method) => method switch
    {
        Questions.OfRescale => 2.4,
        Questions.OfRevealCancel => 4.6,
        _ => null,
    };
}
