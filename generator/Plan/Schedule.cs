using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Plan;

/// <summary>
/// What is decided of a question's nodes before any step is written: which are needed, when each is computed, how it lies, and which
/// neighbours share a loop or ride on a product's last write.
/// </summary>
internal sealed class Schedule
{
    private readonly Limits limits;
    private readonly Steepness? steepness;

    public Schedule(DerivedGraph derived, Limits limits)
    {
        this.limits = limits;
        Derived = derived;
        Order = Scans.Order(derived.Nodes);
        if (limits.IsApart)
            steepness = new Steepness(derived.Nodes, Liveness.Of(new Graph(derived.Nodes, derived.Outputs, default)));
        Needed = WhichAreNeeded();
        Rates = WhenComputed();
        Channels = Layouts.Choose(Nodes, id => Needed[id]);
        Readers = CountReaders();
        Pinned = WhichAreRead();
        Names = new Names(derived);
        Fuse();
        Remembered = WhichAreRemembered();
    }

    public DerivedGraph Derived { get; }

    public EquatableArray<Node> Nodes => Derived.Nodes;

    /// <summary>The nodes in the order in which they are computed.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>The nodes of a scan whose values of every step are kept, because another scan reads them at the same step.</summary>
    public HashSet<int> Remembered { get; }

    /// <summary>Whether anything that is read out depends on a node.</summary>
    public bool[] Needed { get; }

    /// <summary>How often each node is computed.</summary>
    public Rate[] Rates { get; }

    /// <summary>Whether the question is about a path.</summary>
    public bool IsPath => Derived.IsPath;

    /// <summary>Whether one reference may serve all rows of a program that reads it, and lies there once.</summary>
    public bool SharesReferences => IsPath && limits.Fuses;

    /// <summary>The rate of backward passes: of what is computed of a seed.</summary>
    public Rate Backward => IsPath ? Rate.Step : Rate.Pair;

    /// <summary>The lowest rate that has a program.</summary>
    public Rate First => !IsPath && Nodes.Any(node => node.Op is ReferenceInput) ? Rate.Reference : Rate.Pair;

    /// <summary>Each node's channels in memory.</summary>
    public int[] Channels { get; }

    /// <summary>How many steps read a node.</summary>
    public int[] Readers { get; }

    /// <summary>Nodes whose own value is read out, so that it must exist.</summary>
    public HashSet<int> Pinned { get; }

    /// <summary>What each elementwise node computes, its neighbours taken in.</summary>
    public Dictionary<int, (Expr Expr, int[] Operands)> Elements { get; } = [];

    /// <summary>Nodes that every reader computes for itself.</summary>
    public HashSet<int> Absorbed { get; } = [];

    /// <summary>For a product, the function that rides on its last write.</summary>
    public Dictionary<int, int> Finishing { get; } = [];

    /// <summary>The functions that ride on a product's last write.</summary>
    public HashSet<int> Finished { get; } = [];

    /// <summary>The function that rides on a node's last write, or the node itself.</summary>
    public int LastOf(int id) => Finishing.TryGetValue(id, out var function) ? function : id;

    public Names Names { get; }

    /// <summary>Whether a node's own value is an answer, which is read out of the arena.</summary>
    public bool IsAnswer(int id) => Derived.Points.Any(point => point.Value == id) || Derived.Outputs.Contains(id);

    /// <summary>Whether an infinite slope may come back from a node's value.</summary>
    public bool IsSteep(int id) => steepness?.ComesBackSteep(id) ?? false;

    /// <summary>The points to which alone an infinite slope at 0 comes back from a node's value; null for all.</summary>
    public IReadOnlyList<int>? SteepAtZeroOnly(int id) => steepness?.SteepAtZeroOnly(id) is { } nodes
        ? Derived.Points.Where(point => nodes.Contains(point.Value)).Select(point => point.Index).ToList()
        : null;

    /// <summary>What is read out: of all points, or of all but the parts that only a backward pass to their point computes.</summary>
    public IEnumerable<int> Roots(bool withDeltas = true)
    {
        foreach (var output in Derived.Outputs)
            yield return output;
        foreach (var point in Derived.Points)
        {
            yield return point.Value;
            if (point.Multipliers is { } multipliers)
            {
                yield return multipliers.Positive;
                yield return multipliers.Negative;
            }
            if (withDeltas && point.Deltas is { } parts)
            {
                yield return parts.Positive;
                yield return parts.Negative;
            }
        }
        foreach (var result in Derived.Results)
        {
            if (result is { } multipliers)
            {
                yield return multipliers.Positive;
                yield return multipliers.Negative;
            }
        }
    }

    private bool[] WhichAreNeeded()
    {
        var found = Scans.Reached(Nodes, Roots());
        // Every input is a parameter of the program, read or not.
        for (var id = 0; id < Nodes.Count; id++)
            found[id] |= Nodes[id].Op is Input;
        return found;
    }

    private Rate[] WhenComputed()
    {
        var found = new Rate[Nodes.Count];
        var scans = new Dictionary<int, Rate>();
        bool changed;
        do
        {
            changed = false;
            for (var id = 0; id < Nodes.Count; id++)
            {
                var now = RateOf(Nodes[id], found);
                // A scan runs as one, when the last that any of it waits for is there.
                if (Nodes[id].Scan is { } scan)
                    scans[scan.Id] = now = scans.TryGetValue(scan.Id, out var others) && others > now ? others : now;
                changed |= now != found[id];
                found[id] = now;
            }
        }
        while (changed && scans.Count > 0);
        // Only leaves are made at load. Steps over constants alone are taken before anything reads them.
        for (var id = 0; id < Nodes.Count; id++)
        {
            if (found[id] == Rate.Load && Nodes[id].Inputs.Count > 0)
                found[id] = First;
        }
        return found;
    }

    private Rate RateOf(Node node, Rate[] rates)
    {
        var most = node.Inputs.Select(input => rates[input]).DefaultIfEmpty(Rate.Load).Max();
        return Lowerings.Of(node).RateIn(this)
            ?? (node.Position >= 0 && node.Inputs.Count > 0 && most < Backward ? Backward : most);
    }

    private int[] CountReaders()
    {
        var count = new int[Nodes.Count];
        for (var id = 0; id < Nodes.Count; id++)
        {
            if (!Needed[id])
                continue;
            foreach (var input in Nodes[id].Inputs.Distinct())
                count[input]++;
        }
        return count;
    }

    private HashSet<int> WhichAreRemembered()
    {
        var found = new HashSet<int>();
        for (var id = Nodes.Count - 1; id >= 0; id--)
        {
            if (!Needed[id] || Nodes[id].Scan is not { } scan)
                continue;
            IEnumerable<int> read = Elements.TryGetValue(id, out var element) ? element.Operands : Nodes[id].Inputs;
            if (!Absorbed.Contains(id))
                found.UnionWith(read.Where(input => Nodes[input].Scan is { } other && other.Id != scan.Id));
            // What is kept for another program is kept of every step; what is one memory with what is kept is kept.
            if (Pinned.Contains(id))
                found.Add(id);
            if (found.Contains(id) && Nodes[id].Op is Relabel && Nodes[Nodes[id].Inputs[0]].Scan is not null)
                found.Add(Nodes[id].Inputs[0]);
        }
        return found;
    }

    private HashSet<int> WhichAreRead()
    {
        var kept = new HashSet<int>(Roots());
        for (var id = 0; id < Nodes.Count; id++)
        {
            if (Needed[id])
                kept.UnionWith(Nodes[id].Inputs.Where(input => Rates[input] > Rate.Load && Rates[input] < Rates[id]));
        }
        return kept;
    }

    /// <summary>Takes small neighbours into one loop, and functions onto the last write of the product below them.</summary>
    private void Fuse()
    {
        for (var id = 0; id < Nodes.Count; id++)
        {
            if (Needed[id] && Elementary.Of(Nodes[id]) is { } expr)
                Fuse(id, expr);
        }
    }

    private void Fuse(int id, Expr expr)
    {
        var inputs = Nodes[id].Inputs;
        // Each operand once: a square reads its neighbour once, however often it says it.
        var operands = inputs.Distinct().ToArray();
        expr = expr.Replace(index => new Argument(Array.IndexOf(operands, inputs[index])));
        if (!limits.IsApart && Nodes[id].Op is Elementwise && Finishes(operands[0], id))
        {
            Finishing[operands[0]] = id;
            Finished.Add(id);
            return;
        }
        for (var i = 0; !limits.IsApart && i < operands.Length; i++)
        {
            if (Inlined(id, operands, i, expr) is not { } merged)
                continue;
            Move(operands[i], operands);
            (expr, operands) = merged;
            i = -1;
        }
        Elements[id] = Simplified(expr, operands);
    }

    /// <summary>
    /// Counts readers again after a neighbour's expression has moved into one of its readers, which reads <paramref name="already"/>.
    /// </summary>
    private void Move(int below, int[] already)
    {
        var operands = Elements[below].Operands;
        foreach (var operand in operands.Where(operand => !already.Contains(operand)))
            Readers[operand]++;
        if (--Readers[below] > 0)
            return;
        Absorbed.Add(below);
        foreach (var operand in operands)
            Readers[operand]--;
    }

    private bool Finishes(int product, int function) =>
        Lowerings.Of(Nodes[product]).TakesFunction && Readers[product] == 1 && !Pinned.Contains(product)
        && Rates[product] == Rates[function] && Channels[product] == Channels[function] && Nodes[product].Scan == Nodes[function].Scan;

    private (Expr, int[])? Inlined(int id, int[] operands, int i, Expr expr)
    {
        var below = operands[i];
        if (!Elements.TryGetValue(below, out var inner) || Pinned.Contains(below) || Rates[below] != Rates[id])
            return null;
        // A difference is taken again rather than kept, whoever else reads it; more than that moves only to its one reader, in the same
        // step back.
        var small = inner.Expr.Weight <= 1 && Nodes[below].Position < 0;
        if (Nodes[below].Scan != Nodes[id].Scan && !(small && Nodes[below].Scan is not null))
            return null;
        if (!small && (Readers[below] != 1 || Nodes[below].Position != Nodes[id].Position))
            return null;
        var uses = Elementary.Uses(expr).TryGetValue(i, out var count) ? count : 0;
        if (uses * inner.Expr.Weight > Math.Max(inner.Expr.Weight, 2) || expr.Weight + uses * inner.Expr.Weight > limits.Operations)
            return null;
        var merged = operands.Where((_, k) => k != i).Concat(inner.Operands).Distinct().ToArray();
        if (merged.Length > limits.Operands)
            return null;
        int Place(int node) => Array.IndexOf(merged, node);
        var replaced = expr.Replace(index => index == i
            ? inner.Expr.Replace(k => new Argument(Place(inner.Operands[k])))
            : new Argument(Place(operands[index])));
        return (replaced, merged);
    }

    /// <summary>The same with constants of one value written as numbers, and each operand once.</summary>
    private (Expr, int[]) Simplified(Expr expr, int[] operands)
    {
        var left = operands.Where(operand => Uniform(operand) is null).Distinct().ToArray();
        if (left.Length == 0)
            left = [operands[0]];
        return (expr.Replace(index => Uniform(operands[index]) is { } value && !left.Contains(operands[index])
            ? new Number(value)
            : new Argument(Array.IndexOf(left, operands[index]))), left);
    }

    private double? Uniform(int node)
    {
        if (Nodes[node].Op is not Constant)
            return null;
        var values = Nodes[node].Settings.Numbers("values");
        return values.All(value => value.Equals(values[0])) ? values[0] : null;
    }
}
