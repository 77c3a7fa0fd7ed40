using Whence.Evaluate;
using Whence.Pictures;

namespace Whence.Runtime.Tests.Evaluating;

/// <summary>Motifs that were planted into scores are found where they are, and as they are.</summary>
public sealed class SeqletTests
{
    private const int Length = 80;
    private const string Letters = "ACGT";

    private readonly record struct Plant(int Sequence, int Start, bool IsReversed);

    /// <summary>Scores of random DNA: small at every letter, and at the planted motifs' letters the motif's own.</summary>
    private sealed class Planted
    {
        private readonly Random random = new(8);

        public Planted(int count, double noise)
        {
            (Count, X, Scores) = (count, new float[count * 4 * Length], new float[count * 4 * Length]);
            for (var sequence = 0; sequence < count; sequence++)
            {
                for (var position = 0; position < Length; position++)
                    Put(sequence, position, random.Next(4), (float)(noise * (random.NextDouble() * 2 - 1)));
            }
        }

        public int Count { get; }

        public float[] X { get; }

        public float[] Scores { get; }

        public int Next(int most) => random.Next(most);

        public void Put(int sequence, int position, int letter, float score)
        {
            for (var other = 0; other < 4; other++)
                (X[At(sequence, other, position)], Scores[At(sequence, other, position)]) = (0, 0);
            (X[At(sequence, letter, position)], Scores[At(sequence, letter, position)]) = (1, score);
        }

        public Plant Add(string motif, float[] weights, int sequence, int start, bool isReversed)
        {
            for (var i = 0; i < motif.Length; i++)
            {
                var letter = Letters.IndexOf(motif[i], StringComparison.Ordinal);
                Put(sequence, start + (isReversed ? motif.Length - 1 - i : i), isReversed ? 3 - letter : letter, weights[i]);
            }
            return new(sequence, start, isReversed);
        }

        private static int At(int sequence, int letter, int position) => (sequence * 4 + letter) * Length + position;
    }

    private const string First = "GATTACAGC";
    private const string Second = "AGATAACC";
    private static readonly float[] firstWeights = [1, 1.2f, 0.9f, 1, 0.4f, 1.1f, 1, 0.8f, 0.7f];
    private static readonly float[] secondWeights = [0.6f, 1, 1.4f, 1, 1.2f, 0.9f, 0.6f, 0.5f];

    private static (Planted Data, List<Plant> First, List<Plant> Second) Two()
    {
        var data = new Planted(150, 0.08);
        var (first, second) = (new List<Plant>(), new List<Plant>());
        for (var sequence = 0; sequence < 100; sequence++)
            first.Add(data.Add(First, firstWeights, sequence, 10 + data.Next(20), data.Next(2) == 1));
        for (var sequence = 60; sequence < 140; sequence++)
            second.Add(data.Add(Second, secondWeights, sequence, 44 + data.Next(18), data.Next(2) == 1));
        return (data, first, second);
    }

    [Fact]
    public void PlantedMotifsAreFoundWhereTheyAre()
    {
        var (data, first, second) = Two();
        var motifs = SeqletMotif.Find(data.Scores, data.Count, data.X);
        Assert.Equal(2, motifs.Count);
        foreach (var (motif, letters, plants, weights) in new[] { (0, First, first, firstWeights), (1, Second, second, secondWeights) })
        {
            var found = motifs.Single(one => Place(one, letters).At >= 0);
            var (at, turned) = Place(found, letters);
            Assert.Equal(plants.Count, found.Seqlets.Count);
            Assert.Equal(plants.Count, found.Sequences);
            foreach (var (plant, seqlet) in plants.Zip(found.Seqlets))
            {
                // Where the motif lies in the seqlet, read on the strand that the seqlet is read on.
                var from = seqlet.IsReversed ? seqlet.Start + found.Width - at - letters.Length : seqlet.Start + at;
                Assert.Equal((plant.Sequence, plant.Start, plant.IsReversed != turned), (seqlet.Sequence, from, seqlet.IsReversed));
                Assert.InRange(seqlet.Correlation, 0.9, 1);
            }
            for (var i = 0; i < letters.Length; i++)
                Assert.Equal(weights[turned ? letters.Length - 1 - i : i], Size(found, at + i), 3);
        }
    }

    // Where its letters begin in the motif, and whether it is the other strand.
    private static (int At, bool Turned) Place(SeqletMotif motif, string letters)
    {
        var other = string.Concat(letters.Reverse().Select(letter => Letters[3 - Letters.IndexOf(letter, StringComparison.Ordinal)]));
        return motif.Consensus.IndexOf(letters, StringComparison.Ordinal) is >= 0 and var at
            ? (at, false)
            : (motif.Consensus.IndexOf(other, StringComparison.Ordinal), true);
    }

    private static float Size(SeqletMotif motif, int position) =>
        Enumerable.Range(0, 4).Max(letter => Math.Abs(motif.Scores.Span[letter * motif.Width + position]));

    [Fact]
    public void TheOtherStrandIsReadWhereItIsAskedFor()
    {
        var data = new Planted(40, 0.05);
        for (var sequence = 0; sequence < 40; sequence++)
            data.Add(First, firstWeights, sequence, 10 + data.Next(50), sequence % 4 == 3);
        var motif = SeqletMotif.Find(data.Scores, 40, data.X, new() { ReverseComplement = false, MostMotifs = 1 }).Single();
        Assert.Equal(30, motif.Seqlets.Count);
        Assert.All(motif.Seqlets, seqlet => Assert.True(!seqlet.IsReversed && seqlet.Sequence % 4 != 3));
        Assert.Equal(40, SeqletMotif.Find(data.Scores, 40, data.X, new() { MostMotifs = 1 }).Single().Seqlets.Count);
    }

    [Fact]
    public void AMotifThatLowersTheTargetIsOneOfItsOwn()
    {
        var data = new Planted(60, 0.05);
        for (var sequence = 0; sequence < 60; sequence++)
            data.Add(First, sequence % 2 == 0 ? firstWeights : Array.ConvertAll(firstWeights, weight => -weight), sequence, 20, false);
        var motifs = SeqletMotif.Find(data.Scores, 60, data.X);
        Assert.Equal([30, 30], motifs.Select(motif => motif.Seqlets.Count));
        Assert.Equal(1, motifs.Count(motif => motif.Scores.ToArray().Sum() < 0));
    }

    [Fact]
    public void SeveralReferencesScoresAreShownAtTheLetterThatIsThere()
    {
        // Against frequencies the absent letters have scores too; their sum is the position's.
        var data = new Planted(12, 0);
        for (var sequence = 0; sequence < 12; sequence++)
            data.Add(First, firstWeights, sequence, 5 + sequence, false);
        var spread = new float[data.Scores.Length];
        for (var i = 0; i < spread.Length; i++)
        {
            var (sequence, rest) = Math.DivRem(i, 4 * Length);
            for (var letter = 0; letter < 4; letter++)
                spread[i] += data.Scores[sequence * 4 * Length + letter * Length + rest % Length]
                    * (letter == rest / Length ? 0.75f : 0.0833333f);
        }
        var shown = SeqletMotif.Find(spread, 12, data.X).Single();
        Assert.Equal(SeqletMotif.Find(data.Scores, 12).Single().Scores.ToArray(), shown.Scores.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void NoiseHasNoMotif() => Assert.Empty(SeqletMotif.Find(new Planted(100, 1).Scores, 100));

    [Fact]
    public void NothingHasNoMotif() => Assert.Empty(SeqletMotif.Find(new float[4 * 100 * 20], 20));

    [Fact]
    public void TheLogoOfAMotifIsItsMean()
    {
        var (data, _, _) = Two();
        var motif = SeqletMotif.Find(data.Scores, data.Count, data.X)[0];
        var logo = SequenceLogo.Of(motif);
        Assert.Equal(motif.Scores.ToArray(), logo.Scores.ToArray());
        Assert.Equal($"{motif.Seqlets.Count} seqlets of {motif.Sequences} sequences", logo.Title);
        Assert.Contains(logo.Title, logo.ToSvg());
        Assert.Equal(logo.ToSvg(), SequenceLogo.Of(SeqletMotif.Find(data.Scores, data.Count, data.X)[0]).ToSvg());
    }

    [Fact]
    public void BadInputIsNamed()
    {
        void Refuses(string why, float[] scores, int count, float[]? x = null, SeqletOptions? options = null) =>
            Assert.Contains(why, Assert.ThrowsAny<ArgumentException>(() => SeqletMotif.Find(scores, count, x, options)).Message);

        Refuses("are [3, 4, length], but there are 100", new float[100], 3);
        Refuses("give as many or none", new float[160], 2, new float[80]);
        Refuses("score 7 is NaN", [.. new float[7], float.NaN, .. new float[152]], 2);
        Refuses("at least 2 positions of the 20 there are", new float[160], 2, options: new() { Width = 21 });
        Refuses("at least 2 positions", new float[160], 2, options: new() { MostMotifs = 0 });
        Refuses("between 0 and 1, not 1.5", new float[160], 2, options: new() { LeastCorrelation = 1.5 });
    }
}
