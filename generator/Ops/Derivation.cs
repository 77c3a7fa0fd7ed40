using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>The graph a question grows in: the forward nodes, beside each its reference's, and what rules add to them.</summary>
internal sealed partial class Derivation : CoreBuilder
{
    private readonly int[] values;
    private readonly int[]? references;
    private readonly bool[] live;
    private readonly bool[] given;
    private readonly Dictionary<int, Scan> scans;
    private readonly int scanCount;

    public Derivation(Graph core, bool withReference)
        : this(core)
    {
        values = Copy(core, (node, _, _) => node, distinct: true);
        references = withReference ? Copy(core, Beside, distinct: false) : null;
    }

    private Derivation(Graph core)
        : base(core.Nodes.Count)
    {
        Forward = core.Nodes;
        live = Liveness.Of(core);
        Steepness = new Steepness(core.Nodes, live);
        given = Given(core.Nodes);
        scans = core.Nodes.Select(node => node.Scan).OfType<Scan>().Distinct().ToDictionary(scan => scan.Id);
        scanCount = scans.Keys.DefaultIfEmpty(-1).Max() + 1;
        values = [];
    }

    /// <summary>The core nodes, by the indices that every method here takes as "node".</summary>
    public EquatableArray<Node> Forward { get; }

    /// <summary>Where in the forward pass slopes and values may be infinite.</summary>
    public Steepness Steepness { get; }

    /// <summary>The forward node whose way back is being written; -1 while forward values are.</summary>
    public int Position { get; set; } = -1;

    /// <summary>Every node so far.</summary>
    public IEnumerable<Node> Nodes => Enumerable.Range(0, Made.Count).Select(i => Made[i]);

    /// <summary>The forward nodes that are asked about: what comes back must pass them.</summary>
    public IReadOnlyCollection<int> Asked { get; init; } = [];

    /// <summary>Whether a forward node is asked about.</summary>
    public bool IsAsked(int node) => Asked.Contains(node);

    /// <summary>Whether a forward node depends on an input that is not held fixed.</summary>
    public bool Live(int node) => live[node];

    /// <summary>A forward node's value at x.</summary>
    public int Value(int node) => values[node];

    /// <summary>A forward node's value at the reference.</summary>
    public int Reference(int node) => references![node];

    /// <summary>A forward node's shape.</summary>
    public Shape Shape(int node) => Forward[node].Shape!;

    /// <summary>A forward node's difference from the reference: zeros where no input moves it, be it infinite.</summary>
    public int Difference(int node)
    {
        var (x, x0) = ((Expr)new Leaf(Value(node), "x"), (Expr)new Leaf(Reference(node), "x0"));
        return AtForward(() => Live(node)
            ? Map(Steepness.MayBeInfinite(node) ? Expr.Steep("Difference", x, x0) : x - x0,
                new Wording(node, "Delta", "{0}'s difference from its reference"))
            : Zeros(Shape(node)));
    }

    /// <summary>Runs with nodes belonging to the forward pass, which is never skipped.</summary>
    public T AtForward<T>(Func<T> write)
    {
        var position = Position;
        Position = -1;
        var result = write();
        Position = position;
        return result;
    }

    /// <summary>A formula over values of one shape, whose leaves are these values, as a node.</summary>
    public int Map(Expr formula, Wording said = default)
    {
        var leaves = formula.Arguments.ToList();
        var inputs = leaves.Select(leaf => leaf.Index).Distinct().ToArray();
        var roles = inputs.Select(input => ((Leaf)leaves.Find(leaf => leaf.Index == input)!).Symbol).ToEquatable();
        return Map(formula.Replace(node => new Argument(Array.IndexOf(inputs, node))), inputs, said with { Roles = roles });
    }

    private int Map(Expr expr, int[] inputs, Wording said) =>
        Add(new Node(Registry.Map, inputs.ToEquatable(), Settings.None) { Shape = Made[inputs[0]].Shape, Expr = expr, Said = said });

    /// <summary>Puts words to a value that has none.</summary>
    public void Say(int value, Wording said) => Made.Say(value, said);

    /// <summary>A value times a constant.</summary>
    public int Scaled(int m, double factor) =>
        factor == 1
            ? m
            : factor == 0 ? Map(0, [m], default) : Map(factor == -1 ? Expr.Negate(new Leaf(m, "m")) : factor * (Expr)new Leaf(m, "m"));

    /// <summary>
    /// The sum of values in the midst of zeros that together cover an axis, each element once: one after the other. Null of others.
    /// </summary>
    public int? Joined(IReadOnlyList<int> terms)
    {
        var axis = Made[terms[0]].Settings.Int("axis", 0);
        var nodes = terms.Select(term => Made[term]).ToList();
        if (terms.Count == 1 || !nodes.All(node =>
            node.Op is Border && node.Settings.Int("axis") == axis && node.Settings.Number("value") == 0))
            return null;
        nodes.Sort((a, b) => a.Settings.Int("before").CompareTo(b.Settings.Int("before")));
        var end = 0;
        foreach (var node in nodes)
        {
            if (node.Settings.Int("before") != end)
                return null;
            end += Made[node.Inputs[0]].Shape![axis];
        }
        return end == nodes[0].Shape![axis]
            ? Add(Registry.Join, Settings.Of(("axis", axis)), nodes[0].Shape!, [.. nodes.Select(node => node.Inputs[0])])
            : null;
    }

    /// <summary>A node of a given shape.</summary>
    public int Add(Op op, Settings settings, Shape shape, params int[] inputs) =>
        Add(new Node(op, inputs.ToEquatable(), settings) { Shape = shape });

    /// <summary>A node that reads weights.</summary>
    public int AddWeighted(Op op, Settings settings, WeightSource weights, int input)
    {
        return Add(new Node(op, EquatableArray.Of(input), settings) { Weights = weights });
    }

    /// <summary>An axis of size 1 repeated up to a shape.</summary>
    public int Spread(int x, int axis, Shape shape) =>
        shape[axis] == 1 ? x : Repeat(x, axis, shape[axis]);

    /// <summary>The scan that goes the way back through a forward scan: its steps in the opposite order.</summary>
    public Scan Back(Scan forward) => Of(forward.Id, 2);

    /// <summary>Inside a scan, a state that begins with a value from outside.</summary>
    public int Carried(int initial, Scan scan) => Carried(initial, scan, null);

    /// <summary>The sum over all steps of a value inside a scan: what a value from outside, read in every step, gets back.</summary>
    public int Summed(int value)
    {
        var sum = Carried(Zeros(Made[value].Shape!), Made[value].Scan!);
        return Final(Next(sum, Map(new Leaf(sum, "sum") + (Expr)new Leaf(value, "m"))));
    }

    public int Zeros(Shape shape) => Add(Registry.Constant, Settings.Of("axes", shape.ToArray()).With("values", 0), shape);

    protected override Node Described(Node node) => node with { Position = Position };

    /// <summary>
    /// The scan of a node that reads these. What is read in one step may be of the forward pass, of the reference's or of the way back,
    /// at the same step: then it belongs to the latest of them, except that the reference's pass waits for no other.
    /// </summary>
    protected override Scan? ScanOf(IEnumerable<int> inputs)
    {
        var around = inputs.Select(input => Made[input].Scan).OfType<Scan>().ToList();
        return around.Count == 0 ? null : Of(around[0].Id % scanCount, Position >= 0 ? 2 : around.Min(scan => scan.Id / scanCount));
    }

    /// <summary>A scan of the forward pass (0), the same of the reference's (1), or of the way back (2).</summary>
    private Scan Of(int id, int part) => scans[id] is var scan && part == 2
        ? new Scan(id + 2 * scanCount, scan.Steps, !scan.Reversed)
        : scan with { Id = id + part * scanCount };

    /// <summary>
    /// Which nodes are computed of inputs, the reference's as well as x's: those that depend on one, and all of a scan in which any does,
    /// so that neither of the two scans waits for the other.
    /// </summary>
    private static bool[] Given(EquatableArray<Node> nodes)
    {
        var found = Scans.Depending(nodes, node => node.Op is Input);
        var scans = new HashSet<int>(Enumerable.Range(0, found.Length).Where(i => found[i]).Select(i => nodes[i].Scan?.Id).OfType<int>());
        return Enumerable.Range(0, found.Length).Select(i => found[i] || nodes[i].Scan is { } scan && scans.Contains(scan.Id)).ToArray();
    }

    private int[] Copy(Graph core, Func<Node, int, bool, Node> change, bool distinct)
    {
        var copies = new int[core.Nodes.Count];
        var inputs = 0;
        for (var i = 0; i < copies.Length; i++)
        {
            var node = core.Nodes[i];
            var changed = change(node with { Inputs = node.Inputs.Select(input => copies[input]).ToEquatable() },
                node.Op is Input ? inputs++ : -1, given[i]);
            copies[i] = distinct ? Made.AddDistinct(changed) : Made.Add(changed);
        }
        return copies;
    }

    // What depends on no input is the same at the reference, and is not computed again.
    private Node Beside(Node node, int input, bool isGiven) => input < 0
        ? isGiven && node.Scan is { } scan ? node with { Scan = Of(scan.Id, 1) } : node
        : new Node(Registry.ReferenceInput, node.Inputs, Settings.Of(("index", input))) { Shape = node.Shape, Name = node.Name };
}
