using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>
/// How what is linear but for kinks is told to the runtime, which follows it: a call for each value, in order. Weights are those that the
/// forward pass reads, as it packs them.
/// </summary>
internal sealed class PiecewisePlan
{
    // As many numbers are written where they are used.
    private const int Few = 16;

    private readonly DerivedGraph forward;
    private readonly IReadOnlyList<Step> steps;

    /// <param name="of">What is linear but for kinks.</param>
    /// <param name="forward">The forward pass.</param>
    /// <param name="plan">Its plan, whose weights are taken; null for weights of their own.</param>
    public PiecewisePlan(Piecewise of, DerivedGraph forward, Plan? plan)
    {
        this.forward = forward;
        steps = plan?.Run.Steps ?? [];
        Points = [.. of.Points];
        Calls = [.. of.Nodes.Select(node => Call(node, forward.Nodes[node]))];
    }

    /// <summary>The calls that make values.</summary>
    public IReadOnlyList<PiecewiseCall> Calls { get; }

    /// <summary>The points, by their place in the signature, and the nodes of their values.</summary>
    public IReadOnlyList<(int Index, int Node)> Points { get; }

    private PiecewiseCall Call(int id, Node node)
    {
        var s = node.Settings;
        PiecewiseCall Of(string method, params PiecewiseArgument[] arguments) => new(id, method, arguments);
        PiecewiseArgument Int(string name) => new PiecewiseArgument.Number(s.Int(name));
        PiecewiseArgument Number(string name, double otherwise = 0) => new PiecewiseArgument.Number(s.Number(name, otherwise));
        PiecewiseArgument x = node.Inputs.Count > 0 ? node.Inputs[0] : 0;
        return node.Op switch
        {
            Input => Of("Input", new PiecewiseArgument.Axes(node.Shape!)),
            Constant or WeightOperand => Of("Constant", Held(node), new PiecewiseArgument.Axes(node.Shape!)),
            Dense or Convolve => Of(node.Op.Name, x, new PiecewiseArgument.Weights(Packed(node), node)),
            Relabel => Of("Relabel", x, new PiecewiseArgument.Axes(node.Shape!)),
            Permute => Of("Permute", x, new PiecewiseArgument.Wholes(s.Ints("order"))),
            Flip => Of("Flip", x),
            Cut => Of("Cut", x, Int("axis"), Int("start"), Int("length")),
            Border => Of("Border", x, Int("axis"), Int("before"), Int("after"), Number("value")),
            SpreadAxis => Of("Repeat", x, Int("axis"), Int("size")),
            Join => Of("Join", All(node), Int("axis")),
            Combine => Of("Combine", All(node), new PiecewiseArgument.Numbers(s.Numbers("weights"))),
            SumAxis => Of("Sum", x, Int("axis"), Number("factor", 1)),
            ChannelWindow => Of("ChannelWindow", x, Int("before"), Int("after"), Number("factor"), Number("offset")),
            Resample => Of("Resample", x, Int("axis"), Int("taps"), new PiecewiseArgument.Wholes(s.Ints("indices")),
                new PiecewiseArgument.Numbers(s.Numbers("weights"))),
            AverageWindow => Of("Average", x, new PiecewiseArgument.Window(s)),
            MaxWindow or MaxPieces => Of("Max", x, new PiecewiseArgument.Window(s)),
            Scale => Of("Scale", [.. node.Inputs.Select(input => (PiecewiseArgument)input)]),
            PRelu => Of("PRelu", x, node.Inputs[1]),
            Bound => Of("Bound", x, node.Inputs[1], new PiecewiseArgument.Flag(s.Flag("upper"))),
            Elementwise => Of("Apply", x, new PiecewiseArgument.Applied(node.Function!)),
            _ => throw new InvalidOperationException($"{node.Op.Name} is not told in pieces."),
        };
    }

    private static PiecewiseArgument All(Node node) => new PiecewiseArgument.Values([.. node.Inputs]);

    private PackedWeights Packed(Node node) =>
        steps.Select(step => Product(step)).FirstOrDefault(weights => weights is not null && weights.Operator == node.Op.Name
            && weights.Source == node.Weights && weights.Settings == node.Settings)
        ?? new PackedWeights(node.Weights!, node.Op.Name, node.Settings, 1, 1);

    private static PackedWeights? Product(Step step) => step switch
    {
        DenseStep dense => dense.Weights,
        ConvolutionStep convolution => convolution.Weights,
        FusedStep fused => Product(fused.Product),
        _ => null,
    };

    private PiecewiseArgument Held(Node node)
    {
        var numbers = node.Settings.Numbers("values");
        if (node.Op is Constant && numbers.Length <= Few)
            return new PiecewiseArgument.Numbers(numbers);
        return new PiecewiseArgument.Loaded(
            steps.SelectMany(step => step.From).FirstOrDefault(value => value.Storage == Storage.Constant && value.Source == node)
                ?? new PlannedValue("constant", node.Shape!, 1, Storage.Constant) { Source = node });
    }

    /// <summary>What the values are called in emitted code.</summary>
    public Func<int, string> Names() => new Names(forward).Of;
}
