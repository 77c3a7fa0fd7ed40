namespace Whence.Networks.Tests.Compiled;

/// <summary>Numbers of inputs and targets whose scores no array holds are refused by a sentence, before anything is computed.</summary>
public sealed class CountsNoArrayHolds
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient)]
        public sealed partial class Plain
        {
            [Linear(2)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Fc(Tanh(x));
        }

        """));

    private static readonly IGradientNetwork net =
        (IGradientNetwork)networks.Value.Network("Plain").Load(Weights.Random(4)).Compiled;

    private static void Refused(string argument, string[] says, Action ask)
    {
        var error = Assert.ThrowsAny<ArgumentException>(ask);
        Assert.Equal(argument, error.ParamName);
        Assert.All(says, part => Assert.Contains(part, error.Message));
    }

    [Theory, InlineData(2_000_000_000), InlineData(int.MaxValue)]
    public void Inputs(int count)
    {
        var x = new float[4];
        Refused("x", [$"{count} inputs of 4 elements", "holds 4"], () => net.Gradient(x, count, Target.Unit(0)));
        Refused("x", [$"{count} inputs of 4 elements"], () => net.GradientTimesInput(x, count, Target.Unit(0)));
        Refused("x", [$"{count} inputs of 4 elements"], () => net.SmoothGrad(x, count, Target.Unit(0)));
        Refused("x", [$"{count} inputs of 4 elements"], () => net.VarGrad(x, count, Target.Unit(0)));
        Refused("x", [$"{count} inputs of 4 elements"], () => net.ShapleySampling(x, count, Target.Unit(0)));
    }

    [Fact]
    public void TargetsOfInputs()
    {
        var targets = new Target[30_000];
        var x = new float[4 * 20_000];
        Refused("targets", ["20000 inputs for 30000 targets", "2400000000 elements"],
            () => net.Gradient(x, 20_000, Targets.Each(targets)));
    }
}
