using Whence.Generator.Graphs;
using Whence.Networks.Tests.Golden;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Derive;

/// <summary>The same function written in two ways has the same multipliers, entry by entry.</summary>
public sealed class Turned
{
    private static readonly double[] x = [0.9, -1.4, 0.3, 1.1];
    private static readonly double[] reference = [-0.5, 0.2, 1.3, -0.8];
    private static readonly double[] weight = [0.7, -1.2, 0.4, 0.9, -0.3, 0.8, 1.1, -0.6, 0.5, 0.2, -0.9, -1.3];

    [Theory]
    [InlineData(Rule.Rescale)]
    [InlineData(Rule.RevealCancel)]
    [InlineData(Rule.Genomics)]
    public void AMinusSignExchangesTheParts(Rule rule)
    {
        var outside = Net(weight, (_, value) => 1 - value);
        var inside = Net(Array.ConvertAll(weight, w => -w), (_, value) => value + 1);
        var expected = Ask.DeepLift(inside, Target.Unit(0), rule, x, reference);
        Compare.Row("multipliers", Ask.DeepLift(outside, Target.Unit(0), rule, x, reference).Multipliers, expected.Multipliers, 1e-12);
    }

    // A layer that is asked about keeps its own value and gradient: a BatchNorm above is not folded into it.
    [Fact]
    public void ALayerBelowABatchNormHasItsOwnGradient()
    {
        var net = Net(weight, (s, value) => s.Layer("BatchNorm", "Norm", value, Settings.None), "First");
        var (gradient, folded, layer) = (new double[4], new double[4], new double[3]);
        SpanExplainers.Gradient<double>(net, x, 1, Target.Unit(0), gradient);
        SpanExplainers.Gradient<double>(Net(weight, (s, value) => s.Layer("BatchNorm", "Norm", value, Settings.None)), x, 1, Target.Unit(0),
            folded);
        SpanExplainers.LayerGradient<double>(net, "First", x, 1, Target.Unit(0), layer);
        double[] through = [.. Enumerable.Range(0, 4).Select(i => Enumerable.Range(0, 3).Sum(o => layer[o] * weight[o * 4 + i]))];
        Compare.Row("kept against folded", gradient, folded, 1e-12);
        Compare.Row("through the layer", through, gradient, 1e-12);
        Assert.Contains(gradient, g => g != 0);
    }

    private static InterpretedNetwork Net(double[] first, Func<Sketch, Value, Value> between, params string[] layers)
    {
        var s = new Sketch();
        var hidden = s.Apply<Ops.Softplus>(between(s, s.Linear("First", s.Input("x", 4), 3, bias: false)));
        var tensors = new Dictionary<string, double[]>
        {
            ["first.weight"] = first, ["last.weight"] = [1, -2, 0.5], ["norm.weight"] = [1.5, -0.5, 2], ["norm.bias"] = [0.1, 0.2, -0.3],
            ["norm.running_mean"] = [0.3, -0.2, 0.1], ["norm.running_var"] = [0.9, 1.7, 0.4],
        };
        return new ZooNetwork("turned", s.Return(s.Linear("Last", hidden, 1, bias: false)), TensorsFrom.Table(tensors), layers).Interpret();
    }
}
