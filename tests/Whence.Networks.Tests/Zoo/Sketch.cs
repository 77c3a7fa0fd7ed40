using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;
using Axes = Whence.Generator.Graphs.Shape;

namespace Whence.Networks.Tests.Zoo;

/// <summary>
/// Writes a network's graph in the tests, as the binder would from C#: a call an operator, and shapes checked at the end.
/// </summary>
internal sealed class Sketch
{
    private readonly GraphBuilder graph = new();

    /// <summary>A parameter of Forward.</summary>
    public Value Input(string name, params int[] axes) =>
        new(this,
            graph.AddDistinct(new Node(Registry.Input, EquatableArray.Of<int>(), Settings.None) { Shape = new Axes(axes), Name = name }));

    /// <summary>A parameter of Forward that is held fixed.</summary>
    public Value Held(string name, params int[] axes) =>
        new(this, graph.AddDistinct(
            new Node(Registry.HeldInput, EquatableArray.Of<int>(), Settings.None) { Shape = new Axes(axes), Name = name }));

    /// <summary>A parameter of Forward that holds tokens.</summary>
    public Value Tokens(string name, int length) =>
        new(this, graph.AddDistinct(
            new Node(Registry.TokenInput, EquatableArray.Of<int>(), Settings.None) { Shape = new Axes(length), Name = name }));

    /// <summary>A call of an operator by its name, with settings as the user would write them.</summary>
    public Value Call(string op, Settings settings, params Value[] inputs) => Add(Named(op), settings, inputs, null);

    public Value Call(string op, Value input, params (string Name, double Value)[] settings) => Call(op, Settings.Of(settings), input);

    /// <summary>
    /// A call of a layer. Its tensors are named after its method in lower camel case, below its fields.
    /// </summary>
    public Value Layer(string op, string method, Value input, Settings settings, RuleChoice rule = RuleChoice.Inherit) =>
        Add(Named(op), settings, [input], new Layer(method, EquatableArray.Of(TensorName(method))), rule);

    /// <summary>A call of a layer that takes several values.</summary>
    public Value Layer(string op, string method, Value[] inputs, Settings settings) =>
        Add(Named(op), settings, inputs, new Layer(method, EquatableArray.Of(TensorName(method))));

    public Value Linear(string method, Value x, int outputs, bool bias = true) =>
        Layer("Linear", method, x, Settings.Of(("outputs", outputs), ("bias", bias ? 1 : 0)));

    public Value Conv1d(string method, Value x, int filters, int kernel, params (string Name, double Value)[] more) =>
        Layer("Conv1d", method, x, Settings.Of([("filters", filters), ("kernel", kernel), .. more]));

    public Value Conv2d(string method, Value x, int filters, int kernel, params (string Name, double Value)[] more) =>
        Layer("Conv2d", method, x, Settings.Of([("filters", filters), ("kernel", kernel), .. more]));

    /// <summary>An elementwise function, as a method marked with its struct would be bound.</summary>
    public Value Apply(Function function, Value x, RuleChoice rule = RuleChoice.Inherit) =>
        new(this, graph.Add(new Node(Registry.Elementwise, EquatableArray.Of(x.Node), Settings.None) { Function = function, Rule = rule }));

    public Value Apply<F>(Value x, RuleChoice rule = RuleChoice.Inherit, params double[] constants) where F : struct, IElementwise =>
        Apply(FunctionOf(typeof(F), constants), x, rule);

    public Value Relu(Value x, RuleChoice rule = RuleChoice.Inherit) => Apply<Whence.Ops.Relu>(x, rule);

    /// <summary>Numbers written in Forward.</summary>
    public Value Constant(params double[] values) => new(this, graph.Add(
        new Node(Registry.Constant, EquatableArray.Of<int>(),
            Settings.Of("axes", values.Length == 1 ? [] : [values.Length]).With("values", values))));

    public Value Binary(Op op, Value a, Value b) => Add(op, Settings.None, [a, b], null);

    /// <summary>A struct as the binder describes it.</summary>
    public static Function FunctionOf(Type type, params double[] constants) =>
        new($"global::{type.FullName!.Replace('+', '.')}", constants.ToEquatable(), typeof(ISecant).IsAssignableFrom(type))
        {
            Traits = TraitsOf(type), IsPiecewiseLinear = typeof(IPiecewiseLinear).IsAssignableFrom(type),
        };

    private static FunctionTraits TraitsOf(Type type) =>
        type.GetCustomAttributes(typeof(ElementwiseTraitsAttribute), false) is not [ElementwiseTraitsAttribute said]
            ? FunctionTraits.None
            : Enum.GetValues<FunctionTraits>().Where(trait => trait != FunctionTraits.None)
                .Where(trait => typeof(ElementwiseTraitsAttribute).GetProperty(trait.ToString())!.GetValue(said) is true)
                .Aggregate(FunctionTraits.None, (all, trait) => all | trait);

    /// <summary>The shape a value will have.</summary>
    public Axes ShapeOf(Value value)
    {
        var node = graph[value.Node];
        return node.Shape ?? node.Op.Output([.. node.Inputs.Select(input => ShapeOf(new(this, input)))], node.Settings);
    }

    /// <summary>Gives a value the name of a local variable.</summary>
    internal Value Name(Value value, string name) => new(this, graph.AddDistinct(graph[value.Node] with { Name = name }));

    /// <summary>The graph, shaped; anything the checker finds is an error in the test.</summary>
    public Graph Return(params (string Name, Value Value)[] outputs)
    {
        var (checkedGraph, findings) = Checker.Check(Live(outputs));
        return findings.Count == 0
            ? checkedGraph
            : throw new InvalidOperationException(string.Join("; ", findings.Select(finding => finding.ToString())));
    }

    public Graph Return(Value output) => Return(("output", output));

    // A value that was given a name is there without it too, but nothing reads it then.
    private Graph Live((string Name, Value Value)[] outputs)
    {
        var live = new bool[graph.Count];
        foreach (var output in outputs)
            live[output.Value.Node] = true;
        for (var i = graph.Count - 1; i >= 0; i--)
        {
            foreach (var input in live[i] ? graph[i].Inputs : default)
                live[input] = true;
        }
        var (kept, places) = (new GraphBuilder(), new int[graph.Count]);
        for (var i = 0; i < graph.Count; i++)
        {
            if (live[i] || graph[i].Op is Input)
                places[i] = kept.AddDistinct(graph[i] with { Inputs = graph[i].Inputs.Select(input => places[input]).ToEquatable() });
        }
        return kept.Build(outputs.Select(output => places[output.Value.Node]), outputs.Select(output => output.Name));
    }

    internal Value Add(Op op, Settings settings, Value[] inputs, Layer? layer, RuleChoice rule = RuleChoice.Inherit) =>
        new(this, graph.Add(new Node(op, inputs.Select(input => input.Node).ToEquatable(), settings) { Layer = layer, Rule = rule }));

    private static Op Named(string op) => Registry.Named.First(candidate => candidate.Name == op);

    private static string TensorName(string method) =>
        string.Join('.', method.Split('.').Select(part => char.ToLowerInvariant(part[0]) + part[1..]));
}

/// <summary>A value of a <see cref="Sketch"/>, with the operators that Forward has.</summary>
internal sealed record Value(Sketch Sketch, int Node)
{
    public static Value operator +(Value a, Value b) => a.Sketch.Binary(Registry.Add, a, b);

    public static Value operator -(Value a, Value b) => a.Sketch.Binary(Registry.Subtract, a, b);

    public static Value operator *(Value a, Value b) => a.Sketch.Binary(Registry.Multiply, a, b);

    public static Value operator /(Value a, Value b) => a.Sketch.Binary(Registry.Divide, a, b);

    public static Value operator +(Value a, double b) => a + a.Sketch.Constant(b);

    public static Value operator -(Value a, double b) => a - a.Sketch.Constant(b);

    public static Value operator -(double a, Value b) => b.Sketch.Constant(a) - b;

    public static Value operator *(double a, Value b) => b.Sketch.Constant(a) * b;

    /// <summary>This value under the name of a local variable.</summary>
    public Value As(string name) => Sketch.Name(this, name);
}
