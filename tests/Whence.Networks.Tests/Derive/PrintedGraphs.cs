using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Zoo;
using GraphNodes = Whence.Generator.Graphs.Graph;

namespace Whence.Networks.Tests.Derive;

/// <summary>Derived graphs as text: what each method writes for small networks.</summary>
public sealed class PrintedGraphs
{
    [Fact]
    public void TheGradientOfTwoLayersIsTheirTransposesAroundASlope() => Equal(TwoLayers, Methods.Gradient, """
        %0 x [3] = Input()
        %1 Fc1 [2] = Dense(%0, inputs: 3, outputs: 2)
        %2 [2] = Tanh(%1)
        %3 Fc2 [1] = Dense(%2, inputs: 2, outputs: 1)
        %4 [1] = Seed(points: (0, 1))
        %5 [2] = Dense(%4, inputs: 2, outputs: 1, transposed: 1)
        %6 [2] = %5 * Tanh'(%1)
        %7 [3] = Dense(%6, inputs: 3, outputs: 2, transposed: 1)
        """);

    [Fact]
    public void RescalePutsASecantInTheSlopesPlace() => Equal(TwoLayers, Methods.Rescale, """
        %0 x [3] = Input()
        %1 Fc1 [2] = Dense(%0, inputs: 3, outputs: 2)
        %2 [2] = Tanh(%1)
        %3 Fc2 [1] = Dense(%2, inputs: 2, outputs: 1)
        %4 x [3] = ReferenceInput(index: 0)
        %5 Fc1 [2] = Dense(%4, inputs: 3, outputs: 2)
        %6 [2] = Tanh(%5)
        %7 Fc2 [1] = Dense(%6, inputs: 2, outputs: 1)
        %8 [1] = Seed(points: (0, 1))
        %9 [2] = Dense(%8, inputs: 2, outputs: 1, transposed: 1)
        %10 [2] = %9 * Tanh[%5, %1]
        %11 [3] = Dense(%10, inputs: 3, outputs: 2, transposed: 1)
        """);

    [Fact]
    public void RevealCancelHasPartsBetweenAnActivationAndTheLayerBelow() => Equal(TwoLayers, Methods.RevealCancel, """
        %0 x [3] = Input()
        %1 Fc1 [2] = Dense(%0, inputs: 3, outputs: 2)
        %2 [2] = Tanh(%1)
        %3 Fc2 [1] = Dense(%2, inputs: 2, outputs: 1)
        %4 x [3] = ReferenceInput(index: 0)
        %5 Fc1 [2] = Dense(%4, inputs: 3, outputs: 2)
        %6 [2] = Tanh(%5)
        %7 Fc2 [1] = Dense(%6, inputs: 2, outputs: 1)
        %8 [1] = Seed(points: (0, 1))
        %9 [2] = Dense(%8, inputs: 2, outputs: 1, transposed: 1)
        %10 Delta of %0 [3] = %0 - %4
        %11 Distance of %0 [3] = |%10|
        %12 D of %1 [2] = Dense(%11, inputs: 3, outputs: 2, absolute)
        %13 Delta of %1 [2] = %1 - %5
        %14 P of %1 [2] = max(0.5 * %13 + 0.5 * %12, 0)
        %15 N of %1 [2] = min(0.5 * %13 - 0.5 * %12, 0)
        %16 Credit of %2 [2] = 0.5 * (Tanh[%5, %5 + %14] + Tanh[%5 + %15, %5 + %15 + %14])
        %17 mP of %1 [2] = %9 * %16
        %18 Credit of %2 [2] = 0.5 * (Tanh[%5, %5 + %15] + Tanh[%5 + %14, %5 + %14 + %15])
        %19 mN of %1 [2] = %9 * %18
        %20 mMean of %1 [2] = 0.5 * %17 + 0.5 * %19
        %21 mHalf of %1 [2] = 0.5 * %17 - 0.5 * %19
        %22 mEven of %1 [3] = Dense(%20, inputs: 3, outputs: 2, transposed: 1)
        %23 mOdd of %1 [3] = Dense(%21, inputs: 3, outputs: 2, transposed: 1, absolute)
        %24 m of %0 [3] = %22 + (%10 > 0 ? %23 : %10 == 0 ? 0 : -%23)
        """);

    [Fact]
    public void ABatchNormIsFoldedIntoTheLayerBelow() => Equal(Normed, Methods.Gradient, """
        %0 x [3] = Input()
        %1 Fc [2] = Dense(%0, inputs: 3, outputs: 2)
        %2 Bn [2] = Dense(%0, inputs: 3, outputs: 2, with Bn)
        %3 [2] = Relu(%2)
        %4 [2] = Seed(points: (0, 1))
        %5 [2] = %4 * Relu'(%3)
        %6 [3] = Dense(%5, inputs: 3, outputs: 2, transposed: 1, with Bn)
        """);

    private static void Equal(Func<Sketch, Value> network, Methods method, string expected)
    {
        var s = new Sketch();
        var derived = DerivedGraphs.Of(s.Return(network(s)), [], Zoo.AskedOf.These(method)).Backward.Single();
        var text = GraphText.Print(new GraphNodes(derived.Nodes, derived.Outputs, default));
        Assert.True(expected == text.TrimEnd(), $"The graph is{Environment.NewLine}{text}");
    }

    private static Value TwoLayers(Sketch s) => s.Linear("Fc2", s.Apply<Ops.Tanh>(s.Linear("Fc1", s.Input("x", 3), 2)), 1);

    private static Value Normed(Sketch s) => s.Relu(s.Layer("BatchNorm", "Bn", s.Linear("Fc", s.Input("x", 3), 2), Settings.None));
}
