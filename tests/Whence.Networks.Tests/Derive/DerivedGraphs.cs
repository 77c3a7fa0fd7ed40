using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Zoo;
using GraphNodes = Whence.Generator.Graphs.Graph;

namespace Whence.Networks.Tests.Derive;

/// <summary>Derived graphs as text: what each method writes for small networks.</summary>
public sealed class DerivedGraphs
{
    [Fact]
    public void TheGradientOfTwoLayersIsTheirTransposesAroundASlope() => Equal(TwoLayers, MethodSet.Gradient, "");

    [Fact]
    public void RescalePutsASecantInTheSlopesPlace() => Equal(TwoLayers, MethodSet.Rescale, "");

    [Fact]
    public void RevealCancelHasPartsBetweenAnActivationAndTheLayerBelow() => Equal(TwoLayers, MethodSet.RevealCancel, "");

    [Fact]
    public void ABatchNormIsFoldedIntoTheLayerBelow() => Equal(Normed, MethodSet.Gradient, "");

    private static void Equal(Func<Sketch, Value> network, MethodSet method, string expected)
    {
        var s = new Sketch();
        var question = Questions.Of(s.Return(network(s)), [], method).Walks.Single();
        var text = GraphText.Print(new GraphNodes(question.Nodes, question.Outputs, default));
        Assert.True(expected == text.TrimEnd(), $"The graph is{Environment.NewLine}{text}");
    }

    private static Value TwoLayers(Sketch s) => s.Linear("Fc2", s.Apply<Ops.Tanh>(s.Linear("Fc1", s.Input("x", 3), 2)), 1);

    private static Value Normed(Sketch s) => s.Relu(s.Layer("BatchNorm", "Bn", s.Linear("Fc", s.Input("x", 3), 2), Settings.None));
}
