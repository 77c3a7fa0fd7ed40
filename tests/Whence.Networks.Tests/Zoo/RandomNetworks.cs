using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Zoo;

/// <summary>
/// Small networks by chance, the same for the same seed: a few operators that fit each other, with branches, and a dense layer at the end.
/// </summary>
internal static class RandomNetworks
{
    public static ZooNetwork Of(int seed) => Grown("random", seed, 6, Next);

    /// <summary>The same with many more positions: enough for parts of a pass to be worth computing alone.</summary>
    public static ZooNetwork Wide(int seed) => Grown("wide", seed, 6, Next, 4);

    /// <summary>A network of at most so many layers, each put on the value that is there, and so many times as many positions.</summary>
    public static ZooNetwork Grown(string name, int seed, int most, Func<Sketch, Value, Random, int, Value> next, int times = 1)
    {
        var (random, s) = (new Random(seed), new Sketch());
        var at = s.Input("x", random.Next(3) switch
        {
            0 => [random.Next(1, 9)],
            1 => [random.Next(1, 5), times * random.Next(3, 12)],
            _ => [random.Next(1, 5), times * random.Next(3, 9), times * random.Next(3, 9)],
        });
        for (var (layer, layers) = (0, random.Next(1, most + 1)); layer < layers; layer++)
            at = next(s, at, random, layer);
        at = s.ShapeOf(at).Rank == 1 ? at : s.Call("Flatten", at);
        return new($"{name}_{seed}", s.Return(s.Linear("Head", at, 3)), TensorsFrom.Weights(Weights.Random(seed)));
    }

    private static Value Next(Sketch s, Value x, Random random, int layer)
    {
        var shape = s.ShapeOf(x);
        return random.Next(9) switch
        {
            0 => Activation(s, x, random),
            1 => x + Activation(s, x, random),
            2 => x * s.Apply<Whence.Ops.Sigmoid>(x),
            3 => s.Call("Concat", Settings.Of(("axis", random.Next(shape.Rank))), x, Activation(s, x, random)),
            4 => s.Layer("BatchNorm", $"Norm{layer}", x, Settings.None),
            5 when shape.Rank > 1 => Pool(s, x, shape, random),
            6 => s.Call("Softmax", x, ("axis", random.Next(shape.Rank))),
            7 => s.Layer("PRelu", $"Slope{layer}", x, Settings.Of(("perChannel", random.Next(2)))),
            _ => Activation(s, Mixed(s, x, shape, random, layer), random),
        };
    }

    private static Value Mixed(Sketch s, Value x, Generator.Graphs.Shape shape, Random random, int layer)
    {
        if (shape.Rank == 1)
            return s.Linear($"Dense{layer}", x, random.Next(1, 9), random.Next(2) == 0);
        var shortest = Enumerable.Range(1, shape.Rank - 1).Min(axis => shape[axis]);
        var groups = random.Next(3) == 0 ? shape[0] : 1;
        (string, double)[] more = [("stride", random.Next(1, 3)), ("pad", random.Next(3)), ("groups", groups), ("bias", random.Next(2))];
        var (filters, kernel) = (groups * random.Next(1, 4), random.Next(1, Math.Min(4, shortest + 1)));
        return shape.Rank == 2 ? s.Conv1d($"Conv{layer}", x, filters, kernel, more) : s.Conv2d($"Conv{layer}", x, filters, kernel, more);
    }

    /// <summary>A pool over a value with positions.</summary>
    public static Value Pool(Sketch s, Value x, Generator.Graphs.Shape shape, Random random)
    {
        var shortest = Enumerable.Range(1, shape.Rank - 1).Min(axis => shape[axis]);
        var window = random.Next(1, Math.Min(4, shortest + 1));
        var settings = new (string, double)[] { ("window", window), ("stride", random.Next(1, 3)), ("pad", random.Next(window / 2 + 1)),
            ("ceil", random.Next(2)) };
        return s.Call((random.Next(2) == 0 ? "MaxPool" : "AvgPool") + (shape.Rank == 2 ? "1d" : "2d"), x, settings);
    }

    private static Value Activation(Sketch s, Value x, Random random) => random.Next(7) switch
    {
        0 => s.Apply<Whence.Ops.Tanh>(x),
        1 => s.Apply<Whence.Ops.Gelu>(x),
        2 => s.Apply<Whence.Ops.Softplus>(x),
        3 => s.Apply<Whence.Ops.Elu>(x, constants: 0.7),
        4 => s.Apply<Whence.Ops.LeakyRelu>(x, constants: 0.1),
        _ => s.Relu(x),
    };
}
