using Whence.Generator.Ops;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Laws;

/// <summary>
/// Something the laws are tested on: every operator's examples and every activation, alone and inside a network, and the zoo.
/// </summary>
/// <param name="Network">The network.</param>
/// <param name="Positive">Whether its inputs must be positive.</param>
/// <param name="Trained">Whether it is large.</param>
internal sealed record Subject(ZooNetwork Network, bool Positive = false, bool Trained = false)
{
    private static readonly Lazy<Dictionary<string, Subject>> all = new(() => Make().ToDictionary(subject => subject.Network.Name));

    public static IReadOnlyDictionary<string, Subject> All => all.Value;

    public static TheoryData<string> Names => new(All.Keys);

    public static IEnumerable<Type> Activations =>
        typeof(Whence.Ops).GetNestedTypes().Where(type => type.IsValueType && typeof(IElementwise).IsAssignableFrom(type));

    /// <summary>Rows of input by chance, the same for the same seed.</summary>
    public double[] Inputs(int seed, int rows = 1)
    {
        var random = new Random(seed);
        var size = Network.Graph.Inputs.Sum(input => Network.Graph.Nodes[input].Shape!.Size);
        return [.. Enumerable.Range(0, rows * size).Select(_ => Positive ? 0.4 + 2.5 * random.NextDouble() : 4 * random.NextDouble() - 2)];
    }

    private static IEnumerable<Subject> Make()
    {
        foreach (var op in Registry.Named)
        {
            foreach (var (example, i) in op.Examples.Select((example, i) => (example, i)))
            {
                var name = $"{op.GetType().Name}_{i}";
                Value Apply(Sketch s, Value[] x) => op.Parameters([.. example.Inputs], example.Settings).Any()
                    ? s.Layer(op.Name, "Op", x, example.Settings)
                    : s.Call(op.Name, example.Settings, x);
                yield return Alone(name, [.. example.Inputs], op is Divide, Apply);
                yield return Inside(name, [.. example.Inputs], op is Divide, Apply);
            }
        }
        foreach (var type in Activations)
        {
            var constants = type.GetConstructors().Select(constructor => constructor.GetParameters().Length).DefaultIfEmpty(0).Max();
            var function = Sketch.FunctionOf(type, type.Name == "Clamp" ? [-0.75, 0.625] : [.. Enumerable.Repeat(0.3, constants)]);
            var positive = type.Name is "Log" or "Reciprocal" or "Sqrt" or "ReciprocalSqrt" or "Pow";
            Value Apply(Sketch s, Value[] x) => s.Apply(function, x[0]);
            yield return Alone(type.Name, [new(3, 4)], positive, Apply);
            yield return Inside(type.Name, [new(3, 4)], positive, Apply);
        }
        foreach (var network in Drawn.All)
            yield return new(network);
        yield return new(Zoo.Trained.TabularMlp(), Trained: true);
        yield return new(Zoo.Trained.MnistCnn(), Trained: true);
        yield return new(Zoo.Trained.GenomicsCnn(), Trained: true);
    }

    private static Subject Alone(string name, Generator.Graphs.Shape[] shapes, bool positive, Func<Sketch, Value[], Value> apply)
    {
        var s = new Sketch();
        Value[] inputs = [.. shapes.Select((shape, i) => s.Input($"x{i}", shape.ToArray()))];
        return new(new(name, s.Return(apply(s, inputs)), TensorsFrom.Weights(Weights.Random(11))), positive);
    }

    // Between something that is not linear and a dense network, so that rules meet parts and multipliers of both signs.
    private static Subject Inside(string name, Generator.Graphs.Shape[] shapes, bool positive, Func<Sketch, Value[], Value> apply)
    {
        var s = new Sketch();
        Value[] inputs = [.. shapes.Select((shape, i) => s.Input($"x{i}", shape.ToArray()))];
        Value[] inner = [.. inputs.Select(x => positive ? s.Apply<Whence.Ops.Softplus>(x) + 0.3 : 2 * s.Apply<Whence.Ops.Tanh>(x))];
        var applied = apply(s, inner).As("applied");
        var head = s.Relu(s.Linear("Head1", s.Call("Flatten", applied), 4));
        return new(new($"{name}_inside", s.Return(s.Linear("Head2", head, 2)), TensorsFrom.Weights(Weights.Random(12)), "applied"),
            positive);
    }
}
