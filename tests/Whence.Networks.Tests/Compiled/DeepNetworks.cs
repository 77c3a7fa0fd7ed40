using Whence.Generator;
using Whence.Generator.Graphs;
using Whence.Generator.Support;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Deep networks compile on a small stack: nothing goes through them by a method that calls itself.</summary>
[Trait("Long", "laws")]
public sealed class DeepNetworks
{
    // A stack that holds a tenth of the frames that there would be.
    private const int Depth = 2000;
    private const int Stack = 128 * 1024;

    private static readonly Dictionary<string, Func<Sketch, Value>> networks = new()
    {
        ["functions"] = s => Chain(s.Input("x", 3), Depth, x => s.Apply<Ops.Tanh>(x)),
        ["scales"] = s => Chain(s.Input("x", 3), Depth / 2, x => 1.05 * x),
        ["sums"] = s => Chain(s.Input("x", 3), Depth, x => x + x),
        ["values that are read twice"] = s => Chain(s.Input("x", 3), Depth / 4, x => x + s.Apply<Ops.Tanh>(x)),
        ["products"] = s => Chain(s.Input("x", 3), Depth, x => x * x),
        ["shapes"] = s => Chain(s.Input("x", 2, 3), Depth / 2, x => s.Call("Reshape", Settings.Of("axes", [2, 3]), s.Call("Flatten", x))),
        ["joins"] = s => Chain(s.Input("x", 2), Depth / 2,
            x => s.Call("Slice", s.Call("Concat", Settings.Of(("axis", 0)), x, x), ("axis", 0), ("start", 1), ("length", 2))),
        ["largest"] = s => Chain(s.Input("x", 2), Depth / 4, x => s.Call("Max", Settings.None, x, s.Relu(x))),
        ["a function of constants"] = s => s.Input("x", 3) * Chain(s.Constant(1, 2, 3), Depth, x => s.Apply<Ops.Tanh>(x)),
        ["before a loop"] = s => Looped(s, Chain(s.Input("x", 2, 3), Depth / 2, x => s.Relu(x))),
        ["loops"] = s => Chain(s.Input("x", 2, 3), 100, x => Looped(s, x)),
    };

    public static TheoryData<string> Names => [.. networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void CompileOnASmallStack(string name)
    {
        Exception? thrown = null;
        var text = "";
        var thread = new Thread(() =>
        {
            try
            {
                text = string.Concat(Compiler.Compile(Declared(Sketched(name))).Select(file => file.Text));
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }, Stack);
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
        Assert.Contains("RevealCancel", text, StringComparison.Ordinal);
    }

    private static Graph Sketched(string name)
    {
        var s = new Sketch();
        return s.Return(networks[name](s));
    }

    private static Value Chain(Value x, int length, Func<Value, Value> next)
    {
        for (var i = 0; i < length; i++)
            x = next(x);
        return x;
    }

    private static Value Looped(Sketch s, Value x) => s.Layer("Gru", "Gru", x, Settings.Of(("hidden", 3)));

    private static Network Declared(Graph graph) => new()
    {
        Namespace = "",
        Containers = EquatableArray.Of<string>(),
        Name = "Deep",
        MetadataName = "Deep",
        ConstructorParameters = EquatableArray.Of<string>(),
        Layers = EquatableArray.Of<LayerDeclaration>(),
        Fields = EquatableArray.Of<FieldDeclaration>(),
        Graph = graph,
        Explain = Zoo.AskedOf.These(Methods.DeepLift | Methods.Gradient),
        Points = EquatableArray.Of<string>(),
    };
}
