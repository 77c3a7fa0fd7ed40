using Whence.Golden;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>
/// The *_deeplift_authors.npz files: what the DeepLIFT authors' own layer code says of two trained networks, entry by entry.
/// </summary>
public sealed class Authors
{
    private static readonly (string File, Lazy<ZooNetwork> Network, string[] References)[] files =
    [
        ("mnist_cnn_deeplift_authors.npz", new(() => Trained.MnistCnn()), ["zero", "mean1000"]),
        ("tabular_mlp_deeplift_authors.npz", new(Trained.TabularMlp), ["zero", "train0"]),
    ];

    private static readonly Dictionary<string, Keys> checks = files.ToDictionary(file => file.File,
        file => Checks(file.File, file.Network.Value, file.References));

    public static TheoryData<string, string> Used
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (file, keys) in checks)
            {
                foreach (var key in keys.Names)
                    data.Add(file, key);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Used))]
    public void AgreeOn(string file, string key) => checks[file].Check(key);

    [Theory]
    [InlineData("mnist_cnn_deeplift_authors.npz")]
    [InlineData("tabular_mlp_deeplift_authors.npz")]
    public void EveryKeyIsUsedOrExcused(string file) => checks[file].RequireAll(file, Npz.Golden(file).Names);

    private static Keys Checks(string file, ZooNetwork network, string[] references)
    {
        var npz = Npz.Golden(file);
        var keys = new Keys();
        var ours = network.Interpret();
        var guarded = network.Interpret(rewrite: AuthorsGuard.Guarded);
        var (x, count) = (npz["x"].Values, npz["x"].Shape[0]);
        var targets = Array.ConvertAll(npz["target"].Integers(), Target.Unit);
        keys.Add("x", () => Assert.Equal(Npz.Golden(file.Replace("_deeplift_authors", ""))["x"].Values, x));
        keys.Add("target", () => Assert.Equal(count, targets.Length));

        foreach (var name in references)
        {
            var reference = npz[$"baseline_{name}"].Values;
            keys.Add($"baseline_{name}", () => Assert.Equal(x.Length, reference.Length));
            void Add(string mode, string what, Func<(double[] Contributions, double[] Multipliers)> answer, double tolerance)
            {
                var key = $"{mode}_{name}_{what}";
                keys.Add(key, () => Compare.Rows($"{file} {key}", what == "contribs" ? answer().Contributions : answer().Multipliers,
                    npz[key].Values, count, tolerance));
            }
            void AddBoth(string mode, Func<(double[], double[])> answer)
            {
                Add(mode, "contribs", answer, NpzKeys.Exact);
                Add(mode, "multipliers", answer, NpzKeys.Exact);
            }
            AddBoth("Rescale", () => DeepLift(ours, Rule.Rescale));
            AddBoth("Gradient", () => Both((net, scores) => SpanExplainers.Gradient(net, x, count, Targets.PerInput(targets), scores)));
            AddBoth("GuidedBackprop",
                () => Both((net, scores) => SpanExplainers.GuidedBackprop(net, x, count, Targets.PerInput(targets), scores)));
            AddBoth("DeconvNet", () => Both((net, scores) => SpanExplainers.DeconvNet(net, x, count, Targets.PerInput(targets), scores)));
            AddBoth("GuidedBackpropRescale", () =>
            {
                var (scores, multipliers) = (new double[x.Length], new double[x.Length]);
                SpanExplainers.GuidedBackpropRescale(ours, x, count, Targets.PerInput(targets), References.PerInput(reference),
                    new ScoreSpans<double> { Scores = scores, Multipliers = multipliers });
                return (scores, multipliers);
            });
            foreach (var (mode, rule) in new[] { ("RevealCancel", Rule.RevealCancel), ("DeepLIFT_GenomicsDefault", Rule.Genomics) })
            {
                foreach (var (what, tolerance) in new[] { ("contribs", 1e-6), ("multipliers", 1e-4) })
                {
                    var key = $"{mode}_{name}_{what}";
                    keys.Add(key, () =>
                    {
                        Compare.Rows($"{file} {key}, by the limit", Pick(DeepLift(ours, rule), what), npz[key].Values, count, tolerance);
                        Compare.Rows($"{file} {key}, by their guard", Pick(DeepLift(guarded, rule), what), npz[key].Values, count, 1e-12);
                    });
                }
            }

            (double[] Contributions, double[] Multipliers) DeepLift(InterpretedNetwork net, Rule rule)
            {
                var (scores, multipliers) = (new double[x.Length], new double[x.Length]);
                SpanExplainers.DeepLift(net, x, count, Targets.PerInput(targets), rule, References.PerInput(reference),
                    new ScoreSpans<double> { Scores = scores, Multipliers = multipliers });
                return (scores, multipliers);
            }

            // Their contributions are multipliers times (input - reference) in these modes too.
            (double[] Contributions, double[] Multipliers) Both(Action<InterpretedNetwork, double[]> answer)
            {
                var multipliers = new double[x.Length];
                answer(ours, multipliers);
                return ([.. multipliers.Select((m, i) => m * (x[i] - reference[i]))], multipliers);
            }
        }
        return keys;
    }

    private static double[] Pick((double[] Contributions, double[] Multipliers) answer, string what) =>
        what == "contribs" ? answer.Contributions : answer.Multipliers;

    [Fact]
    public void TheGuardStandsAtEveryRevealCancelActivation()
    {
        var (limit, rescale) =
            (Trained.TabularMlp().Interpret().Question(Pass.RevealCancel), Trained.TabularMlp().Interpret().Question(Pass.Rescale));
        // Two activations, each with a factor for either part; those of layers that are asked about are made once more.
        Assert.InRange(AuthorsGuard.Factors(limit), 4, 8);
        Assert.Equal(0, AuthorsGuard.Factors(AuthorsGuard.Guarded(limit)));
        Assert.Equal(0, AuthorsGuard.Factors(rescale));
    }
}
