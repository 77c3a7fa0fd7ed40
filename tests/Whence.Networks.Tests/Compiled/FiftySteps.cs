namespace Whence.Networks.Tests.Compiled;

/// <summary>What is promised of recurrences over many steps.</summary>
public sealed class FiftySteps
{
    private const int Rows = 5;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class OneWay
        {
            [Lstm(8)] private partial Tensor Lower(Tensor sequence);
            [Linear(3)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(50, 6)] Tensor text) => Head(Last(Lower(text)));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class BothWays
        {
            [Lstm(5, Layers = 2, Bidirectional = true, LastState = true)] private partial Tensor Lower(Tensor sequence);
            [Linear(3)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(50, 6)] Tensor text) => Head(Lower(text));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Gated
        {
            [Gru(7, Bidirectional = true)] private partial Tensor Lower(Tensor sequence);
            [GruCell(4)] private partial Tensor Step(Tensor x, Tensor h);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(50, 6)] Tensor text)
            {
                var h = Zeros(4);
                foreach (var x in Lower(text))
                    h = Step(x, h);
                return Head(h);
            }
        }

        """));

    public static TheoryData<string> Names => ["OneWay", "BothWays", "Gated"];

    [Theory]
    [MemberData(nameof(Names))]
    public void RescaleIsCompleteInDouble(string name)
    {
        var net = Load(name);
        Assert.All(Gaps(net.Interpreted, Rule.Rescale, x => x), gap => Assert.InRange(gap, 0, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLiftIsCompleteInSinglePrecision(string name)
    {
        var net = Load(name);
        Assert.All(Gaps(net.Compiled, Rule.Rescale, Laws.Floats), gap => Assert.InRange(gap, 0, 1e-5));
        Assert.All(Gaps(net.Compiled, Rule.RevealCancel, Laws.Floats), gap => Assert.InRange(gap, 0, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IntegratedGradientsAreTheInterpreters(string name)
    {
        var net = Load(name);
        var x = Laws.Draw(8, Rows * net.Signature.InputSize);
        var (scores, expected, sums) = (new float[x.Length], new double[x.Length], new Completeness[Rows]);
        SpanExplainers.IntegratedGradients<float>((IIntegratedGradientsNetwork)net.Compiled, Laws.Floats(x), Rows, Target.Unit(1), default,
            new() { Scores = scores, Sums = sums });
        SpanExplainers.IntegratedGradients<double>(net.Interpreted, x, Rows, Target.Unit(1), default, expected);
        Laws.Same(name, scores, expected, Rows, Laws.Tolerance);
        Assert.All(sums, sum => Assert.InRange(sum.RelativeGap!.Value, 0, 0.01));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void APreparedReferenceGivesTheSameBits(string name)
    {
        var net = (IDeepLiftNetwork)Load(name).Compiled;
        var x = Laws.Floats(Laws.Draw(8, Rows * net.Signature.InputSize));
        var references = Laws.Floats(Laws.Draw(9, net.Signature.InputSize));
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var (scores, prepared) = (new float[x.Length], new float[x.Length]);
            SpanExplainers.DeepLift<float>(net, x, Rows, Target.Unit(0), rule, References.Several(references, 1), scores);
            SpanExplainers.DeepLift(net, x, Rows, Target.Unit(0), rule, SpanExplainers.Prepare<float>(net, references, rule), prepared);
            Assert.Equal(scores, prepared);
        }
    }

    private static IEnumerable<double> Gaps<T>(IModel<T> net, Rule rule, Func<double[], T[]> numbers)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (x, references) = (Laws.Draw(8, Rows * net.Signature.InputSize), Laws.Draw(9, Rows * net.Signature.InputSize));
        var (scores, sums) = (new T[x.Length], new Completeness[Rows]);
        SpanExplainers.DeepLift(net, numbers(x), Rows, Target.Unit(2), rule, References.PerInput<T>(numbers(references)),
            new() { Scores = scores, Sums = sums });
        return sums.Select(sum => sum.RelativeGap!.Value);
    }

    private static Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(21));
}
