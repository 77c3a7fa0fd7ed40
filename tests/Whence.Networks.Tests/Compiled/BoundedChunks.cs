using System.Globalization;
using System.Text.RegularExpressions;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Memory does not grow with the rows that are asked about: a large network takes fewer of them at a time.</summary>
public sealed class BoundedChunks
{
    private const long MostFloats = 32 * 1024 * 1024;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class WideNet
        {
            [Linear(3000000)] private partial Tensor Wide(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3)] Tensor row) => Head(Tanh(Wide(row)));
        }
        """));

    [Fact]
    public void AChunkOfALargeNetworkFitsIntoABudget()
    {
        var files = networks.Value.Files;
        var rows = Numbers(@"ChunkRows = (\d+),", files["WideNet.Compiled.g.cs"]).Single();
        var widest = files.Values.SelectMany(text => Numbers(@"Scratch\.Rent\(rows \* (\d+)", text)).Max();
        Assert.InRange(rows * widest, 1, MostFloats);
        Assert.InRange((rows + 1) * widest, MostFloats, long.MaxValue);
    }

    private static IEnumerable<long> Numbers(string pattern, string text) =>
        Regex.Matches(text, pattern).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
}
