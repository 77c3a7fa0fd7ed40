using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>The graph a question grows in: the forward nodes, beside each its reference's, and what rules add to them.</summary>
internal sealed class Derivation
{
    private readonly GraphBuilder builder = new();
    private readonly int[] values;
    private readonly int[]? references;
    private readonly bool[] live;

    public Derivation(Graph core, bool withReference)
    {
        Forward = core.Nodes;
        live = Liveness.Of(core);
        values = Copy(core, (node, _) => node, distinct: true);
        references = withReference ? Copy(core, Beside, distinct: false) : null;
    }

    /// <summary>The core nodes, by the indices that every method here takes as "node".</summary>
    public EquatableArray<Node> Forward { get; }

    /// <summary>The forward node whose way back is being written; -1 while forward values are.</summary>
    public int Position { get; set; } = -1;

    /// <summary>Every node so far.</summary>
    public IEnumerable<Node> Nodes => Enumerable.Range(0, builder.Count).Select(i => builder[i]);

    /// <summary>Whether a forward node depends on an input that is not held fixed.</summary>
    public bool Live(int node) => live[node];

    /// <summary>A forward node's value at x.</summary>
    public int Value(int node) => values[node];

    /// <summary>A forward node's value at the reference.</summary>
    public int Reference(int node) => references![node];

    /// <summary>A forward node's shape.</summary>
    public Shape Shape(int node) => Forward[node].Shape!;

    /// <summary>A forward node's difference from the reference.</summary>
    public int Difference(int node) => AtForward(() => Map(new Argument(0) - (Expr)new Argument(1), Value(node), Reference(node)));

    /// <summary>Runs with nodes belonging to the forward pass, which is never skipped.</summary>
    public T AtForward<T>(Func<T> write)
    {
        var position = Position;
        Position = -1;
        var result = write();
        Position = position;
        return result;
    }

    /// <summary>An elementwise step over values of one shape.</summary>
    public int Map(Expr expr, params int[] inputs) =>
        builder.Add(new Node(Registry.Map, inputs.ToEquatable(), Settings.None) { Shape = builder[inputs[0]].Shape, Expr = expr, Position = Position });

    /// <summary>A value times a constant.</summary>
    public int Scaled(int m, double factor) =>
        factor == 1 ? m : Map(factor == -1 ? Expr.Negate(new Argument(0)) : factor * (Expr)new Argument(0), m);

    /// <summary>A node of a given shape.</summary>
    public int Add(Op op, Settings settings, Shape shape, params int[] inputs) =>
        builder.Add(new Node(op, inputs.ToEquatable(), settings) { Shape = shape, Position = Position });

    /// <summary>A node that reads weights.</summary>
    public int AddWeighted(Op op, Settings settings, WeightSource weights, int input)
    {
        var shape = op.Output([builder[input].Shape!], settings);
        return builder.Add(new Node(op, EquatableArray.Of(input), settings) { Shape = shape, Weights = weights, Position = Position });
    }

    /// <summary>An axis of size 1 repeated up to a shape.</summary>
    public int Spread(int x, int axis, Shape shape) =>
        shape[axis] == 1 ? x : Add(Registry.SpreadAxis, Settings.Of(("axis", axis), ("size", shape[axis])), shape, x);

    /// <summary>The same elements under another shape.</summary>
    public int Relabel(int x, Shape shape) => Add(Registry.Relabel, Settings.Of("axes", shape.ToArray()), shape, x);

    private int[] Copy(Graph core, Func<Node, int, Node> change, bool distinct)
    {
        var copies = new int[core.Nodes.Count];
        var inputs = 0;
        for (var i = 0; i < copies.Length; i++)
        {
            var node = core.Nodes[i];
            var changed = change(node with { Inputs = node.Inputs.Select(input => copies[input]).ToEquatable() }, node.Op is Input ? inputs++ : -1);
            copies[i] = distinct ? builder.AddDistinct(changed) : builder.Add(changed);
        }
        return copies;
    }

    private static Node Beside(Node node, int input) => input < 0
        ? node
        : new Node(Registry.ReferenceInput, node.Inputs, Settings.Of(("index", input))) { Shape = node.Shape, Name = node.Name };
}
