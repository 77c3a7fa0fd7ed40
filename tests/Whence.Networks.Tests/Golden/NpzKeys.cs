using System.Collections.Concurrent;
using Whence.Golden;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Golden;

/// <summary>The checks that the files of the three trained networks have in common: what PyTorch and Captum answer.</summary>
internal sealed class NpzKeys
{
    /// <summary>Double against double.</summary>
    public const double Exact = 1e-9;

    /// <summary>Captum's points on the path are rounded to float32.</summary>
    public const double CaptumPath = 1e-6;

    private readonly double captumPath;
    private readonly double exactPath;

    private readonly ConcurrentDictionary<(string Reference, Quadrature Quadrature, int Steps,
        int Rows), (double[] Scores, Completeness[] Sums)> integrals = new();

    /// <param name="file">The file's name.</param>
    /// <param name="network">The network.</param>
    /// <param name="pathRows">How many of the examples go along paths of 50 points each time: all, where that takes seconds. Among the long
    /// laws all do.</param>
    /// <param name="captumPath">How far apart points rounded to float32 may bring the integrals.</param>
    /// <param name="exactPath">How far apart two sums in double precision over the same points may lie.</param>
    public NpzKeys(string file, InterpretedNetwork network, int pathRows, double captumPath = CaptumPath, double exactPath = 1e-11)
    {
        this.captumPath = captumPath;
        this.exactPath = exactPath;
        (File, Network, PathRows, Npz) = (file, network, pathRows, Npz.Golden(file));
        Targets = Array.ConvertAll(Npz["target"].Integers(), Target.Unit);
        Keys.Add("x", () => Assert.Equal(Count * Network.Signature.InputSize, X.Length));
        Keys.Add("target", () => Assert.Equal(Count, Targets.Length));
        Keys.Add("logits", () => Forward("x", "logits"));
        Keys.Add("saliency",
            () => Same("saliency", Once((targets, scores) => SpanExplainers.Gradient(Network, X, Count, targets, scores)), Exact));
        Keys.Add("input_x_gradient", () => Same("input_x_gradient",
            Once((targets, scores) => SpanExplainers.GradientTimesInput(Network, X, Count, targets, default, scores)), Exact));
        if (!Npz.Names.Contains("guided_backprop"))
            return;
        Keys.Add("guided_backprop",
            () => Same("guided_backprop", Once((targets, scores) => SpanExplainers.GuidedBackprop(Network, X, Count, targets, scores)),
                Exact));
        Keys.Add("deconvolution",
            () => Same("deconvolution", Once((targets, scores) => SpanExplainers.DeconvNet(Network, X, Count, targets, scores)), Exact));
    }

    public string File { get; }

    public InterpretedNetwork Network { get; }

    public int PathRows { get; }

    public Npz Npz { get; }

    public Keys Keys { get; } = new();

    public Target[] Targets { get; }

    public double[] X => Npz["x"].Values;

    public int Count => Npz["x"].Shape[0];

    public delegate void Answer(Targets targets, Span<double> scores);

    /// <summary>A question about every row's target, of the inputs' size.</summary>
    public double[] Once(Answer answer, int size = 0)
    {
        var scores = new double[Count * (size == 0 ? Network.Signature.InputSize : size)];
        answer(Whence.Targets.PerInput(Targets), scores);
        return scores;
    }

    public void Same(string key, ReadOnlySpan<double> actual, double tolerance, int rows = 0)
    {
        var expected = Npz[key];
        rows = rows == 0 ? expected.Shape[0] : rows;
        Compare.Rows($"{File} {key}", actual, expected.Values.AsSpan(0, expected.Values.Length / expected.Shape[0] * rows), rows,
            tolerance);
    }

    /// <summary>Everything about one reference.</summary>
    public void AddReference(string name)
    {
        var reference = Npz[$"baseline_{name}"].Values;
        Keys.Add($"baseline_{name}", () => Assert.Equal(X.Length, reference.Length));
        Keys.Add($"logits_baseline_{name}", () => Forward($"baseline_{name}", $"logits_baseline_{name}"));
        foreach (var (rule, quadrature) in new[] { ("riemann_middle", Quadrature.Midpoint), ("gausslegendre", Quadrature.GaussLegendre),
            ("riemann_left", Quadrature.Left), ("riemann_right", Quadrature.Right) })
        {
            AddUnlessExcused($"ig_{name}_{rule}", (key, rows) => SameIntegral(key, name, quadrature, 50, captumPath, rows));
            AddUnlessExcused($"ig_{name}_{rule}_delta", (key, rows) => SameGap(key, Integral(name, quadrature, 50, rows).Sums, captumPath));
        }
        AddUnlessExcused($"igx_{name}_riemann_middle", (key, rows) => SameIntegral(key, name, Quadrature.Midpoint, 50, exactPath, rows));
        AddUnlessExcused($"igx_{name}_gausslegendre",
            (key, rows) => SameIntegral(key, name, Quadrature.GaussLegendre, 50, exactPath, rows));
        AddUnlessExcused($"igx_{name}_trapezoid_true", (key, rows) => SameIntegral(key, name, Quadrature.Trapezoid, 50, exactPath, rows));
        Keys.AddLong($"ig_{name}_gausslegendre_1000",
            () => SameIntegral($"ig_{name}_gausslegendre_1000", name, Quadrature.GaussLegendre, 1000, captumPath, Count));
        if (!Npz.Names.Contains($"deeplift_{name}"))
            return;
        Keys.Add($"deeplift_{name}", () => Same($"deeplift_{name}", DeepLift(Rule.Rescale, reference).Contributions, Exact));
        Keys.Add($"deeplift_{name}_multipliers",
            () => Same($"deeplift_{name}_multipliers", DeepLift(Rule.Rescale, reference).Multipliers, Exact));
        Keys.Add($"deeplift_{name}_delta", () => SameGap($"deeplift_{name}_delta", DeepLift(Rule.Rescale, reference).Sums, Exact));
    }

    private void AddUnlessExcused(string key, Action<string, int> check)
    {
        if (!Excused.Of(File).Contains(key))
            Keys.AddPath(key, PathRows, Count, rows => check(key, rows));
    }

    /// <summary>DeepSHAP over a few references.</summary>
    public void AddShap()
    {
        var references = Npz["dlshap_baselines"];
        var each = references.Shape[0];
        Keys.Add("dlshap_baselines", () => Assert.Equal(each * Network.Signature.InputSize, references.Values.Length));
        Keys.Add("dlshap", () =>
        {
            var scores = new double[X.Length];
            SpanExplainers.DeepLift<double>(Network, X, Count, Whence.Targets.PerInput(Targets), Rule.Rescale,
                References.Several(references.Values, each), scores);
            Same("dlshap", scores, Exact);
        });
        // One gap for each pair of an input and a reference.
        Keys.Add("dlshap_delta", () =>
        {
            for (var r = 0; r < each; r++)
            {
                var reference = references.Row(r).ToArray();
                var sums = DeepLift(Rule.Rescale, [.. Enumerable.Repeat(reference, Count).SelectMany(row => row)]).Sums;
                for (var n = 0; n < Count; n++)
                    SameGap("dlshap_delta", sums[n], Npz["dlshap_delta"].Values[n * each + r], Exact);
            }
        });
    }

    /// <summary>Everything about one layer; Captum's paths again with points in float32.</summary>
    public void AddLayer(string key, string layer, string reference)
    {
        var x0 = Npz[$"baseline_{reference}"].Values;
        var size = Npz[$"layer_{key}_activation"].Values.Length / Count;
        void Path(string what, Quadrature quadrature, Action<int, Targets, double[], PathOptions> answer) =>
            Keys.AddPath($"layer_{key}_{what}", PathRows, Count, rows =>
            {
                var scores = new double[rows * size];
                answer(rows, Whence.Targets.PerInput(Targets.AsSpan(0, rows)), scores,
                    new PathOptions { Quadrature = quadrature, Steps = 50, ConductanceSum = ConductanceSum.Captum });
                Same($"layer_{key}_{what}", scores, captumPath, rows);
            });
        double[] Some(double[] values, int rows) => values[..(rows * Network.Signature.InputSize)];
        Keys.Add($"layer_{key}_activation", () =>
            Same($"layer_{key}_activation", Once((_, values) => SpanExplainers.LayerActivation(Network, layer, X, Count, values), size),
                Exact));
        Keys.Add($"layer_{key}_gradxact", () => Same($"layer_{key}_gradxact",
            Once((targets, scores) => SpanExplainers.LayerGradientTimesActivation(Network, layer, X, Count, targets, scores), size),
            Exact));
        Keys.Add($"layer_{key}_deeplift", () => Same($"layer_{key}_deeplift", Once((targets, scores) =>
            SpanExplainers.LayerDeepLift<double>(Network, layer, X, Count, targets, Rule.Rescale, References.PerInput(x0), scores),
            size),
            Exact));
        Path("conductance", Quadrature.GaussLegendre, (rows, targets, scores, options) =>
            SpanExplainers.Conductance<double>(Network, layer, Some(X, rows), rows, targets, References.PerInput(Some(x0, rows)),
                scores, options));
        Path("conductance_riemann_middle", Quadrature.Midpoint, (rows, targets, scores, options) =>
            SpanExplainers.Conductance<double>(Network, layer, Some(X, rows), rows, targets, References.PerInput(Some(x0, rows)),
                scores, options));
        Path("internal_influence", Quadrature.GaussLegendre, (rows, targets, scores, options) =>
            SpanExplainers.InternalInfluence<double>(Network, layer, Some(X, rows), rows, targets,
                References.PerInput(Some(x0, rows)),
                scores, options));
        Path("ig", Quadrature.GaussLegendre, (rows, targets, scores, options) =>
            SpanExplainers.LayerIntegratedGradients<double>(Network, layer, Some(X, rows), rows, targets,
                References.PerInput(Some(x0, rows)), scores, options));
    }

    /// <summary>A question asked of every unit of the output, [count, units, input].</summary>
    public void AddEachUnit(string key, int units, double tolerance, Answer answer) => Keys.Add(key, () =>
    {
        var size = Network.Signature.InputSize;
        var scores = new double[units * X.Length];
        answer(Whence.Targets.Each([.. Enumerable.Range(0, units).Select(unit => Target.Unit(unit))]), scores);
        var turned = new double[scores.Length];
        for (var row = 0; row < units * Count; row++)
            scores.AsSpan(row * size, size).CopyTo(turned.AsSpan((row % Count * units + row / Count) * size));
        Same(key, turned, tolerance);
    });

    public (double[] Contributions, double[] Multipliers, Completeness[] Sums) DeepLift(Rule rule, double[] references,
        InterpretedNetwork? network = null)
    {
        var (scores, multipliers, sums) = (new double[X.Length], new double[X.Length], new Completeness[Count]);
        SpanExplainers.DeepLift(network ?? Network, X, Count, Whence.Targets.PerInput(Targets), rule,
            References.PerInput(references),
            new ScoreSpans<double> { Scores = scores, Multipliers = multipliers, Sums = sums });
        return (scores, multipliers, sums);
    }

    private void Forward(string input, string key)
    {
        var y = new double[Npz[key].Values.Length];
        SpanExplainers.Predict<double>(Network, Npz[input].Values, y, Count);
        Same(key, y, Exact);
    }

    private void SameIntegral(string key, string reference, Quadrature quadrature, int steps, double tolerance, int rows) =>
        Same(key, Integral(reference, quadrature, steps, rows).Scores, tolerance, rows);

    private (double[] Scores, Completeness[] Sums) Integral(string reference, Quadrature quadrature, int steps, int rows) =>
        integrals.GetOrAdd((reference, quadrature, steps, rows), _ =>
        {
            var size = rows * Network.Signature.InputSize;
            var (scores, sums) = (new double[size], new Completeness[rows]);
            SpanExplainers.IntegratedGradients<double>(Network, X.AsSpan(0, size), rows, Whence.Targets.PerInput(Targets.AsSpan(0, rows)),
                References.PerInput(Npz[$"baseline_{reference}"].Values.AsSpan(0, size)), new() { Scores = scores, Sums = sums },
                new PathOptions { Quadrature = quadrature, Steps = steps });
            return (scores, sums);
        });

    private void SameGap(string key, Completeness[] sums, double tolerance)
    {
        for (var n = 0; n < sums.Length; n++)
            SameGap(key, sums[n], Npz[key].Values[n], tolerance);
    }

    // A gap is the difference of two numbers, and no more exact than they are. Captum's has the other sign.
    private void SameGap(string key, Completeness sums, double expected, double tolerance) =>
        Compare.Row($"{File} {key}", [-sums.Gap!.Value], [expected], tolerance,
            sums.Magnitude + Math.Abs(sums.Output - sums.ReferenceOutput));
}
