using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>tabular_mlp.npz: what PyTorch and Captum say of the network over table rows, with its BatchNorms.</summary>
public sealed class TabularMlp
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
    public void EveryKeyIsUsedOrExcused() => golden.Keys.RequireAll("tabular_mlp.npz", golden.Npz.Names.Concat(golden.Npz.Skipped));

    private static NpzKeys Checks()
    {
        var net = Trained.TabularMlp().Interpret();
        var keys = new NpzKeys("tabular_mlp.npz", net, pathRows: 8);
        keys.AddReference("zero");
        keys.AddReference("train0");
        keys.AddShap();
        keys.AddLayer("bn1", "Bn1", "zero");
        keys.AddLayer("relu1", "relu1", "zero");
        keys.AddLayer("relu2", "relu2", "zero");
        keys.AddEachUnit("jacobian", 2, NpzKeys.Exact,
            (targets, scores) => SpanExplainers.Gradient(net, keys.X, keys.Count, targets, scores));
        keys.Keys.Add("feature_ablation_zero", () => keys.Same("feature_ablation_zero",
            keys.Once((targets, scores) => SpanExplainers.Ablation(net, null, keys.X, keys.Count, targets, default, scores)),
            NpzKeys.Exact));
        keys.Keys.Add("shapley_groups", () => ShapleyValuesAreKernelShaps(keys, new FeatureGroups(keys.Npz["shapley_groups"].Integers())));
        return keys;
    }

    private static void ShapleyValuesAreKernelShaps(NpzKeys keys, FeatureGroups groups)
    {
        Assert.Equal(8, groups.Count);
        var references = References.Several(keys.Npz["dlshap_baselines"].Values, 5);
        var targets = Targets.PerInput(keys.Targets);
        var sums = new Completeness[keys.Count];
        var (values, kernel) = (new double[8 * keys.Count], new double[8 * keys.Count]);
        SpanExplainers.ShapleyValues<double>(keys.Network, groups, keys.X, keys.Count, targets, references,
            new() { Scores = values, Sums = sums });
        SpanExplainers.KernelShap<double>(keys.Network, groups, keys.X, keys.Count, targets, references, kernel);
        Compare.Rows("Shapley values", kernel, values, keys.Count, 1e-12);
        Assert.All(sums, sum => Assert.InRange(sum.RelativeGap!.Value, 0, 1e-13));
    }
}
