using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// The axes in another order, as PyTorch's permute has it: axis i of the result is axis order[i] of the value. Setting "order".
/// </summary>
internal sealed class Permute : LinearOp
{
    /// <summary>How many axes may change places.</summary>
    internal const int Most = 6;

    public override bool IsMove(Node node) => true;

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var order = settings.Ints("order");
        return inputs[0].Rank > Most ? $"takes at most {Most} axes, not {inputs[0]}" :
            order.OrderBy(axis => axis).SequenceEqual(Enumerable.Range(0, inputs[0].Rank))
                ? null
                : $"takes each of the {inputs[0].Rank} axes of {inputs[0]} once, counted from 0, not ({Listing.Of(order)})";
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        new(settings.Ints("order").Select(axis => inputs[0][axis]).ToArray());

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Ops.Along.Apart(Array.IndexOf(settings.Ints("order"), axes[0]));

    public override int Expand(Expansion x) => x.Permute(x.Inputs[0], x.Node.Settings.Ints("order"));

    public override int Transpose(Derivation d, int node, int input, int m)
    {
        var order = d.Forward[node].Settings.Ints("order");
        return d.Add(this, Settings.Of("order", Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis))),
            d.Shape(d.Forward[node].Inputs[0]), m);
    }

    public override int Apply(Derivation d, int node, int[] inputs) => d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(2, 3, 4)), Settings.Of("order", [1, 2, 0])),
        new(EquatableArray.Of(new Shape(3, 5)), Settings.Of("order", [1, 0])),
        new(EquatableArray.Of(new Shape(2, 3, 2, 2)), Settings.Of("order", [3, 1, 0, 2])),
        new(EquatableArray.Of(new Shape(2, 3, 2, 2, 3)), Settings.Of("order", [0, 3, 1, 4, 2])),
        new(EquatableArray.Of(new Shape(2, 2, 3, 2, 1, 2)), Settings.Of("order", [5, 3, 4, 1, 0, 2])),
    ];
}
