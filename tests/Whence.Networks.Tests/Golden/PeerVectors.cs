using System.Text.Json;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>peers.json: cases from the tests of Captum, SHAP and kundajelab/deeplift, and DeepLIFT's own example.</summary>
public sealed class PeerVectors
{
    private static readonly Dictionary<string, JsonElement> cases =
        JsonNumbers.File("peers.json").EnumerateArray().ToDictionary(one => one.GetProperty("id").GetString()!);

    private static readonly Keys keys = Checks();

    public static TheoryData<string> Used => keys.Theory();

    [Theory]
    [MemberData(nameof(Used))]
    public void AgreesWith(string id) => keys.Check(id);

    [Fact]
    public void EveryCaseIsUsedOrExcused() => keys.RequireAll("peers.json", cases.Keys);

    private static Keys Checks()
    {
        var keys = new Keys();
        keys.Add("dl01", () => Contributions("dl01", TwoUnits<Ops.Relu>()));
        keys.Add("dl02", () => Same("dl02", Answer("dl02", TwoUnits<Ops.Relu>()).Multipliers));
        keys.Add("dl03", () => Contributions("dl03", TwoUnits<Ops.Tanh>()));
        keys.Add("dl04", () => Contributions("dl04", Joined()));
        keys.Add("dl06", () => Contributions("dl06", PoolOfFour(), 2));
        keys.Add("dl07", () => Same("dl07",
            Ask.DeepLift(Joined(), Target.Unit(0), Rule.Rescale, X("dl07"), Reference("dl07"), layer: "joined").Contributions));
        keys.Add("dl08", () => Same("dl08",
            Ask.DeepLift(PoolOfThree(), Target.Unit(0), Rule.Rescale, X("dl08"), Reference("dl08"), layer: "pooled").Multipliers));
        keys.Add("dl10", ThroughSoftmax);
        keys.Add("ig01", () => Same("ig01", Ask.Integrated(First(), Target.Unit(0), X("ig01"), Reference("ig01"))));
        keys.Add("ig02", () => Same("ig02", Ask.Integrated(Second(), Target.Unit(0), X("ig02"), Reference("ig02"))));
        // Captum's quadrature has its points in float32.
        keys.Add("ig03", () => Same("ig03", Ask.Integrated(MultiLayer(), Target.Unit(0), X("ig03"), Reference("ig03"), 3), 3, 1e-6));
        keys.Add("ig04", () => Same("ig04", Ask.Integrated(MultiLayer(), Target.Unit(0), X("ig04"), Reference("ig04"))));
        keys.Add("ig05", () => Same("ig05", Layer("ig05", "relu", Quadrature.Trapezoid, SpanExplainers.Conductance)));
        keys.Add("ig06", () => Same("ig06", Layer("ig06", "Linear1", Quadrature.Midpoint, SpanExplainers.InternalInfluence)));
        // Captum gives two decimals; the exact value is 3 + 29/30.
        keys.Add("ig08", () => Same("ig08",
            [.. Ask.Integrated(MultiLayer(), Target.Layer("Linear2", 0), X("ig08"), Reference("ig08"), quadrature: Quadrature.GaussLegendre)
                .Select(score => score / 100)],
            tolerance: 0.002));
        keys.Add("ig09", () => Same("ig09", Ask.Integrated(MultiLayer(), Target.Layer("relu", 0), X("ig09"), Reference("ig09"))));
        keys.Add("oc01", () => Same("oc01", Changes("oc01", [0, 0, 0], (net, x, references, scores) =>
            SpanExplainers.Occlusion<double>(net, new SlidingWindow(1), x, 1, Target.Unit(0), references, scores))));
        keys.Add("oc02", () => Same("oc02", Changes("oc02", Reference("oc02"), (net, x, references, scores) =>
            SpanExplainers.Occlusion<double>(net, new SlidingWindow(2), x, 1, Target.Unit(0), references, scores))));
        // Captum answers in single precision.
        keys.Add("sh01", () => Same("sh01",
            Changes("sh01", [0, 0, 0],
                (net, x, references, scores) => SpanExplainers.ShapleyValues<double>(net, null, x, 1, Target.Unit(0), references, scores)),
            tolerance: 1e-6));
        keys.Add("sh03", () => Same("sh03", Spread([0, 0, 1], Changes("sh03", [4, 4, 4], (net, x, references, scores) =>
            SpanExplainers.KernelShap<double>(net, new FeatureGroups([0, 0, 1]), x, 1, Target.Unit(0), references, scores), 2))));
        keys.Add("gb01", () => Guided("gb01", SpanExplainers.GuidedBackprop));
        keys.Add("dc01", () => Guided("dc01", SpanExplainers.DeconvNet));
        keys.Add("kd01", Dense);
        keys.Add("kd02", ConvolutionParts);
        keys.Add("kd04", Pools);
        keys.Add("rc01", () => Minimum("rc01"));
        keys.Add("rc02", () => Minimum("rc02"));
        keys.Add("rc03", () => Minimum("rc03"));
        keys.Add("rc05", ThreeLayers);
        return keys;
    }

    private static double[] X(string id) => cases[id].Numbers("input");

    private static double[] Reference(string id) => cases[id].Numbers("baseline");

    private static void Same(string id, double[] actual, int count = 1, double tolerance = 1e-9) =>
        Compare.Rows(id, actual, cases[id].Numbers("expected"), count, tolerance);

    private static DeepLiftAnswer Answer(string id, InterpretedNetwork net, int count = 1) =>
        Ask.DeepLift(net, Target.Unit(0), Rule.Rescale, X(id), Reference(id), count);

    private static void Contributions(string id, InterpretedNetwork net, int count = 1)
    {
        var answer = Answer(id, net, count);
        Same(id, answer.Contributions, count);
        Assert.All(answer.Sums, sums => Assert.InRange(sums.RelativeGap!.Value, 0, 1e-12));
    }

    private static InterpretedNetwork Net(Sketch s, Value output, Dictionary<string, double[]>? tensors = null, string[]? layers = null,
        bool maxPoolGradient = false, bool softmaxElementwise = false) =>
        new ZooNetwork("peer", s.Return(output), TensorsFrom.Table(tensors ?? []), layers ?? [])
            .Interpret(maxPoolGradient, softmaxElementwise);

    private static InterpretedNetwork TwoUnits<F>() where F : struct, IElementwise
    {
        var s = new Sketch();
        var (a, b) = (s.Input("x1", 1), s.Input("x2", 1));
        return Net(s, 2 * s.Apply<F>(a) + 2 * s.Apply<F>(b - 1.5));
    }

    private static InterpretedNetwork Joined()
    {
        var s = new Sketch();
        var (a, b) = (s.Input("x1", 3), s.Input("x2", 3));
        var joined = s.Call("Concat", Settings.Of(("axis", 0)), s.Linear("L1", a, 1, bias: false), s.Linear("L2", b, 1, bias: false))
            .As("joined");
        return Net(s, s.Linear("L3", s.Relu(joined), 1, bias: false),
            new() { ["l1.weight"] = [3, 1, 0], ["l2.weight"] = [2, 3, 0], ["l3.weight"] = [1, 1] }, ["joined"]);
    }

    private static InterpretedNetwork PoolOfFour()
    {
        var s = new Sketch();
        var row = s.Call("Reshape", Settings.Of("axes", [1, 4]), s.Linear("L1", s.Input("x", 4), 4, bias: false));
        var pooled = s.Call("Flatten", s.Call("MaxPool1d", row, ("window", 4)));
        return Net(s, s.Linear("L2", pooled, 1, bias: false),
            new() { ["l1.weight"] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], ["l2.weight"] = [1] });
    }

    private static InterpretedNetwork PoolOfThree()
    {
        var s = new Sketch();
        var pooled = s.Call("MaxPool1d", s.Input("x", 2, 3), ("window", 3)).As("pooled");
        return Net(s, s.Call("Sum", s.Call("Flatten", s.Relu(pooled)), ("axis", 0), ("keep", 1)), layers: ["pooled"]);
    }

    private static void ThroughSoftmax()
    {
        var weights = cases["dl10"].GetProperty("network").GetProperty("weights");
        var s = new Sketch();
        var hidden = s.Relu(s.Linear("L0", s.Input("x", 3), 4));
        var net = Net(s, s.Call("Softmax", s.Linear("L2", hidden, 3)), new()
        {
            ["l0.weight"] = weights.Numbers("0.weight"), ["l0.bias"] = weights.Numbers("0.bias"),
            ["l2.weight"] = weights.Numbers("2.weight"), ["l2.bias"] = weights.Numbers("2.bias"),
        }, softmaxElementwise: true);
        var answer = Ask.DeepLift(net, Target.Unit(0).OfOutput(), Rule.Rescale, X("dl10"), Reference("dl10"), 3);
        Same("dl10", answer.Contributions, 3);
        Assert.All(answer.Sums, sums => Assert.InRange(sums.RelativeGap!.Value, 0, 1e-12));
    }

    private static InterpretedNetwork First()
    {
        var s = new Sketch();
        var (a, b) = (s.Input("x1", 1), s.Input("x2", 1));
        return Net(s, s.Relu(s.Relu(a) - 1 - s.Relu(b)));
    }

    private static InterpretedNetwork Second()
    {
        var s = new Sketch();
        var (a, b) = (s.Input("x1", 1), s.Input("x2", 1));
        return Net(s, s.Relu(s.Relu(a - 1) - s.Relu(b)));
    }

    // Captum's BasicModel_MultiLayer.
    private static InterpretedNetwork MultiLayer()
    {
        var s = new Sketch();
        var relu = s.Relu(s.Linear("Linear1", s.Linear("Linear0", s.Input("x", 3), 3, bias: false), 4)).As("relu");
        return Net(s, s.Linear("Linear2", relu, 2), new()
        {
            ["linear0.weight"] = [1, 0, 0, 0, 1, 0, 0, 0, 1], ["linear1.weight"] = Ones(12), ["linear1.bias"] = [-10, 1, 1, 1],
            ["linear2.weight"] = Ones(8), ["linear2.bias"] = [-1, 1],
        }, ["Linear1", "relu", "Linear2"]);
    }

    private delegate void AlongPath(
        IModel<double> net, string layer, ReadOnlySpan<double> x, int count, Targets targets, References<double> references,
        ScoreSpans<double> scores, PathOptions? options);

    private static double[] Layer(string id, string layer, Quadrature quadrature, AlongPath answer)
    {
        var scores = new double[4];
        answer(MultiLayer(), layer, X(id), 1, Target.Unit(0), References.One(Reference(id)), scores,
            new PathOptions { Quadrature = quadrature, ConductanceSum = ConductanceSum.Captum });
        return scores;
    }

    private delegate void Counterfactual(IModel<double> net, double[] x, double[] references, double[] scores);

    private static double[] Changes(string id, double[] reference, Counterfactual answer, int size = 3)
    {
        var scores = new double[size];
        answer(MultiLayer(), X(id), reference, scores);
        return scores;
    }

    // Captum gives every element its group's score.
    private static double[] Spread(int[] groups, double[] scores) => [.. groups.Select(group => scores[group])];

    private delegate void OnePass(IModel<double> net, ReadOnlySpan<double> x, int count, Targets targets,
        ScoreSpans<double> scores, ExplainOptions? options);

    // Captum's BasicModel_ConvNet_One_Conv.
    private static void Guided(string id, OnePass answer)
    {
        var s = new Sketch();
        var conv = s.Relu(s.Conv2d("Conv1", s.Input("x", 1, 4, 4), 2, 3));
        var net = Net(s, s.Relu(s.Linear("Fc1", s.Call("Flatten", conv), 4)), new()
        {
            ["conv1.weight"] = Ones(18), ["conv1.bias"] = [-50, -75],
            ["fc1.weight"] = [.. Enumerable.Repeat(new double[] { 1, 1, 1, 1, 1, -1, -1, -1 }, 4).SelectMany(row => row)],
            ["fc1.bias"] = new double[4],
        });
        var scores = new double[16];
        answer(net, X(id), 1, Target.Unit(0), scores, null);
        Same(id, scores);
    }

    private static void Dense()
    {
        var s = new Sketch();
        var net = Net(s, s.Relu(s.Linear("Fc", s.Input("x", 4), 2)),
            new() { ["fc.weight"] = [1, 2, 3, 4, -1, -2, -3, -4], ["fc.bias"] = [-1, 1] });
        double[] both = [.. Enumerable.Range(0, 2)
            .SelectMany(unit => Ask.DeepLift(net, Target.Unit(unit), Rule.Rescale, X("kd01"), Reference("kd01"), 2).Multipliers)];
        Same("kd01", both, 4);
    }

    private static void ConvolutionParts()
    {
        var s = new Sketch();
        var conv = s.Conv1d("Conv", s.Input("x", 2, 4), 2, 2);
        var net = Net(s, s.Call("Flatten", conv), new() { ["conv.weight"] = [-2, -1, 0, 1, 2, 1, 0, -1], ["conv.bias"] = [-1, 1] },
            ["Conv"]);
        double[] x = [.. Enumerable.Range(-8, 16).Select(i => (double)i)];
        var (positive, negative) = Ask.Parts(net, Pass.RevealCancel, "Conv", x, Ones(16), 2);
        var expected = cases["kd02"].GetProperty("expected");
        Compare.Rows("kd02 pos", positive, expected.Numbers("pos"), 2, 1e-12);
        Compare.Rows("kd02 neg", negative, expected.Numbers("neg"), 2, 1e-12);
    }

    private static void Pools()
    {
        foreach (var (op, key) in new[] { ("MaxPool1d", "max"), ("AvgPool1d", "avg") })
        {
            var s = new Sketch();
            var pooled = s.Call(op, s.Input("x", 2, 4), ("window", 2), ("stride", 1));
            var net = Net(s, s.Linear("Fc", s.Call("Flatten", pooled), 1, bias: false), new() { ["fc.weight"] = [2, 2, 2, 3, 3, 3] },
                maxPoolGradient: true);
            var answer = Ask.DeepLift(net, Target.Unit(0), Rule.RevealCancel, X("kd04"), new double[16], 2);
            Compare.Rows($"kd04 {key}", answer.Multipliers, cases["kd04"].GetProperty("expected").Numbers(key), 2, 1e-12);
        }
    }

    // min(x1, x2), once with the difference as a dense layer and once as it is written.
    private static void Minimum(string id)
    {
        var s = new Sketch();
        var hidden = s.Relu(s.Linear("H", s.Input("x", 2), 2, bias: false));
        Minimum(id, Net(s, s.Linear("Y", hidden, 1, bias: false), new() { ["h.weight"] = [1, 0, 1, -1], ["y.weight"] = [1, -1] }));
        s = new Sketch();
        var (a, b) = (s.Input("x1", 1), s.Input("x2", 1));
        Minimum(id, Net(s, s.Relu(a) - s.Relu(a - b)));
    }

    private static void Minimum(string id, InterpretedNetwork net)
    {
        var expected = cases[id].GetProperty("expected");
        var revealCancel = Ask.DeepLift(net, Target.Unit(0), Rule.RevealCancel, X(id), Reference(id)).Contributions;
        Compare.Row($"{id} RevealCancel", revealCancel, expected.Numbers("revealcancel"), 1e-12);
        Compare.Row($"{id} RevealCancel by the limit", revealCancel, expected.GetProperty("revealcancel_by_zero_fallback").Numbers("limit"),
            1e-12);
        var rescale = Ask.DeepLift(net, Target.Unit(0), Rule.Rescale, X(id), Reference(id));
        Compare.Row($"{id} Rescale", rescale.Contributions, expected.Numbers("rescale"), 1e-12);
        Assert.Equal(expected.GetProperty("delta_out").GetDouble(), rescale.Sums[0].Output - rescale.Sums[0].ReferenceOutput, 12);
    }

    private static void ThreeLayers()
    {
        var (weights, expected) = (cases["rc05"].GetProperty("weights"), cases["rc05"].GetProperty("expected"));
        var s = new Sketch();
        var hidden = s.Relu(s.Linear("L2", s.Relu(s.Linear("L1", s.Input("x", 4), 6)), 4));
        var tensors = Enumerable.Range(1, 3)
            .SelectMany(i => new[] { ($"l{i}.weight", weights.Numbers($"W{i}")), ($"l{i}.bias", weights.Numbers($"b{i}")) })
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var net = Net(s, s.Linear("L3", hidden, 2), tensors);
        foreach (var (rule, key) in new[] { (Rule.RevealCancel, "revealcancel"), (Rule.Rescale, "rescale") })
        {
            var answer = Ask.DeepLift(net, Target.Unit(1), rule, X("rc05"), Reference("rc05"));
            Compare.Row($"rc05 {key}", answer.Contributions, expected.Numbers(key), 1e-12);
            Assert.Equal(expected.GetProperty("delta_out").GetDouble(), answer.Sums[0].Output - answer.Sums[0].ReferenceOutput, 12);
        }
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
