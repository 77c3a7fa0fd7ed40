using System.Reflection;
using Whence.Generator.Check;
using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Plan;
using Whence.Generator.Support;
using Axes = Whence.Generator.Graphs.Shape;

namespace Whence.Networks.Tests.Laws;

/// <summary>
/// Whatever number is given for any argument of any operator, there is a diagnostic or a right shape: nothing throws, nothing overflows,
/// and nothing is allocated that does not fit. The eager run says the same by an ArgumentException.
/// </summary>
[Trait("Long", "laws")]
public sealed class ExtremeArguments
{
    private const int Small = 20_000;

    private static readonly int[] extremes = [int.MaxValue, int.MinValue, -1, 0, 65536, 1073741825];

    // What a window can be told beside what its examples say.
    private static readonly string[] windows =
        ["stride", "strideWidth", "pad", "padEnd", "padWidth", "padWidthEnd", "dilation", "dilationWidth", "kernelWidth", "windowWidth",
            "groups", "outputPad", "outputPadWidth", "padding", "layers"];

    public static TheoryData<string> Names => [.. Registry.Named.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AreRefusedOrRight(string name)
    {
        var op = Registry.Named.First(one => one.Name == name);
        foreach (var example in Examples(op))
        {
            foreach (var settings in Changed(op, example.Settings))
                Require(op, example.Inputs, settings);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void InputsAreRefusedOrRight(string name)
    {
        var op = Registry.Named.First(one => one.Name == name);
        foreach (var example in Examples(op))
        {
            foreach (var size in new[] { 65536, 46341, 1 << 20, 1 << 30 })
            {
                for (var axis = 0; axis < example.Inputs.Select(input => input.Rank).DefaultIfEmpty(0).Max(); axis++)
                    Require(op,
                        example.Inputs
                            .Select(input => axis < input.Rank && input.Size / input[axis] * (long)size <= Axes.MostElements
                                ? input.With(axis, size)
                                : input)
                            .ToEquatable(),
                        example.Settings);
            }
        }
    }

    private static IEnumerable<Example> Examples(Op op) => op switch
    {
        Zeros => [new(EquatableArray.Of<Axes>(), Settings.Of("axes", [2, 3])),
            new(EquatableArray.Of<Axes>(), Settings.Of("axes", [65536, 65536, 65536, 65536]))],
        Embedding => [new(EquatableArray.Of(new Axes(5)), Settings.Of(("vocabulary", 7), ("width", 3)))],
        Reshape => op.Examples.Append(new(EquatableArray.Of(new Axes(1)), Settings.Of("axes", [65536, 65536, 65536, 65536]))),
        _ => op.Examples,
    };

    private static IEnumerable<Settings> Changed(Op op, Settings settings)
    {
        yield return settings;
        foreach (var value in extremes)
        {
            foreach (var item in settings.Items)
            {
                for (var i = 0; i < item.Values.Count; i++)
                    yield return settings.With(item.Name, [.. item.Values.Select((old, k) => k == i ? value : old)]);
            }
            foreach (var other in op is Convolution or ConvTranspose or Generator.Ops.Pooling or RecurrentLayer
                ? windows.Where(
                    other => !settings.Has(other) && (!other.Contains("Width") || op.Name.EndsWith("2d", StringComparison.Ordinal)))
                : [])
                yield return settings.With(other, value);
        }
        // Products of two that overflow where neither does by itself.
        foreach (var pair in settings.Items
            .Where(item => item.Values.Count == 1)
            .SelectMany(a => settings.Items.Where(b => b.Name != a.Name && b.Values.Count == 1), (a, b) => (a, b)))
            yield return settings.With(pair.a.Name, 65536).With(pair.b.Name, 65536);
    }

    private static void Require(Op op, EquatableArray<Axes> inputs, Settings settings)
    {
        var what = $"{op.Name}({string.Join(", ", inputs)}; {settings})";
        try
        {
            var result = Checker.Check(Bound(op, inputs, settings));
            Assert.All(result.Findings, finding => Assert.NotEmpty(finding.Arguments[1]));
            var eager = op is Embedding || HasWeights(op, inputs, settings) || inputs.Any(input => input.Size > Small)
                ? null
                : Eager(op, inputs, settings, result.Graph.Nodes[^1].Shape);
            if (result.Findings.Count > 0)
                return;
            var shape = result.Graph.Nodes[^1].Shape!;
            Assert.InRange(shape.ToArray().Aggregate(1L, (size, axis) => checked(size * axis)), 1, Axes.MostElements);
            if (eager is not null)
                Assert.Equal(eager, shape.ToString());
            if (op is not Embedding)
                Compile(result.Graph);
        }
        catch (Exception failure)
        {
            Assert.Fail($"{what}: {failure}");
        }
    }

    private static Graph Bound(Op op, EquatableArray<Axes> inputs, Settings settings)
    {
        Node Input(Axes shape, int i) => new(op is Embedding
            ? Registry.TokenInput
            : Registry.Input, EquatableArray.Of<int>(), Settings.None) { Shape = shape, Name = $"x{i}" };
        var layer = new Layer("Op", EquatableArray.Of("op"));
        var node = new Node(op, Enumerable.Range(0, inputs.Count).ToEquatable(), settings) { Layer = layer };
        return new Graph(inputs.Select(Input).Append(node).ToEquatable(), EquatableArray.Of(inputs.Count), EquatableArray.Of("output"));
    }

    private static bool HasWeights(Op op, EquatableArray<Axes> inputs, Settings settings)
    {
        try
        {
            return typeof(Nn).GetMethods().Where(method => method.Name == op.Name).SelectMany(method => method.GetParameters())
                .Any(parameter => parameter.Name!.StartsWith("weight", StringComparison.Ordinal))
                || op.Parameters(inputs, settings).Any();
        }
        catch (Exception)
        {
            return true;
        }
    }

    // The shape that the eager run gives; null where it refuses, or where it would take long.
    private static string? Eager(Op op, EquatableArray<Axes> inputs, Settings settings, Axes? shape)
    {
        if (shape is not null && shape.Size > Small || op is Zeros)
            return null;
        var symbol =
            op.Name switch { "+" => "op_Addition", "-" => "op_Subtraction", "*" => "op_Multiply", "/" => "op_Division", _ => null };
        if (symbol is not null || op is Negate or Item)
            return null;
        try
        {
            return EagerForward.Named(op, settings, [.. inputs.Select(input => Nn.Zeros(input.ToArray()))]).Shape.ToString();
        }
        catch (TargetInvocationException refused) when (refused.InnerException is ArgumentException)
        {
            Assert.True(shape is null, $"It is compiled to {shape}, but run: {refused.InnerException.Message}");
            return null;
        }
    }

    // All that is asked of it, up to its plan.
    private static void Compile(Graph graph)
    {
        try
        {
            var graphs = DerivedGraphs.Of(graph, [], Zoo.AskedOf.These(Methods.Rescale));
            foreach (var derived in graphs.Backward.Prepend(graphs.Forward))
                Planner.Plan(derived, new Limits(8, 48));
        }
        catch (TooLargeException large)
        {
            Assert.NotEmpty(large.Message);
        }
    }
}
