namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// The axis of the classes is found behind all that moves a softmax's shares, and where no axis has them mean-centring is refused: the
/// numbers decide, since along the classes, and along nothing else, shares sum to 1.
/// </summary>
public sealed class ClassAxes
{
    private static readonly string[] outputs =
    [
        "Softmax(x, axis: 1)", "Softmax(x, axis: 0)", "LogSoftmax(x, axis: 1)", "Transpose(S, 0, 1)",
        "Permute(Reshape(S, 1, 2, 3), 2, 0, 1)", "Reshape(S, 2, 1, 3)", "Reshape(S, 1, 2, 3, 1)", "Reshape(T, 2, 3, 1)", "Flatten(S)",
        "Flatten(T)", "Reshape(S, 6, 1)", "Reshape(S, 3, 2)", "Reshape(T, 3, 2)", "Reshape(Softmax(Flatten(x)), 2, 3)",
        "Flatten(Softmax(Reshape(x, 1, 6), axis: 1))", "Slice(S, 0, 0, 1)", "Slice(S, 1, 0, 2)", "Flatten(Slice(S, 0, 1, 1))",
        "Concat(0, S, U)", "Concat(1, S, U)", "Flatten(Concat(0, S, U))", "Concat(0, Softmax(Flatten(x)), Softmax(Flatten(x) * 2))",
        "Stack([S, U])", "Flatten(Stack([S, U]))", "Reverse(S)", "Reverse(T)", "Gather(S, 0, 1, 1, 0)", "Gather(S, 1, 2, 0)",
        "Pad(S, 1, 1, 0, 0.5)", "Pad(S, 0, 1, 0, 1.0 / 3)", "Dropout(S)", "Last(S)", "Last(T)", "Mean(Stack([S, U]), 0)",
        "Mean(Stack([S, U]), 0, keep: true)", "Flatten(Mean(Stack([S, U]), 0))", "(S + U) / 2", "0.25 * S + 0.75 * U",
        "Flatten(S * 0.5 + U * 0.5)", "Each(x)", "Flatten(Each(x))", "Transpose(Each(x), 0, 1)", "Flatten(Transpose(S, 0, 1))",
        "Reshape(Transpose(S, 0, 1), 3, 2, 1)",
    ];

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(outputs.Select((output, i) => $$"""
        [Network(Explain = Methods.Gradient, Layers = ["asked"])]
        public sealed partial class Shares{{i}}
        {
            {{(output.Contains("Each") ? """
                private static Tensor Each(Tensor x)
                {
                    var all = new System.Collections.Generic.List<Tensor>();
                    foreach (var row in x)
                        all.Add(Softmax(row));
                    return Stack(all);
                }
                """ : "")}}

            public (Tensor first, Tensor second) Forward([Shape(2, 3)] Tensor x)
            {
                var (S, T, U) = (Softmax(x, axis: 1), Softmax(x, axis: 0), Softmax(x * 2 + 1, axis: 1));
                var asked = {{output}};
                return (asked, Sum(S + T + U, 0));
            }
        }

        """))));

    public static TheoryData<int> Outputs => new(Enumerable.Range(0, outputs.Length));

    [Theory, MemberData(nameof(Outputs))]
    public void TheAxisIsThatAlongWhichSharesSumToOne(int output)
    {
        var net = networks.Value.Network($"Shares{output}").Load(Weights.Random(1));
        double[] x = [0.3, -0.8, 1.1, 0.4, -0.2, 0.7];
        var shape = net.Compiled.Signature.Outputs[0].Shape;
        double[] shares = [.. net.Eager(x).Take(Sizes(shape)).Select(share => outputs[output].StartsWith("Log") ? Math.Exp(share) : share)];
        int[] classes = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] > 1
            && Enumerable.Range(0, shares.Length).All(i => Math.Abs(Line(shape, axis, i).Sum(j => shares[j]) - 1) < 1e-9))];
        var scores = new float[x.Length];
        foreach (var target in new[] { Target.Unit(1).OfOutput(), Target.Layer("asked", 1) })
        {
            void Ask(Target asked) => SpanExplainers.Gradient<float>(net.Compiled, Compiled.Laws.Floats(x), 1, asked, scores);
            if (classes is [])
            {
                Assert.Contains("MeanCentred(axis: ", Assert.Throws<ArgumentException>(() => Ask(target.MeanCentred())).Message);
                Ask(target.MeanCentred(axis: 0));
                continue;
            }
            Ask(target.MeanCentred());
            float[] found = [.. scores];
            Ask(target.MeanCentred(axis: Assert.Single(classes)));
            Assert.Equal(scores, found);
            var axis = net.Compiled.Signature.Points.Select(point => point.ClassAxis).Distinct();
            Assert.Contains(classes[0], axis);
        }
    }

    // What weighs values is no class of theirs, and neither is what a network goes on to compute from shares.
    [Fact]
    public void WhatIsNoShareIsNotRefused()
    {
        var weighed = InMemory.Compile("""
            [Network(Explain = Methods.Gradient)]
            public sealed partial class Weighed
            {
                [Linear(4)] private partial Tensor Fc(Tensor x);
                public Tensor Forward([Shape(2, 3)] Tensor x) => Fc(Flatten(Softmax(x, axis: 1) * x));
            }

            [Network(Explain = Methods.Gradient)]
            public sealed partial class Gated
            {
                public Tensor Forward([Shape(2, 3)] Tensor x) => Flatten(Softmax(x, axis: 1) * x);
            }
            """);
        foreach (var name in new[] { "Weighed", "Gated" })
        {
            SpanExplainers.Gradient<float>(weighed.Network(name).Load(Weights.Random(1)).Compiled, new float[6], 1,
                Target.Unit(1).MeanCentred(), new float[6]);
        }
    }

    // Each value is read twice: there are 2^60 ways to the output.
    [Fact]
    public void ManyWaysToAValueAreNotGoneOneByOne()
    {
        var net = InMemory.Compile("""
            [Network(Explain = Methods.Gradient)]
            public sealed partial class Doubled
            {
                public Tensor Forward([Shape(3)] Tensor x)
                {
                    for (var i = 0; i < 60; i++)
                        x = x * 0.5 + Tanh(x);
                    return x;
                }
            }
            """).Network("Doubled").Load(Weights.Random(1)).Compiled;
        var scores = new float[3];
        SpanExplainers.Gradient<float>(net, new float[3], 1, Target.Unit(1).MeanCentred(), scores);
        Assert.True(scores[1] > 0 && scores[0] < 0);
    }

    // The elements of the line along an axis that an element is on.
    private static IEnumerable<int> Line(Shape shape, int axis, int element)
    {
        var inner = Enumerable.Range(axis + 1, shape.Rank - axis - 1).Aggregate(1, (size, i) => size * shape[i]);
        var start = element - element / inner % shape[axis] * inner;
        return Enumerable.Range(0, shape[axis]).Select(i => start + i * inner);
    }

    private static int Sizes(Shape shape) => shape.ToArray().Aggregate(1, (size, axis) => size * axis);
}
