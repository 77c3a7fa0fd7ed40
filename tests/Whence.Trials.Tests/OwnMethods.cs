using Whence.Authoring;
using Whence.Trials.Tests.Readme;

namespace Whence.Trials.Tests;

/// <summary>Methods of attribution of a project of its own, which sees what is public alone.</summary>
public sealed class OwnMethods
{
    private const int Count = 3;

    private static readonly DigitNet net = DigitNet.Load("digits.safetensors");
    private static readonly int size = ((INetwork)net).Signature.InputSize;
    private static readonly float[] images = [.. Enumerable.Range(0, Count * size).Select(i => MathF.Abs(MathF.Sin(i * 0.37f)))];
    private static readonly float[] reference = [.. Enumerable.Range(0, size).Select(i => MathF.Abs(MathF.Cos(i * 0.11f)))];

    [Fact]
    public void APathIsTheSumOfItsInteriorGradients()
    {
        const int Steps = 7;
        var found = net.Explain(new EndOfPath(0.25, Steps), images, Count, Target.Unit(7), reference);
        var alphas = Enumerable.Range(0, Steps).Select(step => 0.25 + 0.75 * (step + 0.5) / Steps).ToArray();
        var interior = net.InteriorGradients(images, Count, Target.Unit(7), alphas, reference);
        for (var input = 0; input < Count; input++)
        {
            for (var i = 0; i < size; i++)
            {
                var mean = Enumerable.Range(0, Steps).Sum(step => 0.75 / Steps * interior[input, step].Scores[i]);
                Assert.Equal(mean * ((double)images[input * size + i] - reference[i]), found[input].Scores[i], 1e-6);
            }
        }
    }

    [Fact]
    public void SeveralTargetsReferencesAndThreadsComeWithTheDoor()
    {
        Target[] targets = [Target.Unit(7), Target.Difference(8, 3)];
        float[] two = [.. reference, .. images[..size]];
        References<float> Both() => References.Several(two, 2);
        var method = new EndOfPath(0.5, 9);
        var together = net.Explain(method, images, Count, Targets.Each(targets), Both(), new() { Threads = 3 });
        for (var input = 0; input < Count; input++)
        {
            for (var target = 0; target < 2; target++)
            {
                var alone = net.Explain(method, images.AsSpan(input * size, size), targets[target], Both());
                Assert.Equal(alone.Scores, together[input, target].Scores);
            }
        }
    }

    [Fact]
    public void CoalitionsAreAskedAndFinishedByTheMethod()
    {
        var halves = new FeatureGroups([.. Enumerable.Range(0, size).Select(i => i / (size / 2))]);
        var found = net.Explain(new Synergy(halves), images, Count, Target.Unit(7), reference);
        var shapley = net.ShapleyValues(images, Count, Target.Unit(7), reference, halves);
        var ablation = net.Ablation(images, Count, Target.Unit(7), reference, halves);
        for (var input = 0; input < Count; input++)
        {
            // Half of what both do together goes to each: an ablation takes all of it, Shapley's value half.
            Assert.Equal(2 * (ablation[input].Scores[0] - shapley[input].Scores[0]), found[input].Scores[0], 1e-4);
            Assert.Equal(found[input].Scores[0], found[input].Scores[1]);
            Assert.Equal("groups", found[input].Tensors[0].Name);
        }
    }

    [Fact]
    public void SpansAllocateNothing()
    {
        var scores = new float[Count * size];
        var halves = new FeatureGroups([.. Enumerable.Range(0, size).Select(i => i / (size / 2))]);
        var synergies = new float[Count * 2];
        void Ask()
        {
            SpanExplainers.With<float, EndOfPath>(net, new EndOfPath(0.5, 5), images, Count, Target.Unit(7), reference, scores);
            SpanExplainers.With<float, Synergy>(net, new Synergy(halves), images, Count, Target.Unit(7), reference, synergies);
        }
        Assert.Equal(0, Allocated.By(Ask));
    }

    [Theory]
    [InlineData("Rows", 0, Fold.WeightedSum, "Wrong is no method: there is at least 1 row, but Rows is 0.")]
    [InlineData("To", 99, Fold.PerRow, "Wrong is no method: To is 99, which is no point of DigitNet.")]
    [InlineData("Pass", 0, Fold.PerRow, "Wrong is no method: PerRow takes a pass.")]
    [InlineData("Rows", 2, Fold.Outcomes, "Wrong is no method: Outcomes takes forward passes alone: Pass is null.")]
    [InlineData("Rows", 2, Fold.Moves, "Wrong is no method: Moves is of a layer's pairs.")]
    public void ARecipeThatCannotBeCarriedOutIsRefused(string what, int value, Fold fold, string message)
    {
        var recipe = new Recipe
        {
            Name = "Wrong", Fold = fold, Rows = what == "Rows" ? value : 1, To = what == "To" ? value : -1,
            Pass = what == "Pass" ? null : Pass.Gradient,
        };
        var error = Assert.Throws<ArgumentException>(() => net.Explain(new Given(recipe), images.AsSpan(0, size), Target.Unit(7)));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatARecipeSaysMustBeThere()
    {
        var unfinished = new Recipe { Name = "Unfinished", Pass = null, Fold = Fold.Outcomes };
        var error = Assert.Throws<NotImplementedException>(
            () => net.Explain(new Given(unfinished), images.AsSpan(0, size), Target.Unit(7)));
        Assert.Equal("Given's recipe says Outcomes, so that it must implement Finish.", error.Message);
        var alone = new Recipe { Name = "Alone", Fold = Fold.WeightedSum };
        var off = Assert.Throws<InvalidOperationException>(
            () => net.Explain(new Given(alone, 0.5), images.AsSpan(0, size), Target.Unit(7)));
        Assert.Equal("Alone places rows off the input, but its recipe does not say Compares.", off.Message);
    }

    /// <summary>What two groups do together: f(both) - f(first) - f(second) + f(none), for each of them.</summary>
    private readonly struct Synergy(FeatureGroups groups) : IMethod
    {
        public Recipe Recipe(Signature net) => new()
        {
            Name = "Synergy", Pass = null, Rows = 3, Fold = Fold.Outcomes, Groups = groups, ScoreSize = 2, IsMasked = true, Compares = true,
        };

        public void Place(int row, ref RowSpec spec)
        {
        }

        public void Mask(int row, Scratch scratch, Span<bool> present) => (present[0], present[1]) = (row == 1, row == 2);

        public void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
        {
            foreach (ref var score in scores)
                score += pair.Output - outcomes[1] - outcomes[2] + outcomes[0];
        }
    }

    private readonly struct Given(Recipe recipe, double alpha = 1) : IMethod
    {
        public Recipe Recipe(Signature net) => recipe;

        public void Place(int row, ref RowSpec spec) => spec.Alpha = alpha;
    }
}
