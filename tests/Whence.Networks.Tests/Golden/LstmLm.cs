using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>lstm_lm.npz: what PyTorch and Captum say of the character model, from the embedded text on.</summary>
public sealed class LstmLm
{
    private static readonly NpzKeys golden = Checks();

    public static TheoryData<string> Used => golden.Keys.Theory();

    [Theory]
    [MemberData(nameof(Used))]
    public void AgreesWith(string key) => golden.Keys.Check(key);

    public static TheoryData<string> Long => golden.Keys.LongTheory();

    [Theory]
    [Trait("Long", "laws")]
    [MemberData(nameof(Long))]
    public void AgreesWithOnEveryRow(string key) => golden.Keys.CheckEveryRow(key);

    [Fact]
    public void EveryKeyIsUsedOrExcused() => golden.Keys.RequireAll("lstm_lm.npz", golden.Npz.Names.Concat(golden.Npz.Skipped));

    [Fact]
    public void RescaleIsCompleteOverFiftySteps()
    {
        var sums = golden.DeepLift(Rule.Rescale, golden.Npz["baseline_space"].Values).Sums;
        Assert.All(sums, sum => Assert.InRange(Math.Abs(sum.Gap!.Value), 0, 1e-12 * sum.Magnitude));
    }

    private static NpzKeys Checks()
    {
        var net = Trained.LstmLm().Interpret();
        // Near the zero embedding the gradient changes fast, and the last bit of a point counts for more: 7e-6 on one of the texts.
        // Fifty steps add up what a softmax's way back rounds otherwise than PyTorch's: 1.04e-11 on another.
        var keys = new NpzKeys("lstm_lm.npz", net, pathRows: 1, captumPath: 2e-5, exactPath: 2e-11);
        keys.AddReference("zero");
        keys.AddReference("space");
        keys.Keys.Add("lstm_out", () => keys.Same("lstm_out",
            keys.Once((_, values) => SpanExplainers.LayerActivation(net, "Lstm", keys.X, keys.Count, values), 50 * 128), NpzKeys.Exact));
        keys.Keys.Add("feature_ablation_token", () =>
        {
            var tokens = new FeatureGroups([.. Enumerable.Range(0, 50 * 64).Select(i => i / 64)]);
            var scores = keys.Once((targets, each) => SpanExplainers.Ablation(net, tokens, keys.X, keys.Count, targets, default, each), 50);
            keys.Same("feature_ablation_token", [.. scores.SelectMany(score => Enumerable.Repeat(score, 64))], 1e-6);
        });
        return keys;
    }
}
