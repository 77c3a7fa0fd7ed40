using System.Reflection;
using System.Runtime.CompilerServices;
using Whence.CompilerServices;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Compiled;

/// <summary>A class that was compiled in memory, and the graph that was read from it.</summary>
internal sealed record CompiledNetwork(string Name, Type Type, Network Network)
{
    /// <summary>The three forms of the network with the same weights.</summary>
    public Trio Load(Weights weights)
    {
        var compiled = (INetwork)Type.GetMethod("Load", [typeof(Weights)])!.Invoke(null, [weights])!;
        var interpreted = new InterpretedNetwork(
            Name, Network.Graph!, TensorsFrom.Weights(weights.WithCancellation(default)), [.. Network.Points], Network.Explain,
            Network.MaxPoolGradient, Network.SoftmaxElementwise, lrpEpsilon: Network.LrpEpsilon);
        return new Trio(compiled, interpreted);
    }
}

/// <summary>A network as emitted code in single precision, as interpreted graphs in double, and as the user's own Forward.</summary>
internal sealed record Trio(INetwork Compiled, InterpretedNetwork Interpreted)
{
    private readonly MethodInfo forward = Compiled.GetType().GetMethod("Forward", BindingFlags.Public | BindingFlags.Instance)!;

    public Signature Signature => Compiled.Signature;

    /// <summary>The passes of the compiled class.</summary>
    public IHostPasses<float> Passes => (IHostPasses<float>)Compiled;

    /// <summary>What Forward says of one row: all outputs one after the other.</summary>
    public double[] Eager(ReadOnlySpan<double> row)
    {
        var arguments = new object[Signature.Inputs.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            var shape = Signature.Inputs[i].Shape;
            arguments[i] = Tensor.From(shape, row[..shape.Size]);
            row = row[shape.Size..];
        }
        var result = forward.Invoke(Compiled, arguments);
        var outputs = result is ITuple tuple ? Enumerable.Range(0, tuple.Length).Select(i => (Tensor)tuple[i]!) : [(Tensor)result!];
        return [.. outputs.SelectMany(output => output.Values.ToArray())];
    }
}
