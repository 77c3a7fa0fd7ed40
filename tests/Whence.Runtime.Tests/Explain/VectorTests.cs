using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Explaining;

/// <summary>Single-operation vectors of deeplift.json that a linear network can show.</summary>
public class VectorTests
{
    // softmax_contribution_normalisation: rows are classes, columns features; each feature's mean over the classes goes.
    [Fact]
    public void MeanCentredTargetsNormaliseContributionsOverClasses()
    {
        var net = new LinearNet(new Shape(4), [[1, 1, 0, -1], [1, 0, 1, -3]]);
        double[][] expected = [[0, 0.5, -0.5, 1], [0, -0.5, 0.5, -1]];
        for (var c = 0; c < 2; c++)
        {
            var scores = new double[4];
            SpanExplainers.DeepLift(net, [1.0, 1, 1, 1], 1, Target.Unit(c).MeanCentred(), Rule.Rescale, default, scores);
            Inputs.Close(expected[c], scores, 0);
        }
    }

    // hypothetical_contribs: there [position, base], here [base, position].
    [Fact]
    public void HypotheticalContributionsAgreeWithTheDeepLiftAuthors()
    {
        var net = new LinearNet(new Shape(4, 2), [[1, 0.5, -1, 0.5, 2, -0.5, 0, 3]]);
        double[] oneHot = [0, 1, 0, 0, 1, 0, 0, 0];
        double[] background = [0.3, 0.3, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3];
        double[] contributions = new double[8], hypothetical = new double[8];
        SpanExplainers.DeepLift(net, oneHot, 1, Target.Unit(0), Rule.Rescale, background,
            new() { Scores = contributions, Hypothetical = hypothetical });
        Inputs.Close([0.5, -0.55, -1.5, -0.55, 1.5, -1.55, -0.5, 1.95], hypothetical, 1e-15);
        Inputs.Close([1.5, -0.55],
            [.. Enumerable.Range(0, 2).Select(position => Enumerable.Range(0, 4).Sum(b => contributions[b * 2 + position]))], 1e-15);
    }

    // A box says its place on each axis in a fixed number of numbers; an input of more axes is refused before anything is asked.
    [Fact]
    public void PartsOfAnInputOfTooManyAxesAreRefused()
    {
        var eight = new LinearNet(new Shape(2, 1, 1, 1, 1, 1, 1, 1), [[1, 2]]);
        var nine = new LinearNet(new Shape(2, 1, 1, 1, 1, 1, 1, 1, 1), [[1, 2]]);
        var scores = new double[2];
        SpanExplainers.Occlusion<double>(eight, new SlidingWindow(1, 1, 1, 1, 1, 1, 1, 1), [1, 1], 1, Target.Unit(0), default, scores);
        Assert.Equal([1, 2], scores);
        Assert.Contains("at most 8 axes", Assert.Throws<ArgumentException>("window", () => SpanExplainers.Occlusion<double>(
            nine, new SlidingWindow(1, 1, 1, 1, 1, 1, 1, 1, 1), [1, 1], 1, Target.Unit(0), default, scores)).Message);
        Assert.Contains("at most 8 axes", Assert.Throws<ArgumentException>("options", () => SpanExplainers.Mutagenesis<double>(
            nine, [1, 1], 1, Target.Unit(0), scores)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("axis", () => new Authoring.Box().Set(8, 0, 1));
    }

    private sealed class LinearNet(Shape input, double[][] weight) : IHostPasses<double>
    {
        private readonly int size = input.Size;

        public Signature Signature { get; } = new()
        {
            Name = "LinearNet",
            Inputs = [new("x", input)],
            Outputs = [new("y", new Shape(weight.Length))],
            Points = [new("y", new Shape(weight.Length), PointKind.Output), new("y", new Shape(weight.Length), PointKind.Logits)],
            Passes = [Pass.Rescale],
            ChunkRows = 4,
        };

        public void Forward(ReadOnlySpan<double> x, int point, Span<double> value, int rows)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var c = 0; c < weight.Length; c++)
                {
                    value[row * weight.Length + c] = 0;
                    for (var i = 0; i < size; i++)
                        value[row * weight.Length + c] += weight[c][i] * x[row * size + i];
                }
            }
        }

        public int KeptSize(Pass pass) => 0;

        public void Keep(Pass pass, ReadOnlySpan<double> reference, Span<double> kept, int rows)
        {
        }

        public void Backward(Pass pass, ref BackwardArguments<double> arguments)
        {
            for (var answer = 0; answer < arguments.Answers; answer++)
                WalkOnce(arguments.Of(answer));
        }

        private void WalkOnce(BackwardArguments<double> arguments)
        {
            Forward(arguments.X, arguments.From, arguments.FromValue, arguments.Rows);
            for (var i = 0; i < arguments.Rows * size; i++)
            {
                arguments.Multipliers[i] = 0;
                for (var c = 0; c < weight.Length; c++)
                    arguments.Multipliers[i] +=
                        arguments.Seed[(arguments.SeedRows == 1 ? 0 : i / size * weight.Length) + c] * weight[c][i % size];
            }
            arguments.Multipliers.CopyTo(arguments.NegativeMultipliers);
        }

        public string? FirstNonFinite(ReadOnlySpan<double> x) => null;
    }
}
