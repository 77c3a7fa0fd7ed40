using Whence.Networks.Tests.Backends;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A row of shares that a mask lets see nothing has no value, and hinders nothing that does not depend on it: by every method the answer is
/// what it is where the row sees all. What does depend on it is refused, by the name of the softmax.
/// </summary>
public sealed class UndefinedRows
{
    private const string Attended = "var h = MatMul(Softmax(s + Transpose(Slice(asked, 1, 0, 1), 0, 1), 1), asked);\n        ";

    // Of asked, which is x [4, 3], and a mask s [4, 4]; a row of what comes out depends on its own row of the mask alone.
    private static readonly (string Name, string Body)[] bodies =
    [
        ("shares", "return MatMul(Softmax(s + Transpose(asked, 0, 1), 1), asked);"),
        ("products", """
            var shares = Softmax(s + Transpose(Slice(asked, 1, 1, 1), 0, 1), 1);
                    var two = Stack(s + Transpose(Slice(asked, 1, 0, 1), 0, 1), s - Transpose(Slice(asked, 1, 1, 1), 0, 1));
                    return MatMul(Transpose(shares, 0, 1), asked, transposeA: true)
                        + Transpose(MatMul(asked, shares, transposeA: true, transposeB: true), 0, 1)
                        + Transpose(MatMul(Tanh(asked), Transpose(shares, 0, 1), transposeA: true), 0, 1)
                        + Sum(MatMul(Softmax(two, 2), Stack(asked, Tanh(asked))), 0)
                        + MatMul(Softmax(s, 1), asked) * Sigmoid(asked);
            """),
        ("a transformer's block", """
            var shares = Softmax(MatMul(Query(asked), Key(asked), transposeB: true) * 0.6 + s, 1);
                    var h = Norm(asked + MatMul(shares, Value(asked)));
                    h = Norm(h + Narrow(Gelu(Wide(h))));
                    return h + ScaledDotProductAttention(h, asked, Value(asked));
            """),
        ("functions", Attended + """
            return Tanh(h) + Narrow(Sigmoid(Wide(h))) + Erf(h) * Clamp(h, -0.2, 0.3) + Silu(h) + Softplus(Bent(h)) * Elu(h)
                        + Sqrt(Square(h) + 1) / (Abs(h) + 2) - LeakyRelu(h, 0.2) + Instance(h) + LogSumExp(h, 1, keep: true) * asked
                        + Softmax(h, 1) + Relu(h);
            """),
        ("choices", Attended + """
            var shares = Softmax(s, 1);
                    return MaxPool1d(Pad(h, 1, 1, 1), 3, stride: 1) + Max(h, asked) - Min(Tanh(asked), h * 0.3)
                        + Slice(shares, 1, 0, 3) * asked + Batch(Sum(shares, 1, keep: true) * asked)
                        + Slice(Softmax(s + Transpose(Slice(asked, 1, 0, 1), 0, 1), 1), 1, 0, 3) * asked
                        + MatMul(Exp(LogSoftmax(s + Transpose(Slice(asked, 1, 0, 1), 0, 1), 1)), Sigmoid(asked))
                        + Transpose(Along(Transpose(h, 0, 1)), 0, 1);
            """),
        ("steps", Attended + """
            var rows = new List<Tensor>();
                    var state = Zeros(3);
                    foreach (var row in h)
                    {
                        state = Tanh(state * 0.5 + Wide(row));
                        rows.Add(state * state + Gelu(row) + Pieces(row));
                    }
                    return Stack(rows);
            """),
    ];

    private static string Source(int body, string rule) => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet, Layers = ["asked"]{{rule}})]
        public sealed partial class {{(rule.Length > 0 ? "Each" : "Rows")}}{{body}}
        {
        {{string.Concat(layers.Where(layer => bodies[body].Body.Contains(layer.Key + "(")).Select(layer =>
            $"    [{layer.Value}] private partial Tensor {layer.Key}(Tensor x);\n"))}}
            public Tensor Forward([Shape(4, {{(body == 0 ? 1 : 3)}})] Tensor x, [Mask(4, 4)] Tensor s)
            {
                var asked = x * 1;
                {{bodies[body].Body}}
            }
        }

        """;

    private static readonly Dictionary<string, string> layers = new()
    {
        ["Query"] = "Linear(3)", ["Key"] = "Linear(3)", ["Value"] = "Linear(3)", ["Wide"] = "Linear(3)", ["Narrow"] = "Linear(3)",
        ["Norm"] = "LayerNorm", ["Batch"] = "BatchNorm", ["Instance"] = "InstanceNorm", ["Along"] = "Conv1d(3, kernel: 1)",
        ["Bent"] = "PRelu", ["Pieces"] = "Maxout(3, 2)",
    };

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("using System.Collections.Generic;\n" + string.Concat(
        Enumerable.Range(0, bodies.Length).Select(i => Source(i, "")).Append(Source(Transformer, ", Softmax = SoftmaxRule.Elementwise")))));

    private const int Transformer = 2;

    private const double Unseen = double.NegativeInfinity;

    private static readonly string[] questions =
    [
        "gradient", "gradient times input", "interior gradients", "integrated gradients", "integrated gradients by trapezoid",
        "integrated gradients over references", "expected gradients", "Rescale", "RevealCancel", "Rescale over references", "ablation",
        "ablation in groups", "Shapley sampling", "KernelSHAP", "score along", "gradient along", "guided backprop", "guided Rescale", "LRP",
        "occlusion", "SmoothGrad", "layer", "layer gradient", "layer gradient times activation", "layer Rescale", "layer RevealCancel",
        "layer integrated gradients", "conductance", "conductance between steps", "internal influence",
    ];

    public static TheoryData<int, string> Networks
    {
        get
        {
            var all = new TheoryData<int, string>();
            for (var body = 0; body < bodies.Length; body++)
                all.Add(body, "Rows");
            all.Add(Transformer, "Each");
            return all;
        }
    }

    // The third query sees what it is given, the others some keys.
    private static double[] Row(double third, int width)
    {
        double[] mask =
        [
            0, Unseen, 0.5, 0, 0, 0, 0, 0, third, third, third, third, Unseen, 0, 0, Unseen,
        ];
        return [.. Compiled.Laws.Draw(3, 4 * width), .. mask];
    }

    private static Inquiry<T> Asked<T>(IModel<T> net, double third, Target target)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var size = net.Signature.InputSize - 16;
        var row = Row(third, size / 4);
        double[] references = [.. new double[size], .. row[size..], .. Compiled.Laws.Draw(5, size), .. row[size..]];
        return new(net, "asked", Inquiry<T>.Convert(row), Inquiry<T>.Convert(references), target);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void HinderNothingElse(int body, string kind)
    {
        var net = networks.Value.Network($"{kind}{body}").Load(Weights.Random(9));
        var (wrong, wide) = (new List<string>(), net.Signature.OutputSize / 4);
        foreach (var question in questions)
        {
            foreach (var target in new[] { Target.Unit(0, 0), Target.Unit(1, wide - 1) })
            {
                Same(question, Asked(net.Compiled, 0, target), Asked(net.Compiled, double.NegativeInfinity, target), 1e-5, wrong);
                Same(question, Asked(net.Interpreted, 0, target), Asked(net.Interpreted, double.NegativeInfinity, target), 1e-12, wrong);
            }
        }
        Assert.True(wrong.Count == 0, $"{bodies[body].Name}: {string.Join("\n", wrong)}");
    }

    private static void Same<T>(string question, Inquiry<T> seeing, Inquiry<T> blind, double tolerance, List<string> wrong)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var expected = seeing.Answer(question);
        try
        {
            var found = blind.Answer(question);
            var scale = expected.Max(Math.Abs);
            if (question != "layer" && scale == 0)
                wrong.Add($"{typeof(T).Name}, {question}: nothing but zeros");
            if (expected.Zip(found).FirstOrDefault(pair => !(Math.Abs(pair.First - pair.Second) <= tolerance * scale)) is { } pair
                && pair != default)
                wrong.Add($"{typeof(T).Name}, {question}: {pair.Second:r} in place of {pair.First:r}");
        }
        catch (NonFiniteException error)
        {
            wrong.Add($"{typeof(T).Name}, {question}: {error.Message}");
        }
    }

    // Unit 0 sees its own number alone; the others see nothing.
    [Fact]
    public void GivesTheOneRowThatSeesAllThatItHas()
    {
        var net = networks.Value.Network("Rows0").Load(Weights.Random(1)).Compiled;
        float[] row = [1, 2, 3, 4, 0, .. Enumerable.Repeat(float.NegativeInfinity, 15)];
        var blind = new Inquiry<float>(net, "asked", row, [0, 0, 0, 0, .. row[4..], 1, 1, 1, 1, .. row[4..]], Target.Unit(0, 0));
        foreach (var question in new[] { "gradient", "integrated gradients", "Rescale", "RevealCancel", "ablation", "guided backprop" })
            Assert.Equal([1, 0, 0, 0], blind.Answer(question)[..4].Select(score => Math.Round(score, 5)));
    }

    [Theory]
    [InlineData("output")]
    [InlineData("gradient")]
    [InlineData("integrated gradients")]
    [InlineData("Rescale")]
    [InlineData("RevealCancel")]
    [InlineData("ablation")]
    [InlineData("LRP")]
    [InlineData("layer Rescale")]
    public void AreNamedWhereTheyAreAskedAbout(string question)
    {
        foreach (var (body, softmax) in new[]
        {
            (0, "Softmax(s + Transpose(asked, 0, 1), 1)"), (3, "Softmax(s + Transpose(Slice(asked, 1, 0, 1), 0, 1), 1)"),
            (Transformer, "Softmax(MatMul(Query(asked), Key(asked), transposeB: true) * 0.6 + s, 1)"),
        })
        {
            var net = networks.Value.Network($"Rows{body}").Load(Weights.Random(9)).Compiled;
            var error = Assert.Throws<NonFiniteException>(
                () => Asked(net, double.NegativeInfinity, Target.Unit(2, 0)).Answer(question));
            Assert.Equal(softmax, error.Layer);
            Assert.Equal(2, error.Fault!.Index[0]);
            Assert.True(double.IsNaN(error.Fault.Value));
        }
    }
}
