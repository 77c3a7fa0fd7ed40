using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Zoo;

/// <summary>A network to test with: its graph, its weights, and the layers to ask about.</summary>
internal sealed record ZooNetwork(string Name, Graph Graph, Tensors Tensors, params string[] Layers)
{
    public static readonly AskedMethods Everything = AskedOf.These(Methods.All);

    public InterpretedNetwork Interpret(bool maxPoolGradient = false, bool softmaxElementwise = false,
        Func<DerivedGraph, DerivedGraph>? rewrite = null, double lrpEpsilon = Generator.Derive.LrpEpsilon.DefaultEpsilon) =>
        new(Name, Graph, Tensors, Layers, Everything, maxPoolGradient, softmaxElementwise, rewrite, lrpEpsilon);

    public override string ToString() => Name;
}
