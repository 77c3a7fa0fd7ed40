using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// The laws over networks by chance in which constants stand everywhere, at inputs and references with zeros and ties. A network's name
/// ends in the seed that makes it again.
/// </summary>
[Trait("Long", "laws")]
public sealed class RandomConstants
{
    private const int Count = 40;
    private const int Rows = 4;

    private static readonly Lazy<InMemory> networks = new(
        () => InMemory.Compile(string.Concat(Enumerable.Range(0, Count).Select(seed => RandomSources.Of(seed).Text))));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, Count)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Obey(int seed)
    {
        var net = networks.Value.Network(RandomSources.Of(seed).Name).Load(Weights.Random(seed));
        Laws.ForwardIsForward(net, 1e-4);
        Laws.WalksAreTheInterpreters(net, 2e-3);
        foreach (var pass in new[] { Pass.Rescale, Pass.RevealCancel })
            IsComplete(net.Interpreted, pass, seed);
        Laws.RowsAreIndependent(net);
    }

    private static void IsComplete(InterpretedNetwork net, Pass pass, int seed)
    {
        var random = new Random(seed);
        var size = net.Signature.InputSize;
        // Of few values, so that there are ties; a row against zeros, and one against a reference that is half its own.
        double[] Few(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-2, 3) * 0.5)];
        var (x, x0) = (Few(Rows * size), Few(Rows * size));
        for (var i = 0; i < size; i++)
        {
            x0[i] = 0;
            x0[size + i] = i % 2 == 0 ? x[size + i] : x0[size + i];
            x[2 * size + i] = 0.5;
        }
        x0 = Whence.Networks.Tests.Laws.HeldFixed.With(net.Signature, x, x0);
        double[] seeds = [1, -2, 3, 0.5];
        var walked = Walked<double>.Of(net, new Route(pass, 0, -1), x, x0, Rows, seeds, Rows);
        var (y, y0) = (new double[Rows * 4], new double[Rows * 4]);
        net.Forward(x, 0, y, Rows);
        net.Forward(x0, 0, y0, Rows);
        for (var row = 0; row < Rows; row++)
        {
            double[] scores = [.. Enumerable.Range(row * size, size)
                .Select(i => (x[i] - x0[i]) * (x[i] > x0[i] ? walked.Multipliers[i] : walked.NegativeMultipliers[i]))];
            var moved = Enumerable.Range(0, 4).Sum(i => seeds[i] * (y[row * 4 + i] - y0[row * 4 + i]));
            Assert.True(Math.Abs(scores.Sum() - moved) <= 1e-9 * (1 + scores.Sum(Math.Abs)),
                $"{net.Signature.Name}, {pass}, row {row}: contributions sum to {scores.Sum():R}, the output moves by {moved:R}.");
        }
    }
}
