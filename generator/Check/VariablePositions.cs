using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>Which values have a variable number of positions along an axis, and the masks that say which are present.</summary>
internal sealed class VariablePositions
{
    private readonly Graph graph;
    private readonly Dictionary<int, Varying> values = [];
    private readonly Dictionary<int, Varying?> scans = [];
    private readonly Dictionary<int, int> least = [];

    public VariablePositions(Graph graph)
    {
        this.graph = graph;
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            if (graph.Nodes[i] is { Op: MaskInput, Inputs.Count: 1 } mask && graph.Nodes[mask.Inputs[0]].Op is Input)
                values[mask.Inputs[0]] = new(0, i, 1, 0);
        }
    }

    /// <summary>
    /// An axis of a value, the mask of what was declared, and which of its places says whether position i is there: step i + first.
    /// </summary>
    private sealed record Varying(int Axis, int Mask, int Step, int First)
    {
        public Varying After(Along along) => new(along.Axis, Mask, Step * along.Step, First + Step * along.First);

        public bool HasSameNumber(Varying other) => (Mask, Step, First) == (other.Mask, other.Step, other.First);
    }

    /// <summary>The name of the text or sequence whose number of positions is that of a value's; null if its shape is fixed.</summary>
    public string? Vary(int node) => values.TryGetValue(node, out var varying) ? Text(varying) : null;

    /// <summary>How many positions an input, by its node, must have so that every window finds one.</summary>
    public int Least(int input) => least.TryGetValue(input, out var positions) ? positions : 1;

    /// <summary>Why a node cannot take what varies, in words that follow the operator's name; null if it can.</summary>
    public string? Complain(int index, Node node, IReadOnlyList<Shape> shapes)
    {
        if (node.Op is Embedding)
        {
            if (MaskOf(node.Inputs[0]) is { } own)
                values[index] = new(0, own, 1, 0);
            return null;
        }
        if (node.Op is Slice && node.Settings.Has(Slice.With))
        {
            var masks = Enumerable.Range(0, graph.Nodes.Count).Where(i => graph.Nodes[i] is { Op: MaskInput, Inputs.Count: > 0 });
            var taken = new Varying(node.Settings.Int("axis"), masks.ElementAt(node.Settings.Ints(Slice.With)[0]), 1,
                -node.Settings.Ints(Slice.With)[1]);
            if (values.TryGetValue(node.Inputs[0], out var own) && own != taken)
                return $"takes as many positions as {Text(taken)} has of what varies with {Text(own)}";
            values[index] = taken;
            return null;
        }
        // A scan over what varies adds something for each position.
        if (node.Op is Stacked && scans.TryGetValue(node.Settings.Int("scan"), out var over) && over is not null)
            values[index] = over;
        var varying = node.Inputs.Where(values.ContainsKey).Select(input => values[input]).ToList();
        if (node is { Op: StepOf, Scan: { } scan } && Beside(scan, varying.FirstOrDefault()) is { } uneven)
            return uneven;
        if (varying.Count == 0)
            return null;
        if (Differ(node, varying) is { } complaint)
            return complaint;
        var along = Along(node, shapes);
        if (varying[0].Step < 0 && !TakesBackwards(node, along))
            return $"takes positions of {Text(varying[0])} that are counted from the end, whose number varies; Reverse them again before "
                + "it, or leave out Variable";
        if (along.Positions is (Positions.Apart or Positions.Weighed) && !TryFollow(index, varying[0], along))
            return $"steps over more positions of {Text(varying[0])} at once than an int counts";
        return along.Positions == Positions.Mixed
            ? $"would count positions past the end of {Text(varying[0])}, whose number varies; {Instead(node, shapes, varying[0])}"
            : null;
    }

    // What is added to each position is taken for as many of them.
    private string Instead(Node node, IReadOnlyList<Shape> shapes, Varying varying) =>
        node.Op is Binary && Enumerable.Range(0, shapes.Count).FirstOrDefault(i => !values.ContainsKey(node.Inputs[i])) is var fixedInput
            && !values.ContainsKey(node.Inputs[fixedInput]) && shapes[fixedInput].Rank > 0
            ? $"take as many of what is put together with it, Slice(p, axis: {varying.Axis}, start: 0, length: {Text(varying)}.Shape[0])"
            : (varying.Axis == 0 ? "take the first, x[..1], or the last, x[^1], alone" :
                $"take the first alone, Slice(x, axis: {varying.Axis}, start: 0, length: 1)")
                + $", sum or average over axis {varying.Axis}, or leave out Variable and give a [Mask] of which are there";

    // All that one scan goes over must be as long.
    private string? Beside(Scan scan, Varying? varying)
    {
        if (!scans.TryGetValue(scan.Id, out var first))
            scans[scan.Id] = varying;
        else if (first is null != varying is null)
            return $"goes over {Text((first ?? varying)!)}, whose number of positions varies, beside what has always as many";
        else if (first is not null && !first.HasSameNumber(varying!))
            return first.Mask == varying!.Mask
                ? $"combines values of {Text(first)} that have different numbers of positions"
                : $"combines positions of {Text(first)} and of {Text(varying)}, whose numbers vary apart";
        return null;
    }

    // Steps multiply: those of windows that each fit may be of no int together.
    private bool TryFollow(int index, Varying varying, Along along)
    {
        try
        {
            values[index] = varying.After(along);
        }
        catch (OverflowException)
        {
            return false;
        }
        // What is counted from the end needs no more of them.
        if (values[index].Step < 0)
            return true;
        var input = graph.Nodes[varying.Mask].Inputs[0];
        least[input] = Math.Max(Least(input), values[index].First + 1);
        return true;
    }

    // Queries may be of another text than keys and values: only these are left out.
    private string? Differ(Node node, List<Varying> varying)
    {
        var alike = TakesQueries(node) ? varying.Skip(values.ContainsKey(node.Inputs[0]) ? 1 : 0).ToList() : varying;
        if (alike.FirstOrDefault(other => !other.HasSameNumber(alike[0])) is not { } odd)
            return null;
        return odd.Mask == alike[0].Mask
            ? odd.Step < 0 != alike[0].Step < 0
                ? $"combines positions of {Text(odd)} that are counted from the start and from the end; Reverse the latter again before it"
                : $"combines values of {Text(odd)} that have different numbers of positions"
            : $"combines positions of {Text(alike[0])} and of {Text(odd)}, whose numbers vary apart";
    }

    // What is past the end comes first then: a recurrence holds its states there and a sum leaves it out, but a window would begin in it.
    private static bool TakesBackwards(Node node, Along along) =>
        node.Op is Reverse or StepOf or Reduction or RecurrentLayer || along is { Positions: Positions.Apart, Step: 1, First: 0 };

    private static bool TakesQueries(Node node) => node.Op is ScaledDotProductAttention or MultiHeadAttention && node.Inputs.Count > 1;

    /// <summary>A node with the mask that it takes, if it takes one.</summary>
    public Node Masked(Node node, IReadOnlyList<Shape> shapes)
    {
        var masked = node.Inputs.Skip(TakesQueries(node) ? 1 : 0).Where(values.ContainsKey).ToList();
        if (masked.Count == 0 || Along(node, shapes).Positions is not (Positions.Gathered or Positions.Weighed))
            return node;
        var (axis, mask, step, start) = values[masked[0]];
        return node with { Inputs = node.Inputs.Append(mask).ToEquatable(), Settings = Mask.With(node.Settings, axis, step, start) };
    }

    private Along Along(Node node, IReadOnlyList<Shape> shapes) =>
        node.Op.Along(shapes, node.Settings,
            node.Inputs.Select(input => values.TryGetValue(input, out var varying) ? varying.Axis : -1).ToList());

    private string Text(Varying varying) => graph.Nodes[graph.Nodes[varying.Mask].Inputs[0]].Name!;

    private int? MaskOf(int tokens)
    {
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            if (graph.Nodes[i].Op is MaskInput && graph.Nodes[i].Inputs.Contains(tokens))
                return i;
        }
        return null;
    }
}
