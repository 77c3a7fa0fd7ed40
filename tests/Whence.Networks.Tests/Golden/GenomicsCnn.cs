using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>genomics_cnn.npz: what PyTorch, Captum and tangermeme say of the network over DNA.</summary>
public sealed class GenomicsCnn
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
    public void EveryKeyIsUsedOrExcused() => golden.Keys.RequireAll("genomics_cnn.npz", golden.Npz.Names.Concat(golden.Npz.Skipped));

    // A path through this network costs ten times one through the digits': three of the eight examples go along each time, all among the
    // long laws.
    private static NpzKeys Checks()
    {
        var net = Trained.GenomicsCnn().Interpret();
        var keys = new NpzKeys("genomics_cnn.npz", net, pathRows: 3);
        keys.AddReference("zero");
        keys.AddReference("background");
        keys.AddShap();
        keys.AddLayer("relu1", "relu1", "background");
        keys.AddLayer("relu2", "relu2", "background");
        keys.AddLayer("relu3", "relu3", "background");
        var background = keys.Npz["baseline_background"].Values;
        keys.AddEachUnit("deeplift_background_all_tasks", 3, NpzKeys.Exact, (targets, scores) =>
            SpanExplainers.DeepLift<double>(net, keys.X, keys.Count, targets, Rule.Rescale, References.PerInput(background),
                scores));
        keys.Keys.Add("deeplift_background_sigmoid_output", () =>
        {
            var sigmoid = Trained.GenomicsCnn(sigmoid: true).Interpret();
            var scores = new double[keys.X.Length];
            SpanExplainers.DeepLift<double>(sigmoid, keys.X, keys.Count,
                Targets.PerInput(Array.ConvertAll(keys.Targets, target => target.OfOutput())),
                Rule.Rescale, References.PerInput(background), scores);
            keys.Same("deeplift_background_sigmoid_output", scores, NpzKeys.Exact);
        });
        var shuffled = keys.Npz["tangermeme_refs"];
        keys.Keys.Add("tangermeme_refs", () => Assert.Equal([8, 5, 4, 200], shuffled.Shape));
        keys.Keys.Add("tangermeme_dlshap_task0",
            () => keys.Same("tangermeme_dlshap_task0", OnThePresentBase(keys, Tangermeme(keys).Hypothetical), NpzKeys.Exact));
        keys.Keys.Add("tangermeme_dlshap_task0_hypothetical",
            () => keys.Same("tangermeme_dlshap_task0_hypothetical", Tangermeme(keys).Hypothetical, NpzKeys.Exact));
        keys.Keys.Add("occlusion_position", () => keys.Same("occlusion_position",
            keys.Once(
                (targets, scores) => SpanExplainers.Occlusion(net, new SlidingWindow(4, 1), keys.X, keys.Count, targets, default, scores)),
            1e-6));
        keys.AddEachUnit("ism_delta_logits", 3, NpzKeys.Exact,
            (targets, scores) => SpanExplainers.Mutagenesis(net, keys.X, keys.Count, targets, scores));
        return keys;
    }

    // tangermeme gives a position's whole contribution to the base that is there.
    private static double[] OnThePresentBase(NpzKeys keys, double[] hypothetical) =>
        [.. hypothetical.Select((score, i) => score * keys.X[i])];

    [Fact]
    public void ContributionsOfAPositionAreTheHypotheticalOneOfItsBase()
    {
        var (contributions, hypothetical) = Tangermeme(golden);
        var present = OnThePresentBase(golden, hypothetical);
        double Position(double[] scores, int i) => Enumerable.Range(0, 4).Sum(c => scores[i / 200 * 800 + c * 200 + i % 200]);
        double[] Positions(double[] scores) => [.. Enumerable.Range(0, 8 * 200).Select(i => Position(scores, i))];
        Compare.Rows("contributions summed over bases", Positions(contributions), Positions(present), 8, NpzKeys.Exact);
    }

    private static (double[] Contributions, double[] Hypothetical) Tangermeme(NpzKeys keys)
    {
        var (contributions, hypothetical) = (new double[keys.X.Length], new double[keys.X.Length]);
        SpanExplainers.DeepLift(keys.Network, keys.X, keys.Count, Target.Unit(0), Rule.Rescale,
            References.SeveralPerInput(keys.Npz["tangermeme_refs"].Values, 5),
            new ScoreSpans<double> { Scores = contributions, Hypothetical = hypothetical });
        return (contributions, hypothetical);
    }
}
