using Whence.Generator.Graphs;
using Whence.Networks.Tests.Golden;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Derive;

/// <summary>A rule put on a layer is the rule of the activations directly above it, whatever the explanation asks for elsewhere.</summary>
public sealed class RulesOnLayers
{
    private static readonly double[] x = [0.9, -1.4, 0.3, 1.1];
    private static readonly double[] reference = [-0.5, 0.2, 1.3, -0.8];

    // Rescale on the first and RevealCancel on the second layer, said in three ways, is one thing.
    [Fact]
    public void AreTheSameUnderEveryPreset()
    {
        var expected = Contributions(Two(RuleChoice.Rescale, RuleChoice.RevealCancel), Rule.Rescale);
        Compare.Row("as RevealCancel", Contributions(Two(RuleChoice.Rescale, RuleChoice.RevealCancel), Rule.RevealCancel), expected, 1e-14);
        Compare.Row("as RevealCancel but for one", Contributions(Two(RuleChoice.Rescale, RuleChoice.Inherit), Rule.RevealCancel), expected,
            1e-14);
        Compare.Row("as Rescale but for one", Contributions(Two(RuleChoice.Inherit, RuleChoice.RevealCancel), Rule.Rescale), expected,
            1e-14);
    }

    [Fact]
    public void ChangeTheAnswer()
    {
        var mixed = Contributions(Two(RuleChoice.Inherit, RuleChoice.RevealCancel), Rule.Rescale);
        Assert.NotEqual(Contributions(Two(RuleChoice.Inherit, RuleChoice.Inherit), Rule.Rescale), mixed);
        Assert.NotEqual(Contributions(Two(RuleChoice.Inherit, RuleChoice.Inherit), Rule.RevealCancel), mixed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReachThroughABatchNorm(bool kept)
    {
        var s = new Sketch();
        var layer = s.Layer("Linear", "First", s.Input("x", 4), Settings.Of(("outputs", 5)), RuleChoice.RevealCancel);
        var graph = s.Return(s.Linear("Last", s.Relu(s.Layer("BatchNorm", "Norm", layer, Settings.None)), 1));
        string[] layers = kept ? ["First"] : [];
        var net = new ZooNetwork("normed", graph, TensorsFrom.Weights(Weights.Random(3)), layers).Interpret();
        Compare.Row("normed", Contributions(net, Rule.Rescale), Contributions(net, Rule.RevealCancel), 1e-12);
    }

    private static double[] Contributions(InterpretedNetwork net, Rule rule) =>
        Ask.DeepLift(net, Target.Unit(0), rule, x, reference).Contributions;

    private static InterpretedNetwork Two(RuleChoice first, RuleChoice second)
    {
        var s = new Sketch();
        var one = s.Relu(s.Layer("Linear", "First", s.Input("x", 4), Settings.Of(("outputs", 6)), first));
        var two = s.Relu(s.Layer("Linear", "Second", one, Settings.Of(("outputs", 6)), second));
        return new ZooNetwork("two", s.Return(s.Linear("Last", two, 1)), TensorsFrom.Weights(Weights.Random(9))).Interpret();
    }
}
