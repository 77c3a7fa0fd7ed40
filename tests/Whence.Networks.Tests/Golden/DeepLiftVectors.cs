using System.Text.Json;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>deeplift.json: what the DeepLIFT authors' tests assert and the papers state, entry by entry.</summary>
public sealed class DeepLiftVectors
{
    private static readonly JsonElement file = JsonNumbers.File("deeplift.json");

    private static readonly Keys keys = Checks();

    public static TheoryData<string> Used => keys.Theory();

    [Theory]
    [MemberData(nameof(Used))]
    public void AgreesWith(string id) => keys.Check(id);

    [Fact]
    public void EveryVectorIsUsedOrExcused() => keys.RequireAll("deeplift.json", Ids("vectors").Concat(Ids("op_vectors")));

    private static IEnumerable<string> Ids(string list) =>
        file.GetProperty(list).EnumerateArray().Select(vector => vector.GetProperty("id").GetString()!);

    private static Keys Checks()
    {
        var keys = new Keys();
        foreach (var vector in file.GetProperty("vectors").EnumerateArray())
            keys.Add(vector.GetProperty("id").GetString()!, () => Stack(vector));
        keys.Add("product_rule", () => ProductRule(Single("product_rule")));
        keys.Add("pseudocount_near_zero", () => Guard(Single("pseudocount_near_zero")));
        keys.Add("softmax_contribution_normalisation", () => MeanCentred(Single("softmax_contribution_normalisation")));
        keys.Add("one_hot_conv_weight_normalisation", () => OneHotWeights(Single("one_hot_conv_weight_normalisation")));
        keys.Add("hypothetical_contribs", () => Hypothetical(Single("hypothetical_contribs")));
        keys.Add("integrated_gradients_rules", () => Quadratures(Single("integrated_gradients_rules")));
        keys.Add("maxout_path_rule", () => Maxout(Single("maxout_path_rule")));
        keys.Add("interior_gradients_saturating_unit", () => Interior(Single("interior_gradients_saturating_unit")));
        keys.Add("genomics_default_resolution", () => Genomics(Single("genomics_default_resolution")));
        return keys;
    }

    private static JsonElement Single(string id) =>
        file.GetProperty("op_vectors").EnumerateArray().First(vector => vector.GetProperty("id").GetString() == id);

    // Rules stand on the activations themselves. Max-pools route multipliers as the authors' code does.
    private static void Stack(JsonElement vector)
    {
        var network = LayerStack.Of(vector.GetProperty("id").GetString()!, vector.GetProperty("model"), vector.GetProperty("input"));
        var net = network.Interpret(maxPoolGradient: true);
        var (x, references) = (Rows(vector.GetProperty("input")), Rows(vector.GetProperty("reference")));
        var count = x.Length / net.Signature.InputSize;
        var target = Target.Unit(vector.GetProperty("target_unit").GetInt32());
        var answer = Ask.DeepLift(net, target, Rule.RevealCancel, x, references, count);
        foreach (var expected in vector.GetProperty("expected").EnumerateObject())
            Same(net, expected, answer, x, references, count);
        if (network.Graph.Nodes.All(node => node.Rule is RuleChoice.Inherit or RuleChoice.Rescale))
            Compare.Rows("by the rule Rescale", Ask.DeepLift(net, target, Rule.Rescale, x, references, count).Multipliers,
                answer.Multipliers, count, 1e-12);
        Assert.Equal(vector.GetProperty("summation_to_delta").GetBoolean(), answer.Sums.All(sums => sums.RelativeGap < 1e-9));
        Compare.Row("differences of the output", [.. answer.Sums.Select(sums => sums.Output - sums.ReferenceOutput)],
            vector.Numbers("delta_out"), 1e-9);
    }

    private static void Same(InterpretedNetwork net, JsonProperty expected, DeepLiftAnswer answer, double[] x, double[] references,
        int count)
    {
        var layer = expected.Name.Split('_')[0];
        var actual = expected.Name switch
        {
            "output" => Ask.Predict(net, x, count),
            "reference_output" => Ask.Predict(net, references, count),
            "multipliers" => answer.Multipliers,
            "contributions" => answer.Contributions,
            _ when expected.Name.EndsWith("_activation") => Ask.Activation(net, layer, x, count),
            _ when expected.Name.EndsWith("_pos_contribs") => Ask.Parts(net, Pass.RevealCancel, layer, x, references, count).Positive,
            _ when expected.Name.EndsWith("_neg_contribs") => Ask.Parts(net, Pass.RevealCancel, layer, x, references, count).Negative,
            _ => throw new InvalidOperationException($"Nothing is known of {expected.Name}."),
        };
        Compare.Rows(expected.Name, actual, Rows(expected.Value), count, 1e-9);
    }

    // Rows as our networks take them: every example turned, several inputs one after the other.
    private static double[] Rows(JsonElement batch)
    {
        var inputs = batch.ValueKind == JsonValueKind.Object
            ? [.. batch.EnumerateObject().Select(property => property.Value)]
            : new[] { batch };
        var count = inputs[0].GetArrayLength();
        return [.. Enumerable.Range(0, count)
            .SelectMany(n => inputs.SelectMany(input => LayerStack.Turned(input[n].Numbers(), input[n].Axes())))];
    }

    private static void ProductRule(JsonElement vector)
    {
        var (given, expected) = (vector.GetProperty("given"), vector.GetProperty("expected"));
        var s = new Sketch();
        var net = new ZooNetwork("product", s.Return(s.Input("x1", 1) * s.Input("x2", 1)), None).Interpret();
        var seed = given.GetProperty("m_out").GetDouble();
        var answer = Ask.DeepLift(net, Target.Weights(seed), Rule.Rescale, [Get(given, "x1"), Get(given, "x2")],
            [Get(given, "x1_ref"), Get(given, "x2_ref")]);
        Compare.Row("multipliers", answer.Multipliers, [Get(expected, "m1"), Get(expected, "m2")], 1e-12);
        Compare.Row("contributions", answer.Contributions, [Get(expected, "c1"), Get(expected, "c2")], 1e-12);
        Assert.Equal(Get(expected, "delta_out"), answer.Sums[0].Output - answer.Sums[0].ReferenceOutput, 12);
    }

    // Not a rule of ours, but of the tests that put the authors' guard in place of the limit.
    private static void Guard(JsonElement vector)
    {
        var given = vector.GetProperty("given").Numbers("x");
        var moved = Formula.Evaluate(AuthorsGuard.Moved(new Argument(0)), [Block.Same(given)], given.Length, 1).First();
        Compare.Row("guarded", moved, vector.GetProperty("expected").Numbers("y"), 1e-15);
    }

    private static void MeanCentred(JsonElement vector)
    {
        var contributions = vector.GetProperty("given").GetProperty("contribs");
        var (classes, features) = (contributions.GetArrayLength(), contributions[0].GetArrayLength());
        var net = Linear(features, classes, contributions.Numbers());
        foreach (var c in Enumerable.Range(0, classes))
        {
            var answer = Ask.DeepLift(net, Target.Unit(c).MeanCentred(), Rule.RevealCancel, [.. Enumerable.Repeat(1.0, features)],
                new double[features]);
            Compare.Row($"class {c}", answer.Contributions, vector.GetProperty("expected").GetProperty("normalised")[c].Numbers(), 1e-12);
        }
    }

    private static void OneHotWeights(JsonElement vector)
    {
        var (given, expected) = (vector.GetProperty("given"), vector.GetProperty("expected"));
        var (kernel, bias) = (given.GetProperty("kernel_len_base_out"), given.Numbers("bias"));
        var weight = LayerStack.Turned(kernel.Numbers(), [kernel.GetArrayLength(), 4]);
        OneHot.Normalise(weight, bias, 4);
        Compare.Row("weight", weight, LayerStack.Turned(expected.Numbers("kernel"), [kernel.GetArrayLength(), 4]), 1e-12);
        Compare.Row("bias", bias, expected.Numbers("bias"), 1e-12);
    }

    private static void Hypothetical(JsonElement vector)
    {
        var (given, expected) = (vector.GetProperty("given"), vector.GetProperty("expected"));
        int[] axes = [given.GetProperty("multipliers").GetArrayLength(), 4];
        var s = new Sketch();
        var x = s.Input("x", 4, axes[0]);
        var tensors = new Dictionary<string, double[]> { ["y.weight"] = LayerStack.Turned(given.Numbers("multipliers"), axes) };
        var net = new ZooNetwork("linear", s.Return(s.Linear("Y", s.Call("Flatten", x), 1, bias: false)), TensorsFrom.Table(tensors))
            .Interpret();
        double[] reference = [.. given.Numbers("reference_row").SelectMany(frequency => Enumerable.Repeat(frequency, axes[0]))];
        var (contributions, hypothetical) = (new double[reference.Length], new double[reference.Length]);
        SpanExplainers.DeepLift(net, LayerStack.Turned(given.Numbers("onehot"), axes), 1, Target.Unit(0), Rule.Rescale,
            References.One(reference),
            new ScoreSpans<double> { Scores = contributions, Hypothetical = hypothetical });
        Compare.Row("hypothetical", hypothetical, LayerStack.Turned(expected.Numbers("hypothetical"), axes), 1e-12);
        double[] positions = [.. Enumerable.Range(0, axes[0]).Select(p => Enumerable.Range(0, 4).Sum(c => contributions[c * axes[0] + p]))];
        Compare.Row("per position", positions, expected.Numbers("actual_per_position"), 1e-12);
    }

    private static void Quadratures(JsonElement vector)
    {
        var (given, expected) = (vector.GetProperty("given"), vector.GetProperty("expected"));
        var s = new Sketch();
        var x = s.Input("x", 1);
        var net = new ZooNetwork("square", s.Return(x * x), None).Interpret();
        foreach (var (name, quadrature) in new[] { ("right", Quadrature.Right), ("left", Quadrature.Left),
            ("midpoint", Quadrature.Midpoint), ("trapezoid", Quadrature.Trapezoid), ("exact", Quadrature.GaussLegendre) })
        {
            var scores = Ask.Integrated(net, Target.Unit(0), [Get(given, "x")], [Get(given, "baseline")], quadrature: quadrature,
                steps: given.GetProperty("steps").GetInt32());
            Assert.Equal(Get(expected, name), scores[0], 12);
        }
    }

    private static void Maxout(JsonElement vector)
    {
        var (given, expected) = (vector.GetProperty("given"), vector.GetProperty("expected"));
        // [feature][input][output], where a feature is a piece; ours are [output * pieces + piece][input].
        var w = given.GetProperty("W_feature_in_out");
        var (pieces, inputs, outputs) = (w.GetArrayLength(), w[0].GetArrayLength(), w[0][0].GetArrayLength());
        var tensors = new Dictionary<string, double[]>
        {
            ["op.weight"] = [.. from o in Enumerable.Range(0, outputs)
                from k in Enumerable.Range(0, pieces)
                from i in Enumerable.Range(0, inputs)
                select w[k][i][o].GetDouble()],
            ["op.bias"] = [.. from o in Enumerable.Range(0, outputs)
                from k in Enumerable.Range(0, pieces)
                select given.GetProperty("b_feature_out")[k][o].GetDouble()],
        };
        var s = new Sketch();
        var graph = s.Return(s.Layer("Maxout", "Op", s.Input("x", inputs), Settings.Of(("outputs", outputs), ("pieces", pieces))));
        var net = new ZooNetwork("maxout", graph, TensorsFrom.Table(tensors)).Interpret();
        var (x, reference) = (given.Numbers("inputs"), given.Numbers("reference"));
        var rows = x.Length / inputs;
        Compare.Rows("output", Ask.Predict(net, x, rows), expected.Numbers("output"), rows, 1e-12);
        double[] references = [.. Enumerable.Repeat(reference, rows).SelectMany(row => row)];
        for (var unit = 0; unit < outputs; unit++)
        {
            var answer = Ask.DeepLift(net, Target.Unit(unit), Rule.Rescale, x, references, rows);
            Compare.Rows($"unit {unit}", answer.Multipliers, expected.Numbers($"multipliers_unit{unit}"), rows, 1e-9);
            Assert.All(answer.Sums, sums => Assert.InRange(sums.RelativeGap!.Value, 0, 1e-12));
        }
    }

    private static void Interior(JsonElement vector)
    {
        var (given, expected) = (vector.GetProperty("given"), vector.GetProperty("expected"));
        var s = new Sketch();
        var net = new ZooNetwork("saturating", s.Return(1 - s.Relu(1 - s.Input("x", 1))), None).Interpret();
        var alphas = given.Numbers("alphas");
        var (gradients, sums, product) = (new double[alphas.Length], new Completeness[alphas.Length], new double[1]);
        double[] x = [Get(given, "x")];
        SpanExplainers.InteriorGradients<double>(net, x, 1, Target.Unit(0), default, new PathPoints(alphas),
            new() { Scores = gradients, Sums = sums });
        Compare.Row("interior gradients", gradients, expected.Numbers("interior_gradient"), 1e-12);
        Compare.Row("scores", [.. sums.Select(at => at.Output)], expected.Numbers("score"), 1e-12);
        SpanExplainers.GradientTimesInput<double>(net, x, 1, Target.Unit(0), default, product);
        Assert.Equal(Get(expected, "gradient_times_input_at_x"), product[0], 12);
        Assert.Equal(Get(expected, "integrated_gradient"), Ask.Integrated(net, Target.Unit(0), x, [0])[0], 12);
    }

    // The authors refuse an activation of the input itself; here one part of its difference is empty, and both rules say the same of it.
    private static void Genomics(JsonElement vector)
    {
        var stacks = vector.GetProperty("given").GetProperty("stacks").EnumerateArray()
            .Select(stack => stack.EnumerateArray().Select(layer => layer.GetString()!).ToArray()).ToArray();
        var rules = vector.GetProperty("expected").GetProperty("rule_of_relu").EnumerateArray()
            .Select(rule => rule.GetString()!.Replace("ERROR", "Rescale")).ToArray();
        foreach (var (stack, rule) in stacks.Zip(rules))
        {
            Assert.Equal(rule, RuleOfRelu(stack, keepNorm: false));
            Assert.Equal(rule, RuleOfRelu(stack, keepNorm: true));
        }
    }

    private static string RuleOfRelu(string[] stack, bool keepNorm)
    {
        var s = new Sketch();
        var at = s.Input("x", stack[0] switch { "conv1d" => [2, 5], "conv2d" => [2, 5, 5], _ => [3] });
        foreach (var layer in stack)
        {
            at = layer switch
            {
                "input" => at,
                "dense" => s.Linear("First", at, 2),
                "conv1d" => s.Conv1d("First", at, 2, 3),
                "conv2d" => s.Conv2d("First", at, 2, 3),
                "batchnorm" => s.Layer("BatchNorm", "Norm", at, Settings.None),
                "noop" => s.Call("Dropout", at),
                "relu" => s.Relu(at),
                _ => throw new InvalidOperationException($"No layer {layer}."),
            };
        }
        string[] kept = keepNorm && stack[0] != "input" ? ["First"] : [];
        var net = new ZooNetwork("stack", s.Return(at), TensorsFrom.Weights(Weights.Random(1)), kept).Interpret();
        return AuthorsGuard.Factors(net.Question(Pass.Genomics)) > 0 ? "RevealCancel" : "Rescale";
    }

    private static InterpretedNetwork Linear(int inputs, int outputs, double[] weight)
    {
        var s = new Sketch();
        var graph = s.Return(s.Linear("Y", s.Input("x", inputs), outputs, bias: false));
        return new ZooNetwork("linear", graph, TensorsFrom.Table(new Dictionary<string, double[]> { ["y.weight"] = weight })).Interpret();
    }

    private static double Get(JsonElement element, string property) => element.GetProperty(property).GetDouble();

    private static Tensors None => (names, _) => throw new KeyNotFoundException(names[0]);
}
