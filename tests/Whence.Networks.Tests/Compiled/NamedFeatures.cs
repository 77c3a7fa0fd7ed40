namespace Whence.Networks.Tests.Compiled;

public class NamedFeatures
{
    [Fact]
    public void TheNamesOfInputsAreInTheSignatureAndInAnswers()
    {
        var compiled = InMemory.Compile("""
            [Network(Explain = Methods.Gradient)]
            public sealed partial class Named
            {
                public Tensor Forward([Shape(2), Features("age", "in\"co\\me ä")] Tensor @class, [Shape(3, 2), Features("low", "high", Axis = 1)] Tensor days, [Mask(2)] Tensor present) =>
                    @class * present + Sum(days, 0);
            }
            """).Network("Named");
        var net = compiled.Load(Weights.Random(1)).Compiled;
        var inputs = net.Signature.Inputs;
        Assert.Equal(["age", "in\"co\\me ä"], inputs[0].Features);
        Assert.Equal((0, 1), (inputs[0].FeatureAxis, inputs[1].FeatureAxis));
        Assert.Equal(["low", "high"], inputs[1].Features);
        Assert.Empty(inputs[2].Features);
        Assert.All(net.Signature.Outputs, output => Assert.Empty(output.Features));
        var top = ((IGradientNetwork)net).GradientTimesInput([5, 1, 0, 0, 0, 2, 0, 0, 1, 1], Target.Unit(0)).Top(1)[0];
        Assert.Equal("age: 5", top.ToString());
        Assert.Equal("days[1, high]: 2",
            ((IGradientNetwork)net).GradientTimesInput([0, 1, 0, 0, 0, 2, 0, 0, 1, 1], Target.Unit(1)).Top(1)[0].ToString());
    }
}
