using Whence.CompilerServices;

using HeldFixed = Whence.Networks.Tests.Laws.HeldFixed;

namespace Whence.Networks.Tests.Compiled;

/// <summary>The answers of one walk share its forward pass, and each has the bits of a walk of its own.</summary>
[Trait("Long", "laws")]
public sealed class AnswersOfAWalk
{
    private const int Rows = 2, Answers = 3;

    private static readonly Lazy<InMemory> operators = OperatorNetworks.All;

    public static TheoryData<string> Names => [.. OperatorSources.All.Keys, .. NetworkSources.Drawn, .. NetworkSources.Trained];

    [Theory]
    [MemberData(nameof(Names))]
    public void EachHasTheBitsOfAWalkOfItsOwn(string name)
    {
        var net = Load(name);
        foreach (var route in Laws.Routes(net.Signature))
        {
            CompareWithWalksOfTheirOwn(net.Passes, route, seedRows: Rows);
            CompareWithWalksOfTheirOwn(net.Passes, route, seedRows: 1);
        }
    }

    /// <summary>Also of one answer that is weighed in several ways: of a neuron, whose way back all targets share.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void SoItIsAlongAPath(string name)
    {
        if (Load(name).Compiled is not IPathPasses<float> net || !net.Follows(0, -1))
            return;
        var signature = net.Signature;
        var points = PathPoints.Of(Quadrature.GaussLegendre, 5);
        var x = Laws.Draw(1, signature.InputSize);
        var references = HeldFixed.With(signature, x, Laws.Draw(2, x.Length));
        var kept = new float[net.PathSizes.Kept];
        net.BeginPaths(Laws.Floats(x), Laws.Floats(references), kept, 1);
        var size = signature.Points[0].Shape.Size;
        var seeds = Laws.Floats(Laws.Draw(3, Answers * size));
        double[] weights = [.. points.Weights];
        double[] each = [.. weights, .. weights.Select(weight => 2 * weight), .. weights.Reverse()];

        Laws.Spoil();
        var stride = net.PathSizes.Sums + 3;
        var together = new double[(Answers * stride) - 3];
        Walk(kept, points, seeds, Answers, together, weights, stride);
        var weighed = new double[together.Length];
        Walk(kept, points, seeds[..size], 1, weighed, each, stride);
        for (var answer = 0; answer < Answers; answer++)
        {
            var place = (answer * stride)..((answer * stride) + net.PathSizes.Sums);
            var alone = new double[net.PathSizes.Sums];
            Walk(kept, points, seeds[(answer * size)..((answer + 1) * size)], 1, alone, weights, 0);
            Assert.Equal(alone, together[place]);
            alone.AsSpan().Clear();
            Walk(kept, points, seeds[..size], 1, alone, each[(answer * weights.Length)..((answer + 1) * weights.Length)], 0);
            Assert.Equal(alone, weighed[place]);
        }

        void Walk(float[] kept, PathPoints points, float[] seed, int answers, double[] sums, double[] weights, int stride)
        {
            var arguments = new BackwardArguments<float>
            {
                Rows = points.Alphas.Length, Kept = kept, ReferenceRows = 1, From = 0, Seed = seed, SeedRows = 1, To = -1, InjectAt = -1,
                Alphas = Laws.Floats([.. points.Alphas]), Weights = weights, Sums = sums, Answers = answers, SumStride = stride,
            };
            net.StepPath(ref arguments);
        }
    }

    private static void CompareWithWalksOfTheirOwn(IHostPasses<float> net, Route route, int seedRows)
    {
        var signature = net.Signature;
        var x = Laws.Floats(Laws.Draw(1, Rows * signature.InputSize));
        var references = Laws.Floats(Laws.Draw(2, Rows * signature.InputSize));
        var seedSize = seedRows * signature.Points[route.From].Shape.Size;
        var seeds = Laws.Floats(Laws.Draw(3, Answers * seedSize));
        var size = Rows * (route.To < 0 ? signature.InputSize : signature.Points[route.To].Shape.Size);
        var kept = new float[Rows * net.KeptSize(route.Flow)];
        net.Keep(route.Flow, references, kept, Rows);

        // Apart, so that what is between them is seen to stay.
        var stride = size + 5;
        var length = (Answers * stride) - 5;
        var (multipliers, negatives) = (new float[length], new float[length]);
        multipliers.AsSpan().Fill(float.NaN);
        Laws.Spoil();
        Walk(seeds, Answers, multipliers, negatives, stride);
        for (var answer = 0; answer < Answers; answer++)
        {
            var (own, ownNegatives) = (new float[size], new float[size]);
            Walk(seeds[(answer * seedSize)..((answer + 1) * seedSize)], 1, own, ownNegatives, 0);
            var what = $"{route.In(signature)}, answer {answer}";
            SameBits(what, own, multipliers.AsSpan(answer * stride, size));
            SameBits(what, ownNegatives, negatives.AsSpan(answer * stride, size));
            if (answer > 0)
                Assert.True(float.IsNaN(multipliers[(answer * stride) - 1]));
        }

        void Walk(float[] seed, int answers, float[] multipliers, float[] negatives, int stride)
        {
            var arguments = new BackwardArguments<float>
            {
                X = x, Rows = Rows, Kept = kept, ReferenceRows = Rows, From = route.From, Seed = seed, SeedRows = seedRows, To = route.To,
                InjectAt = -1, Answers = answers, AnswerStride = stride, Multipliers = multipliers, NegativeMultipliers = negatives,
            };
            net.Backward(route.Flow, ref arguments);
        }
    }

    private static void SameBits(string what, ReadOnlySpan<float> alone, ReadOnlySpan<float> together)
    {
        for (var i = 0; i < alone.Length; i++)
            Assert.True(BitConverter.SingleToInt32Bits(alone[i]) == BitConverter.SingleToInt32Bits(together[i]),
                $"{what}: element {i} is {together[i]:r}, alone {alone[i]:r}.");
    }

    private static Trio Load(string name) =>
        OperatorSources.All.ContainsKey(name) ? operators.Value.Network(name).Load(Weights.Random(11)) : NetworkLaws.Load(name);
}
