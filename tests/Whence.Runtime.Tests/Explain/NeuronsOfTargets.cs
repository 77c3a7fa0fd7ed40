namespace Whence.Runtime.Tests.Explaining;

/// <summary>What goes back from a neuron goes back once for all targets, and each has the bits of a call about it alone.</summary>
public sealed class NeuronsOfTargets
{
    private const int Count = 3;

    // The trapezoid takes the ends of the path, which may have to be taken elsewhere for one target and not for another.
    [Theory]
    [InlineData(Quadrature.Midpoint, 1)]
    [InlineData(Quadrature.GaussLegendre, 2)]
    [InlineData(Quadrature.Trapezoid, 1)]
    public void EachHasTheBitsOfItsOwn(Quadrature quadrature, int references)
    {
        var net = SmallNet<double>.Tanh();
        var (x, x0) = (Inputs.Random<double>(Count), Inputs.Random<double>(Count * references, 7));
        Target[] targets = [Target.Unit(0), Target.Difference(1, 2), Target.Unit(2)];
        var (all, alone) = (new double[targets.Length * x.Length], new double[x.Length]);
        Ask(Targets.Each(targets), all);
        for (var i = 0; i < targets.Length; i++)
        {
            Ask(targets[i], alone);
            Assert.Equal(alone, all[(i * x.Length)..((i + 1) * x.Length)]);
            Assert.Contains(alone, score => score != 0);
        }
        Assert.NotEqual(alone, all[..x.Length]);

        void Ask(Targets asked, Span<double> scores) => SpanExplainers.NeuronConductance(net, "Hidden", 2, x, Count, asked,
            References.SeveralPerInput(x0, references), scores, new PathOptions { Quadrature = quadrature, Steps = 7 });
    }
}
