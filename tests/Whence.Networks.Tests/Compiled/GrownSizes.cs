namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A molecule network of two weave modules (Kearnes et al. 2016) that multiplies by its masks after every affine step and before every sum,
/// declared for six atoms and for eleven, its features first or last: to the same molecule both sizes give the same bits.
/// </summary>
public sealed class GrownSizes
{
    private const int Small = 6;
    private const int Large = 11;
    private const int Features = 3;
    private const int Bonds = 2;

    private static readonly Lazy<InMemory> networks = new(
        () => InMemory.Compile(FeaturesFirst(Small) + FeaturesFirst(Large) + FeaturesLast(Small) + FeaturesLast(Large)));

    private static readonly Dictionary<string, Func<INetwork, float[], float[]>> questions = new()
    {
        ["the output"] = (net, x) => net.Predict(x),
        ["the gradient"] = (net, x) => Scores(x, scores => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(1), scores)),
        ["integrated gradients"] = (net, x) =>
            Scores(x, scores => SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), default, scores)),
        ["guided backprop"] = (net, x) => Scores(x, scores => SpanExplainers.GuidedBackprop<float>(net, x, 1, Target.Unit(1), scores)),
        ["Rescale"] = (net, x) =>
            Scores(x, scores => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.Rescale, default, scores)),
        ["RevealCancel"] = (net, x) =>
            Scores(x, scores => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.RevealCancel, default, scores)),
    };

    public static TheoryData<string, int, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, int, bool>();
            foreach (var question in questions.Keys)
            {
                foreach (var atoms in new[] { 1, 4, 6 })
                {
                    data.Add(question, atoms, false);
                    data.Add(question, atoms, true);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ChangeNoBit(string question, int atoms, bool last)
    {
        var small = questions[question](Load(Small, last), Molecule(atoms, Small, last));
        var large = questions[question](Load(Large, last), Molecule(atoms, Large, last));
        if (question == "the output")
        {
            Assert.Equal(small, large);
            return;
        }
        foreach (var (i, score) in Placed(small, Small, last))
            Assert.Equal(i.IsPresent(atoms) ? score : 0, score);
        var same = Placed(small, Small, last).ToDictionary(pair => pair.Place, pair => BitConverter.SingleToInt32Bits(pair.Score));
        foreach (var (place, score) in Placed(large, Large, last))
            Assert.True(BitConverter.SingleToInt32Bits(score) == (same.TryGetValue(place, out var bits) ? bits : 0),
                $"{question}: {place} has the score {score:r} among {Large} atoms.");
        Assert.Contains(small, score => score != 0);
    }

    private static INetwork Load(int atoms, bool last) =>
        networks.Value.Network($"Weave{(last ? "Last" : "")}{atoms}").Load(Weights.Random(5)).Compiled;

    private static float[] Scores(float[] x, Action<float[]> ask)
    {
        var scores = new float[x.Length];
        ask(scores);
        return scores;
    }

    /// <summary>A feature of an atom, or of a pair of them.</summary>
    private readonly record struct Place(int Feature, int Atom, int Other)
    {
        public bool IsPresent(int atoms) => Atom < atoms && Other < atoms;
    }

    // A row is atoms [features, size], pairs [bonds, size, size], or with the features last, then present [size], near [size, size].
    private static IEnumerable<(Place Place, float Score)> Placed(float[] row, int size, bool last)
    {
        for (var i = 0; i < Features * size; i++)
            yield return (last ? new Place(i % Features, i / Features, -1) : new Place(i / size, i % size, -1), row[i]);
        for (var i = 0; i < Bonds * size * size; i++)
            yield return (last
                ? new Place(i % Bonds, i / Bonds / size, i / Bonds % size)
                : new Place(i / (size * size), i / size % size, i % size),
                row[Features * size + i]);
    }

    private static float[] Molecule(int atoms, int size, bool last)
    {
        var row = new float[(Features + 1) * size + (Bonds + 1) * size * size];
        foreach (var (i, (place, _)) in Placed(row, size, last).Select((pair, i) => (i, pair)))
        {
            if (place.IsPresent(atoms))
                row[i] = MathF.Sin(1 + 5 * place.Feature + 3.3f * place.Atom + 1.7f * place.Other);
        }
        var masks = Features * size + Bonds * size * size;
        for (var atom = 0; atom < atoms; atom++)
        {
            row[masks + atom] = 1;
            for (var other = 0; other < atoms; other++)
                row[masks + size + atom * size + other] = other == atom ? 0 : 1;
        }
        return row;
    }

    private static string FeaturesFirst(int size) => $$"""
        [Network(Explain = Methods.IntegratedGradients | Methods.GuidedBackprop | Methods.DeepLift)]
        public sealed partial class Weave{{size}}
        {
            [Conv1d(5, kernel: 1)] private partial Tensor AtomsToAtoms(Tensor x);
            [Conv2d(5, kernel: 1)] private partial Tensor PairsToAtoms(Tensor x);
            [Conv1d(4, kernel: 1)] private partial Tensor AtomsToPairs(Tensor x);
            [Conv2d(4, kernel: 1)] private partial Tensor PairsToPairs(Tensor x);
            [Conv1d(7, kernel: 1)] private partial Tensor AtomsToAtoms2(Tensor x);
            [Conv2d(7, kernel: 1)] private partial Tensor PairsToAtoms2(Tensor x);
            [Linear(9)] private partial Tensor Dense(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape({{Features}}, {{size}})] Tensor atoms, [Shape({{Bonds}}, {{size}}, {{size}})] Tensor pairs, [Mask({{size}})] Tensor present, [Mask({{size}}, {{size}})] Tensor near)
            {
                var one = Reshape(present, 1, {{size}});
                var two = Reshape(near, 1, {{size}}, {{size}});
                var ofAtoms = AtomsToPairs(atoms) * one;
                var wovenPairs = Relu((PairsToPairs(pairs) + Reshape(ofAtoms, 4, {{size}}, 1) + Reshape(ofAtoms, 4, 1, {{size}})) * two);
                var wovenAtoms = Relu((AtomsToAtoms(atoms) + Sum(Relu(PairsToAtoms(pairs) * two), axis: 2)) * one);
                var last = Relu((AtomsToAtoms2(wovenAtoms) + Sum(Tanh(PairsToAtoms2(wovenPairs) * two), axis: 2)) * one);
                return Softmax(Head(Relu(Dense(Sum(last, axis: 1) / (Sum(present, axis: 0, keep: true) + 1)))));
            }
        }

        """;

    private static string FeaturesLast(int size) => $$"""
        [Network(Explain = Methods.IntegratedGradients | Methods.GuidedBackprop | Methods.DeepLift)]
        public sealed partial class WeaveLast{{size}}
        {
            [Linear(5)] private partial Tensor AtomsToAtoms(Tensor x);
            [Linear(5)] private partial Tensor PairsToAtoms(Tensor x);
            [Linear(4)] private partial Tensor AtomsToPairs(Tensor x);
            [Linear(4)] private partial Tensor PairsToPairs(Tensor x);
            [Linear(7)] private partial Tensor AtomsToAtoms2(Tensor x);
            [Linear(7)] private partial Tensor PairsToAtoms2(Tensor x);
            [Linear(9)] private partial Tensor Dense(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape({{size}}, {{Features}})] Tensor atoms, [Shape({{size}}, {{size}}, {{Bonds}})] Tensor pairs, [Mask({{size}})] Tensor present, [Mask({{size}}, {{size}})] Tensor near)
            {
                var one = Reshape(present, {{size}}, 1);
                var two = Reshape(near, {{size}}, {{size}}, 1);
                var ofAtoms = AtomsToPairs(atoms) * one;
                var wovenPairs = Relu((PairsToPairs(pairs) + Reshape(ofAtoms, {{size}}, 1, 4) + Reshape(ofAtoms, 1, {{size}}, 4)) * two);
                var wovenAtoms = Relu((AtomsToAtoms(atoms) + Sum(Relu(PairsToAtoms(pairs) * two), axis: 1)) * one);
                var last = Relu((AtomsToAtoms2(wovenAtoms) + Sum(Tanh(PairsToAtoms2(wovenPairs) * two), axis: 1)) * one);
                return Softmax(Head(Relu(Dense(Sum(last, axis: 0) / (Sum(present, axis: 0, keep: true) + 1)))));
            }
        }

        """;
}
