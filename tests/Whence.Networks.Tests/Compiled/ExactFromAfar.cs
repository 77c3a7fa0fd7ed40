namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Paths so long that a double does not tell their kinks apart: what of the scores that blurs decides whether they are called exact.
/// </summary>
public sealed class ExactFromAfar
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class Step
        {
            public Tensor Forward([Shape(1)] Tensor x) => Relu(x + 1) - Relu(x - 1);
        }

        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class StepOfMaxima
        {
            public Tensor Forward([Shape(1)] Tensor x) =>
                MaxPool1d(Reshape(Concat(x, 0 * x - 1), 1, 2), 2) - MaxPool1d(Reshape(Concat(x, 0 * x + 1), 1, 2), 2);
        }

        [Network(Explain = Methods.IntegratedGradients)]
        public sealed partial class Rising
        {
            public Tensor Forward([Shape(2)] Tensor x) => Relu(x + 1) + 0.25 * Abs(x - 3);
        }

        """));

    [Theory]
    [InlineData("Step", 3, true)]
    [InlineData("Step", 1e6f, true)]
    [InlineData("Step", 1e12f, false)]
    [InlineData("Step", 1e30f, false)]
    [InlineData("StepOfMaxima", 1e6f, true)]
    [InlineData("StepOfMaxima", 1e12f, false)]
    public void AreCalledExactOnlyWhereTheyAre(string name, float far, bool isExact)
    {
        var net = (IIntegratedGradientsNetwork)networks.Value.Network(name).Load(Weights.Random(1)).Compiled;
        var why = net.IntegratedGradients([far], Target.Unit(0), References.One([-far]), new() { Quadrature = Quadrature.Exact });
        Assert.Equal(isExact, why.Completeness.IsExact);
        if (isExact)
            Assert.Equal(2, why.Scores[0], 1e-6);
    }

    /// <summary>Where scores are as large as what blurs they lose nothing.</summary>
    [Theory]
    [InlineData(1e3f)]
    [InlineData(1e12f)]
    [InlineData(1e30f)]
    public void KeepTheirDigitsWhereScoresAreLarge(float far)
    {
        var net = (IIntegratedGradientsNetwork)networks.Value.Network("Rising").Load(Weights.Random(1)).Compiled;
        var why = net.IntegratedGradients([far, 2], Target.Unit(0), References.One([-far, 5]), new() { Quadrature = Quadrature.Exact });
        Assert.True(why.Completeness.IsExact);
        var (x, x0) = ((double)far, -(double)far);
        Assert.Equal(1, why.Scores[0] / (x + 1 + 0.25 * (Math.Abs(x - 3) - Math.Abs(x0 - 3))), 1e-6);
    }
}
