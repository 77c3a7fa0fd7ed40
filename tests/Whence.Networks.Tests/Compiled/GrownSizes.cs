namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A molecule network of two weave modules (Kearnes et al. 2016) that multiplies by its masks after every affine step and before every sum,
/// declared for six atoms and for eleven: to the same molecule both give the same bits.
/// </summary>
public sealed class GrownSizes
{
    private const int Small = 6;
    private const int Large = 11;
    private const int Features = 3;
    private const int Bonds = 2;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Source(Small) + Source(Large)));

    private static readonly Dictionary<string, Func<INetwork, float[], float[]>> questions = new()
    {
        ["the output"] = (net, x) => net.Predict(x),
        ["the gradient"] = (net, x) => Scores(x, scores => Explain.Gradient<float>(net, x, 1, Target.Unit(1), scores)),
        ["integrated gradients"] = (net, x) => Scores(x, scores => Explain.IntegratedGradients<float>(net, x, 1, Target.Unit(1), default, scores)),
        ["guided backprop"] = (net, x) => Scores(x, scores => Explain.GuidedBackprop<float>(net, x, 1, Target.Unit(1), scores)),
        ["Rescale"] = (net, x) => Scores(x, scores => Explain.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.Rescale, default, scores)),
        ["RevealCancel"] = (net, x) => Scores(x, scores => Explain.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.RevealCancel, default, scores)),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var question in questions.Keys)
            {
                foreach (var atoms in new[] { 1, 4, 6 })
                    data.Add(question, atoms);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ChangeNoBit(string question, int atoms)
    {
        var small = questions[question](Load(Small), Molecule(atoms, Small));
        var large = questions[question](Load(Large), Molecule(atoms, Large));
        if (question == "the output")
        {
            Assert.Equal(small, large);
            return;
        }
        foreach (var (i, score) in Placed(small, Small))
            Assert.Equal(i.IsPresent(atoms) ? score : 0, score);
        var same = Placed(small, Small).ToDictionary(pair => pair.Place, pair => BitConverter.SingleToInt32Bits(pair.Score));
        foreach (var (place, score) in Placed(large, Large))
            Assert.True(BitConverter.SingleToInt32Bits(score) == (same.TryGetValue(place, out var bits) ? bits : 0), $"{question}: {place} has the score {score:r} among {Large} atoms.");
        Assert.Contains(small, score => score != 0);
    }

    private static INetwork Load(int atoms) => networks.Value.Network($"Weave{atoms}").Load(Weights.Random(5)).Compiled;

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

    // A row is atoms [features, size], pairs [bonds, size, size], present [size], near [size, size].
    private static IEnumerable<(Place Place, float Score)> Placed(float[] row, int size)
    {
        for (var i = 0; i < Features * size; i++)
            yield return (new(i / size, i % size, -1), row[i]);
        for (var i = 0; i < Bonds * size * size; i++)
            yield return (new(i / (size * size), i / size % size, i % size), row[Features * size + i]);
    }

    private static float[] Molecule(int atoms, int size)
    {
        var row = new float[(Features + 1) * size + (Bonds + 1) * size * size];
        foreach (var (i, (place, _)) in Placed(row, size).Select((pair, i) => (i, pair)))
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

    private static string Source(int size) => $$"""
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
}
