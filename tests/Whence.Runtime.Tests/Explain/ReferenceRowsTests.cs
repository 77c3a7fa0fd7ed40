namespace Whence.Runtime.Tests.Explaining;

public class ReferenceRowsTests
{
    private static readonly string sequence = "ACGTTGATAAGGCCATCTGCCAGATGTTAGCANNACGTAAAACCCT";

    [Fact]
    public void ConstantsAndChannelsFillTheirRows()
    {
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], ReferenceRows.Constant(new Shape(2, 2), 0.5f));
        Assert.Equal([0.3, 0.3, 0.3, 0.2, 0.2, 0.2], ReferenceRows.PerChannel(new Shape(2, 3), 0.3, 0.2));
        Assert.Contains("2 channels, but values has 3",
            Assert.Throws<ArgumentException>(() => ReferenceRows.PerChannel(new Shape(2, 3), 1.0, 2, 3)).Message);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => ReferenceRows.Constant(new Shape(1), double.NaN)).Message);
    }

    [Fact]
    public void ABlurIsThatOfSciPy()
    {
        // scipy.ndimage.gaussian_filter1d([1, 0, 0, 4, 0, 2], 0.8, mode="nearest", truncate=4)
        double[] expected = [0.7511011995, 0.3383030307, 0.9364754101, 2.0398486665, 1.4145664138, 1.5863177087];
        var blurred = ReferenceRows.Blurred([1, 0, 0, 4, 0, 2, 3.0, 3, 3, 3, 3, 3], 1, new Shape(2, 6), 0.8);
        Inputs.Close(expected, blurred.AsSpan(0, 6), 1e-9);
        Inputs.Close([3, 3, 3, 3, 3, 3], blurred.AsSpan(6), 1e-14);
    }

    [Fact]
    public void ABlurRunsAlongHeightAndWidthAndKeepsChannelsAndInputsApart()
    {
        var x = new double[2 * 2 * 3 * 4];
        x[5] = 1;
        var blurred = ReferenceRows.Blurred<double>(x, 2, new Shape(2, 3, 4), 0.5);
        Assert.All(blurred[12..], value => Assert.Equal(0, value));
        Assert.Equal(1, blurred[..12].Sum(), 1e-3);
        Assert.Equal(blurred[4], blurred[6], 1e-15);
        Assert.Equal(blurred[1], blurred[9], 1e-15);
        Assert.Equal(blurred[1] * blurred[4] / blurred[5], blurred[0], 1e-4);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceRows.Blurred<double>(x, 2, new Shape(2, 3, 4), 0));
        Assert.Contains("[24]", Assert.Throws<ArgumentException>(() => ReferenceRows.Blurred<double>(x, 2, new Shape(24), 1)).Message);
    }

    [Fact]
    public void AShuffleKeepsHowOftenEachLetterIs()
    {
        var shuffles = ReferenceRows.Shuffled<float>(OneHot(sequence), 1, new Shape(4, sequence.Length), 5, seed: 3)
            .Chunk(4 * sequence.Length).Select(Text).ToList();
        Assert.All(shuffles, shuffle => Assert.Equal(string.Concat(sequence.Order()), string.Concat(shuffle.Order())));
        Assert.Equal(6, shuffles.Append(sequence).Distinct().Count());
    }

    [Fact]
    public void ADinucleotideShuffleKeepsPairsAndBothEnds()
    {
        var random = new Random(5);
        var texts = Enumerable.Range(0, 40)
            .Select(i => string.Concat(Enumerable.Range(0, 1 + 3 * i).Select(_ => "ACGT"[random.Next(i % 3 == 0 ? 2 : 4)])))
            .Append(sequence)
            .Append("AAAA");
        foreach (var text in texts)
        {
            foreach (var shuffle in ReferenceRows.DinucleotideShuffled<float>(OneHot(text), 1, new Shape(4, text.Length), 4, seed: 1)
                .Chunk(4 * text.Length)
                .Select(Text))
            {
                Assert.Equal(Pairs(text), Pairs(shuffle));
                Assert.Equal((text[0], text[^1]), (shuffle[0], shuffle[^1]));
            }
        }
    }

    [Fact]
    public void ADinucleotideShuffleIsAnother()
    {
        var shuffles = ReferenceRows.DinucleotideShuffled<float>(OneHot(sequence), 1, new Shape(4, sequence.Length), 10)
            .Chunk(4 * sequence.Length).Select(Text).ToList();
        Assert.Equal(11, shuffles.Append(sequence).Distinct().Count());
    }

    [Fact]
    public void AnInputsShufflesDependOnItsSeedOnlyNotOnItsBatchOrOnHowManyThereAre()
    {
        var shape = new Shape(4, sequence.Length);
        float[] one = OneHot(sequence), two = OneHot(string.Concat(sequence.Reverse()));
        foreach (var shuffle in new Shuffle[] { ReferenceRows.Shuffled, ReferenceRows.DinucleotideShuffled })
        {
            var alone = shuffle(two, 1, shape, 3, 7);
            Assert.Equal(alone, shuffle([.. one, .. two], 2, shape, 3, 7)[(3 * one.Length)..]);
            Assert.Equal(alone[..two.Length], shuffle(two, 1, shape, 1, 7));
            Assert.NotEqual(alone, shuffle(two, 1, shape, 3, 8));
        }
    }

    [Fact]
    public void APopulationIsDrawnWithoutRepeating()
    {
        float[] rows = [.. Enumerable.Range(0, 20).SelectMany(i => new[] { i, -i }).Select(i => (float)i)];
        var drawn = ReferenceRows.Population<float>(rows, 2, 20, seed: 4).Chunk(2).ToList();
        Assert.All(drawn, row => Assert.Equal(-row[0], row[1]));
        Assert.Equal(20, drawn.Select(row => row[0]).Distinct().Count());
        Assert.NotEqual(rows, drawn.SelectMany(row => row));
        Assert.Equal(drawn.Take(5).SelectMany(row => row), ReferenceRows.Population<float>(rows, 2, 5, seed: 4));
        Assert.Contains("Of 20 rows",
            Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceRows.Population<float>(rows, 2, 21)).Message);
        Assert.Contains("whole rows of 3", Assert.Throws<ArgumentException>(() => ReferenceRows.Population<float>(rows, 3, 1)).Message);
    }

    [Fact]
    public void SequencesOfAnotherShapeAreRefused()
    {
        Assert.Contains("[4, 2, 1]",
            Assert.Throws<ArgumentException>(() => ReferenceRows.Shuffled<float>(new float[8], 1, new Shape(4, 2, 1))).Message);
        Assert.Contains("holds 8",
            Assert.Throws<ArgumentException>(() => ReferenceRows.DinucleotideShuffled<float>(new float[8], 2, new Shape(4, 2))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceRows.Shuffled<float>(new float[8], 1, new Shape(4, 2), 0));
    }

    private delegate float[] Shuffle(ReadOnlySpan<float> x, int count, Shape shape, int each, ulong seed);

    private static IEnumerable<(string Pair, int Count)> Pairs(string text) =>
        Enumerable.Range(0, text.Length - 1).Select(i => text.Substring(i, 2)).GroupBy(pair => pair)
            .Select(group => (group.Key, group.Count())).Order();

    private static float[] OneHot(string text) => [.. "ACGT".SelectMany(letter => text.Select(found => found == letter ? 1f : 0f))];

    private static string Text(float[] oneHot) =>
        string.Concat(Enumerable.Range(0, oneHot.Length / 4).Select(position => Enumerable.Range(0, 4)
            .Where(row => oneHot[row * oneHot.Length / 4 + position] == 1).Select(row => "ACGT"[row]).DefaultIfEmpty('N').Single()));
}
