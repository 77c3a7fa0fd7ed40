using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Laws;

/// <summary>Networks that are linear but for kinks: each operator's examples between rectifiers, and some by chance.</summary>
internal static class Kinked
{
    public static IEnumerable<Subject> All => Operators().Where(subject => subject.Network.Interpret().IsPiecewiseLinear(0))
        .Concat(Enumerable.Range(0, 40).Select(seed => new Subject(Random(seed))));

    private static IEnumerable<Subject> Operators()
    {
        foreach (var op in Registry.Named)
        {
            foreach (var (example, i) in op.Examples.Select((example, i) => (example, i)))
            {
                var s = new Sketch();
                Value[] inputs = [.. example.Inputs.Select((shape, k) => s.Input($"x{k}", shape.ToArray()))];
                Value[] inner = [.. inputs.Select(x => s.Apply<Whence.Ops.LeakyRelu>(x + 0.2, constants: 0.3))];
                var applied = op.Parameters([.. example.Inputs], example.Settings).Any()
                    ? s.Layer(op.Name, "Op", inner, example.Settings)
                    : s.Call(op.Name, example.Settings, inner);
                var head = s.Relu(s.Linear("Head1", s.Call("Flatten", applied), 5));
                yield return new(new($"{op.GetType().Name}_{i}_kinked", s.Return(s.Linear("Head2", head, 2)),
                    TensorsFrom.Weights(Weights.Random(12))));
            }
        }
    }

    public static ZooNetwork Random(int seed) => RandomNetworks.Grown("kinked", seed, 5, Next);

    private static Value Next(Sketch s, Value x, Random random, int layer)
    {
        var shape = s.ShapeOf(x);
        return random.Next(8) switch
        {
            0 => x + Bent(s, x, random),
            1 => s.Call("Concat", Settings.Of(("axis", random.Next(shape.Rank))), x, Bent(s, x, random)),
            2 => s.Layer("BatchNorm", $"Norm{layer}", x, Settings.None),
            3 when shape.Rank > 1 => RandomNetworks.Pool(s, x, shape, random),
            4 => s.Layer("PRelu", $"Slope{layer}", x, Settings.Of(("perChannel", random.Next(2)))),
            5 => s.Call("Max", Settings.None, x, 0.7 * Bent(s, x, random)),
            _ => Bent(s, Mixed(s, x, shape, random, layer), random),
        };
    }

    private static Value Mixed(Sketch s, Value x, Generator.Graphs.Shape shape, Random random, int layer)
    {
        if (shape.Rank == 1)
            return s.Linear($"Dense{layer}", x, random.Next(1, 9), random.Next(2) == 0);
        var shortest = Enumerable.Range(1, shape.Rank - 1).Min(axis => shape[axis]);
        var groups = random.Next(3) == 0 ? shape[0] : 1;
        var kernel = random.Next(1, Math.Min(4, shortest + 1));
        var dilation = kernel > 1 && (kernel - 1) * 2 < shortest ? random.Next(1, 3) : 1;
        (string, double)[] more = [("stride", random.Next(1, 3)), ("pad", random.Next(3)), ("groups", groups), ("bias", random.Next(2)),
            ("dilation", dilation)];
        var filters = groups * random.Next(1, 4);
        return shape.Rank == 2 ? s.Conv1d($"Conv{layer}", x, filters, kernel, more) : s.Conv2d($"Conv{layer}", x, filters, kernel, more);
    }

    private static Value Bent(Sketch s, Value x, Random random) => random.Next(5) switch
    {
        0 => s.Apply<Whence.Ops.LeakyRelu>(x, constants: 0.1),
        1 => s.Apply<Whence.Ops.Abs>(x),
        2 => s.Apply(Sketch.FunctionOf(typeof(Whence.Ops.Clamp), [-0.4, 0.5]), x),
        _ => s.Relu(x),
    };
}
