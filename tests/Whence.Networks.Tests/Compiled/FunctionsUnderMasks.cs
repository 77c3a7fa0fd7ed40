namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// What is added to a mask of minus infinity contributes nothing through any function that has a finite limit there, by every method,
/// compiled and in double precision; the rest has the scores that it has where the mask is low enough for the function to be flat.
/// </summary>
public sealed class FunctionsUnderMasks
{
    // Flat under every function here.
    private const float Low = -1e30f;

    // Of two layers' outputs and a mask. 0 times infinity would stand in each of the first ones.
    private static readonly string[] functions =
    [
        "Gelu(a + m)", "GeluTanh(a + m)", "Silu(a + m)", "HardSwish(a + m)",
        "Gelu(a + m) * b", "Silu(a + m) * b", "HardSwish(m + a) * Sigmoid(b + m)", "GeluTanh(a + m + b)", "Gelu(a - b + m)",
        "Gelu(a + Reverse(m))", "Silu(Concat(0, a, b) + Concat(0, m, m))", "HardSwish(Max(a, b) + m)", "Silu(Silu(a + m) + b)",
        "Gelu(a + 2 * m)", "Silu(a + m * Constant(1, 2, 3, 4))", "HardSwish(m * 3 + a)", "Silu(a * a + m)", "Gelu(Maxes(x) + m)",
        "Relu(a + m)", "LeakyRelu(a + m, 0)", "Elu(a + m)", "Selu(a + m)", "Sigmoid(a + m)", "Tanh(a + m)", "Softplus(a + m)",
        "Exp(a + m)", "Erf(a + m)", "HardSigmoid(a + m)", "Clamp(a + m, -1, 2)", "Relu(a + m) * Tanh(b + m)",
        "Relu(a + m) + Gelu(b + m)", "Softplus(a + 2 * m)",
        "Max(a + m, b)", "Min(Max(a + m, -0.5), 0.5)", "Relu(a + m * Constant(1, 2, 3, 4))",
        "Silu(Steps(Reshape(Concat(0, a, b), 2, 4), m))",
        "Flat(a + m)", "Flat(a + m) * Tanh(b)", "FlatEach(a + m + b)", "Flat(a + m * Constant(1, 2, 3, 4))", "Elu(a + m, 0)",
    ];

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(functions.Select((function, i) => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics{{(function.StartsWith("Exp") ? " & ~Methods.DeconvNet" : "")}})]
        public sealed partial class Masked{{i}}
        {
            [Linear(4)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);
            {{(function.Contains("Flat(") ? "[PRelu] private partial Tensor Flat(Tensor x);" : "")}}
            {{(function.Contains("FlatEach(") ? "[PRelu(PerChannel = true)] private partial Tensor FlatEach(Tensor x);" : "")}}
            {{(function.Contains("Maxes") ? "[Maxout(4, 2)] private partial Tensor Maxes(Tensor x);" : "")}}
            {{(function.Contains("Steps") ? """
                private static Tensor Steps(Tensor rows, Tensor m)
                {
                    var h = Zeros(4);
                    foreach (var row in rows)
                        h = Silu(row + m) + h;
                    return h + m;
                }
                """ : "")}}
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5)] Tensor x, [Mask(4)] Tensor m)
            {
                var (a, b) = (Fc1(x), Fc2(x));
                return Head({{function}});
            }
        }

        """))));

    public static TheoryData<int> Functions => new(Enumerable.Range(0, functions.Length));

    private static readonly Dictionary<string, Action<INetwork, float[], float[]>> questions = new()
    {
        ["gradient"] = (net, x, scores) => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(1), scores),
        ["integrated gradients"] = (net, x, scores) =>
            SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), References.One<float>(Reference(x)), scores,
                new PathOptions { Steps = 20 }),
        ["left sums"] = (net, x, scores) =>
            SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), References.One<float>(Reference(x)), scores,
                new PathOptions { Steps = 20, Quadrature = Quadrature.Left }),
        ["Rescale"] = (net, x, scores) =>
            SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.Rescale, References.One<float>(Reference(x)), scores),
        ["RevealCancel"] = (net, x, scores) =>
            SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.RevealCancel, References.One<float>(Reference(x)), scores),
        ["LRP"] = (net, x, scores) => SpanExplainers.LrpEpsilon<float>(net, x, 1, Target.Unit(1), scores),
        ["guided backprop"] = (net, x, scores) => SpanExplainers.GuidedBackprop<float>(net, x, 1, Target.Unit(1), scores),
        ["guided backprop Rescale"] = (net, x, scores) =>
            SpanExplainers.GuidedBackpropRescale<float>(net, x, 1, Target.Unit(1), References.One<float>(Reference(x)), scores),
        ["expected gradients"] = (net, x, scores) =>
            SpanExplainers.ExpectedGradients<float>(net, x, 1, Target.Unit(1), References.One<float>(Reference(x)), scores),
        ["occlusion"] = (net, x, scores) =>
            SpanExplainers.Ablation<float>(net, null, x, 1, Target.Unit(1), References.One<float>(Reference(x)), scores),
    };

    private static readonly Dictionary<string, Action<IModel<double>, double[], double[]>> inDouble = new()
    {
        ["gradient"] = (net, x, scores) => SpanExplainers.Gradient<double>(net, x, 1, Target.Unit(1), scores),
        ["integrated gradients"] = (net, x, scores) =>
            SpanExplainers.IntegratedGradients<double>(net, x, 1, Target.Unit(1), References.One<double>(Reference(x)), scores,
                new PathOptions { Steps = 20 }),
        ["Rescale"] = (net, x, scores) =>
            SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(1), Rule.Rescale, References.One<double>(Reference(x)), scores),
        ["RevealCancel"] = (net, x, scores) =>
            SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(1), Rule.RevealCancel, References.One<double>(Reference(x)), scores),
        ["LRP"] = (net, x, scores) => SpanExplainers.LrpEpsilon<double>(net, x, 1, Target.Unit(1), scores),
        ["guided backprop"] = (net, x, scores) => SpanExplainers.GuidedBackprop<double>(net, x, 1, Target.Unit(1), scores),
    };

    [Theory, MemberData(nameof(Functions))]
    public void WhatIsHiddenContributesNothing(int function)
    {
        var net = networks.Value.Network($"Masked{function}").Load(Loaded(functions[function]));
        var (hidden, low) = (Row(float.NegativeInfinity), Row(Low));
        var eager = net.Eager([.. hidden.Select(value => (double)value)]);
        Assert.All(eager.Zip(net.Compiled.Predict(hidden)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        var moved = false;
        foreach (var (name, ask) in questions)
        {
            var (infinite, expected) = (new float[9], new float[9]);
            ask(net.Compiled, hidden, infinite);
            ask(net.Compiled, low, expected);
            moved |= expected[..5].Any(score => score != 0);
            Alike(expected, infinite, $"{functions[function]}, {name}", 1e-5);
            if (!inDouble.TryGetValue(name, out var askInDouble))
                continue;
            var found = new double[9];
            askInDouble(net.Interpreted, [.. hidden.Select(value => (double)value)], found);
            Alike([.. found.Select(value => (float)value)], infinite, $"{functions[function]}, {name} in double", 1e-4);
        }
        Assert.True(moved);
    }

    // Slopes are 0 where the mask hides.
    private static Weights Loaded(string function)
    {
        var random = Weights.Random(7);
        if (!function.Contains("Flat"))
            return random;
        Tensor Drawn(string name, params int[] axes) => random.Tensor(name, new Shape(axes));
        using var file = new MemoryStream();
        Weights.Save(file, new Dictionary<string, Tensor>
        {
            ["fc1.weight"] = Drawn("fc1.weight", 4, 5), ["fc1.bias"] = Drawn("fc1.bias", 4),
            ["fc2.weight"] = Drawn("fc2.weight", 4, 5), ["fc2.bias"] = Drawn("fc2.bias", 4),
            ["head.weight"] = Drawn("head.weight", 2, 4), ["head.bias"] = Drawn("head.bias", 2),
            ["flat.weight"] = new Tensor(new Shape(1), [0.0]), ["flat_each.weight"] = new Tensor(new Shape(4), [0.3, 0.0, -0.2, 0.0]),
        });
        return Weights.Read(file.ToArray());
    }

    private static void Alike(float[] expected, float[] found, string what, double tolerance)
    {
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * scale,
                $"{what}: {string.Join(" ", found)} for {string.Join(" ", expected)}");
        }
    }

    private static float[] Row(float hidden) => [0.3f, -0.8f, 1.1f, 0.4f, -0.2f, 0, hidden, 0.1f, hidden];

    private static T[] Reference<T>(T[] x) where T : struct, System.Numerics.IFloatingPoint<T> =>
        [.. x.Select((value, i) => i < 5 ? T.CreateChecked(i % 2 == 0 ? -0.5 : 0.25) : value)];
}
